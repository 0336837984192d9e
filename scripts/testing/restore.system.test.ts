import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { leash } from '@/scripts/start/process.mjs';
import { freePort } from '@/scripts/start/ports.mjs';
import { workerFlags } from '@/scripts/start/system';
import { sampleAgent, startStage, workerProgram, type Stage } from '@/scripts/testing/stage';
import { killPostgres } from '@/scripts/torture/postgres';
import { withClient } from '@/lib/platform/db';

// PostgreSQL with its data folder, two gateways and jobs as processes, and the command line: as an operator has them.
let stage: Stage;
let jobs: Worker;
let gateways: Worker[] = [];
const programs: string[] = [];

type Worker = { child: ChildProcess; url: string; log: () => string; exited: Promise<void> };

function start(program: string, variables: Record<string, string>, url = ''): Worker {
  const env = { ...process.env, ...stage.environment, ...variables, LOG_LEVEL: 'warn', NODE_ENV: 'production' as const };
  const child = spawn(process.execPath, [...workerFlags, program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const letGo = child.pid === undefined ? () => undefined : leash(child.pid, { signal: 'TERM', graceSeconds: 5 });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  void exited.then(letGo);
  return { child, url, log: () => log, exited };
}
async function startGateway(): Promise<Worker> {
  const port = String(await freePort());
  // The private key stays with jobs: a gateway is told of the directory alone.
  return start(programs[0] ?? '', { GATEWAY_PORT: port, CHECKPOINT_KEY_FILE: '' }, `http://127.0.0.1:${port}`);
}
const startJobs = () => start(programs[1] ?? '', {});
async function end(worker: Worker): Promise<void> {
  worker.child.kill('SIGKILL');
  await worker.exited;
}

beforeAll(async () => {
  stage = await startStage(0);
  programs.push(await workerProgram('gateway'), await workerProgram('jobs'));
  gateways = [await startGateway(), await startGateway()];
  jobs = startJobs();
});
afterAll(async () => {
  for (const worker of [...gateways, jobs]) await end(worker);
  await stage.stop();
  for (const program of programs) for (const file of [program, `${program}.map`]) rmSync(file, { force: true });
});

const eventually = { timeout: 60_000, interval: 100 };
const directory = () => stage.environment['CHECKPOINT_DIR'] ?? '';
const statusOf = async ({ url }: Worker): Promise<string> =>
  ((await (await fetch(`${url}/readyz`).catch(() => undefined))?.json()) as { status: string } | undefined)?.status ?? 'away';
const all = (status: string) =>
  vi.waitFor(async () => expect(await Promise.all(gateways.map(statusOf))).toEqual(gateways.map(() => status)), eventually);

/** The sizes that were handed outside, of the first history or a later one. */
function sizes(folder = directory()): number[] {
  if (!existsSync(folder)) return [];
  const days = readdirSync(folder).filter((name) => /^\d{4}-/.test(name));
  return days
    .flatMap((day) => readdirSync(path.join(folder, day)).map((name) => Number(path.basename(name, '.txt'))))
    .sort((a, b) => a - b);
}
const head = () =>
  withClient(stage.urls.owner, async (client) => {
    const { rows } = await client.query<{ seq: string }>('SELECT max(last_seq) AS seq FROM ledger_batches');
    return Number(rows[0]?.seq ?? 0);
  });

type Answer = { status: number; code?: string; decision?: boolean; reasons?: string };
async function check(worker: Worker, token: string): Promise<Answer> {
  const response = await fetch(`${worker.url}/api/check`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"action":{"name":"invoices.read"},"context":{"arguments":{"invoice":"INV-1"}}}',
  }).catch(() => undefined);
  const body = (await response?.json().catch(() => undefined)) as
    { code?: string; decision?: boolean; context?: { reasons?: { code: string }[] } } | undefined;
  return {
    status: response?.status ?? 0,
    ...(body?.code === undefined ? {} : { code: body.code }),
    ...(body?.decision === undefined
      ? {}
      : { decision: body.decision, reasons: (body.context?.reasons ?? []).map(({ code }) => code).join() }),
  };
}
const checks = async (count: number, token: string): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => check(gateways[i % gateways.length] as Worker, token)));

function run(script: string, ...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...stage.environment };
    execFile(process.execPath, ['--import', 'tsx', `scripts/${script}`, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: `${out}${err}`.trim() }),
    );
  });
}
const verify = (...args: string[]) => run('verify/index.ts', '--database', stage.urls.owner, '--checkpoints', directory(), ...args);
async function kill(): Promise<void> {
  const { code, out } = await run('kill.ts', '--agent', sampleAgent, '--reason', 'It pays twice.', '--as', 'sofia@example.com');
  expect(code, out).toBe(0);
}

const dataFolder = () => path.join(path.dirname(stage.cluster.logFile), 'postgres');
/** What a cold copy of the data folder keeps, and what putting it back loses. */
async function copyFolder(): Promise<() => Promise<void>> {
  const copy = `${dataFolder()}.copy`;
  await stage.cluster.server.stop();
  execFileSync('cp', ['-a', dataFolder(), copy]);
  await stage.cluster.restart();
  return async () => {
    await stage.cluster.server.stop();
    rmSync(dataFolder(), { recursive: true });
    execFileSync('cp', ['-a', copy, dataFolder()]);
    await stage.cluster.restart();
  };
}

test('a restored data folder locks every gateway until two people resume; crashes and restarts never do', async () => {
  await all('ready');
  const token = await stage.token(gateways[0] as never);
  expect((await checks(40, token)).every(({ decision }) => decision)).toBe(true);

  // Nothing that is no restore locks: PostgreSQL, a gateway and the signer killed under load, again and again.
  for (let round = 0; round < 4; round++) {
    const load = checks(60, token);
    await killPostgres(stage.cluster);
    await load;
    await stage.cluster.restart();
    await end(gateways[round % 2] as Worker);
    gateways[round % 2] = await startGateway();
    if (round % 2 === 1) {
      await end(jobs);
      jobs = startJobs();
    }
    await all('ready');
    expect((await checks(40, token)).filter(({ decision }) => decision).length).toBe(40);
  }
  const putBack = await copyFolder();
  await all('ready');
  expect(gateways.map(({ log }) => log()).join('')).not.toContain('gateway_locked');
  const kept = await head();

  await checks(60, token);
  await kill();
  expect((await checks(20, token)).every(({ reasons }) => reasons === 'KILLED')).toBe(true);
  const end1 = await head();
  await vi.waitFor(() => expect(sizes().at(-1)).toBeGreaterThan(kept), { timeout: 90_000, interval: 200 });
  const before = readdirSync(directory(), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.txt'));

  await putBack();
  await all('locked');
  expect(await head()).toBeLessThan(end1);
  // Also those that start on it, and with the signer gone.
  await end(jobs);
  await end(gateways[0] as Worker);
  gateways[0] = await startGateway();
  await all('locked');
  const refused = await checks(300, token);
  expect(refused.filter(({ status, code }) => status !== 503 || code !== 'LOCKED')).toEqual([]);
  expect(await run('verify/index.ts', '--database', stage.urls.owner, '--checkpoints', directory())).toMatchObject({ code: 1 });

  const asked = await run('resume.ts', '--as', 'sofia@example.com', '--reason', 'The disk is gone.');
  expect(asked).toMatchObject({ code: 0, out: expect.stringContaining(`row ${sizes().at(-1)} was handed outside`) as string });
  const id = /rsm_[0-9a-z]{26}/.exec(asked.out)?.[0] ?? '';
  expect(await run('resume.ts', '--sign', id, '--as', 'sofia@example.com', '--reason', 'Me again.')).toMatchObject({ code: 1 });
  await kill();
  await all('locked');
  // One of the two signs in: here as the console's route does it.
  expect(await run('resume.ts', '--sign', id, '--as', 'liam@example.com', '--reason', 'Seen.')).toMatchObject({ code: 1 });
  await all('locked');
  Object.assign(process.env, stage.environment);
  await import('@/lib/wiring');
  const { signResumption } = await import('@/lib/containment/service');
  expect(await signResumption({ type: 'user', id: 'usr_liam' }, { id, reason: 'Seen.' })).toMatchObject({ ok: true });
  await all('ready');
  expect((await checks(40, token)).filter(({ decision, reasons }) => decision !== false || reasons !== 'KILLED')).toEqual([]);

  jobs = startJobs();
  const branch = path.join(directory(), 'resumed-1');
  await vi.waitFor(() => expect(sizes(branch)).not.toEqual([]), { timeout: 90_000, interval: 200 });
  const after = readdirSync(directory(), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.txt'));
  expect(after).toEqual(expect.arrayContaining(before));
  const loud = await verify();
  expect(loud).toMatchObject({ code: 3, out: expect.stringContaining(`Resumption ${id}: asked by usr_sofia`) as string });
  expect(await verify('--resumed', id)).toMatchObject({
    code: 0,
    out: expect.stringContaining('rows that were signed are not in it') as string,
  });

  // And from here on crashes lock nothing again.
  await killPostgres(stage.cluster);
  await stage.cluster.restart();
  await end(gateways[1] as Worker);
  gateways[1] = await startGateway();
  await all('ready');
}, 600_000);
