import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { startPostgres } from '@/scripts/postgres/server';
import { environmentOf, passwordsOf, saveEnvironment, type Ports } from '@/scripts/start/config';
import { migrateAndTell, openEmbedded, type EmbeddedDatabase } from '@/scripts/start/database';
import { openHome } from '@/scripts/start/home.mjs';
import { freePort } from '@/scripts/start/ports.mjs';
import { Service, type ServiceName } from '@/scripts/start/service';
import { System } from '@/scripts/start/system';

export type HarnessOptions = {
  ports?: Ports;
  /** Kept when given; else a temporary folder that goes with stop(). */
  dataDir?: string;
  /** Which processes to start; all by default. PostgreSQL always runs. */
  services?: readonly ServiceName[];
  /** Whether to load the sample; true by default. */
  seed?: boolean;
  /** A story of `npm run seed` to load in the sample's place. */
  story?: string;
  /** More or other variables for the processes. */
  environment?: Readonly<Record<string, string>>;
  /** Where the processes' lines go; kept for `lines()` in any case. */
  log?: (line: string) => void;
};

const Seeded = z.object({
  signIn: z.object({ email: z.string(), password: z.string() }).optional(),
  links: z.array(z.object({ path: z.string(), why: z.string() })).default([]),
});
const lineLimit = 2_000;

/** Countersign is one whole running system of a test: nothing in it is started again unless the test asks. */
export class Countersign {
  private readonly extra: Service[] = [];
  signIn: { email: string; password: string } | undefined;
  /** The pages that a story says are worth opening. */
  links: readonly { path: string; why: string }[] = [];

  constructor(
    readonly home: string,
    readonly environment: Readonly<Record<string, string>>,
    readonly database: EmbeddedDatabase,
    readonly system: System,
    private readonly kept: string[],
    private readonly temporary: boolean,
  ) {}

  get gatewayUrl(): string {
    return this.environment['GATEWAY_URL'] ?? '';
  }
  get webUrl(): string {
    return this.environment['PUBLIC_URL'] ?? '';
  }
  /** urls are PostgreSQL's, for owner, web, gateway and superuser. */
  get urls(): EmbeddedDatabase['urls'] {
    return this.database.urls;
  }
  /** lines are the last things the processes said. */
  lines(): readonly string[] {
    return this.kept;
  }

  /** pid of a process that runs now. */
  pid(name: ServiceName | 'postgres'): number {
    const pid = name === 'postgres' ? this.database.embedded.server.pid : this.system.service(name).pid;
    if (pid === undefined) throw new Error(`${name} is not running`);
    return pid;
  }

  /** kill sends a signal; for SIGKILL it answers once the process is gone. */
  async kill(name: ServiceName | 'postgres', signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const ended = name === 'postgres' ? this.database.embedded.server.ended : this.system.service(name).whenEnded();
    process.kill(this.pid(name), signal);
    if (signal === 'SIGKILL') await ended;
  }

  /** restart starts what was killed, on its old port, and answers once it is ready. */
  async restart(name: ServiceName | 'postgres'): Promise<void> {
    if (name === 'postgres') {
      this.database.embedded.server = await startPostgres(this.database.embedded.cluster);
      return;
    }
    const service = this.system.service(name);
    service.start();
    await service.ready();
  }

  /** addGateway starts one more gateway on the same database, on a port of its own. */
  async addGateway(environment: Readonly<Record<string, string>> = {}): Promise<{ url: string; service: Service }> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { spec } = this.system.service('gateway');
    const variables = { ...spec.environment, GATEWAY_PORT: String(port), GATEWAY_URL: url, ...environment };
    const watch = { report: ignore, log: keeper(this.kept), giveUp: ignore, started: ignore, supervise: false };
    const service = new Service({ ...spec, environment: variables, readyUrl: `${url}/readyz` }, watch);
    this.extra.push(service);
    service.start();
    await service.ready();
    return { url, service };
  }

  /** run runs one of the repository's scripts, or a program made of one, against this system and answers what it printed and how it ended. */
  run(script: string, args: readonly string[] = []): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return runScript(script, args, { ...process.env, ...this.environment });
  }

  async stop(): Promise<void> {
    await Promise.all(this.extra.map((service) => service.stop()));
    await this.system.stop();
    if (this.temporary) rmSync(this.home, { recursive: true, force: true });
  }
}

const ignore = () => undefined;

function keeper(kept: string[], log?: (line: string) => void): (line: string) => void {
  return (line) => {
    kept.push(line);
    if (kept.length > lineLimit) kept.shift();
    log?.(line);
  };
}

/** startCountersign brings up a whole system of its own, from the build, on random ports; built.ts must have run before. */
export async function startCountersign(options: HarnessOptions = {}): Promise<Countersign> {
  const root = process.cwd();
  const temporary = options.dataDir === undefined;
  const folder = options.dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'countersign-system-'));
  if (temporary) chmodSync(folder, 0o755);
  const home = openHome(root, folder, true);
  const ports = options.ports ?? { web: await freePort(), gateway: await freePort() };
  const database = await openEmbedded(root, home, temporary);
  const where = { home, host: '127.0.0.1', ports };
  const environment = { ...environmentOf(where, database.urls, passwordsOf(home), {}), ...options.environment };
  saveEnvironment(home, environment);
  const kept: string[] = [];
  const log = keeper(kept, options.log);
  const system = new System({ root, home, mode: 'built', environment, database, report: log, log, failed: log, supervise: false });
  const countersign = new Countersign(home, environment, database, system, kept, temporary);
  try {
    await migrateAndTell(database.urls);
    if (options.seed ?? true) {
      const { story } = options;
      const seeded = await (story === undefined
        ? countersign.run('scripts/testing/seed.ts')
        : countersign.run('scripts/seed/load.ts', [story]));
      if (seeded.code !== 0) throw new Error(`the sample could not be loaded: ${seeded.stderr}`);
      const { signIn, links } = Seeded.parse(JSON.parse(seeded.stdout.trim().split('\n').at(-1) ?? ''));
      Object.assign(countersign, { signIn, links });
    }
    await system.start(options.services);
    return countersign;
  } catch (error) {
    await countersign.stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${kept.slice(-20).join('\n')}`, { cause: error });
  }
}

function runScript(
  script: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const loader = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...loader, script, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
