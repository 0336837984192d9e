import { reads } from '../words';
import type { Fix, Snapshot, SnapshotAgent } from '../../schema';
import { editedBy } from '@/lib/registry/domain/lifecycle';
import type { AgentStatus } from '@/lib/registry/schema';

const dayMs = 24 * 3_600_000;

/** isOver tells whether an agent has ended; nothing of it needs anybody any more. */
const isOver = ({ status }: Pick<SnapshotAgent, 'status'>): boolean => status === 'decommissioned' || status === 'rejected';

/** agentsThere are the agents that have not ended. */
export const agentsThere = ({ agents }: Snapshot): SnapshotAgent[] => agents.filter((agent) => !isOver(agent));
/** agentsAtWork are those that act, or that one press lets act again. */
export const agentsAtWork = ({ agents }: Snapshot): SnapshotAgent[] =>
  agents.filter(({ status }) => status === 'active' || status === 'suspended');
export const activeAgents = ({ agents }: Snapshot): SnapshotAgent[] => agents.filter(({ status }) => status === 'active');

/** cellsInForce are the cells of all matrices without the exceptions of agents that have ended. */
export function cellsInForce({ cells, agents }: Snapshot): Snapshot['cells'] {
  const over = new Set(agents.filter(isOver).map(({ id }) => id));
  return cells.filter(({ agentId }) => agentId === null || !over.has(agentId));
}

/** daysSince counts whole days that have passed. */
export const daysSince = (then: Date, now: Date): number => Math.floor((now.getTime() - then.getTime()) / dayMs);
/** dayOf is the day of the calendar that an instant falls on, in UTC. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
/** daysBetween counts the days from one day of the calendar to another. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / dayMs);

/** aboutAgent is what every finding about an agent begins with. */
export const aboutAgent = (agent: SnapshotAgent) => ({
  key: agent.id,
  subject: { type: 'agent' as const, id: agent.id },
  processId: agent.processId,
});

const agentPage = (agent: string, tab = ''): string => `/registry/agents/${encodeURIComponent(agent)}${tab === '' ? '' : `/${tab}`}`;

export const suspend = (agent: string): Fix => ({ kind: 'suspend', label: 'Suspend the agent', permission: 'agents:suspend', agent });
export const decommission = (agent: string): Fix => ({
  kind: 'decommission',
  label: 'Decommission the agent',
  permission: 'agents:decommission',
  agent,
});
/** askFor leads to the form of an agent's record; once it was reviewed, that asks another person for the change. */
export const askFor = (agent: string, status: AgentStatus, label: string): Fix => ({
  kind: 'link',
  label,
  permission: editedBy(status) === 'agents:register' ? 'agents:register' : 'changes:request',
  href: agentPage(agent, 'edit'),
});
export const credentials = (agent: string, label: string): Fix => ({
  kind: 'link',
  label,
  permission: 'credentials:manage',
  href: agentPage(agent, 'credentials'),
});
export const settle: Fix = { kind: 'settle', label: 'Say that it is dealt with', permission: 'findings:manage' };
export const look = (label: string, href: string): Fix => ({ kind: 'link', label, permission: reads, href });
export { agentPage };
