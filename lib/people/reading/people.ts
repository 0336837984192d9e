import { prisma } from '@/lib/platform/db/prisma';
import { attemptKey } from '../domain';
import {
  peoplePageMax,
  Role,
  UserStatus,
  type Closed,
  type PeoplePage,
  type PeopleQuery,
  type PersonRow,
  type PersonView,
} from '../schema';
import * as store from '../store';
import { countReports } from '../store/managers';
import * as list from '../store/people';

const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;

/** readPeople answers a page of accounts by name, narrowed by text in name or e-mail, by role and by status. */
export async function readPeople(query: PeopleQuery, now: Date = new Date()): Promise<PeoplePage> {
  const db = prisma();
  const locked = await lockedSubjects(now);
  const { search, role, status, after } = query;
  const ids = status === 'locked' ? await idsOf(locked) : undefined;
  const filter = { search, role, status: status === 'locked' ? 'active' : status, ids };
  const [found, total] = await Promise.all([list.listPeople(db, filter, after, peoplePageMax + 1), list.countPeople(db, filter)]);
  const rows = found.slice(0, peoplePageMax);
  return { people: await withActivity(rows, locked), next: found.length > rows.length ? (rows.at(-1)?.id ?? null) : null, total };
}

/** readPerson answers one account with what stands beside it, or undefined. */
export async function readPerson(id: string, now: Date = new Date()): Promise<PersonView | undefined> {
  const db = prisma();
  const row = await list.findListed(db, id);
  if (!row) return undefined;
  const [[person], sessions, others, reports] = await Promise.all([
    withActivity([row], await lockedSubjects(now)),
    store.listOpenSessions(db, id, now),
    list.listOtherAccounts(db, row.personId, id),
    countReports(db, id),
  ]);
  if (!person) return undefined;
  return {
    ...person,
    createdAt: row.createdAt.toISOString(),
    deactivatedAt: iso(row.deactivatedAt),
    sessions: sessions.length,
    otherAccounts: others.map((other) => ({ ...other, status: UserStatus.parse(other.status) })),
    manager: row.manager && { ...row.manager, status: UserStatus.parse(row.manager.status) },
    reports,
  };
}

/** readClosed counts what is closed for sign-in and belongs to no account: no more is kept of it than that. */
export async function readClosed(now: Date = new Date()): Promise<Closed> {
  const locked = await lockedSubjects(now);
  const subjects = [...locked.keys()];
  const emails = subjects.filter((subject) => subject.startsWith('email:')).length;
  const known = emails === 0 ? 0 : (await idsOf(locked)).length;
  const until = [...locked.values()].sort((a, b) => b.getTime() - a.getTime())[0];
  return { unknownEmails: emails - known, addresses: subjects.length - emails, until: iso(until) };
}

async function lockedSubjects(now: Date): Promise<Map<string, Date>> {
  return new Map((await store.listLocked(prisma(), now)).map(({ subject, lockedUntil }) => [subject, lockedUntil]));
}

// Subjects are hashes, so accounts are hashed to be found among them: only while something is closed.
async function idsOf(locked: ReadonlyMap<string, Date>): Promise<string[]> {
  if (locked.size === 0) return [];
  const accounts = await list.listEmails(prisma());
  return accounts.filter(({ email }) => locked.has(attemptKey('email', email))).map(({ id }) => id);
}

async function withActivity(rows: list.ListedRow[], locked: ReadonlyMap<string, Date>): Promise<PersonRow[]> {
  const signIns = await list.lastSignIns(
    prisma(),
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    personId: row.personId,
    name: row.name,
    email: row.email,
    roles: row.roles.map((role) => Role.parse(role)),
    status: UserStatus.parse(row.status),
    teams: row.teams.map(({ team }) => team),
    lastSignInAt: iso(signIns.get(row.id)),
    lockedUntil: iso(locked.get(attemptKey('email', row.email))),
    mustChangePassword: row.mustChangePassword,
  }));
}
