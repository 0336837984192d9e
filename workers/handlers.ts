import type pg from 'pg';
import type { Logger } from 'pino';
import { expireApprovals, expiryBatchMax } from '@/lib/approvals/service/expiry';
import { sweepIdempotency } from '@/lib/check/service/idempotency-sweep';
import type { JobHandlers } from '@/lib/jobs/catalog';
import { ensureLedgerMonths } from '@/lib/ledger/service/partitions';
import type { PrismaClient } from '@/lib/platform/db/generated/client';

export type JobTools = {
  db: PrismaClient;
  pool: pg.Pool;
  log: Logger;
  /** False once the process is asked to stop: a handler ends after the batch it is in. */
  keepGoing: () => boolean;
};

/** jobHandlers is what each job of the catalog does. Each reads what is due from the database, in bounded batches, and answers how many rows it changed. */
export const jobHandlers = ({ db, pool, log, keepGoing }: JobTools): JobHandlers => ({
  'approvals.expire': () => inBatches(keepGoing, expiryBatchMax, () => expireApprovals(db)),
  'idempotency.sweep': () => sweepIdempotency(pool, keepGoing),
  'ledger.partitions': async () => {
    await ensureLedgerMonths(pool, log);
    return 0;
  },
});

/** inBatches runs a sweep as long as its batches come back full. */
export async function inBatches(keepGoing: () => boolean, batchMax: number, sweep: () => Promise<number>): Promise<number> {
  let changed = 0;
  while (keepGoing()) {
    const done = await sweep();
    changed += done;
    if (done < batchMax) break;
  }
  return changed;
}
