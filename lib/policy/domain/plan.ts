import type { CompiledActionType } from '@/lib/policy/domain/action-type';
import { breakerPlan } from '@/lib/policy/domain/breaker';
import type { BreakerPlan } from '@/lib/policy/domain/breaker';
import { beginsBefore, effectHolds, rungsOf } from '@/lib/policy/domain/rungs';
import type { Rung } from '@/lib/policy/domain/rungs';
import { supplied } from '@/lib/policy/domain/supplied';
import type { Candidate, Supplied } from '@/lib/policy/domain/supplied';
import { APPROVAL_SLA_SECONDS_DEFAULT, DIMENSIONS, REVERSAL_WINDOW_SECONDS_DEFAULT, ladderKey } from '@/lib/policy/schema';
import type { Ladder, Policy, PolicyRef, RateTable, Triggers } from '@/lib/policy/schema';

export type TriggerRule = PolicyRef & Triggers;

/** Plan is everything policy has to say of one action type for one agent, before any reading is known. */
export type Plan = {
  processId: string | null;
  covered: boolean;
  /** Per dimension, rungs in the order in which the first that is reached is the one to name. */
  ladders: readonly (readonly Rung[])[];
  scope: PolicyRef | null;
  triggers: readonly TriggerRule[];
  policies: readonly PolicyRef[];
  approvalSlaSeconds: number;
  /** Null when there is nothing to undo or no way to. */
  reversalWindowSeconds: number | null;
  breaker: BreakerPlan;
};

/** buildPlan resolves candidates into a plan: for each key the most specific defaults (all of a tie) and every guardrail. */
export function buildPlan(unordered: readonly Candidate[], type: CompiledActionType, rates: RateTable, processId: string | null): Plan {
  const candidates = unordered.toSorted((left, right) => (left.policy.id < right.policy.id ? -1 : 1));
  const ladders = suppliedLadders(candidates);
  const triggers = supplied(candidates, (policy) => policy.triggers);
  const slas = supplied(candidates, (policy) => policy.approval?.slaSeconds);
  const windows = supplied(candidates, (policy) => policy.reversal?.windowSeconds);
  return {
    processId,
    covered: candidates.some(({ policy }) => policy.selector.level !== 'organisation' || policy.baseline === true),
    ladders: orderedRungs(ladders, type, rates),
    scope: refOf(ladders.find(({ value }) => value.dimension === 'scope')?.policy),
    triggers: triggers.map(({ policy, value }) => ({ id: policy.id, version: policy.version, ...value })),
    policies: refsOf([...ladders, ...triggers, ...slas, ...windows]),
    approvalSlaSeconds: approvalSla(slas),
    reversalWindowSeconds: reversalWindow(windows, type),
    breaker: breakerPlan(candidates, rates),
  };
}

function suppliedLadders(candidates: readonly Candidate[]): Supplied<Ladder>[] {
  const byKey = new Map<string, { candidate: Candidate; ladder: Ladder }[]>();
  for (const candidate of candidates)
    for (const ladder of candidate.policy.ladders) {
      const key = ladderKey(ladder);
      const held = byKey.get(key);
      if (held === undefined) byKey.set(key, [{ candidate, ladder }]);
      else held.push({ candidate, ladder });
    }
  const result: Supplied<Ladder>[] = [];
  for (const entries of byKey.values()) {
    const highest = Math.max(
      -1,
      ...entries.filter((entry) => entry.candidate.policy.kind === 'default').map((entry) => entry.candidate.specificity),
    );
    for (const { candidate, ladder } of entries)
      if (candidate.policy.kind === 'guardrail' || candidate.specificity === highest)
        result.push({ policy: candidate.policy, value: ladder });
  }
  return result;
}

function orderedRungs(ladders: readonly Supplied<Ladder>[], type: CompiledActionType, rates: RateTable): Rung[][] {
  const { judged, title } = type;
  if (judged === null) return [];
  const rungs = ladders.flatMap(({ policy, value }) =>
    value.dimension !== 'scope' && effectHolds(value.where, judged.effect) ? rungsOf(policy, value, title, rates) : [],
  );
  return DIMENSIONS.map((dimension) => undominated(rungs.filter((rung) => rung.dimension === dimension).sort(byNaming))).filter(
    (ofDimension) => ofDimension.length > 0,
  );
}

/** byNaming puts first the rung to name when several are reached: highest tier, then guardrails, narrower, and by policy id. */
function byNaming(left: Rung, right: Rung): number {
  if (left.tier !== right.tier) return right.tier - left.tier;
  if (left.guardrail !== right.guardrail) return left.guardrail ? -1 : 1;
  if ((left.where === null) !== (right.where === null)) return left.where === null ? 1 : -1;
  if (left.told.policy !== right.told.policy) return left.told.policy < right.told.policy ? -1 : 1;
  return left.whereKey < right.whereKey ? -1 : 1;
}

/** undominated drops each rung that another of its tier and `where` always reaches with it, so that many policies cost no more than one. */
function undominated(rungs: readonly Rung[]): Rung[] {
  const byPlace = new Map<string, Rung[]>();
  for (const rung of rungs) {
    const place = `${rung.tier}|${rung.whereKey}`;
    const rivals = byPlace.get(place) ?? [];
    if (rivals.some((rival) => beginsBefore(rival.from, rung.from))) continue;
    byPlace.set(place, [...rivals.filter((rival) => !beginsBefore(rung.from, rival.from)), rung]);
  }
  return [...byPlace.values()].flat().sort(byNaming);
}

/** approvalSla: among tied defaults the shortest, since a deadline refuses; a guardrail can only shorten it. */
function approvalSla(slas: readonly Supplied<number>[]): number {
  const ofDefaults = slas.filter(({ policy }) => policy.kind === 'default').map(({ value }) => value);
  const ofGuardrails = slas.filter(({ policy }) => policy.kind === 'guardrail').map(({ value }) => value);
  return Math.min(...(ofDefaults.length === 0 ? [APPROVAL_SLA_SECONDS_DEFAULT] : ofDefaults), ...ofGuardrails);
}

/**
 * reversalWindow: among tied defaults the longest, since it is the time people have; a guardrail can only lengthen it; nothing
 * outlasts what the type says the world allows. Where the type names its end (settlement), that is the default.
 */
function reversalWindow(windows: readonly Supplied<number>[], type: CompiledActionType): number | null {
  const { judged } = type;
  if (judged === null || judged.effect === 'read' || judged.reversibility === 'irreversible') return null;
  const { reversal } = judged;
  const ofDefaults = windows.filter(({ policy }) => policy.kind === 'default').map(({ value }) => value);
  const ofGuardrails = windows.filter(({ policy }) => policy.kind === 'guardrail').map(({ value }) => value);
  const usual = reversal?.until === undefined ? REVERSAL_WINDOW_SECONDS_DEFAULT : reversal.windowSeconds;
  const asked = Math.max(...(ofDefaults.length === 0 ? [usual] : ofDefaults), ...ofGuardrails);
  return reversal === undefined ? asked : Math.min(asked, reversal.windowSeconds);
}

const refOf = (policy: Policy | undefined): PolicyRef | null => (policy === undefined ? null : { id: policy.id, version: policy.version });

function refsOf(sources: readonly Supplied<unknown>[]): PolicyRef[] {
  const byId = new Map<string, PolicyRef>();
  for (const { policy } of sources) byId.set(policy.id, { id: policy.id, version: policy.version });
  return [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}
