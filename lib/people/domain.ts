import { sha256 } from '@/lib/kernel/hash';
import type { User } from './schema';

/** How long a session lives from its sign-in, whatever is done in it. */
export const sessionSeconds = 8 * 3600;

/**
 * How guessing is slowed: after `failuresFree` failures the subject is locked, first for `lockSecondsFirst`, then twice as long with each
 * further failure up to `lockSecondsMax`. An address stands for a whole office behind it, so it is given more.
 */
export const guessing = {
  lockSecondsFirst: 60,
  lockSecondsMax: 15 * 60,
  /** Failures older than this no longer count. */
  forgottenAfterSeconds: 24 * 3600,
  failuresFree: { email: 5, address: 20 },
} as const;
export type GuessingSubject = keyof typeof guessing.failuresFree;

/** lockSeconds is how long the nth failure locks: 0 while failures are free. */
export function lockSeconds(subject: GuessingSubject, failures: number): number {
  const over = failures - guessing.failuresFree[subject];
  if (over < 0) return 0;
  return Math.min(guessing.lockSecondsFirst * 2 ** Math.min(over, 30), guessing.lockSecondsMax);
}

/** attemptKey names a counter without keeping what was typed: people type passwords into the wrong field. */
export function attemptKey(subject: GuessingSubject, value: string): string {
  return `${subject}:${sha256(`countersign/sign-in/${subject}/${value}`).toString('hex')}`;
}

/** samePerson tells whether two accounts are one human; separation of duties asks this, never whether accounts are equal. */
export function samePerson(a: Pick<User, 'personId'>, b: Pick<User, 'personId'>): boolean {
  return a.personId === b.personId;
}

/** isLive tells whether a session still opens anything: its person active, not ended, not over. */
export function isLive(session: { endedAt: Date | null; expiresAt: Date }, user: Pick<User, 'status'>, now: Date): boolean {
  return user.status === 'active' && session.endedAt === null && session.expiresAt > now;
}

export type DeactivationRefusal = 'OWN_ACCOUNT' | 'ALREADY_DEACTIVATED';

/** whyNotDeactivate says why an account stays: nobody removes themselves, so one administrator always remains. */
export function whyNotDeactivate(
  actorPersonId: string | undefined,
  target: Pick<User, 'personId' | 'status'>,
): DeactivationRefusal | undefined {
  if (actorPersonId === target.personId) return 'OWN_ACCOUNT';
  if (target.status !== 'active') return 'ALREADY_DEACTIVATED';
  return undefined;
}
