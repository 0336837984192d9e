import type { GovernedAgent } from '@/lib/registry/schema';
import type { CompiledActionType } from '@/lib/policy/domain/action-type';
import type { Plan, TriggerRule } from '@/lib/policy/domain/plan';
import { planFor } from '@/lib/policy/domain/policy-set';
import type { PolicySet } from '@/lib/policy/domain/policy-set';
import { factsOf, isReached, observedAt } from '@/lib/policy/domain/rungs';
import { tierCode } from '@/lib/policy/schema';
import type { Dimension, Evaluation, Reason, RiskReading, Tier, Verdict } from '@/lib/policy/schema';

/**
 * EvaluationInput is one action to judge. `permitted` is whether the registry permits the action to the agent at all;
 * `supportsReportOutcome` whether the client listed the obligation `report_outcome`. Both are false unless known.
 */
export type EvaluationInput = {
  agent: GovernedAgent;
  type: CompiledActionType;
  risk: RiskReading;
  permitted: boolean;
  trigger?: string | undefined;
  supportsReportOutcome: boolean;
};

type Raise = Reason & { tier: Tier; dimension: Dimension };

/** evaluate decides one action: the same answer for the same policies, in whatever order, and the same input. */
export function evaluate(set: PolicySet, input: EvaluationInput): Evaluation {
  const plan = planFor(set, input.agent, input.type);
  // An action that is not the agent's at all is not weighed: its arguments may not even have been read.
  const outside = outsideScope(plan, input);
  if (outside !== null) return answer(plan, [outside], input.supportsReportOutcome);
  const forbidden = forbiddenTrigger(plan.triggers, input.trigger);
  if (forbidden !== null) return refuse(plan, forbidden);

  const raises: Raise[] = [];
  if (!plan.covered) raises.push(NO_POLICY);
  raiseByLadders(raises, plan, input, set.rates.base);
  raiseByTrigger(raises, plan.triggers, input.trigger);
  raiseByFloor(raises, input.agent);
  return answer(plan, raises, input.supportsReportOutcome);
}

const NO_POLICY: Raise = { code: 'NO_POLICY', dimension: 'coverage', tier: 4, text: 'No policy covers this action.' };

function outsideScope(plan: Plan, { type, permitted }: EvaluationInput): Raise | null {
  const by = plan.scope === null ? {} : { policy: plan.scope.id, version: plan.scope.version };
  if (type.judged === null)
    return { code: 'ACTION_UNCLASSIFIED', dimension: 'scope', tier: 4, ...by, text: 'This action has not been classified by a person.' };
  if (!permitted)
    return { code: 'OUT_OF_SCOPE', dimension: 'scope', tier: 4, ...by, text: `${type.title} are not permitted to this agent.` };
  return null;
}

function raiseByLadders(raises: Raise[], plan: Plan, { type, risk }: EvaluationInput, base: string): void {
  if (type.judged === null || plan.ladders.length === 0) return;
  const facts = factsOf(risk, type.judged.reversibility, base);
  for (const rungs of plan.ladders)
    for (const rung of rungs) {
      if (!isReached(rung, facts)) continue;
      const { dimension, tier, told } = rung;
      raises.push({
        code: told.code,
        dimension,
        observed: observedAt(rung, facts),
        threshold: told.threshold,
        tier,
        policy: told.policy,
        version: told.version,
        text: told.text,
      });
      break;
    }
}

const isAllowed = (rule: TriggerRule, trigger: string | undefined) =>
  trigger !== undefined &&
  rule.allowed.some((pattern) => (pattern.endsWith('*') ? trigger.startsWith(pattern.slice(0, -1)) : trigger === pattern));

function forbiddenTrigger(rules: readonly TriggerRule[], trigger: string | undefined): Reason | null {
  for (const rule of rules)
    if (rule.otherwise === 'deny' && !isAllowed(rule, trigger))
      return {
        code: 'TRIGGER_NOT_ALLOWED',
        dimension: 'trigger',
        tier: null,
        policy: rule.id,
        version: rule.version,
        text: 'What started this agent is not among its allowed triggers.',
      };
  return null;
}

function raiseByTrigger(raises: Raise[], rules: readonly TriggerRule[], trigger: string | undefined): void {
  let raise: Raise | null = null;
  for (const rule of rules) {
    if (rule.otherwise === 'deny' || isAllowed(rule, trigger) || (raise !== null && raise.tier >= rule.otherwise)) continue;
    const code = tierCode('trigger', rule.otherwise);
    raise = {
      code,
      dimension: 'trigger',
      tier: rule.otherwise,
      policy: rule.id,
      version: rule.version,
      text: 'What started this agent is not among its allowed triggers.',
    };
  }
  if (raise !== null) raises.push(raise);
}

function raiseByFloor(raises: Raise[], { autonomyFloor }: GovernedAgent): void {
  if (autonomyFloor === 1) return;
  const text = `This agent's autonomy floor is ${autonomyFloor}.`;
  raises.push({ code: tierCode('autonomy', autonomyFloor), dimension: 'autonomy', tier: autonomyFloor, text });
}

const UNREPORTED: Raise = {
  code: 'OBLIGATION_TIER_3',
  dimension: 'obligation',
  tier: 3,
  text: 'This client does not undertake to report outcomes, so a person approves what would only have been supervised.',
};

/**
 * VERDICTS_BY_TIER is the one place where an allow is made. Tier 2 of something with nothing to undo (a read of restricted
 * data) is `allow_reversible` like any other: a person is told and the outcome is reported; there is just no window.
 */
const VERDICTS_BY_TIER: Record<Tier, Verdict> = { 1: 'allow', 2: 'allow_reversible', 3: 'approval_required', 4: 'halt' };

function answer(plan: Plan, raises: Raise[], supportsReportOutcome: boolean): Evaluation {
  let tier = highest(raises);
  if (tier === 2 && !supportsReportOutcome) {
    raises.push(UNREPORTED);
    tier = 3;
  }
  raises.sort((left, right) => right.tier - left.tier);
  const deciding: Dimension[] = [];
  for (const raise of raises) if (raise.tier === tier) deciding.push(raise.dimension);
  const evaluation: Evaluation = {
    verdict: VERDICTS_BY_TIER[tier],
    tier,
    deciding,
    reasons: raises,
    policies: [...plan.policies],
    approvalSlaSeconds: plan.approvalSlaSeconds,
  };
  if (tier === 2 && plan.reversalWindowSeconds !== null) evaluation.reversalWindowSeconds = plan.reversalWindowSeconds;
  return evaluation;
}

function refuse(plan: Plan, reason: Reason): Evaluation {
  return {
    verdict: 'deny',
    tier: null,
    deciding: reason.dimension === undefined ? [] : [reason.dimension],
    reasons: [reason],
    policies: [...plan.policies],
    approvalSlaSeconds: plan.approvalSlaSeconds,
  };
}

function highest(raises: readonly Raise[]): Tier {
  let tier: Tier = 1;
  for (const raise of raises) if (raise.tier > tier) tier = raise.tier;
  return tier;
}
