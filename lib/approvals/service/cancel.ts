import { appendEvent, type NewEvent, type Reaction } from '@/lib/ledger/service';
import { findUser, type Tx } from '@/lib/people/service';
import type { CancellationCode } from '../schema';
import { cancelRequests, lockCancellable, waitForGateways, type Cancellable } from '../store/cancel';

/** Requests that one statement cancels; there are as many rounds as it takes. */
const cancelBatchMax = 200;

/**
 * cancelApprovalsOfPerson takes back, in the commit that deactivates an account, what it had signed and no agent has used (APPROVER_REMOVED), and
 * what is open on its behalf (ASKER_REMOVED). What a gateway used before stays used. It holds the order lock from here to the commit, so it stays
 * the last reaction to this event.
 */
export const cancelApprovalsOfPerson: Reaction = async (tx, event) => {
  const person = await findUser(event.subject.id, tx);
  if (!person) throw new Error('an account was deactivated that is not there');
  const askedFor = { askedFor: { id: person.id, email: person.email } };
  await cancelAll(tx, event, { signedBy: person.id }, 'APPROVER_REMOVED');
  await cancelAll(tx, event, askedFor, 'ASKER_REMOVED');
  // A gateway may have committed such a request since it was looked for, and does not look at who asks. Nothing may be waited for under the order
  // lock: who holds a request may be waiting for it.
  await waitForGateways(tx);
  await cancelAll(tx, event, askedFor, 'ASKER_REMOVED', true);
};

/** cancelApprovalsOfAgent takes back what a decommissioned agent had asked for and not used. One that slips in is refused when it is used. */
export const cancelApprovalsOfAgent: Reaction = (tx, event) => cancelAll(tx, event, { agent: event.subject.id }, 'AGENT_DECOMMISSIONED');

async function cancelAll(tx: Tx, event: NewEvent, which: Cancellable, code: CancellationCode, skipHeld = false): Promise<void> {
  for (;;) {
    const found = await lockCancellable(tx, which, cancelBatchMax, skipHeld);
    if (found.length === 0) return;
    const ids = found.map(({ id }) => id);
    const cancelled = await cancelRequests(tx, ids, code);
    if (cancelled !== ids.length) throw new Error(`${ids.length} requests were held and ${cancelled} could be cancelled`);
    for (const { id, decisionId: decision } of found) {
      await appendEvent(tx, {
        kind: 'approval.cancelled',
        actor: event.actor,
        subject: { type: 'approval', id },
        data: { decision, reason_code: code, because_of: event.subject.id },
      });
    }
  }
}
