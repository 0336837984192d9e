import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTeam } from '@/lib/people/service';
import { setup } from '@/lib/people/testdata/people';
import { closeClients, withClient } from '@/lib/platform/db';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';
import { beWeb } from '@/lib/platform/testing/people-plane';
import { clockSettings, DatabaseClock, hasClock } from './database';
import { ProcessClock } from './process';

const past = new Date('2026-02-03T04:05:06.789Z');
let database: TestDatabase;
let leave: () => void;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await closeClients();
  leave();
  await database.drop();
});

const inClock = (url: string) => `${url}?options=${encodeURIComponent(clockSettings)}`;
const readTime = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ at: Date; head: Date | null }>(
      'SELECT clock_timestamp() AS at, (SELECT max(at) FROM ledger) AS head',
    );
    return rows[0];
  });

describe('the clock of the sample', () => {
  it('gives every row of an empty ledger the time the owner sets, and is gone afterwards', async () => {
    const defaults = () =>
      withClient(database.ownerUrl, async (client) => {
        const { rows } = await client.query<{ text: string }>(
          `SELECT adrelid::regclass || ' ' || pg_get_expr(adbin, adrelid) AS text FROM pg_attrdef ORDER BY 1`,
        );
        const functions = await client.query<{ text: string }>(
          `SELECT proname || coalesce(proconfig::text, '') AS text FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`,
        );
        return [...rows, ...functions.rows].map(({ text }) => text);
      });
    const before = await defaults();
    const clock = await DatabaseClock.open(database.ownerUrl, past);
    const held = ProcessClock.hold(past);
    await clock.ensureMonths(1);
    expect(await hasClock(database.ownerUrl)).toBe(true);
    ({ leave } = beWeb({ ...database, webUrl: inClock(database.webUrl) }));
    expect(await createTeam(setup, { name: 'Night shift', memberIds: [] })).toMatchObject({ ok: true });
    expect(await readTime(inClock(database.gatewayUrl))).toEqual({ at: past, head: past });
    expect(new Date()).toEqual(past);
    held.release();
    await closeClients();
    await clock.close();
    expect(await defaults()).toEqual(before);
    expect(await hasClock(database.ownerUrl)).toBe(false);
    expect((await readTime(inClock(database.gatewayUrl)))?.at.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('is refused to a ledger that has a row', async () => {
    await expect(DatabaseClock.open(database.ownerUrl, past)).rejects.toThrow('has rows');
    expect(await hasClock(database.ownerUrl)).toBe(false);
  });

  for (const role of ['web', 'gateway'] as const)
    it(`is refused to the ${role}'s role, whatever it tries`, async () => {
      const url = role === 'web' ? database.webUrl : database.gatewayUrl;
      const fresh = await testDatabase();
      try {
        await expect(DatabaseClock.open(role === 'web' ? fresh.webUrl : fresh.gatewayUrl, past)).rejects.toThrow('permission denied');
      } finally {
        await fresh.drop();
      }
      for (const attempt of [
        'CREATE SCHEMA sample_clock',
        "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
        'ALTER FUNCTION ledger_chain_intake() SET search_path = pg_temp, pg_catalog, public',
        "ALTER TABLE ledger_batches ALTER COLUMN at SET DEFAULT '2020-01-01'",
      ])
        await expect(withClient(url, (client) => client.query(attempt))).rejects.toThrow(/permission denied|must be owner/);
    });
});
