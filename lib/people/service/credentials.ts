import { appendEvent } from '@/lib/ledger/service';
import { prisma } from '@/lib/platform/db/prisma';
import { attemptKey, whyNotReset, type ResetRefusal } from '../domain';
import { PasswordChange, type Actor, type Refused, type SignedIn } from '../schema';
import * as store from '../store';
import { reserveGuess, type Locked } from './guesses';
import { hashPassword, matchesPassword, newOneTimePassword } from './passwords';
import { inTransaction, lockActor, onAccount } from './transactions';

export type PasswordChangeOutcome =
  { ok: true; sessionsEnded: number } | Refused<'WRONG_PASSWORD' | 'SAME_PASSWORD' | 'SIGNED_OUT'> | Locked;

/**
 * changePassword replaces a person's own password and signs them out everywhere else. The present one is asked for and wrong ones count as at the
 * sign-in, so that an open session cannot be used to guess it. Throws when `input` is not a PasswordChange.
 */
export async function changePassword(
  session: Pick<SignedIn, 'sessionId' | 'user'>,
  input: PasswordChange,
  now: Date = new Date(),
): Promise<PasswordChangeOutcome> {
  const { present, next } = PasswordChange.parse(input);
  const { id, email } = session.user;
  const key = attemptKey('email', email);
  const locked = await reserveGuess('email', key, now);
  if (locked) return locked;
  const kept = await store.findPasswordHash(prisma(), id);
  if (!(await matchesPassword(kept, present))) return { ok: false, code: 'WRONG_PASSWORD' };
  if (next === present) return { ok: false, code: 'SAME_PASSWORD' };
  const hash = await hashPassword(next);
  return inTransaction(async (tx): Promise<PasswordChangeOutcome> => {
    if (!(await lockActor(tx, id))) return { ok: false, code: 'SIGNED_OUT' };
    // Somebody reset it in between: then the present one is another.
    if ((await store.replacePassword(tx, id, { hash, mustChange: false, from: kept })) !== 1) return { ok: false, code: 'WRONG_PASSWORD' };
    await store.clearAttempts(tx, key);
    const sessionsEnded = await store.endSessionsOf(tx, id, session.sessionId);
    await appendEvent(tx, {
      kind: 'user.password_changed',
      actor: { type: 'user', id },
      subject: { type: 'user', id },
      data: { reset: false, sessions_ended: sessionsEnded },
    });
    return { ok: true, sessionsEnded };
  });
}

export type ResetOutcome =
  { ok: true; oneTimePassword: string; sessionsEnded: number } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | ResetRefusal>;

/** resetPassword gives an account a one-time password that this answer alone holds, signs its person out everywhere and opens a closed sign-in. */
export async function resetPassword(actor: Actor, userId: string): Promise<ResetOutcome> {
  const oneTimePassword = newOneTimePassword();
  const hash = await hashPassword(oneTimePassword);
  return onAccount(actor, userId, async (tx, { doer, target }): Promise<ResetOutcome> => {
    const refusal = whyNotReset(doer?.personId, target);
    if (refusal) return { ok: false, code: refusal };
    if ((await store.replacePassword(tx, userId, { hash, mustChange: true, from: undefined })) !== 1)
      return { ok: false, code: 'DEACTIVATED' };
    await store.clearAttempts(tx, attemptKey('email', target.email));
    const sessionsEnded = await store.endSessionsOf(tx, userId);
    await appendEvent(tx, {
      kind: 'user.password_changed',
      actor,
      subject: { type: 'user', id: userId },
      data: { reset: true, sessions_ended: sessionsEnded },
    });
    return { ok: true, oneTimePassword, sessionsEnded };
  });
}

export type UnlockOutcome = { ok: true } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'NOT_LOCKED'>;

/** unlockSignIn opens the sign-in of an account that was closed after too many wrong passwords. */
export function unlockSignIn(actor: Actor, userId: string, now: Date = new Date()): Promise<UnlockOutcome> {
  return onAccount(actor, userId, async (tx, { target }): Promise<UnlockOutcome> => {
    if ((await store.openAgain(tx, attemptKey('email', target.email), now)) !== 1) return { ok: false, code: 'NOT_LOCKED' };
    await appendEvent(tx, { kind: 'user.changed', actor, subject: { type: 'user', id: userId }, data: { unlocked: true } });
    return { ok: true };
  });
}
