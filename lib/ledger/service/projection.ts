import type pg from 'pg';
import type { Logger } from 'pino';
import { projectRow, unreadableKind } from '../domain/projection';
import { claimEntriesCursor, insertEntries, listRowsAfter } from '../store/projection';

/** Most rows that one transaction projects. */
const batchRowsMax = 1_000;

/**
 * projectLedger moves the explorer's table up to the head of the ledger, in transactions that move cursor and entries together; returns how many rows
 * it projected. Several processes may run it at once: the one that holds the cursor works, the others return 0.
 */
export async function projectLedger(pool: pg.Pool, log: Logger, keepGoing: () => boolean = () => true): Promise<number> {
  let projected = 0;
  while (keepGoing()) {
    const batch = await projectBatch(pool, log);
    projected += batch;
    if (batch < batchRowsMax) break;
  }
  return projected;
}

async function projectBatch(pool: pg.Pool, log: Logger): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const cursor = await claimEntriesCursor(client);
    const rows = cursor === undefined ? [] : await listRowsAfter(client, cursor, batchRowsMax);
    const last = rows.at(-1);
    if (cursor !== undefined && last) {
      const entries = rows.map(projectRow);
      if (last.seq - cursor !== BigInt(rows.length))
        log.error({ alarm: 'ledger_gap', after: String(cursor), upTo: String(last.seq) }, 'the ledger has a gap; run "npm run verify"');
      for (const entry of entries)
        if (entry.kind === unreadableKind)
          log.error({ alarm: 'ledger_unreadable', seq: String(entry.seq) }, 'the payload of a ledger row cannot be read');
      await insertEntries(client, entries, last.seq);
    }
    await client.query('COMMIT');
    client.release();
    return rows.length;
  } catch (error) {
    // The transaction is in an unknown state; the connection goes with it.
    client.release(true);
    throw error;
  }
}
