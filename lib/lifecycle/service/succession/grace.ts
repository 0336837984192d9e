import { suspendByItself } from '@/lib/registry/service';
import type { PrismaClient } from '@/lib/platform/db/generated/client';
import * as store from '../../store/succession';

/** Most agents that one sweep suspends. */
export const graceBatchMax = 50;

/**
 * suspendOrphans suspends active agents whose owner left, for whom nobody was named within the grace, by database time; returns how many, at most
 * `limit`. Each is claimed by ending its row in the transaction that suspends it: running twice, or in several processes, changes nothing more.
 * One that fails keeps no other waiting; it throws once it has tried all of them.
 */
export async function suspendOrphans(db: PrismaClient, limit = graceBatchMax): Promise<number> {
  let suspended = 0;
  const failed: unknown[] = [];
  for (const agentId of await store.listDueOrphans(db, limit))
    try {
      if (await suspendByItself(agentId, 'ORPHANED', async (tx) => (await store.claimDueOrphan(tx, agentId)) > 0)) suspended += 1;
    } catch (error) {
      failed.push(error);
    }
  if (failed.length > 0) throw failed[0];
  return suspended;
}
