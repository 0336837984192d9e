import type { Logger } from 'pino';
import type { JobHandlers } from './catalog';
import { openWorkers, type QueueStore, type RunRecorder, type Workers } from './queues';

/** How often schedules are looked after: a Redis may be emptied at any time. */
const schedulesEveryMs = 10_000;

export type Supervisor = {
  /** tick opens the workers when there are none, and others when they were lost; to be called every few seconds. Throws when they cannot be opened. */
  tick: () => Promise<void>;
  close: () => Promise<void>;
};

/**
 * superviseWorkers keeps the queue's workers open through restarts of what carries them: after any failure of the engine they are closed and opened
 * anew, since some of its connections never come back by themselves.
 */
export function superviseWorkers(
  store: QueueStore,
  handlers: JobHandlers,
  log: Logger,
  record?: RunRecorder,
  schedulesMs = schedulesEveryMs,
): Supervisor {
  let workers: Workers | undefined;
  let lost = false;
  let keptAt = 0;
  return {
    tick: async () => {
      if (lost) await workers?.close();
      if (lost) workers = undefined;
      lost = false;
      if (workers && performance.now() - keptAt > schedulesMs) {
        await workers.keepSchedules();
        keptAt = performance.now();
      }
      workers ??= await openWorkers({
        store,
        handlers,
        ...(record ? { record } : {}),
        onJobFailed: (job, error) => log.error({ job, err: error.message }, 'a job failed; it runs again on its next turn'),
        onLost: (error) => {
          lost = true;
          log.warn({ queues: store.kind, err: error.message }, 'the queues were lost; they are opened again');
        },
      });
    },
    close: async () => {
      await workers?.close();
    },
  };
}
