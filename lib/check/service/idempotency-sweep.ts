import type pg from 'pg';
import { deleteOldKeys } from '../store/idempotency-sweep';

/** How long a replay of an idempotency key is answered. */
export const keptHours = 24;
const batchRowsMax = 2_000;

/** sweepIdempotency removes idempotency rows that are past their time, in short transactions; returns how many. */
export async function sweepIdempotency(pool: pg.Pool, keepGoing: () => boolean = () => true): Promise<number> {
  let removed = 0;
  while (keepGoing()) {
    const batch = await deleteOldKeys(pool, keptHours, batchRowsMax);
    removed += batch;
    if (batch < batchRowsMax) break;
  }
  return removed;
}
