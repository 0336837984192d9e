import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { Permission } from '@/lib/people/schema';
import { listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import {
  agentMoveNames,
  agentMoves,
  canMove,
  editedParts,
  whyNotEdit,
  whyNotMove,
  type AgentDoer,
  type EditedPart,
} from '../domain/lifecycle';
import { findAgent, readGate } from '../service';
import type { Agent } from '../schema';
import { ActionChoice, AgentAnswer, PermissionRow, type Gate, type NamedGap, type Step } from './schema';
import { findLastSeen, listActionChoices, listPermissions } from './store';

/** How many of those who can close a gap are named. */
const namedMax = 3;
/** Most action types offered to be granted. */
const choicesMax = 5_000;

/** answerOf is a record as the API says it. */
export const answerOf = (agent: Agent): AgentAnswer =>
  AgentAnswer.parse({
    ...agent,
    reviewedAt: agent.reviewedAt?.toISOString() ?? null,
    createdAt: agent.createdAt.toISOString(),
    changedAt: agent.changedAt.toISOString(),
    activatedAt: agent.activatedAt?.toISOString() ?? null,
  });

export type AgentView = {
  agent: Agent;
  process: { id: string; name: string; ownerId: string };
  /** Everyone the record names, by account: those who have left too. */
  people: ReadonlyMap<string, { name: string; active: boolean }>;
  lastSeenAt: Date | null;
  /** Whether it acts by a credential of its own or has none; a shared one would be a finding. */
  credential: 'own' | 'none';
  gate: Gate;
  steps: Step[];
  /** Why this person cannot change anything of the record. */
  whyNotEdit: string | null;
  /** The parts that this person asks for, and another approves. */
  asks: EditedPart[];
  /** Why this person cannot widen what it may ask for, not even ask for it; and why they cannot take any of it away. */
  whyNotGrant: string | null;
  whyNotRevoke: string | null;
};

/** readAgentView answers what the pages of one agent show to this person; undefined when there is no such agent. */
export async function readAgentView(person: User, id: string): Promise<AgentView | undefined> {
  const agent = await findAgent(id);
  if (!agent) return undefined;
  const [process, users, lastSeenAt, gate] = await Promise.all([
    prisma().process.findUniqueOrThrow({ where: { id: agent.processId }, select: { id: true, name: true, ownerId: true } }),
    listUsers(),
    findLastSeen(prisma(), id),
    readGate(agent),
  ]);
  const owner = users.find((user) => user.id === process.ownerId);
  const doer: AgentDoer = { roles: person.roles, personId: person.personId, ownsProcess: owner?.personId === person.personId };
  const whyNot = (part: EditedPart) => whyNotEdit(agent, doer, [part]);
  const asks = editedParts.filter((part) => whyNot(part)?.code === 'NEEDS_REQUEST');
  const can = (permission: Permission) => whoMay(permission, users, { processOwner: owner?.personId, not: agent.editors });
  return {
    agent,
    process,
    people: new Map(users.map((user) => [user.id, { name: user.name, active: user.status === 'active' }])),
    lastSeenAt,
    credential: gate.gaps.some(({ code }) => code === 'CREDENTIAL_MISSING') ? 'none' : 'own',
    gate: { gaps: gate.gaps.map((gap): NamedGap => ({ ...gap, ...namedOf(can(gap.fixedBy)) })), warnings: gate.warnings },
    steps: stepsOf(agent, doer),
    whyNotEdit: whyNotEdit(agent, doer, [])?.text ?? null,
    asks,
    whyNotGrant: asks.includes('permissions') ? null : (whyNot('permissions')?.text ?? null),
    whyNotRevoke: whyNot('fewer permissions')?.text ?? null,
  };
}

/** The steps there are from this state, each with why this person cannot take it. */
function stepsOf(agent: Agent, doer: AgentDoer): Step[] {
  return agentMoveNames
    .filter((move) => canMove(move, agent.status))
    .map((move) => ({ move, permission: agentMoves[move].permission, why: whyNotMove(move, agent, doer)?.text ?? null }));
}

/** whoMay lists the active people who hold a permission for this process; for reviewing and activating, not those who wrote it. */
function whoMay(
  permission: Permission,
  users: readonly User[],
  of: { processOwner: string | undefined; not: readonly string[] },
): string[] {
  const second = permission === 'agents:review' || permission === 'agents:activate';
  return users
    .filter((user) => user.status === 'active' && may(user, permission))
    .filter((user) => !ownProcessOnly(user, permission) || user.personId === of.processOwner)
    .filter((user) => !second || !of.not.includes(user.personId))
    .map(({ name }) => name);
}

const namedOf = (names: readonly string[]): { people: string[]; more: number } => ({
  people: names.slice(0, namedMax),
  more: Math.max(0, names.length - namedMax),
});

/** readPermissions answers what an agent may ask for: how each is classified, and when it was last used. */
export async function readPermissions(agentId: string): Promise<PermissionRow[]> {
  const rows = await listPermissions(prisma(), agentId);
  return rows.map((row) =>
    PermissionRow.parse({
      action: row.action,
      title: row.title,
      system: row.system,
      status: row.status,
      grantedAt: row.granted_at.toISOString(),
      lastUsedAt: row.last_used_at?.toISOString() ?? null,
    }),
  );
}

/** readActionChoices answers every action type that can be granted, by system. */
export async function readActionChoices(): Promise<ActionChoice[]> {
  return (await listActionChoices(prisma(), choicesMax)).map((row) => ActionChoice.parse(row));
}
