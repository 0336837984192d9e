import { gateReasons, type AgentStanding, type GateReasonCode } from '../schema';
import { isAgentKilled, type Principal, type Rules } from './decide';

/** standingOf is where an agent stands with the gate: whether it may run at all, and every reason why not. What single actions may do, a check says. */
export function standingOf(rules: Rules, principal: Principal, workflowHalted: boolean, tokenExpiresAt: Date): AgentStanding {
  const agent = rules.agents.get(principal.agent);
  const credential = rules.credentials.get(principal.credential);
  const codes: GateReasonCode[] = [];
  if (!agent || agent.status !== 'active') codes.push('AGENT_SUSPENDED');
  if (!agent || isAgentKilled(rules.kills, agent)) codes.push('KILLED');
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
    policy: { epoch: rules.epoch },
  };
}
