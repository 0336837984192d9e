import { decimalUnits, formatUnits } from '@/lib/kernel/money';
import { compileActionType } from '@/lib/policy/domain/action-type';
import type { BreakerPlan } from '@/lib/policy/domain/breaker';
import { leastReading, fixedDimensions } from '@/lib/policy/domain/least';
import type { Plan } from '@/lib/policy/domain/plan';
import { planFor } from '@/lib/policy/domain/policy-set';
import type { PolicySet } from '@/lib/policy/domain/policy-set';
import { beginsBefore } from '@/lib/policy/domain/rungs';
import type { LadderDimension, Rung } from '@/lib/policy/domain/rungs';
import type { PolicyRef, RaisedTier, RiskReading, Tier, Triggers } from '@/lib/policy/schema';
import { AUDIENCES, REVERSIBILITIES, SENSITIVITIES } from '@/lib/registry/schema';
import type { ActionType, Effect, GovernedAgent, MoneyFrom, Reversibility } from '@/lib/registry/schema';

/** EffectiveFrom is where a tier begins, in plain JSON. Of money, `base` is the threshold in the base currency, unrounded. */
export type EffectiveFrom =
  | { kind: 'money'; amount: string; currency: string; base: string }
  | { kind: 'records'; count: number }
  | { kind: 'level'; level: string }
  | { kind: 'labels'; labels: readonly string[] }
  | { kind: 'below'; confidence: number };

export type EffectiveStep = { tier: RaisedTier; from: EffectiveFrom; policy: string; version: number; guardrail: boolean };

/** What still has to hold of the reading for a ladder to count; the effect is settled by the action type. */
export type EffectiveWhere = { categories: readonly string[]; regimes: readonly string[]; audience: string | null };

/**
 * EffectiveLadder is one dimension in one circumstance, with only the steps that can decide: what another step always reaches first is left out.
 * `declaredOnly`: the arguments cannot reach any of them, only what the agent declares itself.
 */
export type EffectiveLadder = { dimension: LadderDimension; where: EffectiveWhere | null; steps: EffectiveStep[]; declaredOnly: boolean };

/** FixedDimension is one the action type says once and for all, with the tier that alone asks for. */
export type FixedDimension = { dimension: LadderDimension; value: string; tier: Tier };

/** EffectiveTiers is what policy in force asks of one action type of one agent, before any arguments are known. */
export type EffectiveTiers = {
  action: string;
  title: string;
  /** Null for an action no person has approved: always Tier 4. */
  judged: { effect: Effect; reversibility: Reversibility } | null;
  covered: boolean;
  floor: Tier;
  ladders: EffectiveLadder[];
  fixed: FixedDimension[];
  triggers: readonly (PolicyRef & Triggers)[];
  /** The lowest tier this action can have, whatever its arguments. */
  lowest: Tier;
  /** The largest amount that goes ahead with nobody told: null when the action moves no money read from arguments, or none goes alone. */
  aloneUpTo: { amount: string; currency: string } | 'any' | null;
  approvalSlaSeconds: number;
  reversalWindowSeconds: number | null;
  breaker: BreakerPlan;
};

/** effectiveTiers resolves the policies of one action type for one agent. It uses the very plan `evaluate` does, so the two cannot disagree. */
export function effectiveTiers(set: PolicySet, agent: GovernedAgent, type: ActionType): EffectiveTiers {
  const compiled = compileActionType(type);
  const plan = planFor(set, agent, compiled);
  const { judged } = compiled;
  const classification = judged === null ? null : type.classification;
  const fixed = classification === null ? [] : fixedDimensions(classification);
  const least = classification === null ? null : leastReading(classification, set.rates);
  const known: Omit<EffectiveTiers, 'fixed' | 'lowest' | 'aloneUpTo'> = {
    action: type.name,
    title: type.title,
    judged: judged === null ? null : { effect: judged.effect, reversibility: judged.reversibility },
    covered: plan.covered,
    floor: agent.autonomyFloor,
    ladders: laddersOf(plan).map((ladder) => ({ ...ladder, declaredOnly: least !== null && isDeclaredOnly(ladder, fixed, least) })),
    triggers: plan.triggers,
    approvalSlaSeconds: plan.approvalSlaSeconds,
    reversalWindowSeconds: plan.reversalWindowSeconds,
    breaker: plan.breaker,
  };
  const lowest = least === null ? 4 : tierOf(known, least);
  return {
    ...known,
    fixed: fixed.map(({ dimension, value }) => ({
      dimension,
      value,
      tier: least === null ? 4 : tierByLadders(known.ladders, least, dimension),
    })),
    lowest,
    aloneUpTo:
      lowest > 1 || classification?.money === undefined || least === null ? null : aloneUpTo(known.ladders, classification.money, least),
  };
}

/** isDeclaredOnly tells whether a ladder is out of the arguments' reach: its dimension, or what its circumstances ask for, is fixed by the action type. */
function isDeclaredOnly(
  { dimension, where }: Pick<EffectiveLadder, 'dimension' | 'where'>,
  fixed: readonly { dimension: string }[],
  least: RiskReading,
): boolean {
  const isFixed = (name: string) => fixed.some((one) => one.dimension === name);
  if (isFixed(dimension)) return true;
  if (where === null) return false;
  const lacks = (labels: readonly string[], carried: readonly string[]) => labels.some((label) => !carried.includes(label));
  return (
    (isFixed('categories') && lacks(where.categories, least.categories)) ||
    (isFixed('regimes') && lacks(where.regimes, least.regimes)) ||
    (isFixed('audience') && where.audience !== null && !atLeast(AUDIENCES, least.audience, where.audience))
  );
}

type Table = Pick<EffectiveTiers, 'judged' | 'covered' | 'floor' | 'ladders'>;

/** tierOf is the tier of a reading by the table alone: what `evaluate` answers for a permitted action whose trigger is allowed and whose outcome is reported. */
export function tierOf({ judged, covered, floor, ladders }: Table, risk: RiskReading): Tier {
  if (judged === null || !covered) return 4;
  return higher(floor, tierByLadders(ladders, { ...risk, reversibility: judged.reversibility }));
}

function tierByLadders(ladders: readonly EffectiveLadder[], risk: RiskReading, dimension?: LadderDimension): Tier {
  let tier: Tier = 1;
  for (const ladder of ladders) {
    if (dimension !== undefined && ladder.dimension !== dimension) continue;
    if (ladder.where !== null && !whereHolds(ladder.where, risk)) continue;
    for (const step of ladder.steps) if (reaches(ladder.dimension, step.from, risk)) tier = higher(tier, step.tier);
  }
  return tier;
}

const higher = (left: Tier, right: Tier): Tier => (left > right ? left : right);

function whereHolds({ categories, regimes, audience }: EffectiveWhere, risk: RiskReading): boolean {
  return (
    categories.every((label) => risk.categories.includes(label)) &&
    regimes.every((label) => risk.regimes.includes(label)) &&
    (audience === null || atLeast(AUDIENCES, risk.audience, audience))
  );
}

const LEVELS = { sensitivity: SENSITIVITIES, reversibility: REVERSIBILITIES, audience: AUDIENCES } as const;

const atLeast = (levels: readonly string[], level: string, from: string) => levels.indexOf(level) >= levels.indexOf(from);

function reaches(dimension: LadderDimension, from: EffectiveFrom, risk: RiskReading): boolean {
  switch (from.kind) {
    case 'money':
      return risk.money !== undefined && (decimalUnits(risk.money.amount) ?? 0n) >= (decimalUnits(from.base) ?? 0n);
    case 'records':
      return risk.records !== undefined && risk.records >= from.count;
    case 'level': {
      if (dimension !== 'sensitivity' && dimension !== 'reversibility' && dimension !== 'audience') return false;
      return atLeast(LEVELS[dimension], risk[dimension], from.level);
    }
    case 'labels': {
      const carried = dimension === 'regimes' ? risk.regimes : risk.categories;
      return from.labels.some((label) => carried.includes(label));
    }
    case 'below':
      return risk.confidence !== undefined && risk.confidence < from.confidence;
  }
}

// ── from the plan's rungs

function laddersOf(plan: Plan): Omit<EffectiveLadder, 'declaredOnly'>[] {
  return plan.ladders.flatMap((rungs) => {
    const byPlace = new Map<string, Rung[]>();
    for (const rung of rungs) {
      if (rungs.some((other) => alwaysFirst(other, rung))) continue;
      const place = JSON.stringify(rung.where);
      byPlace.set(place, [...(byPlace.get(place) ?? []), rung]);
    }
    return [...byPlace.values()].map(ladderFrom);
  });
}

/** alwaysFirst tells whether another rung of the dimension is reached whenever this one is, and asks at least as much. */
function alwaysFirst(other: Rung, rung: Rung): boolean {
  if (other === rung || other.tier < rung.tier || !isImplied(other.where, rung.where) || !beginsBefore(other.from, rung.from)) return false;
  const mutual = other.tier === rung.tier && isImplied(rung.where, other.where) && beginsBefore(rung.from, other.from);
  // Two that say the same: the one the decision would name stays.
  return !mutual || namedFirst(other, rung);
}

function namedFirst(left: Rung, right: Rung): boolean {
  if (left.guardrail !== right.guardrail) return left.guardrail;
  const [a, b] = [`${left.told.policy} ${left.whereKey}`, `${right.told.policy} ${right.whereKey}`];
  return a < b;
}

function isImplied(weaker: Rung['where'], stronger: Rung['where']): boolean {
  if (weaker === null) return true;
  if (stronger === null) return weaker.categories.length === 0 && weaker.regimes.length === 0 && weaker.audience === 0;
  return (
    weaker.audience <= stronger.audience &&
    weaker.categories.every((label) => stronger.categories.includes(label)) &&
    weaker.regimes.every((label) => stronger.regimes.includes(label))
  );
}

function ladderFrom(rungs: readonly Rung[]): Omit<EffectiveLadder, 'declaredOnly'> {
  const [first] = rungs;
  const where = first?.where ?? null;
  return {
    dimension: first?.dimension ?? 'money',
    where: where && {
      categories: where.categories,
      regimes: where.regimes,
      audience: where.audience === 0 ? null : (AUDIENCES[where.audience] ?? null),
    },
    steps: rungs
      .toSorted((left, right) => left.tier - right.tier)
      .map((rung) => ({
        tier: rung.tier,
        from: fromOf(rung),
        policy: rung.told.policy,
        version: rung.told.version,
        guardrail: rung.guardrail,
      })),
  };
}

function fromOf({ from, told }: Rung): EffectiveFrom {
  switch (from.kind) {
    case 'money': {
      const [amount = '', currency = ''] = told.threshold.split(' ');
      return { kind: 'money', amount, currency, base: formatUnits(from.units) };
    }
    case 'at_least':
      return from.of === 'records'
        ? { kind: 'records', count: from.value }
        : { kind: 'level', level: LEVELS[from.of][from.value] ?? told.threshold };
    case 'any_of':
      return { kind: 'labels', labels: from.labels };
    case 'below':
      return { kind: 'below', confidence: from.confidence };
  }
}

// ── alone

/** aloneUpTo is the largest amount below the first money step that the least reading's circumstances meet. */
function aloneUpTo(ladders: readonly EffectiveLadder[], money: MoneyFrom, least: RiskReading): EffectiveTiers['aloneUpTo'] {
  if ('constant' in money) return money.constant;
  const steps = ladders
    .filter(({ dimension, where }) => dimension === 'money' && (where === null || whereHolds(where, least)))
    .flatMap((ladder) => ladder.steps.flatMap(({ from }) => (from.kind === 'money' ? [from] : [])))
    .toSorted((left, right) => ((decimalUnits(left.base) ?? 0n) < (decimalUnits(right.base) ?? 0n) ? -1 : 1));
  const [first] = steps;
  return first === undefined ? 'any' : { amount: amountBelow(first.amount, first.currency), currency: first.currency };
}

/** amountBelow is the largest amount under a threshold in the currency's smallest usual unit (Intl): 500 USD → 499.99. */
export function amountBelow(threshold: string, currency: string): string {
  const usual = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const decimals = Math.max(usual, threshold.split('.')[1]?.length ?? 0);
  const unit = decimalUnits(decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`) ?? 0n;
  const below = (decimalUnits(threshold) ?? 0n) - unit;
  return formatUnits(below < 0n ? 0n : below, usual);
}
