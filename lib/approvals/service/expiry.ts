import { claimExpired } from '../store';
import { appendEvent } from '@/lib/ledger/service';
import type { PrismaClient } from '@/lib/platform/db/generated/client';

/** Most requests that one transaction lets expire; the order lock is held while their events are chained. */
export const expiryBatchMax = 50;

/**
 * expireApprovals turns pending requests whose deadline has passed, by database time, into expired ones, each with its event; returns how many, at
 * most `limit`. A request that somebody decides at this moment is left to them, and several processes may run it at once.
 */
export async function expireApprovals(db: PrismaClient, limit = expiryBatchMax): Promise<number> {
  return db.$transaction(async (tx) => {
    const expired = await claimExpired(tx, limit);
    for (const { id, decisionId: decision } of expired) {
      await appendEvent(tx, {
        kind: 'approval.expired',
        actor: { type: 'system', id: 'jobs' },
        subject: { type: 'approval', id },
        data: { decision },
      });
    }
    return expired.length;
  });
}
