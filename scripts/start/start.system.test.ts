import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '@/lib/platform/db';
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
    // A short story: how long the whole organisation takes is not asked here. The first start makes it with its past.
    const story = { SAMPLE_STORY: 'scope-creep' };
    environment = { ...inherited, NODE_ENV: 'production', ...ports, ...story, COUNTERSIGN_DATA_DIR: path.join(folder, 'data') };
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
    expect(second.output()).toMatch(/Organisation … the sample organisation \(/);
    expect(second.output()).toMatch(/Build … nothing changed/);
  });

  it('recovers after kill -9', async () => {
    const killed = start();
    await killed.up;
    killed.child.kill('SIGKILL');
    const next = start();
    await next.up;
    expect(await answers(environment['GATEWAY_PORT'])).toBe(200);
    expect(next.output()).toMatch(/Organisation … the sample organisation \(/);
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
    // From here on a sample without a past: what is asked is whether it is made, and left.
    environment = { ...environment, SAMPLE_STORY: 'small' };
    const fresh = start('--reset', '--yes');
    await fresh.up;
    expect(fresh.output()).toMatch(/Deleted the data in[^]*Organisation … the sample organisation was made/);
  });

  it('begins with the first administrator with --empty, who comes once and with the link of the terminal', async () => {
    const first = start('--empty');
    await first.up;
    const link = /begin {6}(http\S+)/.exec(first.output())?.[1] ?? '';
    const web = `http://127.0.0.1:${environment['PORT']}`;
    const claim = (token: string) =>
      fetch(`${web}/api/v1/organisation/claim`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: new URL(link).origin },
        body: JSON.stringify({ token, organisation: 'Acme', name: 'Ada', email: 'ada@acme.example', password: 'correct horse battery' }),
      });
    expect((await fetch(`${web}/welcome`)).status).toBe(200);
    expect((await claim('another')).status).toBe(403);
    expect((await claim(new URL(link).searchParams.get('token') ?? '')).status).toBe(200);
    expect((await fetch(`${web}/welcome`)).status).toBe(404);
    expect((await claim('another')).status).toBe(404);
    first.child.kill('SIGTERM');
    await first.ended;
    const second = start();
    await second.up;
    expect(second.output()).toMatch(/Organisation … your own/);
    expect(second.output()).not.toContain('/welcome?token=');
  });

  it('comes back to the sample with --sample, and leaves it for good once an administrator asks', async () => {
    const first = start('--sample');
    await first.up;
    const web = `http://127.0.0.1:${environment['PORT']}`;
    expect((await fetch(`${web}/welcome`)).status).toBe(404);
    const { DATABASE_URL_OWNER: url = '' } = JSON.parse(readFileSync(path.join(folder, 'data', 'secrets', 'env.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(url).toMatch(/_sample$/);
    // As the console's route does, whose refusals are tested with its service.
    await withClient(url, (client) => client.query("UPDATE organisation SET leave_asked_at = now(), leave_asked_by = 'usr_grace'"));
    await expect.poll(first.output, { timeout: 30_000 }).toContain('The sample is gone');
    await expect(withClient(url, (client) => client.query('SELECT 1'))).rejects.toThrow('does not exist');
    expect(await answers(environment['PORT'])).toBe(200);
    // Ada is there from before.
    expect((await fetch(`${web}/sign-in`)).status).toBe(200);
    first.child.kill('SIGTERM');
    await first.ended;
    const second = start();
    await second.up;
    expect(second.output()).toMatch(/Organisation … your own/);
  });

  it('refuses two options that contradict each other', async () => {
    const refused = start('--empty', '--sample');
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('contradict');
  });

  it('refuses an option it does not know', async () => {
    const refused = start('--rest');
    expect(await refused.ended).toBe(1);
    expect(refused.output().trim()).toMatch(/^There is no option --rest;/);
  });
});
