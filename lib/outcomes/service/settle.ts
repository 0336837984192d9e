import { maySettle } from '../domain/settle';
import type { FinalStatus, SettleRefusalCode } from '../schema';
import { claimSettled, findOutcome } from '../store/outcomes';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Doer, type Refused, type Tx } from '@/lib/people/service';
import { ownsProcess } from '@/lib/registry/service';

export type SettleOutcome = { ok: true; status: FinalStatus } | Refused<SettleRefusalCode>;

/**
 * settleOutcome writes what a person found out about an action whose agent could not tell; from its commit on the same effect may be tried again.
 * NOT_AMBIGUOUS when its outcome is known, or somebody was faster.
 */
export function settleOutcome(actor: Actor, decision: string, status: FinalStatus, reason: string): Promise<SettleOutcome> {
  return actAs(actor, 'outcomes:settle', async (tx, doer): Promise<SettleOutcome> => {
    const outcome = await findOutcome(tx, decision);
    if (!outcome) return { ok: false, code: 'NOT_FOUND' };
    if (!(await reaches(tx, doer, outcome.processId))) return { ok: false, code: 'NOT_ALLOWED' };
    if ((await claimSettled(tx, decision, status, actor.id)) !== 1) return { ok: false, code: 'NOT_AMBIGUOUS' };
    await appendEvent(tx, {
      kind: 'outcome.settled',
      actor,
      subject: { type: 'outcome', id: decision },
      data: { decision, agent: outcome.agentId, process: outcome.processId, status },
      sealed: { text: reason },
    });
    return { ok: true, status };
  });
}

async function reaches(tx: Tx, doer: Doer, processId: string | null): Promise<boolean> {
  return doer === undefined || maySettle(doer, processId !== null && (await ownsProcess(tx, doer, processId)));
}
