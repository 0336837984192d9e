import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { inTransaction } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { BREAKER_WITHIN_SECONDS_MAX } from '@/lib/policy/schema';
import { afterHalfOpen, type Tried } from '../../domain/breakers';
import { counterOf } from '../../domain/probes';
import { undeclaredActions, type Breaker } from '../../schema';
import * as store from '../../store/breakers';

/** Half-open breakers looked at with one query. */
const pageMax = 200;
/** Rows of old counts removed in one batch. */
export const windowSweepMax = 5_000;
/** Counts are of no use any more once no window reaches back to them. */
const windowKeptSeconds = 2 * BREAKER_WITHIN_SECONDS_MAX;

/**
 * recoverBreakers looks at every half-open breaker: those whose probes did well close, those of which one did not, or of which nobody says what became,
 * open again. Answers how many changed. Only a person's reset and this close a breaker; several processes at once change nothing twice.
 */
export async function recoverBreakers(keepGoing: () => boolean = () => true): Promise<number> {
  let changed = 0;
  let after: { agentId: string; actionType: string } | undefined;
  while (keepGoing()) {
    const page = await store.listHalfOpen(prisma(), after, pageMax);
    for (const { breaker, now } of page) if (await moveOn(breaker, now)) changed += 1;
    const last = page.at(-1)?.breaker;
    if (page.length < pageMax || !last) break;
    after = last;
  }
  return changed;
}

async function moveOn(breaker: Breaker, now: Date): Promise<boolean> {
  const counter = counterOf(breaker);
  const next = afterHalfOpen(breaker, await whatWasTried(breaker, counter), now);
  if (next.to === 'half_open') return false;
  const moved =
    next.to === 'closed' ? await close(breaker) : await store.openAgain(prisma(), newId('evt'), breaker, next.facts, next.pauseSeconds);
  if (moved) await store.forgetUsed(prisma(), counter);
  return moved;
}

async function whatWasTried(breaker: Breaker, counter: string): Promise<Tried> {
  const db = prisma();
  const declared = breaker.actionType !== undeclaredActions;
  const used = await store.countUsed(db, counter);
  const nothing: Tried = { used, lastAt: null, good: 0, bad: 0, spend: '0', declared };
  if (breaker.cause === 'spend') return { ...nothing, spend: await store.sumSpend(db, breaker, breaker.facts.windowSeconds) };
  const probes = used === 0 ? [] : await store.listProbes(db, breaker, breaker.probes);
  const lastAt = probes.at(-1)?.at ?? null;
  if (breaker.cause === 'refusals') {
    const { checks, refused } = await store.countTried(db, breaker);
    return { ...nothing, lastAt, good: checks - refused, bad: refused };
  }
  const reported = probes.filter(({ outcome }) => outcome !== null);
  const good = reported.filter(({ outcome }) => outcome === 'succeeded').length;
  return { ...nothing, lastAt, good, bad: reported.length - good };
}

const close = ({ agentId, actionType, openedAt, cause, times }: Breaker): Promise<boolean> =>
  inTransaction(async (tx) => {
    if (!(await store.closeBreaker(tx, { agentId, actionType, openedAt }, null))) return false;
    await appendEvent(tx, {
      kind: 'breaker.closed',
      actor: { type: 'system', id: 'breaker' },
      subject: { type: 'agent', id: agentId },
      data: { action_type: actionType, by: 'recovery', cause, opened_at: openedAt.toISOString(), times },
    });
    return true;
  });

/** sweepBreakerWindows removes up to one batch of counts that no window reaches back to; counts. */
export const sweepBreakerWindows = (): Promise<number> => store.deleteOldWindows(prisma(), windowKeptSeconds, windowSweepMax);
