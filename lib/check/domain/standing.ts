import { breakersOf } from './breakers';
import { gateReasons, type AgentStanding, type GateReasonCode } from '../schema';
import { isAgentKilled, isKilled, isRevoked, type Principal, type Rules } from './decide';

/** stopsOf lists what keeps an agent from running at all, or from one action, by memory alone: empty when nothing does. */
export function stopsOf(rules: Rules, principal: Pick<Principal, 'agent' | 'credential'>, action?: string): GateReasonCode[] {
  const agent = rules.agents.get(principal.agent);
  const codes: GateReasonCode[] = [];
  if (!agent || agent.status !== 'active') codes.push('AGENT_SUSPENDED');
  const killed =
    !agent || (action === undefined ? isAgentKilled(rules.kills, agent) : isKilled(rules.kills, agent, action, rules.actions.get(action)));
  if (killed) codes.push('KILLED');
  if (isRevoked(rules, principal.credential)) codes.push('CREDENTIAL_REVOKED');
  return codes;
}

/** standingOf is where an agent stands with the gate: whether it may run at all, and every reason why not. What single actions may do, a check says. */
export function standingOf(rules: Rules, principal: Principal, workflowHalted: boolean, tokenExpiresAt: Date, now: Date): AgentStanding {
  const agent = rules.agents.get(principal.agent);
  const credential = rules.credentials.get(principal.credential);
  const codes = stopsOf(rules, principal);
  if (workflowHalted) codes.push('WORKFLOW_HALTED');
  return {
    id: principal.agent,
    status: agent?.status ?? 'unknown',
    may_run: codes.length === 0,
    reasons: codes.map((code) => ({ code, text: gateReasons[code] })),
    process: agent?.processId ?? '',
    workflow: principal.workflow,
    task: principal.task,
    credential: { id: principal.credential, expires_at: credential?.expiresAt.toISOString() ?? tokenExpiresAt.toISOString() },
    token: { scope: [...principal.scope], expires_at: tokenExpiresAt.toISOString() },
    breakers: breakersOf(rules, principal.agent, now),
    policy: { epoch: rules.epoch },
  };
}
