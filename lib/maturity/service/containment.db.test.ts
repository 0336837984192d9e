import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { person, type TestPerson } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { readMaturity } from '../reading';
import type { CriterionView } from '../schema';
import { prisma } from '@/lib/platform/db/prisma';
import { loadFacts } from './facts';

let plane: PeoplePlane;
let superuser: pg.Client;
let security: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  superuser = new pg.Client({ connectionString: plane.superuserUrl });
  await superuser.connect();
  security = await person(['security']);
});
afterAll(async () => {
  await superuser.end();
  await plane.drop();
});
beforeEach(() => write('DELETE FROM drills; DELETE FROM ledger_epochs; DELETE FROM gateways; DELETE FROM gateway_installs'));

/** Rows past triggers: what is tested is how they are read. */
async function write(statement: string, values: unknown[] = []): Promise<void> {
  await superuser.query('BEGIN');
  await superuser.query("SET LOCAL session_replication_role = 'replica'");
  await (values.length === 0 ? superuser.query(statement) : superuser.query(statement, values));
  await superuser.query('COMMIT');
}

async function criterionOf(id: string): Promise<CriterionView> {
  const found = (await readMaturity(security, { type: 'organisation' }))?.criteria.find((criterion) => criterion.id === id);
  if (!found) throw new Error(id);
  return found;
}
const factsOf = () => loadFacts(prisma());

let changes = 500_000;
/** A policy published so many seconds ago; answers its epoch. */
async function published(secondsAgo: number, kind = 'policy.published'): Promise<number> {
  const seq = (changes += 100);
  await write(
    `WITH row AS (INSERT INTO ledger (seq, at, bytes, hash) VALUES ($1, clock_timestamp() - make_interval(secs => $2::float8), '', ''))
     INSERT INTO ledger_epochs (seq, kind, subject) VALUES ($1, $3, 'pol_x')`,
    [seq, secondsAgo, kind],
  );
  return seq;
}
/** A gateway that started, was heard of for the last time, and perhaps said goodbye, so many seconds ago. */
const gateway = (name: string, startedAgo: number, seenAgo: number, stoppedAgo: number | null = null) =>
  write(
    `INSERT INTO gateways (id, name, started_at, seen_at, stopped_at, epoch) VALUES ($1, $1, clock_timestamp() - make_interval(secs => $2::float8),
       clock_timestamp() - make_interval(secs => $3::float8), clock_timestamp() - make_interval(secs => $4::float8), 1)`,
    [name, startedAgo, seenAgo, stoppedAgo],
  );
const installed = (name: string, epoch: number, secondsAgo: number) =>
  write(
    'INSERT INTO gateway_installs (gateway_id, epoch, installed_at) VALUES ($1, $2, clock_timestamp() - make_interval(secs => $3::float8))',
    [name, epoch, secondsAgo],
  );

describe('a policy change counts as everywhere within a minute', () => {
  test('when every gateway that was alive decided by it, or by a later one, in time', async () => {
    await gateway('a:4000', 900, 0);
    await gateway('b:4000', 900, 0);
    const seq = await published(300);
    await installed('a:4000', seq, 299);
    await installed('b:4000', seq + 1, 245);
    expect((await factsOf()).changes).toMatchObject([{ id: String(seq), late: [] }]);
    expect(await criterionOf('policy.propagation')).toMatchObject({ met: true, value: 1, n: 1, sensor: null, gaps: 0 });
  });

  test('when one ended before the minute was over: it decides nothing any more', async () => {
    await gateway('a:4000', 900, 0);
    await gateway('killed:4000', 900, 280);
    await gateway('stopped:4000', 900, 0, 270);
    const seq = await published(300, 'policy.retired');
    await installed('a:4000', seq, 299);
    expect((await factsOf()).changes).toMatchObject([{ late: [] }]);
  });

  test('and asks none that started later, or was gone before', async () => {
    await gateway('a:4000', 900, 0);
    await gateway('later:4000', 200, 0);
    await gateway('gone:4000', 900, 310);
    const seq = await published(300);
    await installed('a:4000', seq, 299);
    expect((await factsOf()).changes).toMatchObject([{ late: [] }]);
  });

  test('and not when a gateway took longer, or never did, and lived: each is named', async () => {
    await gateway('a:4000', 900, 0);
    await gateway('late:4000', 900, 0);
    await gateway('silent:4000', 900, 100);
    const seq = await published(300);
    await installed('a:4000', seq, 299);
    await installed('late:4000', seq, 239);
    await installed('silent:4000', seq - 1, 299);
    expect((await factsOf()).changes).toMatchObject([{ late: ['late:4000', 'silent:4000'] }]);
    expect(await criterionOf('policy.propagation')).toMatchObject({ met: false, value: 0, n: 1, gaps: 1 });
  });

  test('and one change that was late is not made good by others', async () => {
    await gateway('a:4000', 900, 0);
    const late = await published(400);
    await installed('a:4000', late, 330);
    const next = await published(300);
    await installed('a:4000', next, 299);
    expect(await criterionOf('policy.propagation')).toMatchObject({ met: false, value: 0.5, n: 2 });
  });

  test('and not while it is unknown: no gateway was alive, or the minute runs', async () => {
    await published(300);
    await gateway('a:4000', 200, 0);
    const young = await published(10);
    expect((await factsOf()).changes).toEqual([]);
    expect(await criterionOf('policy.propagation')).toMatchObject({ met: false, n: 0, gaps: 1 });
    await installed('a:4000', young, 9);
    expect((await factsOf()).changes).toMatchObject([{ id: String(young), late: [] }]);
  });

  test('and other changes of the rules are none of policy', async () => {
    await gateway('a:4000', 900, 0);
    await published(300, 'kill.set');
    expect((await factsOf()).changes).toEqual([]);
  });
});

describe('a drill counts for the quarter', () => {
  let drills = 0;
  const drill = (outcome: string | null, daysAgo: number, more: { lastMs?: number; silent?: string[] } = {}) =>
    write(
      `INSERT INTO drills (id, agent_id, asked_by, asked_at, kill_id, finished_at, outcome, why, last_ms, silent)
       VALUES ('drl_' || $1, 'agt_' || $1, 'usr_x', now() - make_interval(days => $3::int), 'kil_' || $1,
         CASE WHEN $2::text IS NULL THEN NULL ELSE now() - make_interval(days => $3::int) END, $2, CASE $2 WHEN 'aborted' THEN 'NO_GATEWAY' END, $4, $5)`,
      [String(++drills), outcome, daysAgo, more.lastMs ?? null, more.silent ?? []],
    );

  test.each<[string, boolean, number, () => Promise<unknown>]>([
    ['that passed', true, 1, () => drill('passed', 91, { lastMs: 400 })],
    ['that was slow: every gateway acknowledged within its 30 seconds', true, 1, () => drill('slow', 2, { lastMs: 4_000 })],
    ['but not one before it', false, 0, () => drill('passed', 93, { lastMs: 400 })],
    ['but not one without a gateway', false, 0, () => drill('aborted', 1)],
    ['but not one under way', false, 0, () => drill(null, 0)],
    ['but not one that failed', false, 1, () => drill('failed', 1, { lastMs: 31_000 })],
  ])('%s', async (_, met, n, make) => {
    await make();
    expect(await criterionOf('drill.quarter')).toMatchObject({ met, n, sensor: null, evidence: '/containment/drills' });
  });

  test('and the newest one says, whatever was before', async () => {
    await drill('passed', 30, { lastMs: 400 });
    await drill('failed', 2, { lastMs: 300, silent: ['b:4000'] });
    expect(await criterionOf('drill.quarter')).toMatchObject({ met: false, value: 1, n: 2 });
    expect((await factsOf()).drills).toMatchObject([{ reached: false, text: 'b:4000 stayed silent.' }, { reached: true }]);
    await drill('passed', 1, { lastMs: 400 });
    expect(await criterionOf('drill.quarter')).toMatchObject({ met: true, value: 2, n: 3, gaps: 0 });
  });
});
