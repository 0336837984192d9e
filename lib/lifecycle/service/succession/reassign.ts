import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { Reassignment, type HandOverRefusal, type HeldRef, type ReassignResult } from '../../schema/succession';
import { carryOver, tellReassigned, whyNotHandOver } from './hand-over';

type OneOutcome = { ok: true } | Refused<HandOverRefusal>;

/**
 * reassign gives each of these things to one person, each in a commit of its own, so that one refusal leaves the rest; answers what became of every
 * one, in their order. Throws when `input` is not a Reassignment.
 */
export async function reassign(actor: Actor, input: Reassignment): Promise<ReassignResult[]> {
  const { items, to, reason } = Reassignment.parse(input);
  const results: ReassignResult[] = [];
  for (const item of items) {
    const outcome = await reassignOne(actor, item, to, reason);
    results.push({ ...item, refusal: outcome.ok ? null : outcome.code });
  }
  return results;
}

function reassignOne(actor: Actor, item: HeldRef, to: string, reason: string): Promise<OneOutcome> {
  return actAs(actor, 'agents:reassign', async (tx, doer): Promise<OneOutcome> => {
    const handOver = { ...item, to };
    const code = await whyNotHandOver(tx, doer, handOver, 'anew');
    if (code) return { ok: false, code };
    const cells = await carryOver(tx, actor, handOver);
    await tellReassigned(tx, actor, handOver, cells, reason);
    return { ok: true };
  });
}
