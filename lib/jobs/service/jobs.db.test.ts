import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { catalog, JobName, type JobHandlers } from '../catalog';
import { readJob, readJobs, readRuns } from '../reading';
import { runJob } from '../queues';
import { runsPageMax } from '../schema';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { withClient } from '@/lib/platform/db';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { askJob, recordRuns, runOwed, sweepRuns } from '.';

let plane: PeoplePlane;
let admin: TestPerson;
beforeAll(async () => {
  plane = await testPeoplePlane();
  admin = await person(['admin']);
});
afterAll(() => plane.drop());
beforeEach(() => asOwner('DELETE FROM job_runs'));

const asOwner = (text: string, values: unknown[] = []) => withClient(plane.ownerUrl, (client) => client.query(text, values));
const job = 'approvals.expire';
/** Handlers that change this many rows or fail. */
function handling(result: number | Error): JobHandlers {
  const handler = () => (typeof result === 'number' ? Promise.resolve(result) : Promise.reject(result));
  return Object.fromEntries(JobName.options.map((name) => [name, handler])) as unknown as JobHandlers;
}
/** One run of the job. */
async function run(result: number | Error, worker = 'host:1'): Promise<void> {
  await runJob(handling(result), job, {}, recordRuns(prisma(), worker)).catch(() => undefined);
}
const runs = async (failed?: '1') => (await readRuns(job, failed ? { failed } : {}))?.runs ?? [];
const viewOf = async () => {
  const view = await readJob(job);
  if (!view) throw new Error(job);
  return view;
};
const began = (ms: number) =>
  asOwner(`UPDATE job_runs SET started_at = clock_timestamp() - make_interval(secs => $1::float8 / 1000)`, [ms]);

describe('a run is kept', () => {
  test('with when it began and ended, what it changed and which process ran it', async () => {
    await run(3, 'server:42');
    expect(await runs()).toMatchObject([
      { state: 'done', changed: 3, error: null, worker: 'server:42', askedBy: null, endedAt: expect.any(String) },
    ]);
    expect(await viewOf()).toMatchObject({ failures: 0, stale: false, asked: null, last: { changed: 3 } });
  });

  test('with its error when it failed, and is counted', async () => {
    await run(new Error(`no connection ${'x'.repeat(2_000)}`));
    await run(0);
    const view = await viewOf();
    expect(view).toMatchObject({ failures: 1, last: { state: 'done' }, lastFailure: { state: 'failed', changed: null } });
    expect(view.lastFailure?.error).toMatch(/^no connection x+$/);
    expect(view.lastFailure?.error?.length).toBeLessThanOrEqual(500);
    expect(await runs('1')).toHaveLength(1);
  });

  test('as one that did not end when its process died', async () => {
    await asOwner(`INSERT INTO job_runs (job, worker) VALUES ($1, 'dead:1')`, [job]);
    expect(await viewOf()).toMatchObject({ failures: 0, last: { state: 'running' } });
    await began(6 * 60_000);
    expect(await viewOf()).toMatchObject({ failures: 1, lastFailure: { state: 'lost', endedAt: null } });
  });

  test('only as the latest of those that changed nothing, so that a frequent job does not fill the table', async () => {
    await run(2);
    await run(new Error('no'));
    for (let i = 0; i < 10; i++) await run(0);
    expect((await runs()).map(({ state, changed }) => [state, changed])).toEqual([
      ['done', 0],
      ['failed', null],
      ['done', 2],
    ]);
  });

  test('once at least, though several processes end theirs at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => run(0, `host:${i}`)));
    const kept = await runs();
    expect(kept.length).toBeGreaterThanOrEqual(1);
    await run(0);
    expect(await runs()).toHaveLength(1);
  });

  test('page by page, the newest first', async () => {
    await asOwner(
      `INSERT INTO job_runs (job, worker, ended_at, changed) SELECT $1, 'w', clock_timestamp(), n FROM generate_series(1, $2) n`,
      [job, runsPageMax + 5],
    );
    const first = await readRuns(job, {});
    expect(first?.runs[0]?.changed).toBe(runsPageMax + 5);
    const second = await readRuns(job, { before: first?.next ?? '' });
    expect(second?.runs.map(({ changed }) => changed)).toEqual([5, 4, 3, 2, 1]);
    expect(second?.next).toBeNull();
  });

  test('for 30 days, and no more than 2,000 of a job', async () => {
    await run(1);
    await began(31 * 86_400_000);
    await run(1);
    expect([await sweepRuns(prisma()), await sweepRuns(prisma())]).toEqual([1, 0]);
    await asOwner(
      `INSERT INTO job_runs (job, worker, ended_at, changed) SELECT $1, 'w', clock_timestamp(), 1 FROM generate_series(1, 2004)`,
      [job],
    );
    await run(7);
    expect([await sweepRuns(prisma()), await sweepRuns(prisma())]).toEqual([6, 0]);
    expect((await runs())[0]?.changed).toBe(7);
  });
});

describe('a job is stale', () => {
  test('when it has not begun for three of its intervals, and the jobs process is away when no frequent one has', async () => {
    await run(0);
    expect([(await viewOf()).stale, (await readJobs()).away]).toEqual([false, false]);
    await began(3 * catalog[job].everyMs + 1_000);
    expect([(await viewOf()).stale, (await readJobs()).away]).toEqual([true, true]);
  });
});

describe('a job that the queues do not bring', () => {
  const owed = () => runOwed(prisma(), handling(3), recordRuns(prisma(), 'host:2'));

  test('runs all the same once three of its intervals are over, and not before', async () => {
    await run(0);
    await began(3 * catalog[job].everyMs - 2_000);
    await owed();
    expect(await runs()).toMatchObject([{ worker: 'host:1' }]);
    await began(3 * catalog[job].everyMs + 1_000);
    await owed();
    await owed();
    expect(await runs()).toMatchObject([{ worker: 'host:2', changed: 3 }, { worker: 'host:1' }]);
  });

  test('waits for its first turn when it never ran', async () => {
    await owed();
    expect(await runs()).toEqual([]);
  });
});

describe('every job', () => {
  test('of the catalog is on the page with what it does, and every queue with what carries it', async () => {
    const view = await readJobs();
    expect(view.jobs.map(({ id }) => id)).toEqual(JobName.options);
    for (const { does } of view.jobs) expect(does).toMatch(/^[A-Z].*\.$/);
    expect(view.queues).toEqual([{ name: 'sweeps', carriedBy: 'PostgreSQL', counts: { waiting: 0, active: 0, delayed: 0, failed: 0 } }]);
  });

  test('that there is not is not found', async () => {
    expect(await readJob('coffee.brew')).toBeUndefined();
    expect(await readRuns('coffee.brew', {})).toBeUndefined();
  });
});

describe('an administrator asks for a job', () => {
  test('once while it waits, with one event, and the next run is the one that was asked for', async () => {
    const before = (await eventsAbout(job)).length;
    const asks = await Promise.all(Array.from({ length: 5 }, () => askJob(admin.actor, job)));
    expect(asks.filter((ask) => ask.ok && ask.first)).toHaveLength(1);
    expect(await viewOf()).toMatchObject({ asked: { by: { id: admin.id } }, last: null });
    expect((await eventsAbout(job)).slice(before)).toMatchObject([
      { kind: 'job.asked', actor: admin.actor, subject: { type: 'job', id: job } },
    ]);
    await Promise.all([run(0, 'host:1'), run(0, 'host:2')]);
    expect((await runs()).filter(({ askedBy }) => askedBy?.id === admin.id)).toHaveLength(1);
    expect(await viewOf()).toMatchObject({ asked: null });
    expect(await askJob(admin.actor, job)).toEqual({ ok: true, first: true });
  });

  test('again after it failed, and both runs stay', async () => {
    await run(new Error('no'));
    await askJob(admin.actor, job);
    await run(0);
    await run(0);
    expect((await runs()).map(({ state, askedBy }) => [state, askedBy?.id ?? null])).toEqual([
      ['done', null],
      ['done', admin.id],
      ['failed', null],
    ]);
  });

  test('and it runs though what carries the queues lost the ask, of a job that failed too', async () => {
    const owed = () => runOwed(prisma(), handling(new Error('no')), recordRuns(prisma(), 'host:1'));
    await askJob(admin.actor, job);
    await owed();
    expect(await viewOf(), 'its hint may still be on its way').toMatchObject({ asked: { by: { id: admin.id } }, last: null });
    await began(10_000);
    await asOwner(`INSERT INTO job_runs (job, worker, asked_by, started_at) VALUES ('coffee.brew', '', $1, now() - interval '1 day')`, [
      admin.id,
    ]);
    await expect(owed()).rejects.toThrow('no');
    await owed();
    expect((await runs()).map(({ state, askedBy }) => [state, askedBy?.id])).toEqual([['failed', admin.id]]);
    expect(await viewOf()).toMatchObject({ asked: null });
  });

  test.each<[string, 'NOT_ALLOWED' | 'NOT_FOUND', () => Promise<Awaited<ReturnType<typeof askJob>>>]>([
    [
      'somebody who does not manage jobs',
      'NOT_ALLOWED',
      async () => askJob((await person(['security', 'leader', 'risk', 'engineer', 'auditor', 'process_owner'])).actor, job),
    ],
    [
      'a removed administrator',
      'NOT_ALLOWED',
      async () => {
        const gone = await person(['admin']);
        await deactivateUser(setup, gone.id);
        return askJob(gone.actor, job);
      },
    ],
    ['who asks for a job that there is not', 'NOT_FOUND', () => askJob(admin.actor, 'coffee.brew')],
  ])('unless it is %s: nothing is asked, nothing is recorded', async (_, code, ask) => {
    const before = (await eventsAbout(job)).length;
    expect(await ask()).toEqual({ ok: false, code });
    expect(await viewOf()).toMatchObject({ asked: null });
    expect(await eventsAbout(job)).toHaveLength(before);
  });
});
