import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { queueStore, type QueueStore } from '../queues';
import { withClient } from '@/lib/platform/db';
import type { TestDatabase } from '@/lib/platform/testing/database';

/** What carries the queues in a test. `empty`: somebody empties it (FLUSHALL, on PostgreSQL the same by hand). */
export type Engine = { store: QueueStore; empty: () => Promise<void>; stop: () => Promise<void> };

const redisInstalled = spawnSync('redis-server', ['--version']).status === 0;

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
  const port = await freePort();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-redis-'));
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => String(chunk).includes('Ready to accept connections') && resolve()),
  );
  const url = `redis://127.0.0.1:${port}`;
  const empty = async () => {
    const client = new Redis(url);
    await client.flushall();
    client.disconnect();
  };
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { store: queueStore(webUrl, url), empty, stop };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
