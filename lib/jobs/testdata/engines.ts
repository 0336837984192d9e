import { withClient } from '@/lib/platform/db';
import type { TestDatabase } from '@/lib/platform/testing/database';
import { redisInstalled, startRedis } from '@/lib/platform/testing/redis';
import { queueStore, type QueueStore } from '../queues';

/** What carries the queues in a test. `empty`: somebody empties it (FLUSHALL, on PostgreSQL the same by hand). */
export type Engine = { store: QueueStore; empty: () => Promise<void>; stop: () => Promise<void> };

/** engines is a table of what can carry the queues: its name, whether it cannot run here, and how it is started. */
export const engines: readonly [name: string, skip: boolean, start: (database: TestDatabase) => Promise<Engine>][] = [
  ['PostgreSQL', false, postgres],
  [redisInstalled ? 'Redis' : 'Redis (skipped: redis-server is not installed here)', !redisInstalled, redis],
];

async function postgres({ webUrl, superuserUrl }: TestDatabase): Promise<Engine> {
  const empty = () =>
    withClient(superuserUrl, async (client) => {
      await client.query('TRUNCATE bullmq.job, bullmq.scheduler CASCADE');
    });
  await empty();
  return { store: queueStore(webUrl), empty, stop: () => Promise.resolve() };
}

async function redis({ webUrl }: TestDatabase): Promise<Engine> {
  const { url, empty, stop } = await startRedis();
  return { store: queueStore(webUrl, url), empty, stop };
}
