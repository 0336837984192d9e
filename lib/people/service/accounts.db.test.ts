import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { actAs, addPerson, changeUser, createUser, deactivateUser, findSession, findUser, reactivateUser, signIn } from '.';
import type { Role } from '../schema';
import { eventsAbout, password, person, setup, type TestPerson } from '../testdata/people';

let plane: PeoplePlane;
/** Administrators who stay, so that the others are not the last. */
let admin: TestPerson;
let second: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  [admin, second] = [await person(['admin']), await person(['admin'])];
});
afterAll(() => plane.drop());

let addresses = 0;
const open = (email: string, word: string) => signIn({ email, password: word, address: `203.0.113.${++addresses}` });
let count = 0;
const somebody = () => ({ name: 'New Person', email: `new${++count}@example.com`, roles: ['leader' as const] });
const rolesOf = async ({ id }: TestPerson) => (await findUser(id))?.roles;

describe('adding a person', () => {
  it('gives a password of 80 bits once, which opens a session that must choose another', async () => {
    const input = somebody();
    const added = await addPerson(admin.actor, input);
    if (!added.ok) throw new Error(added.code);
    expect(added.oneTimePassword).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    const signedIn = await open(input.email, added.oneTimePassword);
    expect(signedIn).toMatchObject({ ok: true, signedIn: { mustChangePassword: true } });
    if (signedIn.ok) expect(await findSession(signedIn.signedIn.sessionId)).toMatchObject({ mustChangePassword: true });
    expect(JSON.stringify(await eventsAbout(added.user.id))).not.toContain(added.oneTimePassword);
  });

  it('writes down who, which person and which roles, and no name or e-mail', async () => {
    const input = somebody();
    const added = await addPerson(admin.actor, input);
    if (!added.ok) throw new Error(added.code);
    const [event] = await eventsAbout(added.user.id);
    expect(event).toMatchObject({ kind: 'user.created', actor: admin.actor, data: { person: added.user.personId, roles: ['leader'] } });
    expect(JSON.stringify(event)).not.toMatch(/New Person|example\.com/);
  });

  it('as a second account of somebody shares their person', async () => {
    const first = await person(['engineer']);
    const added = await addPerson(admin.actor, { ...somebody(), samePersonAs: first.id });
    expect(added).toMatchObject({ ok: true, user: { personId: first.personId } });
  });

  it('never gives two people the same one-time password', async () => {
    const added = await Promise.all(Array.from({ length: 20 }, () => addPerson(admin.actor, somebody())));
    expect(new Set(added.map((each) => each.ok && each.oneTimePassword)).size).toBe(20);
  });

  it('with a chosen password still asks for another, unless Countersign itself does it at set-up', async () => {
    const made = await createUser(admin.actor, { ...somebody(), password });
    const atSetup = await person(['leader']);
    const must = async (id: string) => (await prisma().user.findUniqueOrThrow({ where: { id } })).mustChangePassword;
    expect(made.ok && (await must(made.user.id))).toBe(true);
    expect(await must(atSetup.id)).toBe(false);
  });

  it.each<[string, () => Promise<[TestPerson, object]>, string]>([
    ['to who is no administrator', async () => [await person(['security', 'leader', 'risk']), {}], 'NOT_ALLOWED'],
    ['with an e-mail that somebody has, in other letters', async () => [admin, { email: second.email.toUpperCase() }], 'EMAIL_TAKEN'],
    ['as a second account of nobody', async () => [admin, { samePersonAs: 'usr_nobody' }], 'ACCOUNT_UNKNOWN'],
    [
      'as a second account of oneself: those would be roles one gives oneself',
      async () => [admin, { samePersonAs: admin.id }],
      'OWN_ROLES',
    ],
  ])('is refused %s', async (_, given, code) => {
    const [who, change] = await given();
    const before = await prisma().user.count();
    expect(await addPerson(who.actor, { ...somebody(), ...change })).toEqual({ ok: false, code });
    expect(await prisma().user.count()).toBe(before);
  });

  it('is refused by an e-mail of somebody who was deactivated: they are reactivated instead', async () => {
    const gone = await person(['leader']);
    await deactivateUser(admin.actor, gone.id);
    expect(await addPerson(admin.actor, { ...somebody(), email: gone.email })).toEqual({ ok: false, code: 'EMAIL_TAKEN' });
  });
});

describe('changing a person', () => {
  it('writes name and roles, and says in the ledger which roles were there before', async () => {
    const { id } = await person(['engineer']);
    expect(await changeUser(admin.actor, id, { name: 'Renamed', roles: ['risk', 'leader', 'leader'] })).toMatchObject({ ok: true });
    expect(await findUser(id)).toMatchObject({ name: 'Renamed', roles: ['leader', 'risk'] });
    expect((await eventsAbout(id)).at(-1)).toMatchObject({
      kind: 'user.changed',
      actor: admin.actor,
      data: { renamed: true, roles_before: ['engineer'], roles: ['leader', 'risk'] },
    });
    expect(JSON.stringify(await eventsAbout(id))).not.toContain('Renamed');
  });

  it('counts at the next request of who is signed in, without signing them out', async () => {
    const { id, email } = await person(['engineer']);
    const signedIn = await open(email, password);
    if (!signedIn.ok) throw new Error(signedIn.code);
    await changeUser(admin.actor, id, { name: 'Test Person', roles: ['auditor'] });
    expect(await findSession(signedIn.signedIn.sessionId)).toMatchObject({ user: { roles: ['auditor'] } });
  });

  it('to what it is already writes nothing', async () => {
    const { id } = await person(['engineer', 'leader']);
    const before = (await eventsAbout(id)).length;
    expect(await changeUser(admin.actor, id, { name: 'Test Person', roles: ['leader', 'engineer'] })).toMatchObject({ ok: true });
    expect(await eventsAbout(id)).toHaveLength(before);
  });

  it('lets an administrator correct their own name', async () => {
    expect(await changeUser(admin.actor, admin.id, { name: 'Own Name', roles: ['admin'] })).toMatchObject({ ok: true });
  });

  const refused: [string, () => Promise<[TestPerson, TestPerson, Role[]]>, string][] = [
    ['to who is no administrator', async () => [await person(['security']), await person(['engineer']), ['leader']], 'NOT_ALLOWED'],
    ['to oneself: nobody gives themselves roles', async () => [admin, admin, ['admin', 'leader']], 'OWN_ROLES'],
    ['to oneself: nobody takes their own away', async () => [admin, admin, ['auditor']], 'OWN_ROLES'],
    ['through another account of oneself', async () => [admin, await person(['engineer'], admin.personId), ['leader']], 'OWN_ROLES'],
  ];
  it.each(refused)('is refused %s', async (_, given, code) => {
    const [who, whom, roles] = await given();
    const before = await rolesOf(whom);
    expect(await changeUser(who.actor, whom.id, { name: 'Test Person', roles })).toEqual({ ok: false, code });
    expect(await rolesOf(whom)).toEqual(before);
  });

  it('is refused of nobody, of who was deactivated, and by who was', async () => {
    const [gone, stays] = [await person(['admin']), await person(['engineer'])];
    await deactivateUser(admin.actor, gone.id);
    const record = { name: 'Test Person', roles: ['leader' as const] };
    expect(await changeUser(admin.actor, 'usr_nobody', record)).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await changeUser(admin.actor, gone.id, record)).toEqual({ ok: false, code: 'DEACTIVATED' });
    expect(await changeUser(gone.actor, stays.id, record)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
  });

  it('without any role is no change a person can ask for', async () => {
    const { id } = await person(['engineer']);
    expect(() => changeUser(admin.actor, id, { name: 'Test Person', roles: [] })).toThrow();
  });
});

describe('an administrator always remains', () => {
  const active = () => prisma().user.findMany({ where: { status: 'active', roles: { has: 'admin' } }, select: { id: true } });
  /** only leaves just these administrators, as set-up could. */
  async function only(...kept: TestPerson[]): Promise<void> {
    const ids = kept.map(({ id }) => id);
    await prisma().user.updateMany({ where: { id: { notIn: ids } }, data: { roles: ['engineer'] } });
    expect((await active()).map(({ id }) => id).sort()).toEqual(ids.sort());
  }
  const demote = ({ id }: TestPerson) => changeUser(setup, id, { name: 'Test Person', roles: ['engineer'] });

  it('the last one is neither deactivated nor given other roles, not even by Countersign itself', async () => {
    const last = await person(['admin', 'risk']);
    await only(last);
    expect(await deactivateUser(setup, last.id)).toEqual({ ok: false, code: 'LAST_ADMIN' });
    expect(await demote(last)).toEqual({ ok: false, code: 'LAST_ADMIN' });
    expect(await changeUser(setup, last.id, { name: 'Test Person', roles: ['admin'] })).toMatchObject({ ok: true });
  });

  it('who was deactivated does not count as one', async () => {
    const [gone, last] = [await person(['admin']), await person(['admin'])];
    await deactivateUser(setup, gone.id);
    await prisma().user.updateMany({ where: { id: { notIn: [gone.id, last.id] } }, data: { roles: ['engineer'] } });
    expect(await deactivateUser(setup, last.id)).toEqual({ ok: false, code: 'LAST_ADMIN' });
  });

  it('of two who are removed or demoted at once, by whatever way, one stays: 40 races', async () => {
    for (let round = 0; round < 40; round++) {
      const [a, b] = [await person(['admin']), await person(['admin'])];
      await only(a, b);
      const away = [demote, ({ id }: TestPerson) => deactivateUser(setup, id)] as const;
      const outcomes = await Promise.all([away[round % 2 ? 0 : 1](a), away[round % 4 < 2 ? 0 : 1](b)]);
      expect(
        outcomes.filter(({ ok }) => ok),
        `round ${round}`,
      ).toHaveLength(1);
      expect(await active()).toHaveLength(1);
    }
  });

  it('of two who demote each other at once, one stays and neither waits for ever', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b] = [await person(['admin']), await person(['admin'])];
      await only(a, b);
      const record = { name: 'Test Person', roles: ['engineer' as const] };
      const outcomes = await Promise.all([changeUser(a.actor, b.id, record), changeUser(b.actor, a.id, record)]);
      expect(outcomes.map((outcome) => outcome.ok || outcome.code).sort(), `round ${round}`).toEqual(['NOT_ALLOWED', true]);
    }
    await prisma().user.updateMany({ where: { id: { in: [admin.id, second.id] } }, data: { roles: ['admin'] } });
  });
});

describe('a deactivated person who comes back', () => {
  it('has their roles, a one-time password and none of their sessions', async () => {
    const { id, email } = await person(['leader']);
    const before = await open(email, password);
    if (!before.ok) throw new Error(before.code);
    await deactivateUser(admin.actor, id);
    const back = await reactivateUser(admin.actor, id);
    if (!back.ok) throw new Error(back.code);
    expect(await findSession(before.signedIn.sessionId)).toBeUndefined();
    expect(await open(email, password)).toEqual({ ok: false, code: 'WRONG' });
    expect(await open(email, back.oneTimePassword)).toMatchObject({ ok: true, signedIn: { mustChangePassword: true } });
    expect((await eventsAbout(id)).map(({ kind, data }) => [kind, data])).toContainEqual([
      'user.changed',
      { reactivated: true, roles: ['leader'] },
    ]);
  });

  it('is not brought back twice, by who may not, nor by another account of their own', async () => {
    const [gone, other] = [await person(['leader'], admin.personId), await person(['leader'])];
    expect(await reactivateUser(admin.actor, other.id)).toEqual({ ok: false, code: 'ALREADY_ACTIVE' });
    await deactivateUser(second.actor, gone.id);
    expect(await reactivateUser(admin.actor, gone.id)).toEqual({ ok: false, code: 'OWN_ACCOUNT' });
    expect(await reactivateUser(other.actor, gone.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    const outcomes = await Promise.all([reactivateUser(second.actor, gone.id), reactivateUser(second.actor, gone.id)]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('could do nothing in between', async () => {
    const { id, actor } = await person(['admin']);
    await deactivateUser(admin.actor, id);
    expect(await actAs(actor, 'people:read', async () => 'done')).toEqual({ ok: false, code: 'NOT_ALLOWED' });
  });
});
