import { prisma } from '@/lib/platform/db/prisma';
import { guessing, type GuessingSubject } from '../domain';
import type { Refused } from '../schema';
import * as store from '../store';

/** Locked is the answer while a subject is closed after too many failures. */
export type Locked = Refused<'LOCKED'> & { retryAfterSeconds: number };

/** reserveGuess counts a failure ahead of looking at a password; answers Locked, and counts nothing, while the subject is closed. */
export async function reserveGuess(subject: GuessingSubject, key: string, now: Date): Promise<Locked | undefined> {
  if (await reserve(subject, key, now)) return undefined;
  return { ok: false, code: 'LOCKED', retryAfterSeconds: await secondsLocked(key, now) };
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
