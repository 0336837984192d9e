import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { identityOf, leash } from '@/scripts/start/process.mjs';

export type ServiceName = 'gateway' | 'web' | 'jobs';
export type ServiceSpec = {
  name: ServiceName;
  args: string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
  /** Answers 200 once the service can work; jobs have none. */
  readyUrl?: string;
};
export type Watch = {
  report: Report;
  log: Report;
  giveUp: (why: string) => void;
  /** Called whenever the process was started, also again. */
  started: () => void;
  /** Without, a process that ends stays ended: for tests that kill it themselves. */
  supervise: boolean;
};
export type Report = (line: string) => void;

const stopTimeoutMs = 10_000;
const readyTimeoutMs = 60_000;
const lockedMs = 5_000;
const triesMax = 3;
const stableMs = 60_000;

/** Service is one child process that is started again, a few times with growing pauses, when it ends unasked. */
export class Service {
  child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private stopping = false;
  private failures = 0;

  constructor(
    readonly spec: ServiceSpec,
    private readonly watch: Watch,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** record is how a later start finds this process if we are killed. */
  record(): { name: ServiceName; pid: number; identity: string } | undefined {
    const pid = this.pid;
    const identity = pid === undefined ? undefined : identityOf(pid);
    return pid === undefined || identity === undefined ? undefined : { name: this.spec.name, pid, identity };
  }

  start(): void {
    this.stopping = false;
    const { args, cwd, environment } = this.spec;
    // Detached, so that Ctrl-C reaches only the start process, which then stops everything in order.
    const child = spawn(process.execPath, args, { cwd, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    const began = Date.now();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.watch.log(`${this.spec.name.padEnd(7)} | ${line}`));
    }
    this.watch.started();
    const letGo = child.pid === undefined ? () => undefined : leash(child.pid, { signal: 'TERM', graceSeconds: 5 });
    this.ended = new Promise((resolve) => {
      const finish = (how: string) => {
        letGo();
        resolve();
        if (this.watch.supervise && !this.stopping && this.child === child) void this.revive(how, Date.now() - began);
      };
      child.once('exit', (code, signal) => finish(signal ?? `code ${code}`)).once('error', (error) => finish(error.message));
    });
  }

  private async revive(how: string, livedMs: number): Promise<void> {
    this.failures = livedMs > stableMs ? 1 : this.failures + 1;
    if (this.failures > triesMax)
      return this.watch.giveUp(`${this.spec.name} ended ${triesMax} more times after it was started again (last: ${how})`);
    const pauseMs = 250 * 4 ** (this.failures - 1);
    this.watch.report(`${this.spec.name} ended unexpectedly (${how}); starting it again (${this.failures} of ${triesMax})`);
    await delay(pauseMs);
    if (!this.stopping) this.start();
  }

  /**
   * ready waits until the service answers its readiness; throws when it ends for good or takes too long. A gateway that is locked is as ready as people
   * let it be: they need the console to resume it, so it is reported and not waited for.
   */
  async ready(): Promise<void> {
    const { readyUrl, name } = this.spec;
    if (!readyUrl) return;
    const deadline = Date.now() + readyTimeoutMs;
    for (;;) {
      const last = await whyNotReady(readyUrl).catch((error: unknown) => ({ text: String(error), locked: undefined }));
      if (last === undefined) return;
      // A directory of checkpoints that jobs is about to make locks it for a moment.
      if (last.locked !== undefined && Date.now() > deadline - readyTimeoutMs + lockedMs)
        return this.watch.report(`${name} decides nothing: ${last.locked}`);
      if (this.stopping) throw new Error(`${name} was stopped before it was ready`);
      if (!this.watch.supervise && this.child?.exitCode !== null) throw new Error(`${name} ended before it was ready`);
      if (Date.now() > deadline) throw new Error(`${name} was not ready after ${readyTimeoutMs / 1000} s (${last.text})`);
      await delay(50);
    }
  }

  /** whenEnded answers once the process that runs now has ended. */
  whenEnded(): Promise<void> {
    return this.ended;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child?.kill('SIGCONT');
    this.child?.kill('SIGTERM');
    const force = setTimeout(() => this.child?.kill('SIGKILL'), stopTimeoutMs);
    await this.ended;
    clearTimeout(force);
  }
}

const Locked = z.object({ status: z.literal('locked'), why: z.array(z.string()) });

function lockedIn(text: string): string | undefined {
  try {
    return Locked.safeParse(JSON.parse(text)).data?.why.join('; ');
  } catch {
    return undefined;
  }
}

/** Why a service cannot work yet, and what locks it where something does; undefined when it can. Throws when it does not say so in time. */
async function whyNotReady(readyUrl: string): Promise<{ text: string; locked: string | undefined } | undefined> {
  const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) });
  if (answer.ok) return undefined;
  const text = await answer.text();
  return { text: `status ${answer.status}: ${text.slice(0, 300)}`, locked: lockedIn(text) };
}
