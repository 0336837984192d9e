import { groupThousands } from '@/lib/kernel/money';
import type { EffectiveFrom, EffectiveLadder, EffectiveStep, EffectiveTiers, EffectiveWhere } from '@/lib/policy/domain/effective';
import { either, recordCount, whereWords } from '@/lib/policy/domain/sentences';
import { triggerSentence } from '@/lib/policy/domain/statements';
import type { PolicyRef, RaisedTier, Tier } from '@/lib/policy/schema';

/** EffectiveLine is one thing policy asks, in words, and the policies that ask it. */
export type EffectiveLine = { text: string; by: (PolicyRef & { guardrail: boolean })[] };

/** EffectiveWords: `main` says what goes alone and what money changes; `more` what else raises it; `declared` what only the agent's own words can. */
export type EffectiveWords = { main: EffectiveLine; more: EffectiveLine[]; declared: EffectiveLine[] };

const ALWAYS: Record<RaisedTier, string> = { 2: 'always supervised', 3: 'always signed first', 4: 'always halted' };
const VERB: Record<RaisedTier, string> = { 2: 'supervised', 3: 'signed', 4: 'halted' };

/** effectiveWords says one action type's tiers as people read them: "alone up to 499.99 USD, supervised from 500, signed from 50,000". */
export function effectiveWords(tiers: EffectiveTiers): EffectiveWords {
  if (tiers.judged === null) return only('always halted: no person has approved this action type');
  if (!tiers.covered) return only('always halted: no policy covers it');
  const shown = tiers.ladders.filter(({ dimension }) => dimension !== 'reversibility');
  const isMain = (ladder: EffectiveLadder) => ladder.dimension === 'money' && ladder.where === null && !ladder.declaredOnly;
  const rest = shown.filter((ladder) => !isMain(ladder));
  const more = rest.filter(({ declaredOnly }) => !declaredOnly).flatMap((ladder) => lineOf(ladder, tiers.lowest));
  const triggers = tiers.triggers.map((rule) => ({
    text: triggerSentence(rule),
    by: [{ id: rule.id, version: rule.version, guardrail: false }],
  }));
  return {
    main: mainLine(tiers, shown.find(isMain)),
    more: [...more, ...triggers],
    declared: rest.filter(({ declaredOnly }) => declaredOnly).flatMap((ladder) => lineOf(ladder, tiers.lowest)),
  };
}

const only = (text: string): EffectiveWords => ({ main: { text, by: [] }, more: [], declared: [] });

function mainLine(tiers: EffectiveTiers, money: EffectiveLadder | undefined): EffectiveLine {
  const { lowest, aloneUpTo } = tiers;
  const start = lowest === 1 ? aloneWords(aloneUpTo) : `${ALWAYS[lowest]}${because(tiers, lowest)}`;
  const steps = money === undefined ? [] : money.steps.filter(({ tier }) => tier > lowest);
  // The amount that goes alone names the currency already.
  const named = lowest === 1 && aloneUpTo !== null && aloneUpTo !== 'any' ? aloneUpTo.currency : '';
  return { text: [start, ...stepTexts(steps, named)].join(', '), by: refsOf([...steps, ...floorSteps(tiers)]) };
}

const aloneWords = (upTo: EffectiveTiers['aloneUpTo']): string =>
  upTo === null ? 'alone' : upTo === 'any' ? 'alone whatever the amount' : `alone up to ${groupThousands(upTo.amount)} ${upTo.currency}`;

function because({ floor, fixed, lowest }: EffectiveTiers, at: Tier): string {
  const causes = fixed
    .filter(({ tier }) => tier === at)
    .map(({ dimension, value }) => (dimension === 'reversibility' ? `it ${value}` : value));
  if (floor === lowest) causes.unshift(`the agent's autonomy floor is ${floor}`);
  return causes.length === 0 ? '' : ` (${causes.join(', ')})`;
}

/** The steps that make the lowest tier what it is. */
const floorSteps = ({ ladders, fixed, lowest }: EffectiveTiers): EffectiveStep[] =>
  fixed
    .filter(({ tier }) => tier === lowest && tier > 1)
    .flatMap(({ dimension }) =>
      ladders.filter((ladder) => ladder.dimension === dimension).flatMap(({ steps }) => steps.filter(({ tier }) => tier === lowest)),
    );

function lineOf(ladder: EffectiveLadder, lowest: Tier): EffectiveLine[] {
  const steps = ladder.steps.filter(({ tier }) => tier > lowest);
  if (steps.length === 0) return [];
  const where = circumstance(ladder.where);
  const label = ladder.dimension === 'categories' ? 'data categories' : ladder.dimension;
  return [{ text: `${where === '' ? label : `${label} ${where}`}: ${stepTexts(steps, '').join(', ')}`, by: refsOf(steps) }];
}

function circumstance(where: EffectiveWhere | null): string {
  if (where === null) return '';
  return whereWords({
    ...(where.categories.length === 0 ? {} : { categories: [...where.categories] }),
    ...(where.regimes.length === 0 ? {} : { regimes: [...where.regimes] }),
    ...(where.audience === 'external' || where.audience === 'public' ? { audience: where.audience } : {}),
  });
}

function stepTexts(steps: readonly EffectiveStep[], namedCurrency: string): string[] {
  let currency = namedCurrency;
  return steps.map(({ tier, from }) => {
    const text = `${VERB[tier]} ${fromWords(from, currency)}`;
    if (from.kind === 'money') currency = from.currency;
    return text;
  });
}

function fromWords(from: EffectiveFrom, namedCurrency: string): string {
  switch (from.kind) {
    case 'money':
      return `from ${groupThousands(from.amount)}${from.currency === namedCurrency ? '' : ` ${from.currency}`}`;
    case 'records':
      return `from ${recordCount(from.count)}`;
    case 'level':
      return `from ${from.level}`;
    case 'labels':
      return `with ${either(from.labels)}`;
    case 'below':
      return `below ${from.confidence}`;
  }
}

function refsOf(steps: readonly EffectiveStep[]): EffectiveLine['by'] {
  const refs = new Map(steps.map(({ policy, version, guardrail }) => [policy, { id: policy, version, guardrail }]));
  return [...refs.values()];
}
