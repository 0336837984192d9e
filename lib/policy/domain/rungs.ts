import { decimalUnits, toBase } from '@/lib/kernel/money';
import { AUDIENCES, REVERSIBILITIES, SENSITIVITIES } from '@/lib/registry/schema';
import type { Effect } from '@/lib/registry/schema';
import { sentence } from '@/lib/policy/domain/sentences';
import { tierCode, whereKey } from '@/lib/policy/schema';
import type { Ladder, Policy, RaisedTier, RateTable, RiskReading, TierReasonCode, Where } from '@/lib/policy/schema';

/** LadderDimension are the dimensions whose ladders compare a reading with a threshold. */
export type LadderDimension = Exclude<Ladder['dimension'], 'scope'>;

type From =
  | { kind: 'money'; units: bigint }
  | { kind: 'at_least'; of: 'records' | 'sensitivity' | 'reversibility' | 'audience'; value: number }
  | { kind: 'any_of'; of: 'categories' | 'regimes'; labels: readonly string[] }
  | { kind: 'below'; confidence: number };

/** CompiledWhere is what is left to ask of a reading once the effect, fixed by the action type, is settled. */
type CompiledWhere = { categories: readonly string[]; regimes: readonly string[]; audience: number };

/** Rung is one step of one ladder: reached, it raises the action to `tier`. Everything told of it but what was observed is prepared. */
export type Rung = {
  dimension: LadderDimension;
  tier: RaisedTier;
  from: From;
  where: CompiledWhere | null;
  whereKey: string;
  guardrail: boolean;
  told: { code: TierReasonCode; threshold: string; policy: string; version: number; text: string };
};

/** Facts is a reading made ready to compare: ranks for levels; null for money that cannot be compared, which reaches every rung. */
export type Facts = {
  risk: RiskReading;
  moneyUnits: bigint | null | undefined;
  sensitivity: number;
  reversibility: number;
  audience: number;
};

// A level this version does not know is above all it knows.
const rankIn = (levels: readonly string[], level: string) => {
  const rank = levels.indexOf(level);
  return rank === -1 ? levels.length : rank;
};

/** factsOf prepares a reading; `reversibility` comes from the action type, never from what was recorded or declared. */
export function factsOf(risk: RiskReading, reversibility: string, base: string): Facts {
  return {
    risk,
    moneyUnits: risk.money === undefined ? undefined : risk.money.currency === base ? decimalUnits(risk.money.amount) : null,
    sensitivity: rankIn(SENSITIVITIES, risk.sensitivity),
    reversibility: rankIn(REVERSIBILITIES, reversibility),
    audience: rankIn(AUDIENCES, risk.audience),
  };
}

/** isReached says whether the reading is at or past the rung and its `where` holds. Comparisons are negated so that NaN reaches. */
export function isReached(rung: Rung, facts: Facts): boolean {
  return isPast(rung.from, facts) && (rung.where === null || holds(rung.where, facts));
}

function isPast(from: From, facts: Facts): boolean {
  switch (from.kind) {
    case 'money':
      return facts.moneyUnits !== undefined && (facts.moneyUnits === null || facts.moneyUnits >= from.units);
    case 'at_least': {
      const value = from.of === 'records' ? facts.risk.records : facts[from.of];
      return value !== undefined && !(value < from.value);
    }
    case 'any_of': {
      const carried = facts.risk[from.of];
      return from.labels.some((label) => carried.includes(label));
    }
    case 'below':
      return facts.risk.confidence !== undefined && !(facts.risk.confidence >= from.confidence);
  }
}

function holds(where: CompiledWhere, facts: Facts): boolean {
  return (
    facts.audience >= where.audience &&
    where.categories.every((label) => facts.risk.categories.includes(label)) &&
    where.regimes.every((label) => facts.risk.regimes.includes(label))
  );
}

/** observedAt prints what reached the rung: of labels only those the policy names, so that an agent's words never pass through. */
export function observedAt(rung: Rung, facts: Facts): string {
  const { risk } = facts;
  switch (rung.dimension) {
    case 'money':
      return risk.money === undefined ? 'none' : `${risk.money.amount} ${risk.money.currency}`;
    case 'categories':
    case 'regimes': {
      const carried = risk[rung.dimension];
      return rung.from.kind === 'any_of' ? rung.from.labels.filter((label) => carried.includes(label)).join(', ') : '';
    }
    case 'reversibility':
      return REVERSIBILITIES[facts.reversibility] ?? 'unknown';
    default:
      return String(risk[rung.dimension]);
  }
}

/** effectHolds says whether an action type's effect is in the group a `where` names. */
export function effectHolds(where: Where | undefined, effect: Effect): boolean {
  if (where?.effect === undefined) return true;
  return where.effect === 'above_read' ? effect !== 'read' : where.effect === effect;
}

/** rungsOf takes one ladder apart for one action type's title; the scope ladder has no rungs, it names who forbids. */
export function rungsOf(policy: Policy, ladder: Ladder, title: string, rates: RateTable): Rung[] {
  if (ladder.dimension === 'scope') return [];
  const rungs: Rung[] = [];
  for (const tier of [4, 3, 2] as const) {
    const step = stepOf(ladder, tier, rates);
    if (step === null) continue;
    rungs.push({
      dimension: ladder.dimension,
      tier,
      from: step.from,
      where: compiledWhere(ladder.where),
      whereKey: whereKey(ladder.where),
      guardrail: policy.kind === 'guardrail',
      told: {
        code: tierCode(ladder.dimension, tier),
        threshold: step.threshold,
        policy: policy.id,
        version: policy.version,
        text: sentence(title, ladder, tier),
      },
    });
  }
  return rungs;
}

function stepOf(
  ladder: Exclude<Ladder, { dimension: 'scope' }>,
  tier: RaisedTier,
  rates: RateTable,
): { from: From; threshold: string } | null {
  switch (ladder.dimension) {
    case 'money': {
      const amount = ladder.tiers[tier];
      if (amount === undefined) return null;
      const units = toBase(decimalUnits(amount) ?? 0n, ladder.currency, rates) ?? 0n;
      return { from: { kind: 'money', units }, threshold: `${amount} ${ladder.currency}` };
    }
    case 'records':
      return levelStep('records', ladder.tiers[tier], ladder.tiers[tier]);
    case 'sensitivity':
      return levelStep('sensitivity', ladder.tiers[tier], rankOf(SENSITIVITIES, ladder.tiers[tier]));
    case 'reversibility':
      return levelStep('reversibility', ladder.tiers[tier], rankOf(REVERSIBILITIES, ladder.tiers[tier]));
    case 'audience':
      return levelStep('audience', ladder.tiers[tier], rankOf(AUDIENCES, ladder.tiers[tier]));
    case 'categories':
    case 'regimes': {
      const labels = ladder.tiers[tier];
      if (labels === undefined) return null;
      const sorted = [...new Set(labels)].sort();
      return { from: { kind: 'any_of', of: ladder.dimension, labels: sorted }, threshold: sorted.join(', ') };
    }
    case 'confidence': {
      const confidence = ladder.tiers[tier];
      return confidence === undefined ? null : { from: { kind: 'below', confidence }, threshold: String(confidence) };
    }
  }
}

const rankOf = (levels: readonly string[], level: string | undefined) => (level === undefined ? undefined : levels.indexOf(level));

function levelStep(
  of: 'records' | 'sensitivity' | 'reversibility' | 'audience',
  shown: string | number | undefined,
  value: number | undefined,
): { from: From; threshold: string } | null {
  if (shown === undefined || value === undefined) return null;
  return { from: { kind: 'at_least', of, value }, threshold: String(shown) };
}

function compiledWhere(where: Where | undefined): CompiledWhere | null {
  if (where === undefined) return null;
  const { categories = [], regimes = [], audience } = where;
  if (categories.length === 0 && regimes.length === 0 && audience === undefined) return null;
  return { categories, regimes, audience: audience === undefined ? 0 : AUDIENCES.indexOf(audience) };
}

/** beginsBefore says whether one of two rungs that differ only in threshold is reached whenever the other is. */
export function beginsBefore(left: From, right: From): boolean {
  if (left.kind === 'money' && right.kind === 'money') return left.units <= right.units;
  if (left.kind === 'at_least' && right.kind === 'at_least') return left.value <= right.value;
  if (left.kind === 'below' && right.kind === 'below') return left.confidence >= right.confidence;
  return left.kind === 'any_of' && right.kind === 'any_of' && right.labels.every((label) => left.labels.includes(label));
}
