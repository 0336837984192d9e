import type { Reader, Tx } from './reader';

/** An attempt counted before its password is looked at; `lockedUntil` set when this one was the last free one. */
export type Attempt = { failures: number; lockedUntil: Date | null };

/**
 * reserveAttempt counts one failure ahead of the answer, in one statement, so that parallel guesses cannot pass the lock together; undefined
 * when the subject is locked. Failures older than `forgottenBefore` start again from one. `lockSeconds[n]` is what the nth over the free ones locks.
 */
export async function reserveAttempt(
  db: Reader,
  input: { subject: string; now: Date; forgottenBefore: Date; free: number; lockSecondsFirst: number; lockSecondsMax: number },
): Promise<Attempt | undefined> {
  const { subject, now, forgottenBefore, free, lockSecondsFirst, lockSecondsMax } = input;
  const rows = await db.$queryRaw<Attempt[]>`
    INSERT INTO sign_in_attempts AS a (subject, failures, locked_until, last_at) VALUES (${subject}, 1, NULL, ${now})
    ON CONFLICT (subject) DO UPDATE SET
      failures = CASE WHEN a.last_at < ${forgottenBefore} THEN 1 ELSE a.failures + 1 END,
      locked_until = CASE WHEN a.last_at >= ${forgottenBefore} AND a.failures + 1 >= ${free}::int
        THEN ${now}::timestamptz + make_interval(secs => least(${lockSecondsFirst}::int * power(2, least(a.failures + 1 - ${free}::int, 30)), ${lockSecondsMax}::int)) END,
      last_at = ${now}
    WHERE a.locked_until IS NULL OR a.locked_until <= ${now}
    RETURNING failures, locked_until AS "lockedUntil"`;
  return rows[0];
}

export async function findLockedUntil(db: Reader, subject: string): Promise<Date | null> {
  return (await db.signInAttempt.findUnique({ where: { subject } }))?.lockedUntil ?? null;
}

/** clearAttempts forgets all failures of a subject. */
export async function clearAttempts(tx: Tx, subject: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM sign_in_attempts WHERE subject = ${subject}`;
}

/** returnAttempt takes back one counted failure, and the lock it made; others' failures stay. */
export async function returnAttempt(tx: Tx, subject: string, free: number): Promise<void> {
  await tx.$executeRaw`UPDATE sign_in_attempts SET failures = greatest(failures - 1, 0),
    locked_until = CASE WHEN failures - 1 < ${free}::int THEN NULL ELSE locked_until END WHERE subject = ${subject}`;
}

/** listLocked answers the subjects that are closed at `now`, and until when. */
export async function listLocked(db: Reader, now: Date): Promise<{ subject: string; lockedUntil: Date }[]> {
  return db.$queryRaw`
    SELECT subject, locked_until AS "lockedUntil" FROM sign_in_attempts WHERE locked_until > ${now} ORDER BY locked_until DESC LIMIT ${lockedMax}`;
}
const lockedMax = 10_000;

/** openAgain forgets the failures of a subject that is closed at `now`; counts. */
export async function openAgain(tx: Tx, subject: string, now: Date): Promise<number> {
  return tx.$executeRaw`DELETE FROM sign_in_attempts WHERE subject = ${subject} AND locked_until > ${now}`;
}
