import type { User } from '../schema';
import type { Reader, Tx } from './reader';
import { toUser } from './users';

export async function insertSession(tx: Tx, session: { id: string; userId: string; createdAt: Date; expiresAt: Date }): Promise<void> {
  await tx.session.create({ data: session });
}

export async function findSessionRow(
  db: Reader,
  id: string,
): Promise<{ id: string; endedAt: Date | null; expiresAt: Date; mustChangePassword: boolean; user: User } | undefined> {
  const row = await db.session.findUnique({ where: { id }, include: { user: true } });
  if (!row) return undefined;
  const { endedAt, expiresAt, user } = row;
  return { id: row.id, endedAt, expiresAt, mustChangePassword: user.mustChangePassword, user: toUser(user) };
}

/** endSessionRow answers whose session it ended; undefined when it was over already. */
export async function endSessionRow(tx: Tx, id: string): Promise<string | undefined> {
  const rows = await tx.$queryRaw<
    { userId: string }[]
  >`UPDATE sessions SET ended_at = now() WHERE id = ${id} AND ended_at IS NULL RETURNING user_id AS "userId"`;
  return rows[0]?.userId;
}

/** endSessionsOf ends all sessions of an account, but for `except`; counts those that were still open. */
export async function endSessionsOf(tx: Tx, userId: string, except = ''): Promise<number> {
  const rows = await tx.$queryRaw<{ open: boolean }[]>`
    UPDATE sessions SET ended_at = now() WHERE user_id = ${userId} AND id <> ${except} AND ended_at IS NULL RETURNING expires_at > now() AS open`;
  return rows.filter(({ open }) => open).length;
}

/** listOpenSessions answers where a person is signed in at `now`, the latest first. */
export async function listOpenSessions(db: Reader, userId: string, now: Date): Promise<{ id: string; createdAt: Date; expiresAt: Date }[]> {
  return db.session.findMany({
    where: { userId, endedAt: null, expiresAt: { gt: now } },
    select: { id: true, createdAt: true, expiresAt: true },
    orderBy: { createdAt: 'desc' },
    take: sessionsListedMax,
  });
}
const sessionsListedMax = 100;
