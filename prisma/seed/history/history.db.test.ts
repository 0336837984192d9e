import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeClients, withClient } from '@/lib/platform/db';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';
import { beWeb } from '@/lib/platform/testing/people-plane';
import { everyone } from './lives';
import { loadHistory } from './load';

let database: TestDatabase;
let leave: () => void;

beforeAll(async () => {
  database = await testDatabase();
  ({ leave } = beWeb(database));
  Object.assign(process.env, {
    DATABASE_URL_OWNER: database.ownerUrl,
    DATABASE_URL_GATEWAY: database.gatewayUrl,
    CHECKPOINT_DIR: '/tmp/none',
    CHECKPOINT_KEY_FILE: '/tmp/none',
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: '4000',
  });
});
afterAll(async () => {
  await closeClients();
  leave();
  await database.drop();
});

describe('a history', () => {
  it('loads', async () => {
    const t = performance.now();
    const history = await loadHistory({ cast: { ...everyone, volume: 0.08 }, password: 'correct horse battery', say: console.log });
    console.log({ took: performance.now() - t, ...history, credentials: history.credentials.size });
    await withClient(database.ownerUrl, async (client) => {
      for (const sql of [
        'select kind, count(*) from ledger_entries group by 1 order by 2 desc',
        "select verdict, tier, count(*) from ledger_entries where kind='decision.made' group by 1,2 order by 3 desc",
        "select detector, status, count(*) from findings group by 1,2 order by 1",
        "select detector, subject_id, opened_at::date from findings where status <> 'closed' order by 1 limit 40",
        "select detector, error from detector_runs where error is not null",
        'select status, count(*) from review_items group by 1',
        "select day, stage from maturity_snapshots where scope_type = 'organisation' order by day",
        "select status, count(*) from agents group by 1",
        "select * from successions",
      ]) console.log(JSON.stringify((await client.query(sql)).rows));
    });
    expect(history.decisions).toBeGreaterThan(0);
  }, 600_000);
});
