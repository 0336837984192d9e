import { may, ownProcessOnly } from '@/lib/people/permissions';
import { listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { readEffectiveTiers, type AgentTiers } from '@/lib/policy/reading';
import { fieldWords, type AgentDoer, type AgentField } from '@/lib/registry/domain/lifecycle';
import { readProcessNames } from '@/lib/registry/reading';
import { findAgent, readGapsOfChange } from '@/lib/registry/service';
import type { Agent } from '@/lib/registry/schema';
import { changesIn, collisionsOf, linesOf, wantedOf, whyNotDecide } from '../domain/change-requests';
import { ChangeCard, ChangePage, type ChangeItem, type ChangeQuery, type ChangeRequest } from '../schema/change-requests';
import { digestOfChange } from '../service/change-requests/digest';
import * as store from '../store/change-requests';

/** How many of those who may decide are named. */
const namedMax = 3;

type NameOf = (id: string) => string;
const namesOf = (users: readonly User[]): NameOf => {
  const names = new Map(users.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
};
// The column holds names of fields alone; one that a later version knows is shown as it is.
const words = (field: string): string => new Map<string, string>(Object.entries(fieldWords)).get(field) ?? field;

/** What people wrote is for those who may read arguments, as in the ledger, and for who asked, whichever account they use. */
const mayRead = (person: User, users: readonly User[], requestedBy: string): boolean =>
  may(person, 'arguments:read') || personOf(users, requestedBy) === person.personId;

const itemOf = (row: store.ItemRow, nameOf: NameOf, readable: boolean): ChangeItem => ({
  id: row.id,
  agent: { id: row.agent_id, name: row.agent_name },
  status: row.status,
  parts: row.changed.map(words),
  reason: readable ? row.reason : null,
  requestedBy: { id: row.requested_by, name: nameOf(row.requested_by) },
  requestedAt: row.requested_at.toISOString(),
  decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: nameOf(row.decided_by) },
  decidedAt: row.decided_at?.toISOString() ?? null,
});

/** listChanges answers one page of the requests that match, newest first, as this person may see them. */
export async function listChanges(person: User, query: ChangeQuery): Promise<ChangePage> {
  const [found, users] = await Promise.all([store.listItems(prisma(), query), listUsers()]);
  const nameOf = namesOf(users);
  const page = found.slice(0, query.limit);
  return ChangePage.parse({
    rows: page.map((row) => itemOf(row, nameOf, mayRead(person, users, row.requested_by))),
    next: found.length > query.limit ? (page.at(-1)?.id ?? null) : null,
  });
}

const mineOf = (person: User) => ({
  personId: person.personId,
  decides: may(person, 'changes:decide'),
  ownOnly: ownProcessOnly(person, 'changes:decide'),
});

export type MyItems = { items: { id: string; title: string; href: string; at: string }[]; total: number };

/** listMyChangeRequests answers the open requests that this person may decide, and their own, oldest first. */
export async function listMyChangeRequests(person: User, limit: number): Promise<MyItems> {
  const rows = await store.listOpenOf(prisma(), mineOf(person), limit);
  return {
    items: rows.map(({ id, agent_name: agent, changed, requested_at: at, mine }) => ({
      id,
      title: `${mine ? 'You asked to change' : 'Change'} ${changed.map(words).join(', ')} of ${agent}`,
      href: `/changes/${id}`,
      at: at.toISOString(),
    })),
    total: rows[0]?.total ?? 0,
  };
}

export type OpenChange = { id: string; parts: string[]; by: string; at: string };

/** readOpenChange answers what is asked of an agent and not decided; undefined when nothing is. */
export async function readOpenChange(agentId: string): Promise<OpenChange | undefined> {
  const open = await store.findOpen(prisma(), agentId);
  if (!open) return undefined;
  const nameOf = namesOf(await listUsers());
  return { id: open.id, parts: open.changed.map(words), by: nameOf(open.requestedBy), at: open.requestedAt.toISOString() };
}

/** readAskedRecord answers an agent's record as a request of it wants it, to fill in a form with; undefined when there is no such request of this agent. */
export async function readAskedRecord(agent: Agent, requestId: string): Promise<Agent | undefined> {
  const request = await store.findRequest(prisma(), requestId);
  return request?.agentId === agent.id ? { ...agent, ...wantedOf(request, agent) } : undefined;
}

/**
 * readTiersOfChange answers what policy in force would ask of what an open request gains: of its new permissions, or of all when its floor or process
 * changes; undefined when it gains nothing of the kind.
 */
export async function readTiersOfChange(id: string): Promise<AgentTiers | undefined> {
  const request = await store.findRequest(prisma(), id);
  const agent = request?.status === 'open' ? await findAgent(request.agentId) : undefined;
  if (!request || !agent) return undefined;
  const { permissions, processId, autonomyFloor } = wantedOf(request, agent);
  const moved = processId !== agent.processId || autonomyFloor !== agent.autonomyFloor;
  const gained = moved ? permissions : permissions.filter((name) => !agent.permissions.includes(name));
  return gained.length === 0 ? undefined : readEffectiveTiers(agent.id, { permissions: gained, processId, autonomyFloor });
}

/** readChange answers one request as this person sees it, with what it would change of the record as it is now; undefined when there is none. */
export async function readChange(person: User, id: string): Promise<ChangeCard | undefined> {
  const request = await store.findRequest(prisma(), id);
  const agent = request && (await findAgent(request.agentId));
  if (!agent) return undefined;
  const wanted = wantedOf(request, agent);
  const open = request.status === 'open';
  const [users, processes, gaps] = await Promise.all([
    listUsers(),
    readProcessNames([agent.processId, wanted.processId, request.before.processId, request.fields.processId]),
    open ? readGapsOfChange(agent, wanted) : [],
  ]);
  const changes = changesIn(request, agent);
  const nameOf: NameOf = (one) => processes.get(one)?.name ?? namesOf(users)(one);
  const owners = [agent.processId, wanted.processId].map((process) => personOf(users, processes.get(process)?.ownerId));
  const why = whyNotDecide(request, agent, doerOf(person, owners))?.text ?? null;
  const readable = mayRead(person, users, request.requestedBy);
  const collisions: AgentField[] = open ? collisionsOf(request, agent) : [];
  const row = {
    ...request,
    agent_id: agent.id,
    agent_name: agent.name,
    requested_by: request.requestedBy,
    requested_at: request.requestedAt,
  };
  return ChangeCard.parse({
    ...itemOf({ ...row, decided_by: request.decidedBy, decided_at: request.decidedAt }, nameOf, readable),
    agent: { id: agent.id, name: agent.name, status: agent.status, process: { id: agent.processId, name: nameOf(agent.processId) } },
    decisionReason: readable ? request.decisionReason : null,
    lines: linesOf(changes, nameOf),
    digest: digestOfChange(request, agent),
    collisions: collisions.map(words),
    gaps,
    deciders: open ? decidersOf(users, request, agent, owners) : { people: [], more: 0 },
    whyNotApprove: why ?? blockedBy(collisions, changes.length),
    whyNotReject: why,
    mine: personOf(users, request.requestedBy) === person.personId,
  });
}

const personOf = (users: readonly User[], id: string | undefined): string | undefined => users.find((user) => user.id === id)?.personId;
const doerOf = (person: User, owners: readonly (string | undefined)[]): AgentDoer => ({
  roles: person.roles,
  personId: person.personId,
  ownsProcess: owners.every((owner) => owner === person.personId),
});

function blockedBy(collisions: readonly AgentField[], changes: number): string | null {
  if (collisions.length > 0)
    return `Somebody changed ${collisions.map(words).join(', ')} since this was asked for. It has to be asked for again.`;
  return changes === 0 ? 'The record says all of this already.' : null;
}

function decidersOf(
  users: readonly User[],
  request: ChangeRequest,
  agent: Agent,
  owners: readonly (string | undefined)[],
): ChangeCard['deciders'] {
  const names = users
    .filter((user) => user.status === 'active' && whyNotDecide(request, agent, doerOf(user, owners)) === undefined)
    .map(({ name }) => name);
  return { people: names.slice(0, namedMax), more: Math.max(0, names.length - namedMax) };
}
