import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { closeClients, withClient } from '@/lib/platform/db';
import { createDatabase, databaseName } from '@/lib/platform/db/roles';
import { migrateDatabase } from '@/lib/platform/db/setup';
import { seedIfEmpty } from '@/prisma/seed';
import { SampleSecrets } from '@/prisma/seed/secrets';
import { startThrowaway, type Throwaway } from '@/scripts/postgres/throwaway';
import { environmentOf, type Urls } from '@/scripts/start/config';
import { mkdirSync } from 'node:fs';
import { freePort } from '@/scripts/start/ports.mjs';
import { bundleWorkers } from '@/scripts/build/build';

/** One gateway process of a stage. */
export type StageGateway = { child: ChildProcess; port: number; url: string; log: () => string; exited: Promise<void> };

/** A throwaway installation with the sample organisation and gateways as processes of their own, to be measured, killed and frozen. */
export type Stage = {
  folder: string;
  cluster: Throwaway;
  urls: Required<Urls>;
  environment: Record<string, string>;
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
  // The seed runs in this process, through the same use cases as the console.
  Object.assign(process.env, environment);
  await seedIfEmpty();
  await closeClients();
  await bundleWorkers(process.cwd());

  const stage: Stage = {
    folder,
    cluster,
    urls,
    environment,
    gateways: [],
    addGateway: async (port) => {
      const gateway = await startGateway(environment, port ?? (await freePort()));
      stage.gateways.push(gateway);
      return gateway;
    },
    token: (gateway) => tokenFrom(gateway ?? stage.gateways[0], folder),
    stop: async () => {
      for (const { child } of stage.gateways) child.kill('SIGKILL');
      await Promise.all(stage.gateways.map(({ exited }) => exited));
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (let i = 0; i < gateways; i++) await stage.addGateway();
  return stage;
}

async function startGateway(environment: Record<string, string>, port: number): Promise<StageGateway> {
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/gateway.mjs'], {
    env: { ...process.env, ...environment, GATEWAY_PORT: String(port), LOG_LEVEL: 'warn', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + startMsMax;
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.status === 200,
      () => false,
    );
    if (ready) return { child, port, url, log: () => log, exited };
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the gateway did not become ready:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function tokenFrom(gateway: StageGateway | undefined, folder: string): Promise<string> {
  const secret = new SampleSecrets(path.join(folder, 'secrets')).agents()[sampleAgent];
  if (!gateway || !secret) throw new Error('the stage has no gateway, or no sample agent');
  const response = await fetch(`${gateway.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: secret.clientId, client_secret: secret.secret }),
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
