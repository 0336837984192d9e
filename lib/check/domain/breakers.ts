import { breakerState, observedWords, openSentence, spentSentence, thresholdWords } from '@/lib/containment/domain';
import { probeWindowSeconds } from '@/lib/containment/domain/probes';
import { undeclaredActions } from '@/lib/containment/schema';
import type { Charge } from '@/lib/ledger/domain/batch';
import { breakerPlanFor, unclassifiedActionType, type BreakerPlan } from '@/lib/policy/domain';
import type { Draft, OpenBreaker, Rules } from './decide';
import type { AgentStanding, DecisionReason, GateReasonCode } from '../schema';

const undeclaredType = unclassifiedActionType('');

/** breakerKey names the circuit breaker of an agent and an action type. */
export const breakerKey = (agent: string, action: string): string => `${agent} ${action}`;

/** breakerAction is the name an action counts under: its own when it is registered, one for everything else, since an agent may make names up. */
export const breakerAction = (rules: Pick<Rules, 'actions'>, actionName: string): string =>
  rules.actions.has(actionName) ? actionName : undeclaredActions;

/** openBreakerOf finds the breaker, open or half-open, that an action of an agent comes under. */
export function openBreakerOf(rules: Rules, agent: string, actionName: string): OpenBreaker | undefined {
  // Mostly none is open anywhere, and then this costs nothing.
  if (rules.breakers.size === 0) return undefined;
  return rules.breakers.get(breakerKey(agent, breakerAction(rules, actionName)));
}

const isHalfOpen = ({ probeAt }: OpenBreaker, now: Date): boolean => breakerState({ state: 'open', probeAt }, now) === 'half_open';

/** isTripped tells whether a breaker lets nothing through: it is open, or half-open with its probes known to be used up. */
export const isTripped = (breaker: OpenBreaker, spentProbes: ReadonlySet<string>, now: Date): boolean =>
  !isHalfOpen(breaker, now) || spentProbes.has(breaker.counter);

/** openingOf is when the breaker had opened under which an action is tried, in milliseconds; 0: it is closed. */
export const openingOf = (breaker: OpenBreaker | undefined): number => breaker?.openedAt.getTime() ?? 0;

/** probeCharge is what the commit counts of an action that goes ahead through a half-open breaker: it is one of so many, over all gateways. */
export const probeCharge = ({ counter, probes }: OpenBreaker): Charge => ({
  counter,
  amount: '1',
  ceiling: String(probes),
  window_seconds: probeWindowSeconds,
});

/** circuitReason says why nothing goes ahead, and when it is tried again; a half-open breaker waits for what its probes did. */
export function circuitReason(breaker: OpenBreaker, now: Date): DecisionReason {
  const { cause, facts, probeAt, probes } = breaker;
  const waits = isHalfOpen(breaker, now);
  return {
    code: 'CIRCUIT_OPEN',
    cause,
    observed: observedWords(cause, facts),
    threshold: thresholdWords(cause, facts),
    tier: null,
    policy: facts.policy?.id,
    version: facts.policy?.version,
    retry_at: waits ? undefined : probeAt.toISOString(),
    text: waits ? spentSentence(probes) : openSentence(cause, facts, probeAt),
  };
}

/** Whether a refusal is about what was asked. The others say how things stand: an agent in trouble elsewhere must not trip here too. */
const isAboutTheAsked: Record<GateReasonCode, boolean> = {
  AGENT_SUSPENDED: false,
  CREDENTIAL_REVOKED: false,
  KILLED: false,
  CIRCUIT_OPEN: false,
  WORKFLOW_HALTED: false,
  NOT_IN_GRANT: true,
  APPROVAL_MISMATCH: false,
  APPROVAL_USED: false,
  APPROVAL_EXPIRED: false,
  APPROVAL_REJECTED: false,
  APPROVAL_CANCELLED: false,
  APPROVAL_UNKNOWN: false,
  EFFECT_AMBIGUOUS: false,
};
const gateCodes: Partial<Record<string, boolean>> = isAboutTheAsked;

/** countsAs tells what a decision is to its breaker: `refused` for what was asked, `good` when it was not refused, undefined when it says nothing of the agent. */
export function countsAs({ verdict, reasons }: Pick<Draft, 'verdict' | 'reasons'>): 'good' | 'refused' | undefined {
  if (verdict !== 'deny' && verdict !== 'halt') return 'good';
  const code = reasons[0]?.code ?? '';
  return (gateCodes[code] ?? true) ? 'refused' : undefined;
}

/** breakerRulesOf answers when the breaker of an agent and of what an action counts under opens, by these rules; undefined for an agent nobody knows. */
export function breakerRulesOf(
  rules: Rules,
  agentId: string,
  action: string,
): { plan: BreakerPlan; base: string; isOpen: boolean } | undefined {
  const agent = rules.agents.get(agentId);
  if (!agent) return undefined;
  return {
    plan: breakerPlanFor(rules.policies, agent, rules.actions.get(action)?.type ?? undeclaredType),
    base: rules.rates.base,
    isOpen: rules.breakers.has(breakerKey(agentId, action)),
  };
}

/** breakersOf lists an agent's breakers that are open or half-open, as it hears of them. */
export function breakersOf(rules: Rules, agent: string, now: Date): AgentStanding['breakers'] {
  const prefix = breakerKey(agent, '');
  return [...rules.breakers]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, breaker]) => ({
      action: key.slice(prefix.length),
      state: isHalfOpen(breaker, now) ? ('half_open' as const) : ('open' as const),
      cause: breaker.cause,
      observed: observedWords(breaker.cause, breaker.facts),
      retry_at: breaker.probeAt.toISOString(),
    }));
}
