import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireApprovals } from './expiry';
import { newId } from '@/lib/kernel/ids';
import { closeClients, withClient } from '@/lib/platform/db';
import type { PrismaClient } from '@/lib/platform/db/generated/client';
import { createPrisma } from '@/lib/platform/db/prisma';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';

let database: TestDatabase;
let db: PrismaClient;

beforeAll(async () => {
  database = await testDatabase();
  db = createPrisma(database.webUrl, 6);
});
afterAll(async () => {
  await closeClients();
  await database.drop();
});

const asOwner = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
  (await withClient(database.ownerUrl, (client) => client.query<Row>(text, values))).rows;
async function request(status: string, inSeconds: number): Promise<string> {
  const id = newId('apr');
  await asOwner(
    `INSERT INTO approvals (id, decision_id, decision_seq, agent_id, process_id, workflow_id, action_type, digest, tier, deciding, status, requested_at, expires_at, decided_by, decided_at)
     VALUES ($1, 'dec_' || $1, 1, 'agt_x', 'prc_x', 'wfl_x', 'payments.execute', '\\x00', 3, '{}', $2, now() - interval '1 hour', now() + make_interval(secs => $3), CASE WHEN $2 = 'approved' THEN 'usr_x' END, NULL)`,
    [id, status, inSeconds],
  );
  return id;
}
const statusOf = async (id: string) =>
  (
    await asOwner<{ status: string; decided: boolean }>('SELECT status, decided_at IS NOT NULL AS decided FROM approvals WHERE id = $1', [
      id,
    ])
  )[0];
const eventsOf = (id: string) =>
  asOwner<{ payload: unknown }>(
    "SELECT convert_from(substring(bytes, 49), 'UTF8')::jsonb AS payload FROM ledger WHERE convert_from(substring(bytes, 49), 'UTF8')::jsonb->'subject'->>'id' = $1",
    [id],
  );

describe('a request whose deadline has passed', () => {
  it('expires, with one event', async () => {
    const id = await request('pending', -1);
    expect(await expireApprovals(db)).toBe(1);
    expect(await statusOf(id)).toEqual({ status: 'expired', decided: true });
    expect(await eventsOf(id)).toMatchObject([
      {
        payload: {
          kind: 'approval.expired',
          actor: { type: 'system' },
          subject: { type: 'approval', id },
          data: { decision: `dec_${id}` },
        },
      },
    ]);
    expect(await expireApprovals(db)).toBe(0);
  });

  it.each([
    ['has time left', 'pending', 60],
    ['was approved before its deadline', 'approved', -1],
  ])('is left alone when it %s', async (_, status, inSeconds) => {
    const id = await request(status, inSeconds);
    expect(await expireApprovals(db)).toBe(0);
    expect(await statusOf(id)).toMatchObject({ status });
    expect(await eventsOf(id)).toEqual([]);
  });

  it('is left to the person who holds it at this moment', async () => {
    const id = await request('pending', -1);
    const person = new pg.Client({ connectionString: database.webUrl });
    await person.connect();
    await person.query('BEGIN');
    await person.query("UPDATE approvals SET reason = 'thinking' WHERE id = $1", [id]);
    expect(await expireApprovals(db)).toBe(0);
    await person.query('ROLLBACK');
    await person.end();
    expect(await expireApprovals(db)).toBe(1);
  });

  it('expires once though several sweeps race for it, in bounded batches', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => request('pending', -1)));
    const counts = await Promise.all(Array.from({ length: 5 }, () => expireApprovals(db, 10)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(10);
    let expired = counts.reduce((sum, count) => sum + count, 0);
    for (let more = -1; more !== 0; expired += more) more = await expireApprovals(db, 10);
    expect(expired).toBe(30);
    for (const id of ids) expect(await eventsOf(id)).toHaveLength(1);
  });
});
