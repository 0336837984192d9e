import type { PrismaClient } from '@/lib/platform/db/generated/client';
import { catalog, JobName, type JobHandlers } from '../catalog';
import { staleAfterMs } from '../domain';
import { runJob, type RunRecorder } from '../queues';
import { listOwed } from '../store';

/** How long the queues have to hand what somebody asked for to a worker. */
const hintMsMax = 5_000;

/**
 * runOwed runs here what the queues should have brought to a worker by now, to whichever process: what a person asked for, and a job that nobody has
 * begun for three of its intervals. So a Redis that is away, or that lost what it was told, stops nothing. To be called every few seconds. One that
 * fails keeps no other back: it throws once all have run.
 */
export async function runOwed(db: PrismaClient, handlers: JobHandlers, record: RunRecorder): Promise<void> {
  const jobs = JobName.options.map((job) => ({ job, staleAfterMs: staleAfterMs(catalog[job].everyMs) }));
  const failed: unknown[] = [];
  for (const job of await listOwed(db, jobs, hintMsMax))
    await runJob(handlers, job, {}, record).catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}
