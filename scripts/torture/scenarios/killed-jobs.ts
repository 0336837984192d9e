import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { askForPerson } from '../approvals';
import type { Ground } from '../ground';
import { lastSeq, readLedger } from '../ledger';
import type { Random } from '../random';
import { scenario, type Findings } from '../scenario';
import { leash } from '@/scripts/start/process.mjs';
import { redisInstalled, startRedis } from '@/lib/platform/testing/redis';
import { workerFlags } from '@/scripts/start/system';
import { workerProgram } from '@/scripts/testing/stage';

/** Jobs processes at once: while one is killed another is at work on the same rows. */
const workersAtOnce = 2;
/** How long after one of its sweeps began, or ended, a worker is killed. */
const workMsMax = 150;
const sweeps = ['approvals.expire', 'approvals.escalate'] as const;
const lookEveryMs = 15;
/** Where a request's hour is moved to, one after another: past each step, and past its deadline. */
const shares = [0.55, 0.8, 0.95, 1.01] as const;
const endMsMax = 60_000;

/** The jobs process dies by kill -9 at random moments, again and again, while requests come near their deadlines and pass them. */
export const killedJobs = scenario({
  name: 'killed-jobs',
  promise: 'Each person called once a step, each request expired once (jobs process killed)',
  sizes: { ci: { kills: 50, requests: 120 }, full: { kills: 500, requests: 1_200 } },
  run: async (ground, { kills, requests }, random, findings) => {
    // Whom nobody but a step of the escalation calls.
    await ground.owner.query("UPDATE users SET manager_id = 'usr_mateo' WHERE id IN ('usr_liam', 'usr_nora')");
    const before = await lastSeq(ground.urls.owner);
    const program = await workerProgram('jobs');
    const ids = await askAll(ground, requests, random.fork('asks'));
    const clocks = new Clocks(ground, ids, random.fork('clocks'));
    const moments = random.fork('moments');
    // Where there is a Redis, every second worker has its queues there, and finds them emptied.
    const redis = redisInstalled ? await startRedis() : undefined;
    try {
      let kill = 0;
      const lane = async (): Promise<void> => {
        while (kill < kills) {
          const moment = { sweep: moments.pick(sweeps), ended: moments.chance(0.5), workMs: moments.between(0, workMsMax) };
          const queues = kill % 2 === 1 ? redis : undefined;
          kill++;
          await clocks.move(Math.ceil((requests * shares.length) / kills));
          await queues?.empty();
          await liveAndDie(ground, { program, redisUrl: queues?.url }, moment);
        }
      };
      await Promise.all(Array.from({ length: workersAtOnce }, lane));
      await clocks.rest();
      await letEnd(ground, { program, redisUrl: undefined }, ids);
    } finally {
      await redis?.stop();
      for (const file of [program, `${program}.map`]) rmSync(file, { force: true });
    }
    return `${kills} kills${redis ? `, ${Math.floor(kills / 2)} of them with the queues on Redis` : ''}; ${await audit(ground, before, ids, findings)}`;
  },
});

async function askAll(ground: Ground, requests: number, random: Random): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < requests; i++) {
    const asked = await askForPerson(ground, ground.agent(i % ground.agents.length), random, ground.gateway(i));
    if (!asked) throw new Error('a large payment was not asked for');
    ids.push(asked.id);
  }
  return ids;
}

/** Clocks moves requests towards their deadlines, a few at each kill, so that there is work at every kill however fast the machine is. */
class Clocks {
  private readonly moves: { id: string; share: number }[];

  constructor(
    private readonly ground: Ground,
    ids: readonly string[],
    random: Random,
  ) {
    // Each request's own moves stay in their order; the requests follow each other at random.
    const drawn = ids.flatMap((id) => shares.map(() => ({ id, at: random.next() }))).sort((a, b) => a.at - b.at);
    const made = new Map<string, number>();
    this.moves = drawn.map(({ id }) => {
      const next = made.get(id) ?? 0;
      made.set(id, next + 1);
      return { id, share: shares[next] ?? 1.01 };
    });
  }

  async move(count: number): Promise<void> {
    for (const { id, share } of this.moves.splice(0, count))
      await this.ground.owner.query(
        `UPDATE approvals SET requested_at = clock_timestamp() - make_interval(secs => 3600 * $2::float8),
           expires_at = clock_timestamp() + make_interval(secs => 3600 * (1 - $2::float8)) WHERE id = $1 AND status = 'pending'`,
        [id, share],
      );
  }

  rest(): Promise<void> {
    return this.move(this.moves.length);
  }
}

/** A jobs process, and where its queues are: undefined for PostgreSQL. */
type Jobs = { program: string; redisUrl: string | undefined };

function start(ground: Ground, { program, redisUrl }: Jobs): { child: ChildProcess; exited: Promise<void>; log: () => string } {
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

/** `ended`: its sweep had ended, so it is killed within whatever came next. */
type Moment = { sweep: (typeof sweeps)[number]; ended: boolean; workMs: number };

async function liveAndDie(ground: Ground, jobs: Jobs, { sweep, ended, workMs }: Moment): Promise<void> {
  const { child, exited, log } = start(ground, jobs);
  const until = Date.now() + endMsMax;
  // Its own row says that the sweep began and ended; a later run that changed nothing may have taken the row away.
  for (let begun = false; ;) {
    const { rows } = await ground.owner.query<{ ended: boolean }>(
      "SELECT ended_at IS NOT NULL AS ended FROM job_runs WHERE job = $1 AND worker LIKE '%:' || $2 ORDER BY id LIMIT 1",
      [sweep, String(child.pid)],
    );
    const [run] = rows;
    if (ended ? run?.ended === true || (begun && !run) : run) break;
    begun ||= run !== undefined;
    if (Date.now() > until || child.exitCode !== null) throw new Error(`the jobs process does not work:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  await new Promise((resolve) => setTimeout(resolve, workMs));
  child.kill('SIGKILL');
  await exited;
}

/** One worker that nobody kills ends what is left. */
async function letEnd(ground: Ground, jobs: Jobs, ids: readonly string[]): Promise<void> {
  const { child, exited, log } = start(ground, jobs);
  const until = Date.now() + endMsMax;
  try {
    for (;;) {
      const { rows } = await ground.owner.query<{ waiting: number }>(
        "SELECT count(*)::int AS waiting FROM approvals WHERE id = ANY ($1) AND status = 'pending'",
        [ids],
      );
      if (rows[0]?.waiting === 0) return;
      if (Date.now() > until || child.exitCode !== null) throw new Error(`${rows[0]?.waiting} requests still wait:\n${log()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

type Told = { expired: number; steps: number[]; called: Map<number, string[]> };
type Stored = { id: string; status: string; step: number; calls: { step: number; user: string }[] };

/** Reads every event of these requests, and their rows and calls, and compares. */
async function audit(ground: Ground, before: number, ids: readonly string[], findings: Findings): Promise<string> {
  const told = new Map(ids.map((id): [string, Told] => [id, { expired: 0, steps: [], called: new Map() }]));
  await readLedger(ground.urls.owner, before, findings, ({ kind, subject, data }) => {
    const events = told.get(subject?.id ?? '');
    if (kind === 'approval.expired' && events) events.expired++;
    if ((kind !== 'approval.reminded' && kind !== 'approval.escalated') || !events) return;
    const step = Number(data?.['step']);
    events.steps.push(step);
    events.called.set(step, Array.isArray(data?.['called']) ? data['called'].map(String) : []);
  });
  const { rows } = await ground.owner.query<Stored>(
    `SELECT a.id, a.status, a.step::int, (SELECT coalesce(json_agg(json_build_object('step', c.step, 'user', c.user_id)), '[]') FROM approval_calls c
       WHERE c.approval_id = a.id) AS calls FROM approvals a WHERE a.id = ANY ($1)`,
    [ids],
  );
  findings.expect(rows.length === ids.length, () => `${ids.length - rows.length} requests are gone`);
  for (const row of rows) auditOne(row, told.get(row.id) ?? { expired: 0, steps: [], called: new Map() }, findings);
  const steps = [...told.values()].flatMap((one) => one.steps);
  const of = (step: number) => steps.filter((one) => one === step).length;
  const calls = rows.reduce((sum, row) => sum + row.calls.length, 0);
  const cut = await ground.owner.query<{ runs: number }>(
    "SELECT count(*)::int AS runs FROM job_runs WHERE ended_at IS NULL AND job LIKE 'approvals.%'",
  );
  return `${ids.length} requests expired; ${of(1)} reminded, ${of(2)} brought to backups, ${of(3)} to the accountable owner, ${calls} calls, ${cut.rows[0]?.runs ?? 0} sweeps cut off`;
}

function auditOne({ id, status, step, calls }: Stored, { expired, steps, called }: Told, findings: Findings): void {
  findings.expect(status === 'expired' && expired === 1, () => `${id} is ${status} with ${expired} events of it`);
  findings.expect(
    steps.every((one, at) => at === 0 || one > (steps[at - 1] ?? 0)) && (steps.at(-1) ?? 0) === step,
    () => `${id} stands at step ${step} after ${steps.join(', ') || 'no step'}`,
  );
  const inLedger = [...called.values()].flat();
  const inRows = new Set(calls.map(({ user }) => user));
  findings.expect(
    [...called.values()].every((people) => new Set(people).size === people.length) && inLedger.every((user) => inRows.has(user)),
    () => `${id}: the ledger says that ${inLedger.join(', ')} were called, the rows ${[...inRows].join(', ')}`,
  );
  findings.expect(
    calls.every(({ user }) => inLedger.includes(user)),
    () => `${id}: somebody was called without an event`,
  );
}
