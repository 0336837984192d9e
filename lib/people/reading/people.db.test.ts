import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess } from '@/lib/registry/service';
import { readClosed, readDeparture, readOwnSessions, readPeople, readPerson } from '.';
import { guessing } from '../domain';
import { peoplePageMax } from '../schema';
import { createTeam, deactivateUser, findSession, signIn } from '../service';
import { password, person, setup, type TestPerson } from '../testdata/people';

let plane: PeoplePlane;
let admin: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  admin = await person(['admin']);
});
afterAll(() => plane.drop());

let addresses = 0;
const tryIn = (email: string, word: string) => signIn({ email, password: word, address: `203.0.113.${++addresses}` });
const idsOf = async (query: Parameters<typeof readPeople>[0]) => (await readPeople(query)).people.map(({ id }) => id);
const lock = async (email: string) => {
  for (let i = 0; i < guessing.failuresFree.email; i++) await tryIn(email, 'wrong');
};

describe('the list of people', () => {
  it('finds by a part of the e-mail in any letters, and never by what looks like a pattern', async () => {
    const who = await person(['leader']);
    expect(await idsOf({ search: who.email.toUpperCase() })).toEqual([who.id]);
    for (const search of ['nobody has this', '%', 'p_rson', "' OR 1=1"]) expect(await idsOf({ search }), search).toEqual([]);
  });

  it('narrows by role and status, together', async () => {
    const [leader, gone] = [await person(['leader', 'risk']), await person(['risk'])];
    await deactivateUser(admin.actor, gone.id);
    expect(await idsOf({ role: 'risk', status: 'active' })).toContain(leader.id);
    expect(await idsOf({ role: 'risk', status: 'active' })).not.toContain(gone.id);
    expect(await idsOf({ role: 'risk', status: 'deactivated' })).toEqual([gone.id]);
  });

  it('says who is locked out and until when, and forgets it when the time is over', async () => {
    const [who, other] = [await person(['leader']), await person(['leader'])];
    await lock(who.email);
    expect(await idsOf({ status: 'locked' })).toEqual([who.id]);
    expect((await readPerson(who.id))?.lockedUntil).not.toBeNull();
    expect((await readPerson(other.id))?.lockedUntil).toBeNull();
    const later = new Date(Date.now() + 61_000);
    expect((await readPeople({ status: 'locked' }, later)).people).toEqual([]);
  });

  it('counts what is closed and belongs to nobody, without naming it', async () => {
    await lock('ghost@example.com');
    const closed = await readClosed();
    expect(closed).toMatchObject({ unknownEmails: 1, addresses: 0 });
    expect(JSON.stringify(closed)).not.toContain('ghost');
  });

  it('gives each person once, over all pages, in one order', async () => {
    const rows = Array.from({ length: peoplePageMax + 7 }, (_, i) => ({
      id: `usr_page${i}`,
      personId: `per_page${i}`,
      email: `page${i}@example.org`,
      // Many of one name: the id tells them apart.
      name: `Twin ${i % 3}`,
      passwordHash: '',
      roles: ['auditor'],
    }));
    await prisma().user.createMany({ data: rows });
    const first = await readPeople({ search: 'example.org' });
    expect(first).toMatchObject({ total: rows.length });
    expect(first.people).toHaveLength(peoplePageMax);
    const second = await readPeople({ search: 'example.org', after: first.next ?? '' });
    expect(second.next).toBeNull();
    const all = [...first.people, ...second.people];
    expect(new Set(all.map(({ id }) => id)).size).toBe(rows.length);
    expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => name).sort());
    expect(await idsOf({ after: 'usr_nobody' })).toEqual([]);
  });
});

describe('one person', () => {
  it('shows teams, the last sign-in and other accounts of the same human, and no password', async () => {
    const who = await person(['leader']);
    const second = await person(['auditor'], who.personId);
    await createTeam(setup, { name: 'Supervisors', memberIds: [who.id] });
    await tryIn(who.email, password);
    const view = await readPerson(who.id);
    expect(view).toMatchObject({ teams: [{ name: 'Supervisors' }], sessions: 1, otherAccounts: [{ id: second.id, email: second.email }] });
    expect(view?.lastSignInAt).not.toBeNull();
    expect(JSON.stringify(view)).not.toMatch(/argon2|hash/i);
  });

  it('that nobody knows is not there', async () => {
    expect(await readPerson('usr_nobody')).toBeUndefined();
    expect(await readDeparture('usr_nobody')).toBeUndefined();
  });

  it('sees where they are signed in, which of it is here, and no session’s id', async () => {
    const who = await person(['leader']);
    const [a, b] = [await tryIn(who.email, password), await tryIn(who.email, password)];
    if (!a.ok || !b.ok) throw new Error('not signed in');
    const session = await findSession(a.signedIn.sessionId);
    if (!session) throw new Error('no session');
    const sessions = await readOwnSessions(session);
    expect(sessions.map(({ current }) => current).sort()).toEqual([false, true]);
    expect(JSON.stringify(sessions)).not.toContain(b.signedIn.sessionId);
  });
});

describe('what a departure leaves', () => {
  it('counts what ends and names what needs a new owner', async () => {
    const who = await person(['process_owner']);
    await createProcess(setup, { name: 'Refunds', ownerId: who.id });
    await tryIn(who.email, password);
    const departure = await readDeparture(who.id);
    expect(departure).toMatchObject({
      sessions: 1,
      signed: 0,
      onBehalf: 0,
      processCount: 1,
      processes: [{ name: 'Refunds' }],
      agentCount: 0,
    });
    // The template makes an owner accountable for all eight stages, and responsible for some.
    expect(departure?.raciCells).toBeGreaterThanOrEqual(8);
  });

  it('is nothing for somebody who has nothing', async () => {
    const who = await person(['auditor']);
    expect(await readDeparture(who.id)).toEqual({
      sessions: 0,
      signed: 0,
      onBehalf: 0,
      processes: [],
      processCount: 0,
      agents: [],
      agentCount: 0,
      raciCells: 0,
      teams: [],
      otherAccounts: [],
    });
  });
});
