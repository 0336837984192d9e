import { decimalUnits, formatUnits, toBase } from '@/lib/kernel/money';
import type { LadderDimension } from '@/lib/policy/domain/rungs';
import { recordCount } from '@/lib/policy/domain/sentences';
import type { RateTable, RiskReading } from '@/lib/policy/schema';
import type { Classification, Money } from '@/lib/registry/schema';

/** The mildest reading a classification allows: constants and declared floors as they are, the least of everything the arguments say. */
export function leastReading(classification: Classification, rates: RateTable): RiskReading {
  const { money, records } = classification;
  const least = moneyFloor(money, rates);
  const count = records === undefined ? undefined : 'constant' in records ? records.constant : 'declared' in records ? records.declared : 1;
  return {
    effect: classification.effect,
    reversibility: classification.reversibility,
    sensitivity: floorOf(classification.sensitivity) ?? 'public',
    audience: floorOf(classification.audience) ?? 'internal',
    categories: labelFloor(classification.categories),
    regimes: labelFloor(classification.regimes),
    ...(least === undefined ? {} : { money: { amount: least, currency: rates.base } }),
    ...(count === undefined ? {} : { records: count }),
  };
}

type From<Value> = { constant: Value } | { declared: Value } | { pointer: string };

const floorOf = <Value>(from: From<Value>): Value | undefined =>
  'constant' in from ? from.constant : 'declared' in from ? from.declared : undefined;

const labelFloor = (from: From<string[]> | undefined) => [...new Set(from === undefined ? [] : (floorOf(from) ?? []))].sort();

/** An amount read from arguments is above zero, by less than any step. */
function moneyFloor(from: Classification['money'], rates: RateTable): string | undefined {
  if (from === undefined) return undefined;
  const stated = 'constant' in from ? from.constant : 'declared' in from ? from.declared : undefined;
  return stated === undefined ? '0' : formatUnits(unitsOf(stated, rates));
}

const unitsOf = ({ amount, currency }: Money, rates: RateTable): bigint => toBase(decimalUnits(amount) ?? 0n, currency, rates) ?? 0n;

/**
 * fixedDimensions lists what the action type says once and for all, or says nothing of, in words; an agent can only declare more than that, and of
 * reversibility nothing at all.
 */
export function fixedDimensions(classification: Classification): { dimension: LadderDimension; value: string }[] {
  const { money, records, sensitivity, audience, categories, regimes, reversibility } = classification;
  const fixed: { dimension: LadderDimension; value: string }[] = [
    { dimension: 'reversibility', value: REVERSIBILITY_WORDS[reversibility] },
  ];
  if (money === undefined) fixed.push({ dimension: 'money', value: 'no money' });
  else if ('constant' in money) fixed.push({ dimension: 'money', value: `${money.constant.amount} ${money.constant.currency}` });
  if (records === undefined) fixed.push({ dimension: 'records', value: 'no records' });
  else if ('constant' in records) fixed.push({ dimension: 'records', value: recordCount(records.constant) });
  if ('constant' in sensitivity) fixed.push({ dimension: 'sensitivity', value: `${sensitivity.constant} data` });
  if ('constant' in audience) fixed.push({ dimension: 'audience', value: `${audience.constant} audience` });
  for (const [dimension, from, none] of [
    ['categories', categories, 'no data categories'],
    ['regimes', regimes, 'no regime'],
  ] as const) {
    if (from === undefined) fixed.push({ dimension, value: none });
    else if ('constant' in from) fixed.push({ dimension, value: from.constant.length === 0 ? none : from.constant.join(', ') });
  }
  return fixed;
}

const REVERSIBILITY_WORDS = {
  reversible: 'can be undone',
  compensable: 'can at best be compensated',
  irreversible: 'cannot be undone',
} as const;
