import { hash, verify } from '@node-rs/argon2';
import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { prisma } from '@/lib/platform/db/prisma';
import { attemptKey, guessing, isLive, sessionSeconds, whyNotDeactivate, type DeactivationRefusal, type GuessingSubject } from './domain';
import { may } from './permissions';
import { Email, NewUser, passwordLengthMax, SignIn, type Actor, type Permission, type Refused, type SignedIn, type User } from './schema';
import * as store from './store';

export type { Tx } from './store';
export type { Actor, PersonActor, Refused, SignedIn, SystemActor, User } from './schema';

/** argon2id with OWASP's first parameters: 19 MiB, two passes, one lane. */
const hashing = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const transactionLimits = { timeout: 5_000, maxWait: 5_000 } as const;

/** hashPassword answers the PHC string of argon2id to keep. */
export const hashPassword = (password: string): Promise<string> => hash(password, hashing);

// What an unknown e-mail's password is compared with, so that it takes as long as a known one's.
let decoy: Promise<string> | undefined;
const decoyHash = () => (decoy ??= hashPassword(newId('req')));

/** inTransaction runs `work` in one READ COMMITTED transaction of at most 5 s; a thrown error leaves nothing behind. */
export function inTransaction<Result>(work: (tx: store.Tx) => Promise<Result>): Promise<Result> {
  return prisma().$transaction(work, { ...transactionLimits, isolationLevel: 'ReadCommitted' });
}

/**
 * lockActor holds the actor's row FOR SHARE until the transaction ends and answers the person, or undefined when they are gone or deactivated.
 * Every write by a person begins with it, so that nobody acts after the commit that removed them.
 */
export async function lockActor(tx: store.Tx, userId: string): Promise<User | undefined> {
  const user = await store.lockUserShared(tx, userId);
  return user?.status === 'active' ? user : undefined;
}

/** The person behind an actor; undefined for Countersign itself. */
export type Doer = User | undefined;

/**
 * actAs runs a use case in one transaction as its actor: the actor's row first, then the permission, then `work` with the person. Countersign
 * itself (set-up, replay, key rotation) needs neither. NOT_ALLOWED covers a removed person too.
 */
export function actAs<Result>(
  actor: Actor,
  permission: Permission,
  work: (tx: store.Tx, doer: Doer) => Promise<Result>,
): Promise<Result | Refused<'NOT_ALLOWED'>> {
  return inTransaction<Result | Refused<'NOT_ALLOWED'>>(async (tx) => {
    if (actor.type === 'system') return work(tx, undefined);
    const person = await lockActor(tx, actor.id);
    if (!person || !may(person, permission)) return { ok: false, code: 'NOT_ALLOWED' };
    return work(tx, person);
  });
}

export type SignInOutcome = { ok: true; signedIn: SignedIn } | Refused<'WRONG'> | (Refused<'LOCKED'> & { retryAfterSeconds: number });

/**
 * signIn answers a new session of 8 hours. WRONG says the same for an unknown e-mail, a wrong password and a removed person, and takes as long.
 * LOCKED after five failures of one e-mail (or 20 from one address): one minute, then twice as long each time, at most 15. A failure is counted
 * before the password is looked at, so that parallel guesses are counted too. `now` is this server's clock.
 */
export async function signIn(input: SignIn, now: Date = new Date()): Promise<SignInOutcome> {
  const parsed = Email.safeParse(input.email);
  const email = parsed.success ? parsed.data : input.email;
  const keys = { address: attemptKey('address', input.address), email: attemptKey('email', email) };
  for (const subject of ['address', 'email'] as const) {
    if (await reserve(subject, keys[subject], now)) continue;
    return { ok: false, code: 'LOCKED', retryAfterSeconds: await secondsLocked(keys[subject], now) };
  }
  const user = parsed.success ? await store.findUserByEmail(prisma(), parsed.data) : undefined;
  const hashed = user?.passwordHash ?? (await decoyHash());
  const matches = input.password.length <= passwordLengthMax && (await verify(hashed, input.password));
  if (!user || !matches) return refuseSignIn(user?.id, user ? 'WRONG_PASSWORD' : 'UNKNOWN_EMAIL');
  return openSession(user.id, keys, now);
}

function reserve(subject: GuessingSubject, key: string, now: Date) {
  const { forgottenAfterSeconds, failuresFree, lockSecondsFirst, lockSecondsMax } = guessing;
  const forgottenBefore = new Date(now.getTime() - forgottenAfterSeconds * 1000);
  return store.reserveAttempt(prisma(), {
    subject: key,
    now,
    forgottenBefore,
    free: failuresFree[subject],
    lockSecondsFirst,
    lockSecondsMax,
  });
}

async function secondsLocked(key: string, now: Date): Promise<number> {
  const until = await store.findLockedUntil(prisma(), key);
  return Math.max(1, Math.ceil(((until?.getTime() ?? 0) - now.getTime()) / 1000));
}

async function refuseSignIn(userId: string | undefined, code: string): Promise<Refused<'WRONG'>> {
  const id = userId ?? 'unknown';
  await inTransaction((tx) =>
    appendEvent(tx, { kind: 'user.sign_in_failed', actor: { type: 'user', id }, subject: { type: 'user', id }, data: { code } }),
  );
  return { ok: false, code: 'WRONG' };
}

async function openSession(userId: string, keys: Record<GuessingSubject, string>, now: Date): Promise<SignInOutcome> {
  const signedIn = await inTransaction(async (tx): Promise<SignedIn | undefined> => {
    const user = await lockActor(tx, userId);
    if (!user) return undefined;
    const session = { id: newId('ses', now.getTime()), userId, createdAt: now, expiresAt: new Date(now.getTime() + sessionSeconds * 1000) };
    await store.insertSession(tx, session);
    await store.clearAttempts(tx, keys.email);
    // An address is shared: a success there must not wipe out what others guessed from it.
    await store.returnAttempt(tx, keys.address, guessing.failuresFree.address);
    await appendEvent(tx, { kind: 'user.signed_in', actor: { type: 'user', id: userId }, subject: { type: 'user', id: userId }, data: {} });
    return { sessionId: session.id, expiresAt: session.expiresAt, user };
  });
  return signedIn ? { ok: true, signedIn } : refuseSignIn(userId, 'DEACTIVATED');
}

/** findSession answers who is signed in, or undefined once the session ended, ran out, or its person was removed. Read on every request. */
export async function findSession(id: string, now: Date = new Date()): Promise<SignedIn | undefined> {
  const session = await store.findSessionRow(prisma(), id);
  if (!session || !isLive(session, session.user, now)) return undefined;
  return { sessionId: session.id, expiresAt: session.expiresAt, user: session.user };
}

/** endSession signs out; false when the session was over already. */
export function endSession(id: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const userId = await store.endSessionRow(tx, id);
    if (userId === undefined) return false;
    await appendEvent(tx, {
      kind: 'user.signed_out',
      actor: { type: 'user', id: userId },
      subject: { type: 'user', id: userId },
      data: {},
    });
    return true;
  });
}

export type NewUserOutcome = { ok: true; user: User } | Refused<'NOT_ALLOWED' | 'EMAIL_TAKEN'>;

/** createUser makes an account; throws when `input` is not a NewUser. */
export async function createUser(actor: Actor, input: NewUser): Promise<NewUserOutcome> {
  const { password, id = newId('usr'), personId = newId('per'), ...rest } = NewUser.parse(input);
  const passwordHash = await hashPassword(password);
  return actAs(actor, 'people:manage', async (tx): Promise<NewUserOutcome> => {
    const user = { id, personId, ...rest };
    if (!(await store.insertUser(tx, { ...user, passwordHash }))) return { ok: false, code: 'EMAIL_TAKEN' };
    await appendEvent(tx, { kind: 'user.created', actor, subject: { type: 'user', id }, data: { person: personId, roles: rest.roles } });
    return { ok: true, user: { ...user, status: 'active' } };
  });
}

export type DeactivationOutcome = { ok: true; sessionsEnded: number } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | DeactivationRefusal>;

/** deactivateUser removes a person: at its commit they are out, with every session they had. */
export function deactivateUser(actor: Actor, userId: string): Promise<DeactivationOutcome> {
  return inTransaction(async (tx): Promise<DeactivationOutcome> => {
    // Both rows in id order, so that two administrators who remove each other do not deadlock.
    const ids = actor.type === 'system' ? [userId] : [...new Set([actor.id, userId])].sort();
    const locked = new Map<string, User | undefined>();
    for (const id of ids) locked.set(id, id === userId ? await store.lockUserForChange(tx, id) : await store.lockUserShared(tx, id));
    const doer = actor.type === 'system' ? undefined : locked.get(actor.id);
    if (actor.type !== 'system' && (doer?.status !== 'active' || !may(doer, 'people:manage'))) return { ok: false, code: 'NOT_ALLOWED' };
    const target = locked.get(userId);
    if (!target) return { ok: false, code: 'NOT_FOUND' };
    const refusal = whyNotDeactivate(doer?.personId, target);
    if (refusal) return { ok: false, code: refusal };
    await store.deactivateUserRow(tx, userId);
    const sessionsEnded = await store.endSessionsOf(tx, userId);
    await appendEvent(tx, {
      kind: 'user.deactivated',
      actor,
      subject: { type: 'user', id: userId },
      data: { sessions_ended: sessionsEnded },
    });
    return { ok: true, sessionsEnded };
  });
}

/** findUser answers one account, also a deactivated one, or undefined; inside a transaction when one is given. */
export const findUser = (id: string, tx?: store.Tx): Promise<User | undefined> => store.findUser(tx ?? prisma(), id);

/** findUserByEmail answers the account of an address in any case, or undefined. */
export async function findUserByEmail(email: string): Promise<User | undefined> {
  const parsed = Email.safeParse(email);
  const found = parsed.success ? await store.findUserByEmail(prisma(), parsed.data) : undefined;
  if (!found) return undefined;
  const { passwordHash: _, ...user } = found;
  return user;
}

/** listUsers answers every account, deactivated ones too, in id order. */
export const listUsers = (): Promise<User[]> => store.listUsers(prisma());
