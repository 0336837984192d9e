import type { BreakerCause, BreakerFacts } from '@/lib/containment/schema';
import type { CredentialFacts } from '@/lib/identity/domain';
import { evaluate, readRisk, unclassifiedActionType, type CompiledActionType, type PolicySet } from '@/lib/policy/domain';
import type { Dimension, RateTable, RiskReading, Tier, Verdict } from '@/lib/policy/schema';
import type { AutonomyFloor, Effect } from '@/lib/registry/schema';
import { circuitReason, isTripped, openBreakerOf } from './breakers';
import { canonicalAction } from './digest';
import { gateReasons, type CheckRequest, type DecisionReason, type GateReasonCode } from '../schema';

/** What a decision needs to know of an agent. */
export type AgentFacts = {
  id: string;
  processId: string;
  ownerId: string;
  status: string;
  autonomyFloor: AutonomyFloor;
  permissions: ReadonlySet<string>;
  /** The one person accountable for acting, and the one for what waits or halts (RACI). */
  accountable: { execution: string; escalation: string };
};

/** An action type as the gateways hold it. One that is not approved, or cannot be read, has `type.judged` null: Tier 4. */
export type ActionFacts = { systemId: string; type: CompiledActionType };

/** Stands for every action nobody registered; the name an agent made up is kept out of the engine. */
const unknownAction = unclassifiedActionType('');

/** Kill switches in force, by scope. */
export type Kills = {
  organisation: boolean;
  process: ReadonlySet<string>;
  agent: ReadonlySet<string>;
  action_type: ReadonlySet<string>;
  system: ReadonlySet<string>;
};

/** A circuit breaker that is open until `probeAt`, then half-open. `counter` is what the commit counts its probes by, in hex. */
export type OpenBreaker = { cause: BreakerCause; facts: BreakerFacts; openedAt: Date; probeAt: Date; probes: number; counter: string };

/** Everything a decision is made from, as of one epoch. */
export type Rules = {
  epoch: number;
  agents: ReadonlyMap<string, AgentFacts>;
  actions: ReadonlyMap<string, ActionFacts>;
  /** By credential id; one that is missing counts as revoked. */
  credentials: ReadonlyMap<string, CredentialFacts>;
  policies: PolicySet;
  rates: RateTable;
  kills: Kills;
  /** By breakerKey. */
  breakers: ReadonlyMap<string, OpenBreaker>;
  /** Approvals of halted actions that two people let happen once: by agent, then the approval's id, the action's digest in hex. Whether one is still good, the commit says. */
  authorisations: ReadonlyMap<string, ReadonlyMap<string, string>>;
};

/** Who asks, as the verified token says. */
export type Principal = {
  agent: string;
  credential: string;
  workflow: string;
  task: string | undefined;
  /** The action types the token was issued for. */
  scope: ReadonlySet<string>;
};

/** What the gateway has learnt from the commit about this very request, which memory could not tell. */
export type Learnt = {
  workflowHalted: boolean;
  /** Why the offered approval cannot be used. */
  approvalRefused: GateReasonCode | undefined;
  /** The offered approval still waits for its person. */
  approvalPending: boolean;
  /** An outcome of the same action is ambiguous. */
  effectAmbiguous: boolean;
  /** Counters of half-open breakers whose probes are used up. */
  spentProbes: ReadonlySet<string>;
};

/** A decision not yet committed. `usesApproval`: it goes ahead on the offered approval, which the commit must find good. */
export type Draft = {
  verdict: Verdict;
  tier: Tier | null;
  deciding: Dimension[];
  reasons: DecisionReason[];
  policies: { id: string; version: number }[];
  risk: RiskReading | null;
  schemaVersion: number | null;
  effect: Effect | null;
  slaSeconds: number | undefined;
  windowSeconds: number | undefined;
  refuseWhenHalted: boolean;
  haltsWorkflow: boolean;
  usesApproval: boolean;
};

/**
 * decide applies the refusals in the order of architecture.md ("The check, in order"), then the policy engine. Pure: memory only, the
 * time is an argument. Every way out but the last is a refusal.
 */
export function decide(rules: Rules, principal: Principal, request: CheckRequest, learnt: Learnt, now: Date): Draft {
  const agent = rules.agents.get(principal.agent);
  const action = rules.actions.get(request.action.name);
  const type = action?.type ?? unknownAction;
  const known = { schemaVersion: action ? type.version : null, effect: type.judged?.effect ?? null };

  if (!agent || agent.status !== 'active') return refusal('deny', 'AGENT_SUSPENDED', known, false);
  // The door looked too, but a revocation may have moved the epoch since: this decision would be ordered after it.
  if (isRevoked(rules, principal.credential)) return refusal('deny', 'CREDENTIAL_REVOKED', known, false);
  if (isKilled(rules.kills, agent, request.action.name, action)) return refusal('deny', 'KILLED', known, false);
  const breaker = openBreakerOf(rules, agent.id, request.action.name);
  if (breaker && isTripped(breaker, learnt.spentProbes, now))
    return { ...denial([circuitReason(breaker, now)], known), refuseWhenHalted: false };
  if (learnt.workflowHalted) return refusal('halt', 'WORKFLOW_HALTED', known, false);

  const permitted = agent.permissions.has(request.action.name);
  const inScope = permitted && type.judged !== null;
  if (inScope && !principal.scope.has(request.action.name)) return refusal('deny', 'NOT_IN_GRANT', known, true);

  const { approval, confidence, trigger, risk: declared, arguments: args } = request.context;
  const reading = readRisk(
    inScope ? type : unknownAction,
    { arguments: args, resource: request.resource, action: request.action, declared, confidence },
    rules.rates,
  );
  if (!reading.ok) return denial([reading.reason], known);
  const evaluation = evaluate(rules.policies, {
    agent,
    type,
    permitted,
    risk: reading.risk,
    trigger,
    supportsReportOutcome: request.context.supported_obligations?.includes('report_outcome') ?? false,
  });

  const waits = evaluation.verdict === 'approval_required';
  // Two people let exactly this happen once: a halted action, but never one that is not the agent's at all.
  const authorised =
    evaluation.verdict === 'halt' && inScope && !learnt.approvalRefused && isAuthorised(rules, principal, request, known.schemaVersion);
  const goesAhead = evaluation.verdict === 'allow' || evaluation.verdict === 'allow_reversible' || waits || authorised;
  // An approval offered and found wanting is said to be so, rather than asking the same person again.
  if (goesAhead && learnt.approvalRefused)
    return denial([{ code: learnt.approvalRefused, tier: null, text: gateReasons[learnt.approvalRefused] }], known);
  if (goesAhead && learnt.effectAmbiguous)
    return denial([{ code: 'EFFECT_AMBIGUOUS', tier: null, text: gateReasons.EFFECT_AMBIGUOUS }], known);
  const usesApproval = goesAhead && approval !== undefined && !learnt.approvalPending;
  const verdict = (waits || authorised) && usesApproval ? 'allow' : evaluation.verdict;
  return {
    schemaVersion: known.schemaVersion,
    effect: known.effect,
    verdict,
    tier: evaluation.tier,
    deciding: evaluation.deciding,
    // What was offered does not let it happen, so it halts as ever; why is said first.
    reasons:
      verdict === 'halt' && learnt.approvalRefused
        ? [{ code: learnt.approvalRefused, tier: null, text: gateReasons[learnt.approvalRefused] }, ...evaluation.reasons]
        : evaluation.reasons,
    policies: evaluation.policies,
    risk: inScope ? reading.risk : null,
    slaSeconds: waits && !usesApproval ? evaluation.approvalSlaSeconds : undefined,
    windowSeconds: evaluation.verdict === 'allow_reversible' ? evaluation.reversalWindowSeconds : undefined,
    refuseWhenHalted: true,
    haltsWorkflow: verdict === 'halt',
    usesApproval,
  };
}

/** isAuthorised tells whether the approval that is offered is one that two people signed for exactly this halted action; whether it is still good, the commit says. */
function isAuthorised(rules: Rules, { agent }: Principal, request: CheckRequest, schemaVersion: number | null): boolean {
  const offered = request.context.approval?.id;
  const digest = offered === undefined ? undefined : rules.authorisations.get(agent)?.get(offered);
  return digest !== undefined && canonicalAction(agent, request, schemaVersion).digest.toString('hex') === digest;
}

/** isRevoked tells whether a credential no longer speaks for its agent. */
export function isRevoked(rules: Rules, credential: string): boolean {
  return rules.credentials.get(credential)?.revokedAt !== null;
}

/** isKilled tells whether a kill switch in force covers this agent or this action. */
export function isKilled(kills: Kills, agent: AgentFacts, actionName: string, action: ActionFacts | undefined): boolean {
  return isAgentKilled(kills, agent) || kills.action_type.has(actionName) || (action !== undefined && kills.system.has(action.systemId));
}

/** isAgentKilled tells whether a kill switch in force stops this agent altogether. */
export function isAgentKilled(kills: Kills, agent: AgentFacts): boolean {
  return kills.organisation || kills.agent.has(agent.id) || kills.process.has(agent.processId);
}

type Known = Pick<Draft, 'schemaVersion' | 'effect'>;

function refusal(verdict: 'deny' | 'halt', code: GateReasonCode, known: Known, refuseWhenHalted: boolean): Draft {
  const tier = verdict === 'halt' ? 4 : null;
  return { ...denial([{ code, tier, text: gateReasons[code] }], known), verdict, tier, refuseWhenHalted };
}

function denial(reasons: DecisionReason[], known: Known): Draft {
  return {
    ...known,
    verdict: 'deny',
    tier: null,
    deciding: [],
    reasons,
    policies: [],
    risk: null,
    slaSeconds: undefined,
    windowSeconds: undefined,
    refuseWhenHalted: true,
    haltsWorkflow: false,
    usesApproval: false,
  };
}
