import { formatUnits, readAmount, toBase } from '@/lib/kernel/money';
import type { AmountProblem } from '@/lib/kernel/money';
import { AUDIENCES, LABEL, SENSITIVITIES, SET_SIZE_MAX } from '@/lib/registry/schema';
import type {
  Audience,
  AudienceFrom,
  Classification,
  LabelsFrom,
  MoneyFrom,
  RecordsFrom,
  Sensitivity,
  SensitivityFrom,
} from '@/lib/registry/schema';
import type { RateTable } from '@/lib/policy/schema';
import { parsePointer, point, pointEach } from '@/lib/policy/domain/pointer';
import type { ParsedPointer, Sources } from '@/lib/policy/domain/pointer';

/** Read is one dimension read, or the refusal: where, and what is wrong there, in words that follow "The value". */
export type Read<Value> = { ok: true; value: Value } | { ok: false; pointer: string; problem: string };

/** BaseMoney is money in 10^-20 units of the base currency, with what the arguments said. */
export type BaseMoney = { units: bigint; of: { amount: string; currency: string } };

export type Reader<Value> = (sources: Sources, rates: RateTable) => Read<Value>;

export type Readers = {
  money?: Reader<BaseMoney>;
  records?: Reader<number>;
  sensitivity: Reader<Sensitivity>;
  audience: Reader<Audience>;
  categories?: Reader<readonly string[]>;
  regimes?: Reader<readonly string[]>;
  counterparty?: Reader<string>;
};

const COUNTERPARTY_LENGTH_MAX = 256;

const AMOUNT_PROBLEMS: Record<AmountProblem, string> = {
  not_an_amount: 'is not a plain decimal amount',
  negative: 'is negative',
  too_precise: 'has too many decimals',
  too_large: 'is too large',
  does_not_round_trip: 'is a number that may not be what was written; send it as a string',
};

/** compileReaders turns a classification into one reader per dimension it speaks of. */
export function compileReaders(classification: Classification): Readers {
  const { money, records, sensitivity, audience, categories, regimes, counterparty } = classification;
  return {
    ...(money === undefined ? {} : { money: moneyReader(money) }),
    ...(records === undefined ? {} : { records: recordsReader(records) }),
    sensitivity: sensitivityReader(sensitivity),
    audience: audienceReader(audience),
    ...(categories === undefined ? {} : { categories: labelsReader(categories) }),
    ...(regimes === undefined ? {} : { regimes: labelsReader(regimes) }),
    ...(counterparty === undefined ? {} : { counterparty: counterpartyReader(counterparty) }),
  };
}

const found = <Value>(value: Value): Read<Value> => ({ ok: true, value });
const refused = (pointer: string, problem: string) => ({ ok: false, pointer, problem }) as const;
const missing = (pointer: string) => refused(pointer, 'is missing');

function moneyReader(from: MoneyFrom): Reader<BaseMoney> {
  if ('constant' in from) return (_sources, rates) => readMoney(from.constant, 'classification', rates);
  if ('declared' in from) return (_sources, rates) => readMoney(from.declared, 'classification', rates);
  const amounts = 'sum' in from ? eachAt(from.sum) : oneAt(from.pointer);
  const at = 'sum' in from ? from.sum : from.pointer;
  const currency = 'constant' in from.currency ? null : parsePointer(from.currency.pointer);
  const constantCurrency = 'constant' in from.currency ? from.currency.constant : '';
  return (sources, rates) => {
    const values = amounts(sources);
    if (values === null) return missing(at);
    let total = 0n;
    for (const value of values) {
      const amount = readAmount(value);
      if (!amount.ok) return refused(at, AMOUNT_PROBLEMS[amount.problem]);
      total += amount.units;
    }
    // A tool may take nothing or zero for "all of it", so a quantity read from arguments is never zero.
    if (total === 0n) return refused(at, 'is zero');
    const code = currency === null ? constantCurrency : point(sources, currency);
    return inBase(total, code, currency?.text ?? at, rates);
  };
}

function inBase(units: bigint, currency: unknown, pointer: string, rates: RateTable): Read<BaseMoney> {
  if (currency === undefined) return missing(pointer);
  if (typeof currency !== 'string') return refused(pointer, 'is not a currency code');
  const base = toBase(units, currency, rates);
  if (base === null) return refused(pointer, 'is a currency without an exchange rate');
  return found({ units: base, of: { amount: formatUnits(units), currency } });
}

/** readMoney reads `{amount, currency}` as a classification states or an agent declares it; here zero is a statement. */
export function readMoney(value: unknown, pointer: string, rates: RateTable): Read<BaseMoney> {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'amount') || !Object.hasOwn(value, 'currency'))
    return refused(pointer, 'is not an amount with a currency');
  const amount = readAmount(Reflect.get(value, 'amount'));
  if (!amount.ok) return refused(pointer, AMOUNT_PROBLEMS[amount.problem]);
  return inBase(amount.units, Reflect.get(value, 'currency'), pointer, rates);
}

const oneAt = (text: string) => {
  const pointer = parsePointer(text);
  return (sources: Sources) => {
    const value = point(sources, pointer);
    return value === undefined ? null : [value];
  };
};

const eachAt = (text: string) => {
  const pointer = parsePointer(text);
  return (sources: Sources) => pointEach(sources, pointer);
};

function recordsReader(from: RecordsFrom): Reader<number> {
  if ('constant' in from) return () => found(from.constant);
  if ('declared' in from) return () => found(from.declared);
  if ('count' in from) return countReader(parsePointer(from.count));
  const counts = 'sum' in from ? eachAt(from.sum) : oneAt(from.pointer);
  const at = 'sum' in from ? from.sum : from.pointer;
  return (sources) => {
    const values = counts(sources);
    if (values === null) return missing(at);
    let total = 0;
    for (const value of values) {
      const count = readCount(value, at);
      if (!count.ok) return count;
      total += count.value;
    }
    if (!Number.isSafeInteger(total)) return refused(at, 'is too large');
    return total === 0 ? refused(at, 'is zero') : found(total);
  };
}

function countReader(pointer: ParsedPointer): Reader<number> {
  return (sources) => {
    const value = point(sources, pointer);
    if (value === undefined) return missing(pointer.text);
    if (!Array.isArray(value)) return refused(pointer.text, 'is not an array');
    return value.length === 0 ? refused(pointer.text, 'is empty') : found(value.length);
  };
}

/** readCount reads a whole number that a double holds exactly. */
export function readCount(value: unknown, pointer: string): Read<number> {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || Object.is(value, -0))
    return refused(pointer, 'is not a whole number of records');
  return found(value);
}

function sensitivityReader(from: SensitivityFrom): Reader<Sensitivity> {
  if ('constant' in from) return () => found(from.constant);
  if ('declared' in from) return () => found(from.declared);
  const pointer = parsePointer(from.pointer);
  return (sources) => readSensitivity(point(sources, pointer), pointer.text);
}

function audienceReader(from: AudienceFrom): Reader<Audience> {
  if ('constant' in from) return () => found(from.constant);
  if ('declared' in from) return () => found(from.declared);
  const pointer = parsePointer(from.pointer);
  return (sources) => readAudience(point(sources, pointer), pointer.text);
}

const levelReader =
  <Level extends string>(levels: readonly Level[], problem: string) =>
  (value: unknown, pointer: string): Read<Level> => {
    if (value === undefined) return missing(pointer);
    const level = levels.find((one) => one === value);
    return level === undefined ? refused(pointer, problem) : found(level);
  };

export const readSensitivity = levelReader(SENSITIVITIES, 'is not a known sensitivity');
export const readAudience = levelReader(AUDIENCES, 'is not a known audience');

function labelsReader(from: LabelsFrom): Reader<readonly string[]> {
  if ('constant' in from) return () => found(from.constant);
  if ('declared' in from) return () => found(from.declared);
  const pointer = parsePointer(from.pointer);
  return (sources) => readLabels(point(sources, pointer), pointer.text);
}

/** readLabels reads a list of categories or regimes; a single one may stand without a list. */
export function readLabels(value: unknown, pointer: string): Read<readonly string[]> {
  if (value === undefined) return missing(pointer);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > SET_SIZE_MAX) return refused(pointer, `has more than ${SET_SIZE_MAX} labels`);
  const labels: string[] = [];
  for (const label of list) {
    if (typeof label !== 'string' || !LABEL.test(label)) return refused(pointer, 'is not a list of lower-case labels');
    labels.push(label);
  }
  return found(labels);
}

function counterpartyReader(text: string): Reader<string> {
  const pointer = parsePointer(text);
  return (sources) => {
    const value = point(sources, pointer);
    if (value === undefined) return missing(text);
    const name = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
    if (typeof name !== 'string' || name === '' || name.length > COUNTERPARTY_LENGTH_MAX)
      return refused(text, 'does not name a counterparty');
    return found(name);
  };
}
