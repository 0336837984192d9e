import { appendEvent } from '@/lib/ledger/service';
import { prisma } from '@/lib/platform/db/prisma';
import { isLive } from '../domain';
import type { SignedIn } from '../schema';
import * as store from '../store';
import { inTransaction, lockActor } from './transactions';

/** findSession answers who is signed in, or undefined once the session ended, ran out, or its person was removed. Read on every request. */
export async function findSession(id: string, now: Date = new Date()): Promise<SignedIn | undefined> {
  const session = await store.findSessionRow(prisma(), id);
  if (!session || !isLive(session, session.user, now)) return undefined;
  const { mustChangePassword, user } = session;
  return { sessionId: session.id, expiresAt: session.expiresAt, mustChangePassword, user };
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

/** endOtherSessions signs a person out everywhere but here; answers how many sessions that were. */
export function endOtherSessions(session: Pick<SignedIn, 'sessionId' | 'user'>): Promise<number> {
  const { id } = session.user;
  return inTransaction(async (tx) => {
    if (!(await lockActor(tx, id))) return 0;
    const ended = await store.endSessionsOf(tx, id, session.sessionId);
    if (ended > 0)
      await appendEvent(tx, {
        kind: 'user.signed_out',
        actor: { type: 'user', id },
        subject: { type: 'user', id },
        data: { sessions_ended: ended },
      });
    return ended;
  });
}
