import { prisma } from '@/lib/platform/db/prisma';
import type { OwnSession, SignedIn } from '../schema';
import { listOpenSessions } from '../store';

/** readOwnSessions answers where the person of a session is signed in, the latest first. */
export async function readOwnSessions(session: Pick<SignedIn, 'sessionId' | 'user'>, now: Date = new Date()): Promise<OwnSession[]> {
  const open = await listOpenSessions(prisma(), session.user.id, now);
  return open.map(({ id, createdAt, expiresAt }) => ({
    current: id === session.sessionId,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }));
}
