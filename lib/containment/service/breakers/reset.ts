import { appendEvent } from '@/lib/ledger/service';
import { actAs, type PersonActor, type Refused } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { findAgent, ownsProcess } from '@/lib/registry/service';
import { mayResetBreaker } from '../../domain';
import { counterOf } from '../../domain/probes';
import { ResetBreaker, type Breaker } from '../../schema';
import * as store from '../../store/breakers';

export type ResetOutcome = { ok: true; breaker: Breaker } | Refused<'NOT_ALLOWED' | 'NOT_OPEN'>;

/**
 * resetBreaker closes an open or half-open breaker at once, by a person's word. A process owner's word reaches their own processes only. The reason is
 * kept encrypted beside the ledger. Throws when `input` is not a ResetBreaker.
 */
export async function resetBreaker(actor: PersonActor, input: ResetBreaker): Promise<ResetOutcome> {
  const { agent: agentId, actionType, reason } = ResetBreaker.parse(input);
  const outcome = await actAs(actor, 'breakers:reset', async (tx, doer): Promise<ResetOutcome> => {
    const agent = await findAgent(agentId, tx);
    const owns = doer !== undefined && agent !== undefined && (await ownsProcess(tx, doer, agent.processId));
    if (!doer || !mayResetBreaker(doer, owns)) return { ok: false, code: 'NOT_ALLOWED' };
    const breaker = await store.lockBreaker(tx, agentId, actionType);
    if (breaker?.state !== 'open' || !(await store.closeBreaker(tx, breaker, doer.id))) return { ok: false, code: 'NOT_OPEN' };
    const { cause, openedAt, times } = breaker;
    await appendEvent(tx, {
      kind: 'breaker.closed',
      actor,
      subject: { type: 'agent', id: agentId },
      data: { action_type: actionType, by: 'person', cause, opened_at: openedAt.toISOString(), times },
      sealed: { text: reason },
    });
    return { ok: true, breaker };
  });
  if (outcome.ok) await store.forgetUsed(prisma(), counterOf(outcome.breaker));
  return outcome;
}
