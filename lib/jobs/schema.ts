import { z } from 'zod';

/** Runs of one job on one page. */
export const runsPageMax = 50;
/** Longest error that is kept of a run. */
export const errorLengthMax = 500;

export const JobId = z.string().regex(/^[a-z_]+\.[a-z_]+$/);
const Named = z.object({ id: z.string(), name: z.string() });

/** `lost`: it never said that it ended, so its process died. */
export const RunState = z.enum(['running', 'done', 'failed', 'lost']);
export type RunState = z.infer<typeof RunState>;

/** One run of a job. `worker` is the host and process that ran it, `changed` how many rows it changed. */
export const JobRun = z.object({
  id: z.string(),
  state: RunState,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  changed: z.number().nullable(),
  error: z.string().nullable(),
  worker: z.string(),
  askedBy: Named.nullable(),
});
export type JobRun = z.infer<typeof JobRun>;

/** One job of the catalog with how it goes. `failures` are those of the last 24 hours; `nextAt` is when it is due by its interval. */
export const JobView = z.object({
  id: z.string(),
  does: z.string(),
  everyMs: z.number(),
  last: JobRun.nullable(),
  lastFailure: JobRun.nullable(),
  failures: z.number(),
  nextAt: z.string().nullable(),
  /** It has not begun for three of its intervals. */
  stale: z.boolean(),
  /** Somebody asked for it, and it has not begun yet. */
  asked: z.object({ by: Named, at: z.string() }).nullable(),
});
export type JobView = z.infer<typeof JobView>;

export const QueueCounts = z.object({ waiting: z.number(), active: z.number(), delayed: z.number(), failed: z.number() });
export type QueueCounts = z.infer<typeof QueueCounts>;

/** One queue, what carries it, and how much is in it; null: what carries it does not answer. */
export const QueueView = z.object({ name: z.string(), carriedBy: z.enum(['PostgreSQL', 'Redis']), counts: QueueCounts.nullable() });
export type QueueView = z.infer<typeof QueueView>;

/** All jobs and queues. `away`: none of the frequent jobs runs, so the jobs process is away. */
export const JobsView = z.object({ at: z.string(), away: z.boolean(), jobs: z.array(JobView), queues: z.array(QueueView) });
export type JobsView = z.infer<typeof JobsView>;

/** A page of runs of one job, newest first; `next` is the `before` of the following one. */
export const RunPage = z.object({ runs: z.array(JobRun), next: z.string().nullable() });
export type RunPage = z.infer<typeof RunPage>;

export const RunQuery = z.object({
  failed: z.enum(['1']).optional(),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});
export type RunQuery = z.infer<typeof RunQuery>;
