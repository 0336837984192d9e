import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { z } from 'zod';
import { freePort } from '../scripts/start/ports.mjs';
import { leash } from '../scripts/start/process.mjs';
import { beOn, type E2eSystem } from './system';

/** Ninety days of forty agents take a minute to make, and several on a busy machine. */
const makeMs = 900_000;
const stopSeconds = 20;
const up = 'Countersign is running at';

type Started = { system: E2eSystem; stop: () => Promise<void> };

/** startSample is `npm start` in a new folder: the whole sample organisation, and what leaves it. Answers once people can sign in. */
async function startSample(): Promise<Started> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-sample-'));
  chmodSync(folder, 0o755);
  const { npm_lifecycle_event: _, DATABASE_URL: __, SAMPLE_STORY: ___, REDIS_URL: ____, ...inherited } = process.env;
  const ports = { PORT: String(await freePort()), GATEWAY_PORT: String(await freePort()) };
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    env: { ...inherited, ...ports, NODE_ENV: 'production', COUNTERSIGN_DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const letGo =
    child.pid === undefined ? () => undefined : leash(child.pid, { signal: 'TERM', graceSeconds: stopSeconds, thenRemove: folder });
  const ended = once(child, 'close');
  let said = '';
  const running = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(up)) resolve();
      });
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    letGo();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([running, ended.then(() => Promise.reject(new Error('npm start ended')))]);
    return { system: systemIn(folder, said), stop };
  } catch (error) {
    await stop();
    throw new Error(`The sample organisation could not be started:\n${said.slice(-4_000)}`, { cause: error });
  }
}

/** What the processes were told, and how to sign in, as the terminal says it. */
function systemIn(home: string, said: string): E2eSystem {
  const environment = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path.join(home, 'secrets', 'env.json'), 'utf8')));
  const [, email, password] = /sign in +(\S+) \/ (\S+)/.exec(said) ?? [];
  const of = (name: string): string => environment[name] ?? '';
  return {
    webUrl: of('PUBLIC_URL'),
    gatewayUrl: of('GATEWAY_URL'),
    home,
    urls: {
      owner: of('DATABASE_URL_OWNER'),
      web: of('DATABASE_URL_WEB'),
      gateway: of('DATABASE_URL_GATEWAY'),
      superuser: of('DATABASE_URL_SUPERUSER'),
    },
    ...(email && password ? { signIn: { email, password } } : {}),
    environment,
  };
}

/** test runs on a system of its own that shows the whole sample organisation; made once for all that use it, unless one of them fails. */
export const test = base.extend<object, { organisation: E2eSystem }>({
  organisation: [
    // Playwright reads off the first parameter what a fixture needs: nothing.
    // oxlint-disable-next-line eslint/no-empty-pattern
    async ({}, use) => {
      const { system, stop } = await startSample();
      beOn(system);
      await use(system).finally(stop);
    },
    { scope: 'worker', timeout: makeMs, auto: true },
  ],
  baseURL: ({ organisation }, use) => use(organisation.webUrl),
});
