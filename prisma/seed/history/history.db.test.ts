import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeClients, withClient } from '@/lib/platform/db';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';
import { beWeb } from '@/lib/platform/testing/people-plane';
import { loadHistory } from './load';

let database: TestDatabase;
let leave: () => void;
const days = Number(process.env['TRY_DAYS'] ?? 8);

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
    const history = await loadHistory({ days, password: 'correct horse battery', say: console.log });
    console.log({ took: performance.now() - t, ...history, credentials: history.credentials.size });
    await withClient(database.ownerUrl, async (client) => {
      for (const sql of [
        'select kind, count(*) from ledger_entries group by 1 order by 2 desc',
        "select verdict, tier, count(*) from ledger_entries where kind='decision.made' group by 1,2 order by 3 desc",
        'select status, count(*) from approvals group by 1',
        'select status, count(*) from agents group by 1',
        'select min(at), max(at) from ledger',
        'select count(*), sum(case when released_at is null then 1 else 0 end) open from workflow_halts',
      ]) console.log(JSON.stringify((await client.query(sql)).rows));
    });
    expect(history.decisions).toBeGreaterThan(0);
  }, 600_000);
});
