import { onClose } from '@/lib/platform/db';
import { webEnv } from '@/lib/platform/env';
import { createLog } from '@/lib/platform/log';
import { openQueues, queueStore, type Queues } from '../queues';

/** What carries the queues answers within this, or counts as away. */
const answerMsMax = 2_000;
// On globalThis because Next's bundles load this module more than once.
const holder = globalThis as typeof globalThis & { countersignQueues?: Queues | undefined };

/** The queues as this process hands jobs in; opened on first use, and anew after what carries them was lost. */
function queues(): Queues {
  if (holder.countersignQueues) return holder.countersignQueues;
  const { DATABASE_URL_WEB, REDIS_URL } = webEnv();
  const opened: Queues = openQueues(queueStore(DATABASE_URL_WEB, REDIS_URL), (error) => forget(opened, error));
  onClose(() => forget(opened));
  return (holder.countersignQueues = opened);
}

async function forget(opened: Queues, error?: Error): Promise<void> {
  if (holder.countersignQueues !== opened) return;
  holder.countersignQueues = undefined;
  if (error) createLog('web').warn({ err: error.message }, 'the queues were lost; they are opened again when they are needed');
  await opened.close();
}

/** withQueues asks the queues something; undefined when what carries them does not answer in time. They hold no truth: nothing is lost by that. */
export async function withQueues<Answer>(ask: (queues: Queues) => Promise<Answer>): Promise<Answer | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), answerMsMax);
  });
  try {
    return await Promise.race([ask(queues()), late]);
  } catch (error) {
    createLog('web').warn({ err: error instanceof Error ? error.message : String(error) }, 'the queues do not answer');
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** carriedBy is what carries the queues of this installation. */
export const carriedBy = (): 'PostgreSQL' | 'Redis' => (webEnv().REDIS_URL === undefined ? 'PostgreSQL' : 'Redis');
