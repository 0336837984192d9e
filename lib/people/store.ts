import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { User } from './schema';

/** A transaction of the people plane. */
export type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

type UserRow = { id: string; personId: string; email: string; name: string; roles: string[]; status: string };

const toUser = ({ id, personId, email, name, roles, status }: UserRow): User => User.parse({ id, personId, email, name, roles, status });

export async function findUser(db: Reader, id: string): Promise<User | undefined> {
  const row = await db.user.findUnique({ where: { id } });
  return row ? toUser(row) : undefined;
}

export async function findUserByEmail(db: Reader, email: string): Promise<(User & { passwordHash: string }) | undefined> {
  const row = await db.user.findUnique({ where: { email } });
  return row ? { ...toUser(row), passwordHash: row.passwordHash } : undefined;
}

export async function listUsers(db: Reader): Promise<User[]> {
  return (await db.user.findMany({ orderBy: { id: 'asc' }, take: usersMax })).map(toUser);
}
const usersMax = 10_000;

/** lockUserShared holds a person's row until the transaction ends, so that nobody acts after the commit that removed them. */
export async function lockUserShared(tx: Tx, id: string): Promise<User | undefined> {
  const rows = await tx.$queryRaw<
    UserRow[]
  >`SELECT id, person_id AS "personId", email, name, roles, status FROM users WHERE id = ${id} FOR SHARE`;
  return rows[0] ? toUser(rows[0]) : undefined;
}

/** lockUserForChange takes the row that a change is about. */
export async function lockUserForChange(tx: Tx, id: string): Promise<User | undefined> {
  const rows = await tx.$queryRaw<
    UserRow[]
  >`SELECT id, person_id AS "personId", email, name, roles, status FROM users WHERE id = ${id} FOR UPDATE`;
  return rows[0] ? toUser(rows[0]) : undefined;
}

/** insertUser answers false when the e-mail or the id is taken. */
export async function insertUser(tx: Tx, user: Omit<User, 'status'> & { passwordHash: string }): Promise<boolean> {
  const { count } = await tx.user.createMany({ data: [user], skipDuplicates: true });
  return count === 1;
}

export async function deactivateUserRow(tx: Tx, id: string): Promise<boolean> {
  const count =
    await tx.$executeRaw`UPDATE users SET status = 'deactivated', deactivated_at = now() WHERE id = ${id} AND status = 'active'`;
  return count === 1;
}

export async function insertSession(tx: Tx, session: { id: string; userId: string; createdAt: Date; expiresAt: Date }): Promise<void> {
  await tx.session.create({ data: session });
}

export async function findSessionRow(
  db: Reader,
  id: string,
): Promise<{ id: string; endedAt: Date | null; expiresAt: Date; user: User } | undefined> {
  const row = await db.session.findUnique({ where: { id }, include: { user: true } });
  return row ? { id: row.id, endedAt: row.endedAt, expiresAt: row.expiresAt, user: toUser(row.user) } : undefined;
}

/** endSessionRow answers whose session it ended; undefined when it was over already. */
export async function endSessionRow(tx: Tx, id: string): Promise<string | undefined> {
  const rows = await tx.$queryRaw<
    { userId: string }[]
  >`UPDATE sessions SET ended_at = now() WHERE id = ${id} AND ended_at IS NULL RETURNING user_id AS "userId"`;
  return rows[0]?.userId;
}

export async function endSessionsOf(tx: Tx, userId: string): Promise<number> {
  return tx.$executeRaw`UPDATE sessions SET ended_at = now() WHERE user_id = ${userId} AND ended_at IS NULL`;
}

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
