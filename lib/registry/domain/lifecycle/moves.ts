import type { EventKind } from '@/lib/ledger/schema';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { Permission, Role } from '@/lib/people/schema';
import type { AgentStatus, MoveRefusal } from '@/lib/registry/schema';

type Move = {
  from: readonly AgentStatus[];
  to: AgentStatus;
  permission: Permission;
  kind: EventKind;
  /** Whether whoever wrote what is reviewed may do it too. */
  byAuthor: boolean;
  /** Whether everything of the activation gate must be there. */
  gated: boolean;
  /** Whether words are asked for. */
  reason: 'none' | 'optional' | 'required';
};

/** What may be done with an agent, from which states, what it becomes, and who may. A move that is not here is refused. */
export const agentMoves = {
  submit: {
    from: ['draft'],
    to: 'in_review',
    permission: 'agents:register',
    kind: 'agent.submitted',
    byAuthor: true,
    gated: false,
    reason: 'none',
  },
  approve: {
    from: ['in_review'],
    to: 'approved',
    permission: 'agents:review',
    kind: 'agent.approved',
    byAuthor: false,
    gated: false,
    reason: 'none',
  },
  reject: {
    from: ['in_review'],
    to: 'rejected',
    permission: 'agents:review',
    kind: 'agent.rejected',
    byAuthor: false,
    gated: false,
    reason: 'required',
  },
  reopen: {
    from: ['in_review', 'approved', 'rejected'],
    to: 'draft',
    permission: 'agents:register',
    kind: 'agent.reopened',
    byAuthor: true,
    gated: false,
    reason: 'none',
  },
  activate: {
    from: ['approved'],
    to: 'active',
    permission: 'agents:activate',
    kind: 'agent.activated',
    byAuthor: false,
    gated: true,
    reason: 'none',
  },
  suspend: {
    from: ['active'],
    to: 'suspended',
    permission: 'agents:suspend',
    kind: 'agent.suspended',
    byAuthor: true,
    gated: false,
    reason: 'optional',
  },
  resume: {
    from: ['suspended'],
    to: 'active',
    permission: 'agents:resume',
    kind: 'agent.resumed',
    byAuthor: true,
    gated: true,
    reason: 'optional',
  },
  decommission: {
    from: ['draft', 'in_review', 'approved', 'active', 'suspended', 'rejected'],
    to: 'decommissioned',
    permission: 'agents:decommission',
    kind: 'agent.decommissioned',
    byAuthor: true,
    gated: false,
    reason: 'required',
  },
} as const satisfies Record<string, Move>;
export type AgentMove = keyof typeof agentMoves;
export const agentMoveNames = Object.keys(agentMoves) as AgentMove[];

/** canMove answers the button and the server alike: is there such a step from this state? */
export function canMove(move: AgentMove, status: AgentStatus): boolean {
  const from: readonly AgentStatus[] = agentMoves[move].from;
  return from.includes(status);
}

/** AgentDoer is a person as far as it matters to one agent; undefined stands for Countersign itself, which asks nobody. */
export type AgentDoer = { roles: readonly Role[]; personId: string; ownsProcess: boolean } | undefined;
export type WhyNot = { code: MoveRefusal; text: string } | undefined;

const who: Partial<Record<Permission, string>> = {
  'agents:register': 'An engineer does this.',
  'agents:review': 'The owner of its process, security or a risk officer does this.',
  'agents:activate': 'The owner of its process, a leader or security does this.',
  'agents:suspend': 'The owner of its process, a leader or security does this.',
  'agents:resume': 'A leader or security does this.',
  'agents:decommission': 'The owner of its process, a leader or security does this.',
};

/** reaches tells whether a person holds a permission for an agent of this process: a process owner alone only for processes of their own. */
export function reaches(doer: AgentDoer, permission: Permission): boolean {
  if (!doer) return true;
  return may(doer, permission) && (!ownProcessOnly(doer, permission) || doer.ownsProcess);
}

/**
 * hasBuilt tells whether this person (any of their accounts) built an agent: registered it, wrote any of what was reviewed, or asked as an engineer for
 * a change of it that was approved. Whoever did answers for nothing of it, reviews it not, and signs nothing it asks for. Countersign itself built none.
 */
export const hasBuilt = (person: { personId: string } | undefined, { editors }: { editors: readonly string[] }): boolean =>
  person !== undefined && editors.includes(person.personId);

/** whyNotMove says why this person cannot move this agent now; undefined: they can. The gate is asked after it. */
export function whyNotMove(move: AgentMove, agent: { status: AgentStatus; editors: readonly string[] }, doer: AgentDoer): WhyNot {
  const { permission, byAuthor } = agentMoves[move];
  if (!reaches(doer, permission)) return { code: 'NOT_ALLOWED', text: who[permission] ?? 'Your roles do not allow this.' };
  if (!byAuthor && hasBuilt(doer, agent))
    return { code: 'OWN_AGENT', text: 'You wrote this record, so another person reviews and activates it.' };
  if (!canMove(move, agent.status))
    return { code: 'WRONG_STATE', text: `This is not possible while the agent is ${statusWords[agent.status]}.` };
  return undefined;
}

/** How a state is said in a sentence: "the agent is …". */
export const statusWords: Record<AgentStatus, string> = {
  draft: 'a draft',
  in_review: 'in review',
  approved: 'approved',
  active: 'active',
  suspended: 'suspended',
  decommissioned: 'decommissioned',
  rejected: 'rejected',
};
