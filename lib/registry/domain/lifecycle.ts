import { canonicalJson } from '@/lib/kernel/canonical';
import type { Agent, AgentStatus, ClassificationStatus } from '@/lib/registry/schema';

/** What may be done with an agent, from which states, and what it becomes. A move that is not here is refused. */
export const agentMoves = {
  activate: { from: ['draft', 'approved'], to: 'active' },
  suspend: { from: ['active'], to: 'suspended' },
  resume: { from: ['suspended'], to: 'active' },
} as const satisfies Record<string, { from: readonly AgentStatus[]; to: AgentStatus }>;
export type AgentMove = keyof typeof agentMoves;

/** canMove answers the button and the server alike. */
export function canMove(move: AgentMove, status: AgentStatus): boolean {
  const from: readonly AgentStatus[] = agentMoves[move].from;
  return from.includes(status);
}

/** What keeps an agent from acting. */
export type ActivationGap = 'PURPOSE_MISSING' | 'OWNER_INACTIVE' | 'CREDENTIAL_MISSING' | 'PERMISSIONS_MISSING' | 'ACTION_UNCLASSIFIED';

export type ActivationFacts = {
  agent: Pick<Agent, 'purpose' | 'permissions'>;
  ownerActive: boolean;
  /** Whether it has a secret of its own that opens the token door now. */
  hasCredential: boolean;
  /** The status of each action type that is recorded. */
  actionTypes: ReadonlyMap<string, ClassificationStatus>;
};

/** activationGaps lists all that is missing before an agent may become (or be again) active; empty means nothing is. */
export function activationGaps({ agent, ownerActive, hasCredential, actionTypes }: ActivationFacts): ActivationGap[] {
  const gaps: ActivationGap[] = [];
  if (agent.purpose.trim() === '') gaps.push('PURPOSE_MISSING');
  if (!ownerActive) gaps.push('OWNER_INACTIVE');
  if (!hasCredential) gaps.push('CREDENTIAL_MISSING');
  if (agent.permissions.length === 0) gaps.push('PERMISSIONS_MISSING');
  if (agent.permissions.some((name) => actionTypes.get(name) !== 'approved')) gaps.push('ACTION_UNCLASSIFIED');
  return gaps;
}

/** nextSchemaVersion counts changes of the parameter schema: one that means the same keeps its version, however it is written. */
export function nextSchemaVersion(recorded: { version: number; parameters: unknown } | undefined, parameters: unknown): number {
  if (!recorded) return 1;
  return canonicalJson(recorded.parameters) === canonicalJson(parameters) ? recorded.version : recorded.version + 1;
}
