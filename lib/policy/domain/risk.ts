import { formatUnits } from '@/lib/kernel/money';
import { AUDIENCES, SENSITIVITIES } from '@/lib/registry/schema';
import type { CompiledActionType } from '@/lib/policy/domain/action-type';
import type { Sources } from '@/lib/policy/domain/pointer';
import { readAudience, readCount, readLabels, readMoney, readSensitivity } from '@/lib/policy/domain/readers';
import type { BaseMoney, Read, Reader } from '@/lib/policy/domain/readers';
import type { Dimension, RateTable, Reason, RiskReading } from '@/lib/policy/schema';

/** RiskInput is one proposed action as the agent sent it; `declared` is `context.risk`, unparsed. */
export type RiskInput = Sources & { declared?: unknown; confidence?: unknown };

/** RiskResult is the risk with the counterparty (personal data, so kept out of the reading), or why the arguments are refused. */
export type RiskResult = { ok: true; risk: RiskReading; counterparty: string | null } | { ok: false; reason: Reason };

/** UNKNOWN_RISK is the reading of an action nobody classified: the worst of every ordered dimension. */
export const UNKNOWN_RISK: RiskReading = {
  effect: 'execute',
  reversibility: 'irreversible',
  sensitivity: 'restricted',
  audience: 'public',
  categories: [],
  regimes: [],
};

type Declared = Record<string, unknown>;

/**
 * readRisk reads every dimension of one action: arguments against the schema first, then each reader, then what the agent
 * declares, which can only raise. Anything missing or not certain to be what was meant is `ARGUMENTS_INVALID`, never zero.
 */
export function readRisk(type: CompiledActionType, input: RiskInput, rates: RateTable): RiskResult {
  if (type.judged === null) return { ok: true, risk: UNKNOWN_RISK, counterparty: null };
  const { readers, check, effect, reversibility } = type.judged;

  const mismatch = check(input.arguments);
  if (mismatch !== null) return { ok: false, reason: { code: 'ARGUMENTS_INVALID', tier: null, ...mismatch } };
  const declared = declaredMembers(input.declared);
  if (declared === null) return refusal(undefined, { pointer: 'context.risk', problem: 'is not an object' });

  const money = raised(readers.money, input, rates, declared, 'money', (value, at) => readMoney(value, at, rates), greaterMoney);
  if (!money.ok) return refusal('money', money);
  const records = raised(readers.records, input, rates, declared, 'records', readCount, Math.max);
  if (!records.ok) return refusal('records', records);
  const sensitivity = raised(readers.sensitivity, input, rates, declared, 'sensitivity', readSensitivity, worse(SENSITIVITIES));
  if (!sensitivity.ok) return refusal('sensitivity', sensitivity);
  const audience = raised(readers.audience, input, rates, declared, 'audience', readAudience, worse(AUDIENCES));
  if (!audience.ok) return refusal('audience', audience);
  const categories = raised(readers.categories, input, rates, declared, 'categories', readLabels, union);
  if (!categories.ok) return refusal('categories', categories);
  const regimes = raised(readers.regimes, input, rates, declared, 'regimes', readLabels, union);
  if (!regimes.ok) return refusal('regimes', regimes);
  const confidence = readConfidence(input.confidence);
  if (!confidence.ok) return refusal('confidence', confidence);
  const counterparty = readers.counterparty?.(input, rates) ?? { ok: true as const, value: null };
  if (!counterparty.ok) return refusal(undefined, counterparty);

  const risk: RiskReading = {
    effect,
    reversibility,
    // The two levels always have a reader; the worst level is what a missing one would mean.
    sensitivity: sensitivity.value ?? 'restricted',
    audience: audience.value ?? 'public',
    categories: labelSet(categories.value),
    regimes: labelSet(regimes.value),
    ...(money.value === undefined ? {} : { money: moneyReading(money.value, rates) }),
    ...(records.value === undefined ? {} : { records: records.value }),
    ...(confidence.value === undefined ? {} : { confidence: confidence.value }),
  };
  return { ok: true, risk, counterparty: counterparty.value };
}

/** raised joins what a reader finds with what the agent declares of the same dimension; undefined when neither speaks. */
function raised<Value>(
  reader: Reader<Value> | undefined,
  input: RiskInput,
  rates: RateTable,
  declared: Declared,
  member: string,
  readDeclared: (value: unknown, pointer: string) => Read<Value>,
  worst: (left: Value, right: Value) => Value,
): Read<Value | undefined> {
  const read = reader?.(input, rates);
  if (read !== undefined && !read.ok) return read;
  const claim = Object.hasOwn(declared, member) ? declared[member] : undefined;
  if (claim === undefined) return { ok: true, value: read?.value };
  const said = readDeclared(claim, `context.risk/${member}`);
  if (!said.ok || read === undefined) return said;
  return { ok: true, value: worst(read.value, said.value) };
}

function declaredMembers(declared: unknown): Declared | null {
  if (declared === undefined) return {};
  if (typeof declared !== 'object' || declared === null || Array.isArray(declared)) return null;
  return { ...declared };
}

const greaterMoney = (left: BaseMoney, right: BaseMoney) => (right.units > left.units ? right : left);
const worse =
  <Level extends string>(levels: readonly Level[]) =>
  (left: Level, right: Level) =>
    levels.indexOf(right) > levels.indexOf(left) ? right : left;
const union = (left: readonly string[], right: readonly string[]) => [...left, ...right];
const labelSet = (labels: readonly string[] | undefined) => [...new Set(labels)].sort();

function moneyReading(money: BaseMoney, rates: RateTable): NonNullable<RiskReading['money']> {
  const reading = { amount: formatUnits(money.units), currency: rates.base };
  return money.of.currency === rates.base ? reading : { ...reading, of: { ...money.of, ratesAsOf: rates.asOf } };
}

/** readConfidence reads the agent's own confidence; absent says nothing, anything but 0 to 1 is refused. */
function readConfidence(value: unknown): Read<number | undefined> {
  if (value === undefined) return { ok: true, value: undefined };
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    return { ok: false, pointer: 'context.confidence', problem: 'is not a number from 0 to 1' };
  return { ok: true, value };
}

function refusal(dimension: Dimension | undefined, at: { pointer: string; problem: string }): RiskResult {
  return {
    ok: false,
    reason: {
      code: 'ARGUMENTS_INVALID',
      ...(dimension === undefined ? {} : { dimension }),
      tier: null,
      pointer: at.pointer,
      text: `The value at ${at.pointer} ${at.problem}.`,
    },
  };
}
