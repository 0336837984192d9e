import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';

type Reader = PrismaClient | Prisma.TransactionClient;

export type RunRow = {
  id: bigint;
  worker: string;
  startedAt: Date;
  endedAt: Date | null;
  changed: number | null;
  error: string | null;
  askedBy: string | null;
};

/** startRun writes that a worker begins a job, and takes what was asked of it along; answers the run. */
export async function startRun(db: Reader, job: string, worker: string): Promise<bigint> {
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    WITH asked AS (
      UPDATE job_runs SET worker = ${worker}, started_at = clock_timestamp() WHERE job = ${job} AND worker = '' RETURNING id),
    fresh AS (INSERT INTO job_runs (job, worker) SELECT ${job}, ${worker} WHERE NOT EXISTS (SELECT 1 FROM asked) RETURNING id)
    SELECT id FROM asked UNION ALL SELECT id FROM fresh`;
  const [run] = rows;
  if (!run) throw new Error('a run was neither asked for nor begun');
  return run.id;
}

/** endRun writes how a run ended. Of those that changed nothing and nobody asked for only the latest of a job is kept, or a frequent one would fill the table. */
export async function endRun(db: Reader, id: bigint, changed: number | null, error: string | null): Promise<void> {
  await db.$executeRaw`
    WITH ended AS (
      UPDATE job_runs SET ended_at = clock_timestamp(), changed = ${changed}, error = ${error} WHERE id = ${id} RETURNING job, asked_by)
    DELETE FROM job_runs r USING ended e
    WHERE ${changed}::int = 0 AND e.asked_by IS NULL AND r.job = e.job AND r.id < ${id} AND r.changed = 0 AND r.error IS NULL AND r.asked_by IS NULL`;
}

/** deleteOldRuns removes up to `limit` runs that began more than `days` ago, or that `keptMax` later ones of the same job stand before; counts. */
export const deleteOldRuns = (db: Reader, days: number, keptMax: number, limit: number): Promise<number> =>
  db.$executeRaw`
    DELETE FROM job_runs WHERE id IN (
      SELECT id FROM (SELECT id, started_at, row_number() OVER (PARTITION BY job ORDER BY id DESC) AS place FROM job_runs) r
      WHERE r.started_at < clock_timestamp() - make_interval(days => ${days}::int) OR r.place > ${keptMax} ORDER BY id LIMIT ${limit})`;

/** insertAsk writes that a person wants a job to run; undefined while one ask of it waits already. */
export async function insertAsk(tx: Prisma.TransactionClient, job: string, personId: string): Promise<bigint | undefined> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    INSERT INTO job_runs (job, worker, asked_by) VALUES (${job}, '', ${personId}) ON CONFLICT (job) WHERE worker = '' DO NOTHING RETURNING id`;
  return rows[0]?.id;
}

/** listOwed gives, of these jobs, those that somebody asked for `hintMsMax` ago and no worker has begun, and those whose last run began too long ago. */
export async function listOwed(db: Reader, jobs: readonly { job: string; staleAfterMs: number }[], hintMsMax: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ job: string }[]>`
    SELECT j.job FROM unnest(${jobs.map(({ job }) => job)}::text[], ${jobs.map((one) => one.staleAfterMs)}::float8[]) AS j(job, stale)
    WHERE EXISTS (SELECT 1 FROM job_runs r WHERE r.job = j.job AND r.worker = '' AND r.started_at < clock_timestamp() - make_interval(secs => ${hintMsMax}::float8 / 1000))
      OR (SELECT max(r.started_at) FROM job_runs r WHERE r.job = j.job AND r.worker <> '') < clock_timestamp() - make_interval(secs => j.stale / 1000)`;
  return rows.map(({ job }) => job);
}

/** What is known of one job: its latest run, its latest failure, how many there were of late, and what was asked of it. */
export type JobRow = {
  job: string;
  last: RunRow | null;
  lastFailure: RunRow | null;
  failures: number;
  askedBy: string | null;
  askedAt: Date | null;
};

const run = `id, worker, started_at AS "startedAt", ended_at AS "endedAt", changed, error, asked_by AS "askedBy"`;
// A run that failed, or that has not said for so long ($2, in ms) that it ended that its process must have died.
const failed = `(error IS NOT NULL OR (ended_at IS NULL AND started_at < clock_timestamp() - make_interval(secs => $2::float8 / 1000)))`;

type Side = 'last' | 'failure';
type RawJob = Omit<JobRow, 'last' | 'lastFailure'> & { now: Date } & { [Key in Side as `${Key}Id`]: bigint | null };

/** listJobs answers what is known of these jobs, failures of the last 24 hours counted, with the database's own time. */
export async function listJobs(db: Reader, jobs: readonly string[], lostAfterMs: number): Promise<{ rows: JobRow[]; now: Date }> {
  const found = await db.$queryRawUnsafe<RawJob[]>(
    `SELECT j.job, clock_timestamp() AS now,
       (SELECT id FROM job_runs r WHERE r.job = j.job AND worker <> '' ORDER BY started_at DESC, id DESC LIMIT 1) AS "lastId",
       (SELECT id FROM job_runs r WHERE r.job = j.job AND worker <> '' AND ${failed} ORDER BY started_at DESC, id DESC LIMIT 1) AS "failureId",
       (SELECT count(*)::int FROM job_runs r WHERE r.job = j.job AND worker <> '' AND ${failed} AND started_at > clock_timestamp() - interval '24 hours') AS failures,
       a.asked_by AS "askedBy", a.started_at AS "askedAt"
     FROM unnest($1::text[]) AS j(job) LEFT JOIN job_runs a ON a.job = j.job AND a.worker = ''`,
    jobs,
    lostAfterMs,
  );
  const ids = found.flatMap(({ lastId, failureId }) => [lastId, failureId].filter((id) => id !== null));
  const runs = await db.$queryRawUnsafe<RunRow[]>(`SELECT ${run} FROM job_runs WHERE id = ANY ($1)`, ids);
  const byId = new Map(runs.map((one) => [one.id, one]));
  const of = (id: bigint | null): RunRow | null => (id === null ? null : (byId.get(id) ?? null));
  const rows = found.map(({ job, failures, askedBy, askedAt, lastId, failureId }) => ({
    job,
    last: of(lastId),
    lastFailure: of(failureId),
    failures,
    askedBy,
    askedAt,
  }));
  return { rows, now: found[0]?.now ?? new Date() };
}

/** listRuns gives runs of one job, newest first; `failedOnly` leaves out those that went well. */
export const listRuns = (
  db: Reader,
  job: string,
  page: { failedOnly: boolean; before: bigint | null; limit: number; lostAfterMs: number },
): Promise<(RunRow & { now: Date })[]> =>
  db.$queryRawUnsafe(
    `SELECT ${run}, clock_timestamp() AS now FROM job_runs
     WHERE job = $1 AND worker <> '' AND ($3::bigint IS NULL OR id < $3) AND (NOT $4 OR ${failed}) ORDER BY id DESC LIMIT $5`,
    job,
    page.lostAfterMs,
    page.before,
    page.failedOnly,
    page.limit,
  );
