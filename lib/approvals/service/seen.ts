import { appendEvent } from '@/lib/ledger/service';
import type { PersonActor } from '@/lib/people/schema';
import { inTransaction, lockActor } from '@/lib/people/service';
import { whyNotDecide } from '../domain';
import { findApproval, insertView } from '../store';

export type SeenOutcome = { ok: true; first: boolean } | { ok: false; code: 'NOT_FOUND' | 'NOT_ROUTED' };

/**
 * seeRequest records, once, that a person whom a waiting request is routed to has had its card on the screen. NOT_ROUTED: it waits no more, or not for
 * them; then nothing is recorded, since their look decides nothing.
 */
export function seeRequest(actor: PersonActor, id: string): Promise<SeenOutcome> {
  return inTransaction(async (tx): Promise<SeenOutcome> => {
    const person = await lockActor(tx, actor.id);
    const approval = person && (await findApproval(tx, id));
    if (!person || !approval) return { ok: false, code: 'NOT_FOUND' };
    if (whyNotDecide(person, approval, approval.now) !== undefined) return { ok: false, code: 'NOT_ROUTED' };
    if ((await insertView(tx, id, person.id)) === 0) return { ok: true, first: false };
    const data = { decision: approval.decisionId };
    await appendEvent(tx, { kind: 'approval.seen', actor, subject: { type: 'approval', id }, data });
    return { ok: true, first: true };
  });
}
