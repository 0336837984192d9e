import type { RunState } from './schema';

/** A run that has not said that it ended for this long has died: no sweep works as long. */
export const lostAfterMs = 5 * 60_000;
/** A job that has not begun for this many of its intervals is not run by anybody. */
const staleIntervals = 3;
/** Jobs at least this frequent tell whether the jobs process is there. */
const frequentMs = 60_000;

type Run = { startedAt: Date; endedAt: Date | null; error: string | null };

/** runState is what became of a run, at `now`. */
export function runState({ startedAt, endedAt, error }: Run, now: Date): RunState {
  if (endedAt !== null) return error === null ? 'done' : 'failed';
  return now.getTime() - startedAt.getTime() > lostAfterMs ? 'lost' : 'running';
}

/** staleAfterMs is how long a job may go without having begun before it is stale. */
export const staleAfterMs = (everyMs: number): number => staleIntervals * everyMs;

/** isStale tells whether a job has not begun for three of its intervals; one that never ran is not known to be late. */
export const isStale = (everyMs: number, lastStartedAt: Date | null, now: Date): boolean =>
  lastStartedAt !== null && now.getTime() - lastStartedAt.getTime() > staleAfterMs(everyMs);

/** isAway tells whether the jobs process is: every frequent job is stale, or none ever ran. */
export const isAway = (jobs: readonly { everyMs: number; lastStartedAt: Date | null }[], now: Date): boolean =>
  jobs
    .filter(({ everyMs }) => everyMs <= frequentMs)
    .every((job) => job.lastStartedAt === null || isStale(job.everyMs, job.lastStartedAt, now));
