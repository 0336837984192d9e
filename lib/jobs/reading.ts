import { listUsers } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { catalog, JobName, queueNames } from './catalog';
import { isAway, isStale, lostAfterMs, runState } from './domain';
import { runsPageMax, type JobRun, type JobsView, type JobView, type QueueView, type RunPage, type RunQuery } from './schema';
import { carriedBy, withQueues } from './service/queues';
import { listJobs, listRuns, type JobRow, type RunRow } from './store';

type Names = ReadonlyMap<string, string>;
const namesOf = async (): Promise<Names> => new Map((await listUsers()).map(({ id, name }) => [id, name]));
const named = (id: string, names: Names) => ({ id, name: names.get(id) ?? id });

const viewOf = (run: RunRow, now: Date, names: Names): JobRun => ({
  id: String(run.id),
  state: runState(run, now),
  startedAt: run.startedAt.toISOString(),
  endedAt: run.endedAt?.toISOString() ?? null,
  changed: run.changed,
  error: run.error,
  worker: run.worker,
  askedBy: run.askedBy === null ? null : named(run.askedBy, names),
});

function jobOf(row: JobRow & { job: JobName }, now: Date, names: Names): JobView {
  const { does, everyMs } = catalog[row.job];
  const startedAt = row.last?.startedAt ?? null;
  return {
    id: row.job,
    does,
    everyMs,
    last: row.last && viewOf(row.last, now, names),
    lastFailure: row.lastFailure && viewOf(row.lastFailure, now, names),
    failures: row.failures,
    nextAt: startedAt === null ? null : new Date(startedAt.getTime() + everyMs).toISOString(),
    stale: isStale(everyMs, startedAt, now),
    asked: row.askedBy === null || row.askedAt === null ? null : { by: named(row.askedBy, names), at: row.askedAt.toISOString() },
  };
}

async function readQueues(): Promise<QueueView[]> {
  const counts = await withQueues((queues) => queues.counts());
  return queueNames.map((name) => ({ name, carriedBy: carriedBy(), counts: counts?.[name] ?? null }));
}

/** readJobs answers how every job of the catalog goes, in its order, and what is in the queues. */
export async function readJobs(): Promise<JobsView> {
  const [{ rows, now }, names, queues] = await Promise.all([listJobs(prisma(), JobName.options, lostAfterMs), namesOf(), readQueues()]);
  const byJob = new Map(rows.map((row) => [row.job, row]));
  const known = JobName.options.flatMap((job) => {
    const row = byJob.get(job);
    return row ? [{ ...row, job }] : [];
  });
  return {
    at: now.toISOString(),
    away: isAway(
      known.map(({ job, last }) => ({ everyMs: catalog[job].everyMs, lastStartedAt: last?.startedAt ?? null })),
      now,
    ),
    jobs: known.map((row) => jobOf(row, now, names)),
    queues,
  };
}

/** readJob answers how one job goes; undefined when there is none of that name. */
export async function readJob(id: string): Promise<JobView | undefined> {
  const job = JobName.safeParse(id);
  if (!job.success) return undefined;
  const [{ rows, now }, names] = await Promise.all([listJobs(prisma(), [job.data], lostAfterMs), namesOf()]);
  return rows[0] && jobOf({ ...rows[0], job: job.data }, now, names);
}

/** readRuns gives a page of the runs of one job, newest first; undefined when there is none of that name. */
export async function readRuns(id: string, { failed, before }: RunQuery): Promise<RunPage | undefined> {
  const job = JobName.safeParse(id);
  if (!job.success) return undefined;
  const page = { failedOnly: failed === '1', before: before === undefined ? null : BigInt(before), limit: runsPageMax + 1, lostAfterMs };
  const [rows, names] = await Promise.all([listRuns(prisma(), job.data, page), namesOf()]);
  const runs = rows.slice(0, runsPageMax).map((run) => viewOf(run, run.now, names));
  return { runs, next: rows.length > runsPageMax ? (runs.at(-1)?.id ?? null) : null };
}

/** A job that somebody should look at, as their home lists it. */
export type AilingJob = { id: string; title: string; href: string; at: string };

/** listAilingJobs gives the jobs whose last run failed, and those that nobody runs, in the order of the catalog. */
export async function listAilingJobs(limit: number): Promise<{ items: AilingJob[]; total: number }> {
  const { rows, now } = await listJobs(prisma(), JobName.options, lostAfterMs);
  const byJob = new Map(rows.map((row) => [row.job, row]));
  const ailing = JobName.options.flatMap((job): AilingJob[] => {
    const last = byJob.get(job)?.last;
    if (!last) return [];
    const state = runState(last, now);
    const ails =
      state === 'failed'
        ? 'failed'
        : state === 'lost'
          ? 'did not end'
          : isStale(catalog[job].everyMs, last.startedAt, now)
            ? 'is not run'
            : null;
    return ails === null ? [] : [{ id: job, title: `Job ${job} ${ails}`, href: `/jobs/${job}`, at: last.startedAt.toISOString() }];
  });
  return { items: ailing.slice(0, limit), total: ailing.length };
}
