import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { changePassword, deactivateUser, endOtherSessions, findSession, resetPassword, signIn, unlockSignIn, type SignedIn } from '.';
import { attemptKey, guessing } from '../domain';
import { eventsAbout, password, person, type TestPerson } from '../testdata/people';

let plane: PeoplePlane;
let admin: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  admin = await person(['admin']);
});
afterAll(() => plane.drop());

const next = 'another horse battery staple';
let addresses = 0;
const tryIn = (email: string, word: string, now = new Date()) =>
  signIn({ email, password: word, address: `203.0.113.${++addresses}` }, now);
async function open({ email }: Pick<TestPerson, 'email'>, word = password): Promise<SignedIn> {
  const outcome = await tryIn(email, word);
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.signedIn;
}
const isOpen = async ({ sessionId }: SignedIn) => (await findSession(sessionId)) !== undefined;
const lastOf = async ({ id }: TestPerson) => (await eventsAbout(id)).at(-1);

describe('changing one’s own password', () => {
  it('signs out everywhere else, and the old one opens nothing any more', async () => {
    const who = await person(['engineer']);
    const [here, there, elsewhere] = [await open(who), await open(who), await open(who)];
    expect(await changePassword(here, { present: password, next })).toEqual({ ok: true, sessionsEnded: 2 });
    expect([await isOpen(here), await isOpen(there), await isOpen(elsewhere)]).toEqual([true, false, false]);
    expect(await tryIn(who.email, password)).toEqual({ ok: false, code: 'WRONG' });
    expect(await tryIn(who.email, next)).toMatchObject({ ok: true });
  });

  it('is written down, and neither password is', async () => {
    const who = await person(['engineer']);
    await changePassword(await open(who), { present: password, next });
    expect(await lastOf(who)).toMatchObject({ kind: 'user.password_changed', actor: who.actor, data: { reset: false, sessions_ended: 0 } });
    expect(JSON.stringify(await eventsAbout(who.id))).not.toMatch(/horse/);
  });

  it('frees a session that had to', async () => {
    const who = await person(['engineer']);
    const reset = await resetPassword(admin.actor, who.id);
    if (!reset.ok) throw new Error(reset.code);
    const session = await open(who, reset.oneTimePassword);
    expect(session.mustChangePassword).toBe(true);
    expect(await changePassword(session, { present: reset.oneTimePassword, next })).toMatchObject({ ok: true });
    expect(await findSession(session.sessionId)).toMatchObject({ mustChangePassword: false });
  });

  it.each<[string, { present: string; next: string }, string]>([
    ['without the present one', { present: 'not the present one', next }, 'WRONG_PASSWORD'],
    ['with the present one in other letters', { present: password.toUpperCase(), next }, 'WRONG_PASSWORD'],
    ['to the present one', { present: password, next: password }, 'SAME_PASSWORD'],
  ])('is refused %s, and everything stays as it was', async (_, input, code) => {
    const who = await person(['engineer']);
    const [here, there] = [await open(who), await open(who)];
    expect(await changePassword(here, input)).toEqual({ ok: false, code });
    expect(await isOpen(there)).toBe(true);
    expect(await tryIn(who.email, password)).toMatchObject({ ok: true });
  });

  it.each([
    ['shorter than twelve characters', 'eleven char'],
    ['endless', 'x'.repeat(1025)],
  ])('is refused when the new one is %s', async (_, short) => {
    const who = await person(['engineer']);
    await expect(changePassword(await open(who), { present: password, next: short })).rejects.toThrow();
  });

  it('cannot be used to guess the present one: wrong ones count as at the sign-in', async () => {
    const who = await person(['engineer']);
    const session = await open(who);
    const now = new Date();
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, i) => changePassword(session, { present: `guess number ${i}`, next }, now)),
    );
    expect(guesses.filter((each) => !each.ok && each.code === 'WRONG_PASSWORD')).toHaveLength(guessing.failuresFree.email);
    expect(guesses.filter((each) => !each.ok && each.code === 'LOCKED')).toHaveLength(12 - guessing.failuresFree.email);
    expect(await changePassword(session, { present: password, next }, now)).toMatchObject({
      ok: false,
      code: 'LOCKED',
      retryAfterSeconds: 60,
    });
  });

  it('loses against a reset at the same time, and against a removal', async () => {
    for (let round = 0; round < 10; round++) {
      const who = await person(['engineer']);
      const session = await open(who);
      const [changed, reset] = await Promise.all([
        changePassword(session, { present: password, next }),
        resetPassword(admin.actor, who.id),
      ]);
      if (!reset.ok) throw new Error(reset.code);
      expect(await tryIn(who.email, next), `round ${round}: ${changed.ok}`).toEqual({ ok: false, code: 'WRONG' });
      expect(await tryIn(who.email, reset.oneTimePassword)).toMatchObject({ ok: true });
    }
    const gone = await person(['engineer']);
    const session = await open(gone);
    await deactivateUser(admin.actor, gone.id);
    expect(await changePassword(session, { present: password, next })).toEqual({ ok: false, code: 'WRONG_PASSWORD' });
  });
});

describe('resetting somebody’s password', () => {
  it('signs them out everywhere, and only the one-time password opens', async () => {
    const who = await person(['engineer']);
    const sessions = [await open(who), await open(who)];
    const reset = await resetPassword(admin.actor, who.id);
    expect(reset).toMatchObject({ ok: true, sessionsEnded: 2 });
    for (const session of sessions) expect(await isOpen(session)).toBe(false);
    expect(await tryIn(who.email, password)).toEqual({ ok: false, code: 'WRONG' });
    expect(await lastOf(who)).toMatchObject({ data: { code: 'WRONG_PASSWORD' } });
    expect((await eventsAbout(who.id)).at(-2)).toMatchObject({ actor: admin.actor, data: { reset: true, sessions_ended: 2 } });
  });

  it('opens a sign-in that was closed', async () => {
    const who = await person(['engineer']);
    for (let i = 0; i < guessing.failuresFree.email; i++) await tryIn(who.email, 'wrong');
    expect(await tryIn(who.email, password)).toMatchObject({ code: 'LOCKED' });
    const reset = await resetPassword(admin.actor, who.id);
    expect(reset.ok && (await tryIn(who.email, reset.oneTimePassword))).toMatchObject({ ok: true });
  });

  it('is refused to who may not, of oneself under any account, of nobody and of who was deactivated', async () => {
    const [other, own, gone] = [await person(['security']), await person(['engineer'], admin.personId), await person(['engineer'])];
    await deactivateUser(admin.actor, gone.id);
    expect(await resetPassword(other.actor, gone.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await resetPassword(admin.actor, admin.id)).toEqual({ ok: false, code: 'OWN_ACCOUNT' });
    expect(await resetPassword(admin.actor, own.id)).toEqual({ ok: false, code: 'OWN_ACCOUNT' });
    expect(await resetPassword(admin.actor, 'usr_nobody')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await resetPassword(admin.actor, gone.id)).toEqual({ ok: false, code: 'DEACTIVATED' });
    expect(await tryIn(own.email, password)).toMatchObject({ ok: true });
  });
});

describe('a sign-in that was closed by wrong passwords', () => {
  const close = async ({ email }: TestPerson) => {
    for (let i = 0; i < guessing.failuresFree.email; i++) await tryIn(email, 'wrong');
  };

  it('is opened again by an administrator, who is written down', async () => {
    const who = await person(['engineer']);
    await close(who);
    expect(await tryIn(who.email, password)).toMatchObject({ code: 'LOCKED' });
    expect(await unlockSignIn(admin.actor, who.id)).toEqual({ ok: true });
    expect(await tryIn(who.email, password)).toMatchObject({ ok: true });
    expect((await eventsAbout(who.id)).map(({ actor, data }) => [actor, data])).toContainEqual([admin.actor, { unlocked: true }]);
  });

  it('is refused to be opened when it is open, by who may not, and of nobody', async () => {
    const [who, other] = [await person(['engineer']), await person(['leader', 'security'])];
    expect(await unlockSignIn(admin.actor, who.id)).toEqual({ ok: false, code: 'NOT_LOCKED' });
    await close(who);
    expect(await unlockSignIn(other.actor, who.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await unlockSignIn(who.actor, who.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await unlockSignIn(admin.actor, 'usr_nobody')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await tryIn(who.email, password)).toMatchObject({ code: 'LOCKED' });
  });

  it('begins to count anew, and others’ failures stay', async () => {
    const [who, other] = [await person(['engineer']), await person(['engineer'])];
    await close(who);
    await close(other);
    await unlockSignIn(admin.actor, who.id);
    expect(await prisma().signInAttempt.findUnique({ where: { subject: attemptKey('email', who.email) } })).toBeNull();
    expect(await tryIn(other.email, password)).toMatchObject({ code: 'LOCKED' });
  });
});

describe('ending one’s other sessions', () => {
  it('leaves the one it is done in, and nobody else’s', async () => {
    const [who, other] = [await person(['engineer']), await person(['engineer'])];
    const [here, there, theirs] = [await open(who), await open(who), await open(other)];
    expect(await endOtherSessions(here)).toBe(1);
    expect([await isOpen(here), await isOpen(there), await isOpen(theirs)]).toEqual([true, false, true]);
    expect(await lastOf(who)).toMatchObject({ kind: 'user.signed_out', data: { sessions_ended: 1 } });
  });

  it('writes nothing when there are none', async () => {
    const who = await person(['engineer']);
    const here = await open(who);
    const before = (await eventsAbout(who.id)).length;
    expect(await endOtherSessions(here)).toBe(0);
    expect(await eventsAbout(who.id)).toHaveLength(before);
  });
});
