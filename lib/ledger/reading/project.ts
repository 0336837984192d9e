import { prisma } from '@/lib/platform/db/prisma';
import { Projected, readRow } from './row';
import { claimCursor, findCursor, findHead, insertEntries, listRowsAfter, moveCursor } from './store';

/** Rows taken into the explorer in one transaction. */
const projectionBatch = 500;
/** Transactions that one call makes before it answers; what is left is said. */
const projectionBatchesMax = 10;

/**
 * projectLedger takes ledger rows after the explorer's cursor into `ledger_entries`, in bounded batches, and returns how many it took. Running it
 * twice or in two processes changes nothing: the cursor row is locked, and whoever finds it locked leaves the work to the other.
 */
export async function projectLedger(batchesMax = projectionBatchesMax): Promise<number> {
  let taken = 0;
  for (let batch = 0; batch < batchesMax; batch++) {
    const count = await projectBatch();
    taken += count;
    if (count < projectionBatch) break;
  }
  return taken;
}

async function projectBatch(): Promise<number> {
  return prisma().$transaction(async (tx) => {
    const cursor = await claimCursor(tx);
    if (cursor === undefined) return 0;
    const rows = await listRowsAfter(tx, cursor, projectionBatch);
    const last = rows.at(-1);
    if (!last) return 0;
    await insertEntries(
      tx,
      rows.map((row) => ({ seq: row.seq, at: row.at, ...Projected.parse(readRow(row).payload) })),
    );
    await moveCursor(tx, last.seq);
    return rows.length;
  });
}

/** followLedger brings the explorer up to the ledger as far as one call may, and returns how many rows are still to come. */
export async function followLedger(): Promise<number> {
  const [head, cursor] = await Promise.all([findHead(prisma()), findCursor(prisma())]);
  if (cursor >= head.seq) return 0;
  const taken = await projectLedger();
  return Math.max(0, Number(head.seq - cursor) - taken);
}
