import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { makeWebView, webViewOf } from '@/scripts/build/web-view';
import { startPostgres } from '@/scripts/postgres/server';
import type { Database } from '@/scripts/start/database';
import { identityOf, waitForEnd } from '@/scripts/start/process.mjs';
import { Service, type Report, type ServiceName, type ServiceSpec } from '@/scripts/start/service';

export type Mode = 'built' | 'dev';
export type SystemOptions = {
  root: string;
  home: string;
  mode: Mode;
  environment: Readonly<Record<string, string>>;
  database: Database;
  /** What happens, in sentences for a person. */
  report: Report;
  /** What the processes say, line by line. */
  log: Report;
  /** Without, what ends stays ended: for tests that kill it themselves. */
  supervise: boolean;
  /** Called once when something that ended cannot be kept running. */
  failed: (why: string) => void;
};

const Records = z.array(z.object({ name: z.string(), pid: z.number(), identity: z.string() }));
const recordFile = (home: string) => path.join(home, 'run.json');
const postgresTriesMax = 3;
const postgresStableMs = 60_000;
const orphanTimeoutMs = 6_000;

/** endOrphans ends the processes a killed start of this folder left running, and nothing else that has their numbers. */
export async function endOrphans(home: string): Promise<number> {
  const records = readRecords(home).filter(({ pid, identity }) => identityOf(pid) === identity);
  for (const { pid } of records) {
    process.kill(pid, 'SIGCONT');
    process.kill(pid, 'SIGTERM');
  }
  for (const { pid } of records) {
    if (!(await waitForEnd(pid, orphanTimeoutMs))) process.kill(pid, 'SIGKILL');
    await waitForEnd(pid, orphanTimeoutMs);
  }
  return records.length;
}

function readRecords(home: string): z.infer<typeof Records> {
  try {
    return Records.parse(JSON.parse(readFileSync(recordFile(home), 'utf8')));
  } catch {
    return [];
  }
}

/** Node's flags for a built worker. A decision's short-lived objects fit a larger young generation: fewer collections, about a tenth of the gateway's time. */
export const workerFlags = ['--enable-source-maps', '--max-semi-space-size=64'];

function specs({ root, mode }: SystemOptions, environment: SystemOptions['environment']): ServiceSpec[] {
  const next = path.join(root, 'node_modules/next/dist/bin/next');
  const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs');
  const { PORT = '', HOST = '', GATEWAY_URL = '' } = environment;
  const dev = mode === 'dev';
  const worker = (name: string) =>
    dev ? [tsx, 'watch', '--clear-screen=false', `workers/${name}.ts`] : [...workerFlags, `dist/${name}.mjs`];
  const shared = {
    ...process.env,
    ...environment,
    NODE_ENV: dev ? ('development' as const) : ('production' as const),
    NEXT_TELEMETRY_DISABLED: '1',
  };
  const view = dev ? {} : { COUNTERSIGN_WEB_VIEW: webViewOf(PORT) };
  const loopback = GATEWAY_URL.replace(/:\d+$/, `:${PORT}`);
  return [
    { name: 'gateway', args: worker('gateway'), cwd: root, environment: shared, readyUrl: `${GATEWAY_URL}/readyz` },
    {
      name: 'web',
      args: [next, dev ? 'dev' : 'start', '-H', HOST, '-p', PORT],
      cwd: root,
      environment: { ...shared, ...view },
      readyUrl: `${loopback}/readyz`,
    },
    { name: 'jobs', args: worker('jobs'), cwd: root, environment: shared },
  ];
}

/** System is the three processes and, when it is ours, PostgreSQL, kept running until stop(). */
export class System {
  services: readonly Service[] = [];
  private environment: SystemOptions['environment'];
  private stopped: Promise<void> | undefined;
  private postgresFailures = 0;

  constructor(readonly options: SystemOptions) {
    this.environment = options.environment;
    this.services = this.servicesIn(options.environment);
    if (options.supervise) this.watchPostgres();
  }

  private servicesIn(environment: SystemOptions['environment']): Service[] {
    const { report, log, supervise, failed } = this.options;
    const watch = { report, log, supervise, giveUp: failed, started: () => this.saveRecords() };
    return specs(this.options, environment).map((spec) => new Service(spec, watch));
  }

  service(name: ServiceName): Service {
    const found = this.services.find((service) => service.spec.name === name);
    if (!found) throw new Error(`there is no service ${name}`);
    return found;
  }

  /** start runs the three processes, or those named, and answers once gateway and web say that they are ready. */
  async start(names: readonly ServiceName[] = ['gateway', 'web', 'jobs']): Promise<void> {
    const { root, mode } = this.options;
    const { environment } = this;
    if (mode === 'built' && names.includes('web')) makeWebView(root, environment['PORT'] ?? '', environment['GATEWAY_URL'] ?? '');
    const wanted = this.services.filter((service) => names.includes(service.spec.name));
    for (const service of wanted) service.start();
    await Promise.all(wanted.map((service) => service.ready()));
  }

  /** move ends the three processes, does what `between` says, and starts them with the variables it answers, on the same PostgreSQL. */
  async move(between: () => Promise<SystemOptions['environment']>): Promise<void> {
    await this.stopServices();
    this.environment = await between();
    if (this.stopped) return;
    this.services = this.servicesIn(this.environment);
    await this.start();
  }

  private async stopServices(): Promise<void> {
    for (const name of ['web', 'gateway', 'jobs'] as const) await this.service(name).stop();
  }

  private saveRecords(): void {
    const records = this.services.flatMap((service) => service.record() ?? []);
    writeFileSync(recordFile(this.options.home), JSON.stringify(records));
  }

  /** PostgreSQL is a direct child too: when it ends unasked it is started again on the same port and recovers by itself. */
  private watchPostgres(): void {
    const { embedded } = this.options.database;
    const began = Date.now();
    void embedded?.server.ended.then(async () => {
      if (this.stopped) return;
      this.postgresFailures = Date.now() - began > postgresStableMs ? 1 : this.postgresFailures + 1;
      if (this.postgresFailures > postgresTriesMax)
        return this.options.failed(
          `PostgreSQL ended ${postgresTriesMax} more times after it was started again; its log is ${embedded.cluster.logFile}`,
        );
      this.options.report(`PostgreSQL ended unexpectedly; starting it again (${this.postgresFailures} of ${postgresTriesMax})`);
      try {
        embedded.server = await startPostgres(embedded.cluster);
        this.watchPostgres();
      } catch (error) {
        this.options.failed(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /** stop ends web, then gateway, then jobs, then our PostgreSQL (a fast shutdown); the data stays. */
  stop(): Promise<void> {
    this.stopped ??= (async () => {
      await this.stopServices();
      await this.options.database.embedded?.server.stop();
      writeFileSync(recordFile(this.options.home), '[]');
      rmSync(path.join(this.options.root, webViewOf(this.environment['PORT'] ?? '')), { recursive: true, force: true });
    })();
    return this.stopped;
  }
}
