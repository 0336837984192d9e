import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { catalog, JobName, type JobHandlers } from './catalog';
import { startLoop } from './loop';
import { openQueues, openWorkers, queueStore, runJob } from './queues';
import { superviseWorkers } from './supervisor';
import { engines, type Engine } from './testdata/engines';
import { withClient } from '@/lib/platform/db';
import { createLog } from '@/lib/platform/log';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';

const silent = createLog('test', new Writable({ write: (_chunk, _encoding, done) => done() }));
const open: (() => Promise<unknown>)[] = [];
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => database.drop());

/** Handlers for the whole catalog that only count. */
function counting(): { handlers: JobHandlers; ran: Map<string, number> } {
  const ran = new Map<string, number>();
  const count = (name: JobName) => async () => {
    ran.set(name, (ran.get(name) ?? 0) + 1);
    return 0;
  };
  // A handler for each name of the catalog, which TypeScript does not see in what fromEntries answers.
  const handlers = Object.fromEntries(JobName.options.map((name) => [name, count(name)])) as Record<JobName, () => Promise<number>>;
  return { ran, handlers };
}

describe.each(engines)('jobs on %s', (_, skip, start) => {
  /** An engine of this test's own. */
  const begin = async (): Promise<Engine> => {
    const engine = await start(database);
    open.push(engine.stop);
    return engine;
  };

  it.skipIf(skip)('run on their schedule and when asked for, on whichever process is there', async () => {
    const { store } = await begin();
    const { handlers, ran } = counting();
    const options = { store, handlers, onJobFailed: () => undefined, onLost: () => undefined };
    for (const workers of [await openWorkers(options), await openWorkers(options)]) open.push(() => workers.close());
    await expect.poll(() => ran.get('approvals.expire') ?? 0, { timeout: 15_000 }).toBeGreaterThan(1);
    const before = ran.get('ledger.partitions') ?? 0;
    const queues = openQueues(store, () => undefined);
    open.push(() => queues.close());
    await queues.enqueue('ledger.partitions', {});
    await expect.poll(() => ran.get('ledger.partitions'), { timeout: 10_000 }).toBe(before + 1);
  });

  it.skipIf(skip)('go on after one of them failed', async () => {
    const { store } = await begin();
    const { handlers, ran } = counting();
    const failed: string[] = [];
    const workers = await openWorkers({
      store,
      handlers: { ...handlers, 'idempotency.sweep': () => Promise.reject(new Error('no')) },
      onJobFailed: (name, error) => failed.push(`${name}: ${error.message}`),
      onLost: () => undefined,
    });
    open.push(() => workers.close());
    const queues = openQueues(store, () => undefined);
    open.push(() => queues.close());
    await queues.enqueue('idempotency.sweep', {});
    await expect.poll(() => failed, { timeout: 10_000 }).toContain('idempotency.sweep: no');
    await expect.poll(() => ran.get('approvals.expire') ?? 0, { timeout: 15_000 }).toBeGreaterThan(0);
  });

  it.skipIf(skip)('are each run once, however many processes there are', async () => {
    const { store } = await begin();
    const { handlers, ran } = counting();
    const options = { store, handlers, onJobFailed: () => undefined, onLost: () => undefined };
    for (const workers of [await openWorkers(options), await openWorkers(options), await openWorkers(options)])
      open.push(() => workers.close());
    const queues = openQueues(store, () => undefined);
    open.push(() => queues.close());
    await expect.poll(() => ran.get('idempotency.sweep') ?? 0, { timeout: 15_000 }).toBe(1);
    await Promise.all(Array.from({ length: 40 }, (_each, i) => queues.enqueue('idempotency.sweep', {}, `asked-${i % 20}`)));
    await expect.poll(() => ran.get('idempotency.sweep') ?? 0, { timeout: 15_000 }).toBe(21);
    await expect.poll(async () => (await queues.counts()).sweeps, { timeout: 10_000 }).toMatchObject({ waiting: 0, active: 0, failed: 0 });
    expect(ran.get('idempotency.sweep')).toBe(21);
  });

  it.skipIf(skip)('that failed run again when they are asked for', async () => {
    const { store } = await begin();
    const { handlers } = counting();
    let tries = 0;
    const workers = await openWorkers({
      store,
      handlers: {
        ...handlers,
        'ledger.partitions': async () => {
          tries += 1;
          if (tries === 1) throw new Error('no');
          return 0;
        },
      },
      onJobFailed: () => undefined,
      onLost: () => undefined,
    });
    open.push(() => workers.close());
    const queues = openQueues(store, () => undefined);
    open.push(() => queues.close());
    await expect.poll(async () => (await queues.counts()).sweeps.failed, { timeout: 10_000 }).toBe(1);
    await queues.enqueue('ledger.partitions', {});
    await expect.poll(() => tries, { timeout: 10_000 }).toBe(2);
  });

  it.skipIf(skip)('keep their next turn when their schedules are looked after, and come back when the store was emptied', async () => {
    const { store, empty } = await begin();
    const { handlers, ran } = counting();
    const workers = await openWorkers({ store, handlers, onJobFailed: () => undefined, onLost: () => undefined });
    open.push(() => workers.close());
    const delayed = async () => (await queues.counts()).sweeps.delayed;
    const queues = openQueues(store, () => undefined);
    open.push(() => queues.close());
    await expect.poll(delayed, { timeout: 15_000 }).toBe(JobName.options.length);
    const rare = () =>
      JobName.options.filter((name) => catalog[name].everyMs > 60_000).reduce((sum, name) => sum + (ran.get(name) ?? 0), 0);
    const before = rare();
    for (let i = 0; i < 5; i++) await workers.keepSchedules();
    expect(await delayed()).toBeLessThanOrEqual(JobName.options.length);
    expect(rare()).toBe(before);
    await empty();
    await workers.keepSchedules();
    const frequent = ran.get('approvals.expire') ?? 0;
    await expect.poll(() => ran.get('approvals.expire') ?? 0, { timeout: 15_000 }).toBeGreaterThan(frequent);
    await expect.poll(delayed, { timeout: 15_000 }).toBe(JobName.options.length);
  });
});

describe('when the server drops every connection', () => {
  it('the workers come back by themselves', async () => {
    const { handlers, ran } = counting();
    const supervisor = superviseWorkers(queueStore(database.webUrl), handlers, silent);
    const loop = startLoop({ name: 'queues', everyMs: 200, tick: supervisor.tick, log: silent });
    open.push(async () => {
      await loop.stop();
      await supervisor.close();
    });
    await expect.poll(() => ran.get('approvals.expire') ?? 0, { timeout: 15_000 }).toBeGreaterThan(0);
    await withClient(database.superuserUrl, (client) =>
      client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'),
    );
    const before = ran.get('approvals.expire') ?? 0;
    await expect.poll(() => ran.get('approvals.expire') ?? 0, { timeout: 25_000 }).toBeGreaterThan(before);
  }, 45_000);
});

describe('a job', () => {
  it('that this version does not know is dropped', async () => {
    const { handlers, ran } = counting();
    await runJob(handlers, 'coffee.brew', {});
    expect(ran.size).toBe(0);
  });

  it('with a payload of another shape is refused', async () => {
    await expect(runJob(counting().handlers, 'approvals.expire', 'x')).rejects.toThrow();
  });
});
