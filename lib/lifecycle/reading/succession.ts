import { may } from '@/lib/people/permissions';
import { findUser, inTransaction, listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { findHoldings, listProcesses } from '@/lib/registry/service';
import { graceDaysOf, partWords, successionSentence } from '../domain/succession';
import {
  heldPageMax,
  plannedNamedMax,
  successionsPageMax,
  type DeparturePlan,
  type Held,
  type HeldPage,
  type PlannedMove,
  type SuccessionItem,
  type SuccessionPage,
  type SuccessionQuery,
} from '../schema/succession';
import { estateOf, partsHeld, type Estate } from '../service/succession/household';
import * as store from '../store/succession';

/** readSuccessions answers one page of what has nobody (the soonest to be suspended first) or of what changed hands (newest first). */
export async function readSuccessions({ list, before }: SuccessionQuery): Promise<SuccessionPage> {
  const listing = { before, limit: successionsPageMax + 1 };
  const [found, total] = await Promise.all([
    list === 'orphans' ? store.listOrphans(prisma(), listing) : store.listMoved(prisma(), listing),
    store.countSuccessions(prisma(), list),
  ]);
  const rows = found.slice(0, successionsPageMax);
  return { items: await itemsOf(rows), next: found.length > rows.length ? (rows.at(-1)?.id ?? null) : null, total };
}

async function itemsOf(rows: readonly store.SuccessionRow[]): Promise<SuccessionItem[]> {
  if (rows.length === 0) return [];
  const users = new Map((await listUsers()).map((user) => [user.id, user]));
  const personOf = (id: string) => ({ id, name: users.get(id)?.name ?? id, active: users.get(id)?.status === 'active' });
  return rows.map((row): SuccessionItem => {
    const [from, to] = [personOf(row.fromUser), row.toUser === null ? null : personOf(row.toUser)];
    return {
      id: row.id,
      at: row.at.toISOString(),
      type: row.subjectType,
      subject: { id: row.subjectId, name: row.subjectName },
      part: row.part,
      from,
      to,
      how: row.how,
      graceUntil: row.graceUntil?.toISOString() ?? null,
      acting: row.status === 'active',
      endedAt: row.endedAt?.toISOString() ?? null,
      endedAs: row.endedAs,
      undoable: row.endedAt === null && to !== null && from.active && row.holder === to.id && row.status !== 'decommissioned',
    };
  });
}

/** readHeld answers what an account owns, sponsors or runs, whether it is active or not; undefined when there is no such account. */
export async function readHeld(userId: string): Promise<HeldPage | undefined> {
  const person = await findUser(userId);
  if (!person) return undefined;
  const { agents, processes } = await findHoldings(userId);
  const items: Held[] = [
    ...processes.map(({ id, name }): Held => ({ type: 'process', id, name, part: 'owner', status: '' })),
    ...agents.flatMap((agent) =>
      partsHeld(agent, userId).map((part): Held => ({ type: 'agent', id: agent.id, name: agent.name, part, status: agent.status })),
    ),
  ];
  return {
    person: { id: person.id, name: person.name, active: person.status === 'active' },
    items: items.slice(0, heldPageMax),
    total: items.length,
  };
}

/** readDeparturePlan answers what would become of all that an account holds if it were deactivated now; undefined when there is no such account. */
export async function readDeparturePlan(userId: string): Promise<DeparturePlan | undefined> {
  const person = await findUser(userId);
  if (!person) return undefined;
  const { estate, setting } = await inTransaction(async (tx) => ({
    estate: await estateOf(person, tx),
    setting: (await store.readGrace(tx)).setting,
  }));
  const names = new Map((await listUsers()).map(({ id, name }) => [id, name]));
  return { moves: grouped(estate, (id) => names.get(id) ?? id), graceDays: graceDaysOf(setting) };
}

/** What goes to the same person for the same reason is one line; what nobody takes comes first. */
function grouped(estate: readonly Estate[], nameOf: (id: string) => string): PlannedMove[] {
  const groups = new Map<string, PlannedMove>();
  for (const { type, id, name, part, heir } of estate) {
    const key = [type, part, heir?.how, heir?.to].join(' ');
    const to = heir ? { id: heir.to, name: nameOf(heir.to) } : null;
    const group = groups.get(key) ?? { type, part, how: heir?.how ?? 'orphaned', to, count: 0, named: [] };
    group.count += 1;
    if (group.named.length < plannedNamedMax) group.named.push({ id, name });
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => Number(a.to !== null) - Number(b.to !== null));
}

export type Waiting<When extends 'at' | 'dueOn'> = {
  items: ({ id: string; title: string; href: string } & Record<When, string>)[];
  total: number;
};

/**
 * openOrphans answers what has nobody and this person could name somebody for or answers for: everything for who may give agents to others, else what
 * is in processes they own. The soonest first; `dueOn` is the end of the grace, an instant.
 */
export async function openOrphans(person: User, limit: number): Promise<Waiting<'dueOn'>> {
  const processIds = may(person, 'agents:reassign') ? undefined : await ownProcesses(person);
  if (processIds?.length === 0) return { items: [], total: 0 };
  const [rows, total] = await Promise.all([
    store.listOrphans(prisma(), { before: undefined, limit, processIds }),
    store.countSuccessions(prisma(), 'orphans', processIds),
  ]);
  return {
    items: (await itemsOf(rows)).map((item) => ({
      id: item.id,
      title: successionSentence(item),
      href: '/succession',
      dueOn: item.graceUntil ?? item.at,
    })),
    total,
  };
}

async function ownProcesses(person: User): Promise<string[]> {
  const own = new Set((await accountsOf(person)).map(({ id }) => id));
  return (await listProcesses()).filter(({ ownerId }) => own.has(ownerId)).map(({ id }) => id);
}

const accountsOf = async (person: User): Promise<User[]> => (await listUsers()).filter(({ personId }) => personId === person.personId);

/** listMySuccessions answers what came to this person in the last 30 days and is theirs still, newest first, each as a sentence with the page of the thing. */
export async function listMySuccessions(person: User, limit: number): Promise<Waiting<'at'>> {
  const accounts = (await accountsOf(person)).map(({ id }) => id);
  const { rows, total } = await store.listMine(prisma(), accounts, limit);
  const items = (await itemsOf(rows)).map((item) => ({
    id: item.id,
    title: `You are ${item.part === 'accountable' ? 'Accountable in' : `${partWords[item.part]} of`} ${item.subject.name} ${item.how === 'reassigned' ? `instead of ${item.from.name}` : `since ${item.from.name} left`}`,
    href: item.type === 'agent' ? `/registry/agents/${item.subject.id}` : `/raci/${item.subject.id}`,
    at: item.at,
  }));
  return { items, total };
}
