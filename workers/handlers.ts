import type pg from 'pg';
import type { Logger } from 'pino';
import { escalateApprovals, escalationBatchMax } from '@/lib/approvals/service/deadlines';
import { expireApprovals, expiryBatchMax } from '@/lib/approvals/service/expiry';
import { sweepIdempotency } from '@/lib/check/service/idempotency-sweep';
import {
  drillBatchMax,
  recoverBreakers,
  sweepBreakerWindows,
  sweepDrills,
  tellAcknowledged,
  tellBatchMax,
  windowSweepMax,
  gatewaySweepMax,
  sweepGateways,
} from '@/lib/containment/service';
import { observationSweepMax, sweepObservations } from '@/lib/findings/observations/service/sweep';
import { sweepFindings } from '@/lib/findings/service';
import type { JobHandlers } from '@/lib/jobs/catalog';
import { runsSweepBatchMax, sweepRuns } from '@/lib/jobs/service';
import { ensureLedgerMonths } from '@/lib/ledger/service/partitions';
import type { PrismaClient } from '@/lib/platform/db/generated/client';
import { graceBatchMax, suspendOrphans } from '@/lib/lifecycle/service/succession';
import { recordMaturity } from '@/lib/maturity/service';
import { followReviews, openReviews } from '@/lib/reviews/service';

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
  'breakers.recover': () => recoverBreakers(keepGoing),
  'gateways.sweep': () => inBatches(keepGoing, gatewaySweepMax, () => sweepGateways()),
  'breakers.sweep': () => inBatches(keepGoing, windowSweepMax, () => sweepBreakerWindows()),
  'containment.acknowledge': () => inBatches(keepGoing, tellBatchMax, () => tellAcknowledged()),
  'drills.run': () => inBatches(keepGoing, drillBatchMax, () => sweepDrills()),
  'findings.detect': () => sweepFindings(),
  'approvals.escalate': () => inBatches(keepGoing, escalationBatchMax, () => escalateApprovals(db)),
  'idempotency.sweep': () => sweepIdempotency(pool, keepGoing),
  'jobs.sweep': () => inBatches(keepGoing, runsSweepBatchMax, () => sweepRuns(db)),
  'ledger.partitions': async () => {
    await ensureLedgerMonths(pool, log);
    return 0;
  },
  'maturity.record': () => recordMaturity(db),
  'succession.grace': () => inBatches(keepGoing, graceBatchMax, () => suspendOrphans(db)),
  'observations.sweep': () => inBatches(keepGoing, observationSweepMax, () => sweepObservations(db)),
  'reviews.open': () => openReviews(keepGoing),
  'reviews.remind': () => followReviews(keepGoing),
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
