import { Writable } from 'node:stream';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readCalls } from '@/lib/approvals/reading';
import { Gateway, type AskedFor } from '@/lib/approvals/testdata/requests';
import { startLoop } from '@/lib/jobs/loop';
import { recordRuns, runOwed } from '@/lib/jobs/service';
import { superviseWorkers } from '@/lib/jobs/supervisor';
import { engines } from '@/lib/jobs/testdata/engines';
import { eventsAbout, person, setup } from '@/lib/people/testdata/people';
import { createPool, withClient } from '@/lib/platform/db';
import { prisma } from '@/lib/platform/db/prisma';
import { createLog } from '@/lib/platform/log';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { agentIn, routeTo, user } from '@/lib/raci/testdata/matrix';
import { createProcess } from '@/lib/registry/service';
import { jobHandlers } from './handlers';

const silent = createLog('test', new Writable({ write: (_chunk, _encoding, done) => done() }));
const open: (() => Promise<unknown>)[] = [];
let plane: PeoplePlane;
let gateway: Gateway;
let pool: pg.Pool;

beforeAll(async () => {
  plane = await testPeoplePlane();
  gateway = await Gateway.start(plane);
  pool = createPool(plane.webUrl, { application: 'test', max: 4, statementTimeoutMs: 10_000 });
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(async () => {
  await gateway.stop();
  await plane.drop();
});

const asOwner = (text: string, values: unknown[] = []) => withClient(plane.ownerUrl, (client) => client.query(text, values));
/** So much of a request's hour is gone. */
const goneOf = ({ id }: AskedFor, share: number) =>
  asOwner(
    `UPDATE approvals SET requested_at = now() - make_interval(secs => 3600 * $2::float8), expires_at = now() + make_interval(secs => 3600 * (1 - $2::float8)) WHERE id = $1`,
    [id, share],
  );
const kindsOf = async ({ id }: AskedFor) => (await eventsAbout(id)).map(({ kind, data }) => [kind, data['step'] ?? null]);

/** A request in a process with an Accountable, a Responsible and their manager, of an agent with an owner. */
async function asked(): Promise<AskedFor> {
  const [accountable, responsible, manager] = [await person(['process_owner']), await person(['leader']), await person(['leader'])];
  await asOwner('UPDATE users SET manager_id = $2 WHERE id = $1', [responsible.id, manager.id]);
  const made = await createProcess(setup, { name: 'Payables', ownerId: accountable.id });
  if (!made.ok) throw new Error(made.code);
  await routeTo(made.process.id, [user(responsible.id)]);
  const agent = await agentIn(made.process.id, (await person(['leader'])).id, null);
  return gateway.ask({ process: made.process.id, agent });
}

/** A jobs process, as workers/jobs.ts makes one. */
function startWorkers(store: Parameters<typeof superviseWorkers>[0]): void {
  const handlers = jobHandlers({ db: prisma(), pool, log: silent, keepGoing: () => true });
  const record = recordRuns(prisma());
  const supervisor = superviseWorkers(store, handlers, silent, record, 200);
  const loops = [
    startLoop({ name: 'queues', everyMs: 100, tick: supervisor.tick, log: silent }),
    startLoop({ name: 'owed', everyMs: 500, tick: () => runOwed(prisma(), handlers, record), log: silent }),
  ];
  open.push(() => Promise.all([...loops.map((loop) => loop.stop()), supervisor.close()]));
}

describe.each(engines)('with its queues on %s', (_, skip, start) => {
  it.skipIf(skip)(
    'a deadline is kept though they are emptied between all steps: each step once, by two processes',
    async () => {
      const { store, empty, stop } = await start(plane);
      open.push(stop);
      const request = await asked();
      for (let process = 0; process < 2; process++) startWorkers(store);
      const steps: [number, string, number | null][] = [
        [0.55, 'approval.reminded', 1],
        [0.8, 'approval.escalated', 2],
        [0.95, 'approval.escalated', 3],
        [1.01, 'approval.expired', null],
      ];
      for (const [share, kind, step] of steps) {
        await empty();
        await goneOf(request, share);
        await expect.poll(async () => (await kindsOf(request)).at(-1), { timeout: 30_000, interval: 100 }).toEqual([kind, step]);
      }
      await empty();
      // All sweeps have run again by then.
      const { rows } = await asOwner('SELECT clock_timestamp() AS now');
      const sweptSince = () =>
        asOwner(
          "SELECT count(DISTINCT job)::int AS jobs FROM job_runs WHERE job LIKE 'approvals.%' AND ended_at IS NOT NULL AND started_at > $1",
          [(rows[0] as { now: Date }).now],
        );
      await expect.poll(async () => (await sweptSince()).rows, { timeout: 30_000, interval: 100 }).toEqual([{ jobs: 2 }]);
      expect(await kindsOf(request)).toEqual(steps.map(([, kind, step]) => [kind, step]));
      expect((await readCalls(request.id)).map(({ step }) => step)).toEqual([1, 1, 2, 3, 3]);
    },
    120_000,
  );

  it.skipIf(skip)(
    'a deadline is kept though what carried them is gone',
    async () => {
      const { store, stop } = await start(plane);
      const request = await asked();
      startWorkers(store);
      await goneOf(request, 0.55);
      await expect.poll(() => kindsOf(request), { timeout: 30_000, interval: 100 }).toEqual([['approval.reminded', 1]]);
      await stop();
      await goneOf(request, 1.01);
      await expect
        .poll(async () => (await kindsOf(request)).at(-1), { timeout: 60_000, interval: 100 })
        .toEqual(['approval.expired', null]);
    },
    120_000,
  );
});
