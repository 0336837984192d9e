import { Writable } from 'node:stream';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvents, commitDecisions } from '../testing/rows';
import { ensureLedgerMonths } from './partitions';
import { projectLedger } from './projection';
import { createPool, withClient } from '@/lib/platform/db';
import { createLog } from '@/lib/platform/log';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';

const lines: string[] = [];
const log = createLog('test', new Writable({ write: (chunk, _, done) => (lines.push(String(chunk)), done()) }));
let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await testDatabase();
  pool = createPool(database.webUrl, { application: 'test', max: 8 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const rows = async <Row extends pg.QueryResultRow>(text: string) => (await pool.query<Row>(text)).rows;
const lag = async () =>
  (
    await rows<{ lag: number }>(
      "SELECT ((SELECT coalesce(max(seq), 0) FROM ledger) - (SELECT seq FROM ledger_cursors WHERE name = 'entries'))::int AS lag",
    )
  )[0]?.lag;
const different = () =>
  rows('SELECT l.seq FROM ledger l FULL JOIN ledger_entries e ON e.seq = l.seq WHERE l.seq IS NULL OR e.seq IS NULL OR l.at <> e.at');

describe('the explorer’s table', () => {
  it('follows decisions and events, each once, with the ledger’s own times', async () => {
    await commitDecisions(database, 20);
    await appendEvents(database, 5);
    expect(await projectLedger(pool, log)).toBe(25);
    expect(await projectLedger(pool, log)).toBe(0);
    expect(await different()).toEqual([]);
    expect(await rows('SELECT kind, agent_id, workflow_id, action_type, verdict, tier FROM ledger_entries WHERE seq = 1')).toEqual([
      { kind: 'decision.made', agent_id: 'agt_test', workflow_id: 'wfl_test', action_type: 'payments.execute', verdict: 'allow', tier: 1 },
    ]);
    expect(await rows('SELECT kind, actor_id FROM ledger_entries WHERE seq = 25')).toEqual([
      { kind: 'user.signed_in', actor_id: 'usr_test' },
    ]);
  });

  it('is filled by several processes at once without doubles or gaps, while rows are written', async () => {
    const writing = Promise.all([commitDecisions(database, 1_500), appendEvents(database, 40)]);
    let written = false;
    void writing.finally(() => (written = true));
    while (!written) await Promise.all([1, 2, 3].map(() => projectLedger(pool, log)));
    await writing;
    await projectLedger(pool, log);
    expect(await lag()).toBe(0);
    expect(await different()).toEqual([]);
  });

  it('is built anew when it was dropped', async () => {
    await pool.query('BEGIN; DELETE FROM ledger_entries; DELETE FROM ledger_cursors; COMMIT');
    await projectLedger(pool, log);
    expect(await different()).toEqual([]);
  });

  it('shows a row whose payload cannot be read, alarms, and goes on', async () => {
    await withClient(database.webUrl, (client) =>
      client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('user.signed_in', 'x', '\\xff00'::bytea)"),
    );
    await appendEvents(database, 1);
    await projectLedger(pool, log);
    expect(await lag()).toBe(0);
    expect(await rows("SELECT count(*)::int AS count FROM ledger_entries WHERE kind = 'unreadable'")).toEqual([{ count: 1 }]);
    expect(lines.join('')).toContain('"alarm":"ledger_unreadable"');
  });
});

describe('the months of the ledger', () => {
  it('are made three ahead, again and again', async () => {
    expect(await ensureLedgerMonths(pool, log)).toBe(3);
    expect(await ensureLedgerMonths(pool, log)).toBe(3);
  });
});
