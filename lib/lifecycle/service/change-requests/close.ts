import { appendEvent, type NewEvent, type Reaction } from '@/lib/ledger/service';
import type { Tx } from '@/lib/people/service';
import * as store from '../../store/change-requests';

/** closeRequestsOfAgent ends what is asked of an agent that is decommissioned or written anew, in the same commit. */
export const closeRequestsOfAgent: Reaction = (tx, event) =>
  closeAll(tx, event, { agent: event.subject.id }, event.kind === 'agent.decommissioned' ? 'AGENT_DECOMMISSIONED' : 'AGENT_REOPENED');

/** closeRequestsOfPerson ends what an account that is deactivated had asked for: nobody stands behind it any more. */
export const closeRequestsOfPerson: Reaction = (tx, event) => closeAll(tx, event, { requester: event.subject.id }, 'ASKER_REMOVED');

async function closeAll(tx: Tx, event: NewEvent, which: Parameters<typeof store.withdrawAll>[1], because: string): Promise<void> {
  for (const { id, agentId } of await store.withdrawAll(tx, which, event.actor.id))
    await appendEvent(tx, {
      kind: 'change.withdrawn',
      actor: event.actor,
      subject: { type: 'agent', id: agentId },
      data: { request: id, because },
    });
}
