import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@/scripts/start/ports.mjs';

const upWithinMs = 10_000;

describe('npm start', () => {
  let folder = '';
  let environment: NodeJS.ProcessEnv;
  let running: Started[] = [];

  type Started = { child: ChildProcess; output: () => string; up: Promise<void>; ended: Promise<number | null> };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-start-'));
    chmodSync(folder, 0o755);
    const { npm_lifecycle_event: _, DATABASE_URL: __, ...inherited } = process.env;
    const ports = { PORT: String(await freePort()), GATEWAY_PORT: String(await freePort()) };
    environment = { ...inherited, NODE_ENV: 'production', ...ports, COUNTERSIGN_DATA_DIR: path.join(folder, 'data') };
  });
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGTERM');
    await Promise.all(running.map(({ ended }) => ended));
    running = [];
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(...args: string[]): Started {
    const child = spawn(process.execPath, ['scripts/start.mjs', ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let isUp: () => void = () => undefined;
    const up = new Promise<void>((resolve) => (isUp = resolve));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('Countersign is running at')) isUp();
      });
    }
    const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
    const started = { child, output: () => text, up: Promise.race([up, ended.then(() => Promise.reject(new Error(text)))]), ended };
    // Not every test waits for it.
    started.up.catch(() => undefined);
    running.push(started);
    return started;
  }

  const answers = async (port: string | undefined) => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;

  it('serves, and Ctrl-C stops everything, keeps the data and exits with 0', async () => {
    const first = start();
    await first.up;
    expect(await Promise.all([answers(environment['PORT']), answers(environment['GATEWAY_PORT'])])).toEqual([200, 200]);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(first.output()).toContain('Your data is kept in');
    await expect(answers(environment['GATEWAY_PORT'])).rejects.toThrow();
  });

  it('serves within 10 seconds when nothing changed, with the same data', async () => {
    const began = Date.now();
    const second = start();
    await second.up;
    expect(Date.now() - began).toBeLessThan(upWithinMs);
    expect(second.output()).toMatch(/Sample … already there/);
    expect(second.output()).toMatch(/Build … nothing changed/);
  });

  it('recovers after kill -9', async () => {
    const killed = start();
    await killed.up;
    killed.child.kill('SIGKILL');
    const next = start();
    await next.up;
    expect(await answers(environment['GATEWAY_PORT'])).toBe(200);
    expect(next.output()).toMatch(/Sample … already there/);
  });

  it('refuses a second start on the same data in one sentence', async () => {
    const first = start();
    await first.up;
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output().trim()).toMatch(/^Countersign is already running on \S+ \(process \d+\); stop it first\.$/);
  });

  it('refuses a taken port in one sentence', async () => {
    const other = createServer().listen(Number(environment['GATEWAY_PORT']), '127.0.0.1');
    await once(other, 'listening');
    const refused = start();
    expect(await refused.ended).toBe(1);
    expect(refused.output().trim()).toMatch(
      /^Port \d+ is taken by another program; stop it, or choose another with GATEWAY_PORT=… npm start\.$/,
    );
    other.close();
  });

  it('forgets everything with --reset', async () => {
    const fresh = start('--reset', '--yes');
    await fresh.up;
    expect(fresh.output()).toMatch(/Deleted the data in[^]*Sample … loaded/);
  });

  it('refuses an option it does not know', async () => {
    const refused = start('--rest');
    expect(await refused.ended).toBe(1);
    expect(refused.output().trim()).toMatch(/^There is no option --rest;/);
  });
});
