import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { closeClients, withClient } from '@/lib/platform/db';
import { createDatabase, databaseName } from '@/lib/platform/db/roles';
import { migrateDatabase } from '@/lib/platform/db/setup';
import { publishPolicy } from '@/lib/policy/service';
import { calmPolicy } from '@/lib/policy/testdata/calm';
import { seedIfEmpty } from '@/prisma/seed';
import { SampleSecrets } from '@/prisma/seed/secrets';
import { bundleWorkers } from '@/scripts/build/build';
import { startThrowaway, type Throwaway } from '@/scripts/postgres/throwaway';
import { environmentOf, type Urls } from '@/scripts/start/config';
import { freePort } from '@/scripts/start/ports.mjs';
import { workerFlags } from '@/scripts/start/system';
import { leash } from '@/scripts/start/process.mjs';

/** One gateway process of a stage. */
export type StageGateway = { child: ChildProcess; port: number; url: string; log: () => string; exited: Promise<void> };

/** The client_id and secret of an agent. */
export type StageCredential = { clientId: string; secret: string };

/** A throwaway installation with the sample organisation and gateways as processes of their own, to be measured, killed and frozen. */
export type Stage = {
  folder: string;
  cluster: Throwaway;
  urls: Required<Urls>;
  environment: Record<string, string>;
  /** Those that run and were ready; one that exits leaves the list by itself. */
  gateways: StageGateway[];
  addGateway: (port?: number) => Promise<StageGateway>;
  /** A fresh access token of the sample agent, from the gateway given. */
  token: (gateway?: StageGateway) => Promise<string>;
  stop: () => Promise<void>;
};

export const sampleAgent = 'agt_invoices';
const startMsMax = 20_000;

/** startStage builds one; `gateways` processes run when it returns. Everything goes with stop(). */
export async function startStage(gateways: number): Promise<Stage> {
  const cluster = await startThrowaway();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-stage-'));
  mkdirSync(path.join(folder, 'secrets'), { mode: 0o700 });
  await withClient(cluster.url('superuser', 'postgres'), (client) => createDatabase(client, databaseName));
  const urls: Required<Urls> = {
    owner: cluster.url('owner', databaseName),
    web: cluster.url('web', databaseName),
    gateway: cluster.url('gateway', databaseName),
    superuser: cluster.url('superuser', databaseName),
  };
  await migrateDatabase(urls.owner);
  const passwords = { ...cluster.passwords, superuser: cluster.superuserPassword, nextauth: 'x'.repeat(43) };
  const environment = environmentOf(
    { home: folder, host: '127.0.0.1', ports: { web: await freePort(), gateway: await freePort() } },
    urls,
    passwords,
    {},
  );
  // As `npm start` makes it: a gateway that is told of a directory and finds none stays locked.
  mkdirSync(path.join(folder, 'checkpoints'));
  // The seed runs in this process, through the same use cases as the console.
  Object.assign(process.env, environment);
  await seedIfEmpty();
  // A stage asks, pays and is refused faster than any agent should.
  await publishPolicy({ type: 'system', id: 'setup' }, calmPolicy);
  await closeClients();
  const program = await workerProgram('gateway');

  const running = new Set<StageGateway>();
  const stage: Stage = {
    folder,
    cluster,
    urls,
    environment,
    gateways: [],
    addGateway: async (port) => {
      const gateway = startGateway(program, environment, port ?? (await freePort()));
      running.add(gateway);
      void gateway.exited.then(() => {
        running.delete(gateway);
        stage.gateways = stage.gateways.filter((one) => one !== gateway);
      });
      await untilReady(gateway);
      stage.gateways.push(gateway);
      return gateway;
    },
    token: (gateway) => {
      const credential = new SampleSecrets(path.join(folder, 'secrets')).agents()[sampleAgent];
      const from = gateway ?? stage.gateways[0];
      if (!from || !credential) throw new Error('the stage has no gateway, or no sample agent');
      return tokenFrom(from, credential);
    },
    stop: async () => {
      await closeClients();
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all([...running].map(({ exited }) => exited));
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
      for (const file of [program, `${program}.map`]) rmSync(file, { force: true });
    },
  };
  for (let i = 0; i < gateways; i++) await stage.addGateway();
  return stage;
}

/**
 * workerProgram makes a copy of a worker's bundle, to be removed by the caller: a build of the same checkout must not change what a stage is made of.
 * It stays beside the bundle, where its paths lead somewhere.
 */
export async function workerProgram(name: 'gateway' | 'jobs'): Promise<string> {
  await bundleWorkers(process.cwd());
  const program = path.resolve('dist', `${name}.stage-${randomBytes(4).toString('hex')}.mjs`);
  copyFileSync(`dist/${name}.mjs`, program);
  copyFileSync(`dist/${name}.mjs.map`, `${program}.map`);
  return program;
}

function startGateway(program: string, environment: Record<string, string>, port: number): StageGateway {
  const child = spawn(process.execPath, [...workerFlags, program], {
    env: { ...process.env, ...environment, GATEWAY_PORT: String(port), LOG_LEVEL: 'warn', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
  const letGo = child.pid === undefined ? () => undefined : leash(child.pid, { signal: 'TERM', graceSeconds: 5 });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  void exited.then(letGo);
  return { child, port, url: `http://127.0.0.1:${port}`, log: () => log, exited };
}

async function untilReady({ child, url, log }: StageGateway): Promise<void> {
  const until = Date.now() + startMsMax;
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.status === 200,
      () => false,
    );
    if (ready) return;
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > until)
      throw new Error(`the gateway did not become ready:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** tokenFrom asks a gateway for an access token with an agent's credential; throws when it gets none. */
export async function tokenFrom(gateway: Pick<StageGateway, 'url'>, { clientId, secret }: StageCredential): Promise<string> {
  const response = await fetch(`${gateway.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }),
  });
  const body = (await response.json()) as { access_token?: string };
  if (!body.access_token) throw new Error(`no token: ${response.status} ${JSON.stringify(body)}`);
  return body.access_token;
}

/** forkTool starts one of our own scripts with a message channel; `ask` sends one message and waits for the answer. */
export function forkTool(file: string): {
  child: ChildProcess;
  ask: <Answer>(message: unknown) => Promise<Answer>;
  first: <Answer>() => Promise<Answer>;
} {
  const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const first = <Answer>(): Promise<Answer> => new Promise((resolve) => child.once('message', (answer) => resolve(answer as Answer)));
  return {
    child,
    first,
    ask: (message) => {
      const answer = first<never>();
      child.send(message as object);
      return answer;
    },
  };
}
