import { appendEvent } from '@/lib/ledger/service';
import { actAs, type PersonActor, type Refused } from '@/lib/people/service';
import { JobName } from '../catalog';
import { insertAsk } from '../store';
import { withQueues } from './queues';

/** `first`: false while an earlier ask of the same job waits; then nothing new was done. */
export type AskOutcome = { ok: true; first: boolean } | Refused<'NOT_ALLOWED' | 'NOT_FOUND'>;

/**
 * askJob has a job run as soon as a worker is there, and records who wanted it. The row is what was asked; the queue is only told of it, so that an
 * ask outlives a queue that is away or emptied: the next run of that job is the one that was asked for, and runOwed sees to it that there is one.
 */
export async function askJob(actor: PersonActor, name: string): Promise<AskOutcome> {
  const job = JobName.safeParse(name);
  if (!job.success) return { ok: false, code: 'NOT_FOUND' };
  const asked = await actAs(actor, 'jobs:manage', async (tx) => {
    const id = await insertAsk(tx, job.data, actor.id);
    if (id !== undefined) await appendEvent(tx, { kind: 'job.asked', actor, subject: { type: 'job', id: job.data }, data: {} });
    return { ok: true as const, id };
  });
  if (!asked.ok) return asked;
  if (asked.id === undefined) return { ok: true, first: false };
  await withQueues((queues) => queues.enqueue(job.data, {}, `asked-${asked.id}`));
  return { ok: true, first: true };
}
