import { sha256 } from '@/lib/kernel/hash';

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
