import { appendEvent } from '@/lib/ledger/service';
import { samePerson } from '@/lib/people/domain';
import { actAs, findUser, type Actor, type Refused } from '@/lib/people/service';
import type { ChangeRequest } from '../../schema/change-requests';
import * as store from '../../store/change-requests';
import { holdRequest } from './decide';

export type WithdrawOutcome = { ok: true; request: ChangeRequest } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'NOT_YOURS' | 'CLOSED'>;

/** withdrawChange takes a request back, by the person who made it, whichever account they use. */
export function withdrawChange(actor: Actor, id: string): Promise<WithdrawOutcome> {
  return actAs(actor, 'changes:request', async (tx, doer): Promise<WithdrawOutcome> => {
    const held = await holdRequest(tx, id);
    if (!held) return { ok: false, code: 'NOT_FOUND' };
    const { request } = held;
    const requester = await findUser(request.requestedBy, tx);
    if (!doer || !requester || !samePerson(doer, requester)) return { ok: false, code: 'NOT_YOURS' };
    if (!(await store.closeRequest(tx, { id, status: 'withdrawn', by: actor.id, reason: null }))) return { ok: false, code: 'CLOSED' };
    await appendEvent(tx, { kind: 'change.withdrawn', actor, subject: { type: 'agent', id: request.agentId }, data: { request: id } });
    return { ok: true, request: { ...request, status: 'withdrawn' } };
  });
}
