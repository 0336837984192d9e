import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { prisma } from '@/lib/platform/db/prisma';
import { attemptKey, guessing, sessionSeconds, type GuessingSubject } from '../domain';
import { Email, type Refused, type SignedIn, type SignIn } from '../schema';
import * as store from '../store';
import { reserveGuess, type Locked } from './guesses';
import { matchesPassword } from './passwords';
import { inTransaction, lockActor } from './transactions';

export type SignInOutcome = { ok: true; signedIn: SignedIn } | Refused<'WRONG'> | Locked;

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
    const locked = await reserveGuess(subject, keys[subject], now);
    if (locked) return locked;
  }
  const user = parsed.success ? await store.findUserByEmail(prisma(), parsed.data) : undefined;
  const matches = await matchesPassword(user?.passwordHash, input.password);
  if (!user || !matches) return refuseSignIn(user?.id, user ? 'WRONG_PASSWORD' : 'UNKNOWN_EMAIL');
  return openSession(user.id, keys, now);
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
    return { sessionId: session.id, expiresAt: session.expiresAt, mustChangePassword: await store.mustChangePassword(tx, userId), user };
  });
  return signedIn ? { ok: true, signedIn } : refuseSignIn(userId, 'DEACTIVATED');
}
