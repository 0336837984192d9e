import { spawn, type ChildProcess } from 'node:child_process';
import type { Ground } from './ground';
import { leash } from '@/scripts/start/process.mjs';
import { workerFlags } from '@/scripts/start/system';

/** The program of a jobs process, and where its queues are: undefined for PostgreSQL. */
export type Jobs = { program: string; redisUrl: string | undefined };

/** startJobs starts a jobs process on the installation at hand; `log` is the end of what it printed. */
export function startJobs(ground: Ground, { program, redisUrl }: Jobs): { child: ChildProcess; exited: Promise<void>; log: () => string } {
  const child = spawn(process.execPath, [...workerFlags, program], {
    env: {
      ...process.env,
      ...ground.stage.environment,
      ...(redisUrl && { REDIS_URL: redisUrl }),
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const letGo = child.pid === undefined ? () => undefined : leash(child.pid, { signal: 'TERM', graceSeconds: 5 });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  void exited.then(letGo);
  return { child, exited, log: () => log };
}
