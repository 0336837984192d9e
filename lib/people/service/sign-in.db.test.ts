import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { guessing, sessionSeconds } from '../domain';
import { actAs, createUser, deactivateUser, endSession, findSession, findUserByEmail, inTransaction, lockActor, signIn } from '.';
import { eventsAbout, password, person, setup, waitUntilBlocked } from '../testdata/people';

let plane: PeoplePlane;

beforeAll(async () => {
  plane = await testPeoplePlane();
});
afterAll(() => plane.drop());

let addresses = 0;
/** An address nobody guessed from yet. */
const freshAddress = () => `198.51.100.${++addresses}`;

describe('signing in', () => {
  it('opens a session of eight hours and writes it down, without the e-mail', async () => {
    const { id, email } = await person(['engineer']);
    const now = new Date();
    const outcome = await signIn({ email: email.toUpperCase(), password, address: freshAddress() }, now);
    if (!outcome.ok) throw new Error(outcome.code);
    expect(outcome.signedIn.expiresAt.getTime() - now.getTime()).toBe(sessionSeconds * 1000);
    expect(await findSession(outcome.signedIn.sessionId, now)).toMatchObject({ user: { id, email } });
    const events = await eventsAbout(id);
    expect(events.map(({ kind }) => kind)).toEqual(['user.created', 'user.signed_in']);
    expect(JSON.stringify(events)).not.toContain(email);
    expect(JSON.stringify(events)).not.toContain(outcome.signedIn.sessionId);
  });

  it('keeps passwords as argon2id with 19 MiB, two passes and one lane, salted', async () => {
    const [a, b] = [await person(['engineer']), await person(['engineer'])];
    const rows = await prisma().user.findMany({ where: { id: { in: [a.id, b.id] } }, select: { passwordHash: true } });
    for (const { passwordHash } of rows) expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(new Set(rows.map(({ passwordHash }) => passwordHash)).size).toBe(2);
  });

  it.each<[string, (known: string) => { email: string; password: string }]>([
    ['a wrong password', (email) => ({ email, password: 'wrong horse battery staple' })],
    ['a password that is right up to a character', (email) => ({ email, password: password.slice(0, -1) })],
    ['an empty password', (email) => ({ email, password: '' })],
    ['an e-mail nobody has', () => ({ email: 'nobody@example.com', password })],
    ['something that is no e-mail', () => ({ email: "' OR 1=1 --", password })],
    ['an endless password', (email) => ({ email, password: 'x'.repeat(100_000) })],
  ])('is refused with the same words for %s', async (_, attempt) => {
    const { email } = await person(['engineer']);
    expect(await signIn({ ...attempt(email), address: freshAddress() })).toEqual({ ok: false, code: 'WRONG' });
  });

  it('takes about as much work for an unknown e-mail as for a known one', async () => {
    const { email } = await person(['engineer']);
    await signIn({ email: 'warm@example.com', password, address: freshAddress() });
    // Processor time of this process, hashing threads included: unlike the clock it does not depend on what else the machine does.
    const workFor = async (target: string) => {
      const begun = process.cpuUsage();
      await signIn({ email: target, password: 'wrong', address: freshAddress() });
      const { user, system } = process.cpuUsage(begun);
      return user + system;
    };
    let [known, unknown] = [Infinity, Infinity];
    for (let i = 0; i < 4; i++) {
      known = Math.min(known, await workFor(email));
      unknown = Math.min(unknown, await workFor(`nobody${i}@example.com`));
    }
    // Without the decoy an unknown one takes a tenth; half is far from both.
    expect(unknown).toBeGreaterThan(known / 2);
  });
});

describe('guessing', () => {
  const guess = (email: string, address: string, now: Date) => signIn({ email, password: 'wrong', address }, now);
  const count = <Value>(values: Value[], value: Value) => values.filter((each) => each === value).length;

  it('lets five of twenty parallel guesses at one e-mail be answered, from twenty addresses', async () => {
    const { id, email } = await person(['engineer']);
    const now = new Date();
    const codes = (await Promise.all(Array.from({ length: 20 }, () => guess(email, freshAddress(), now)))).map(
      (outcome) => outcome.ok || outcome.code,
    );
    expect(count(codes, 'WRONG')).toBe(guessing.failuresFree.email);
    expect(count(codes, 'LOCKED')).toBe(20 - guessing.failuresFree.email);
    expect((await eventsAbout(id)).filter(({ kind }) => kind === 'user.sign_in_failed')).toHaveLength(5);
  });

  it('lets twenty of thirty parallel guesses from one address be answered, at thirty e-mails', async () => {
    const address = freshAddress();
    const now = new Date();
    const codes = (await Promise.all(Array.from({ length: 30 }, (_, i) => guess(`guess${i}@example.com`, address, now)))).map(
      (outcome) => outcome.ok || outcome.code,
    );
    expect(count(codes, 'WRONG')).toBe(guessing.failuresFree.address);
  });

  it('locks the right password out too, says for how long, and lets it in afterwards', async () => {
    const { email } = await person(['engineer']);
    const now = new Date();
    for (let i = 0; i < 5; i++) await guess(email, freshAddress(), now);
    expect(await signIn({ email, password, address: freshAddress() }, now)).toEqual({ ok: false, code: 'LOCKED', retryAfterSeconds: 60 });
    const later = new Date(now.getTime() + 61_000);
    expect(await signIn({ email, password, address: freshAddress() }, later)).toMatchObject({ ok: true });
  });

  it('locks for twice as long each time, at most a quarter of an hour, however often it is tried while locked', async () => {
    const { email } = await person(['engineer']);
    let now = new Date();
    for (let i = 0; i < 4; i++) await guess(email, freshAddress(), now);
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      await guess(email, freshAddress(), now);
      const locked = await guess(email, freshAddress(), now);
      await guess(email, freshAddress(), now);
      const wait = !locked.ok && locked.code === 'LOCKED' ? locked.retryAfterSeconds : 0;
      waits.push(wait);
      now = new Date(now.getTime() + wait * 1000 + 1000);
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
  });

  it('is forgotten by a success for the e-mail, but not for what else was guessed from the address', async () => {
    const { email } = await person(['engineer']);
    const address = freshAddress();
    const now = new Date();
    for (let i = 0; i < 4; i++) await guess(email, address, now);
    for (let i = 0; i < 14; i++) await guess(`other${i}@example.com`, address, now);
    expect(await signIn({ email, password, address }, now)).toMatchObject({ ok: true });
    for (let i = 0; i < 2; i++) expect(await guess(email, address, now)).toMatchObject({ code: 'WRONG' });
    expect(await guess(email, address, now)).toMatchObject({ code: 'LOCKED' });
    expect(await guess(email, freshAddress(), now)).toMatchObject({ code: 'WRONG' });
  });

  it('at an e-mail nobody has is locked in the same way', async () => {
    const now = new Date();
    for (let i = 0; i < 5; i++) expect(await guess('ghost@example.com', freshAddress(), now)).toMatchObject({ code: 'WRONG' });
    expect(await guess('ghost@example.com', freshAddress(), now)).toMatchObject({ code: 'LOCKED' });
  });

  it('leaves no trace of what was typed', async () => {
    await signIn({ email: 'my-secret-password', password: 'x', address: '203.0.113.77' });
    const rows = await prisma().signInAttempt.findMany();
    expect(JSON.stringify(rows)).not.toMatch(/my-secret|203\.0\.113|example\.com/);
  });
});

describe('a session', () => {
  const open = async (email: string, now = new Date()) => {
    const outcome = await signIn({ email, password, address: freshAddress() }, now);
    if (!outcome.ok) throw new Error(outcome.code);
    return outcome.signedIn.sessionId;
  };

  it('is over once it is ended, and ending it twice changes nothing', async () => {
    const { id, email } = await person(['engineer']);
    const session = await open(email);
    expect(await endSession(session)).toBe(true);
    expect(await findSession(session)).toBeUndefined();
    expect(await endSession(session)).toBe(false);
    expect((await eventsAbout(id)).filter(({ kind }) => kind === 'user.signed_out')).toHaveLength(1);
  });

  it('is over after eight hours', async () => {
    const { email } = await person(['engineer']);
    const now = new Date();
    const session = await open(email, now);
    expect(await findSession(session, new Date(now.getTime() + sessionSeconds * 1000 - 1))).toBeDefined();
    expect(await findSession(session, new Date(now.getTime() + sessionSeconds * 1000))).toBeUndefined();
  });

  it('is not found by an id that was guessed', async () => {
    expect(await findSession('ses_00000000000000000000000000')).toBeUndefined();
    expect(await endSession('ses_00000000000000000000000000')).toBe(false);
  });

  it('of a deactivated person is gone at the commit, all of them, and none opens again', async () => {
    const admin = await person(['admin']);
    const { id, email } = await person(['engineer']);
    const sessions = [await open(email), await open(email)];
    expect(await deactivateUser(admin.actor, id)).toEqual({ ok: true, sessionsEnded: 2 });
    for (const session of sessions) expect(await findSession(session)).toBeUndefined();
    expect(await signIn({ email, password, address: freshAddress() })).toEqual({ ok: false, code: 'WRONG' });
    expect(await prisma().session.count({ where: { userId: id, endedAt: null } })).toBe(0);
  });

  it('does not survive a removal that races its opening', async () => {
    const admin = await person(['admin']);
    for (let round = 0; round < 10; round++) {
      const { id, email } = await person(['engineer']);
      const [outcome] = await Promise.all([signIn({ email, password, address: freshAddress() }), deactivateUser(admin.actor, id)]);
      if (outcome.ok) expect(await findSession(outcome.signedIn.sessionId), `round ${round}`).toBeUndefined();
      expect(await prisma().session.count({ where: { userId: id, endedAt: null } })).toBe(0);
    }
  });
});

describe('removing a person', () => {
  it('waits for what they are doing, and then they do nothing more', async () => {
    const admin = await person(['admin']);
    const { id, actor } = await person(['admin']);
    const order: string[] = [];
    let removal: Promise<unknown> = Promise.resolve();
    await inTransaction(async (tx) => {
      expect(await lockActor(tx, id)).toBeDefined();
      removal = deactivateUser(admin.actor, id).then(() => order.push('removed'));
      await waitUntilBlocked(plane.superuserUrl);
      order.push('acted');
    });
    await removal;
    expect(order).toEqual(['acted', 'removed']);
    expect(await inTransaction((tx) => lockActor(tx, id))).toBeUndefined();
    expect(await actAs(actor, 'people:manage', async () => 'done')).toEqual({ ok: false, code: 'NOT_ALLOWED' });
  });

  it('is refused to who may not, to themselves, for nobody and a second time', async () => {
    const admin = await person(['admin']);
    const other = await person(['leader', 'security', 'risk', 'process_owner', 'engineer', 'auditor']);
    expect(await deactivateUser(other.actor, admin.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await deactivateUser(admin.actor, admin.id)).toEqual({ ok: false, code: 'OWN_ACCOUNT' });
    expect(await deactivateUser(admin.actor, 'usr_nobody')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await deactivateUser({ type: 'user', id: 'usr_nobody' }, admin.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await deactivateUser(admin.actor, other.id)).toMatchObject({ ok: true });
    expect(await deactivateUser(admin.actor, other.id)).toEqual({ ok: false, code: 'ALREADY_DEACTIVATED' });
  });

  it('lets one of two administrators win who remove each other, without a deadlock', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await person(['admin']), await person(['admin'])];
      const outcomes = await Promise.all([deactivateUser(a.actor, b.id), deactivateUser(b.actor, a.id)]);
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    }
  });

  it('moves the epoch, so that every gateway sees it before it decides again', async () => {
    const { id } = await person(['engineer']);
    await deactivateUser(setup, id);
    const rows = await prisma().$queryRaw<{ kind: string }[]>`SELECT kind FROM ledger_epochs WHERE subject = ${id}`;
    expect(rows).toEqual([{ kind: 'user.deactivated' }]);
  });
});

describe('creating an account', () => {
  it('takes an administrator, and an e-mail once', async () => {
    const admin = await person(['admin']);
    const other = await person(['security']);
    const input = { email: 'new.person@example.com', name: 'New Person', password, roles: ['leader' as const] };
    expect(await createUser(other.actor, input)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await findUserByEmail(input.email)).toBeUndefined();
    const outcomes = await Promise.all([
      createUser(admin.actor, input),
      createUser(admin.actor, { ...input, email: 'New.Person@Example.com' }),
    ]);
    expect(outcomes.map((outcome) => outcome.ok || outcome.code).sort()).toEqual(['EMAIL_TAKEN', true]);
    expect(Object.keys((await findUserByEmail(' New.Person@example.com')) ?? {})).not.toContain('passwordHash');
  });

  it('leaves nothing behind, no event either, when its transaction fails', async () => {
    const before = await prisma().ledgerRow.count();
    await expect(
      actAs(setup, 'people:manage', async (tx) => {
        await tx.$executeRaw`INSERT INTO users (id, person_id, email, name, password_hash, roles) VALUES ('usr_x', 'per_x', 'x@example.com', 'X', '', '{}')`;
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(await findUserByEmail('x@example.com')).toBeUndefined();
    expect(await prisma().ledgerRow.count()).toBe(before);
  });
});
