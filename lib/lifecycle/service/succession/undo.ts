import { appendEvent } from '@/lib/ledger/service';
import { actAs, findUser, lockActor, type Actor, type Doer, type Refused, type Tx } from '@/lib/people/service';
import { moveAccountable } from '@/lib/raci/service';
import { hasBuilt } from '@/lib/registry/domain/lifecycle';
import { holdProcessOwner } from '@/lib/registry/service';
import { whyNotHold } from '../../domain/succession';
import type { UndoRefusal } from '../../schema/succession';
import * as store from '../../store/succession';
import { carryOver, whyNotHandOver } from './hand-over';
import { accountOf } from './household';

export type UndoOutcome = { ok: true } | Refused<UndoRefusal>;

/**
 * undoSuccession gives back what changed hands to whom it was taken from, once they are active again and while nobody else was named since; with the
 * stages that had followed, and those alone. HOLDER_GONE: reactivate them first, or name another person. What nobody took is theirs already.
 */
export function undoSuccession(actor: Actor, id: string): Promise<UndoOutcome> {
  return actAs(actor, 'agents:reassign', async (tx, doer): Promise<UndoOutcome> => {
    const row = await store.findSuccession(tx, id);
    if (!row) return { ok: false, code: 'NOT_FOUND' };
    if (row.endedAt) return { ok: false, code: 'ALREADY_ENDED' };
    if (row.toUser === null) return { ok: false, code: 'NOBODY_TOOK_IT' };
    if ((await findUser(row.fromUser, tx))?.status !== 'active') return { ok: false, code: 'HOLDER_GONE' };
    const back = { ...row, from: row.toUser, to: row.fromUser };
    const code =
      row.part === 'accountable'
        ? await giveBackStages(tx, actor, doer, back)
        : await giveBack(tx, actor, doer, { ...back, part: row.part });
    if (code) return { ok: false, code };
    if ((await store.endSuccession(tx, id, 'undone', actor.id)) !== 1) throw new Error('a succession of a held thing ended by another way');
    await appendEvent(tx, {
      kind: 'ownership.restored',
      actor,
      subject: { type: row.subjectType, id: row.subjectId },
      data: { succession: id, part: row.part, from: back.from, to: back.to },
    });
    return { ok: true };
  });
}

type Back = store.SuccessionRow & { from: string; to: string };

async function giveBack(
  tx: Tx,
  actor: Actor,
  doer: Doer,
  { subjectType: type, subjectId: id, part, from, to, cells }: Back & { part: 'owner' | 'sponsor' | 'technical_owner' },
): Promise<UndoRefusal | undefined> {
  const handOver = { type, id, part, from, to };
  const code = await whyNotHandOver(tx, doer, handOver, 'back');
  if (code) return toldOf[code] ?? code;
  await carryOver(tx, actor, handOver, cells);
  return undefined;
}
/** What a hand-over calls a change meanwhile is, of an undo, that somebody else has it by now. */
const toldOf: Partial<Record<UndoRefusal, UndoRefusal>> = {
  CHANGED_MEANWHILE: 'MOVED_ON',
  ALREADY_THEIRS: 'MOVED_ON',
  NOT_ACTIVE: 'HOLDER_GONE',
};

async function giveBackStages(tx: Tx, actor: Actor, doer: Doer, { subjectId, from, to, cells }: Back): Promise<UndoRefusal | undefined> {
  const former = await lockActor(tx, to);
  const process = await holdProcessOwner(tx, subjectId);
  if (!process) return 'NOT_FOUND';
  if (hasBuilt(doer, process)) return 'OWN_AGENT';
  const refusal = whyNotHold({ type: 'process', part: 'accountable', editors: process.editors }, former && accountOf(former));
  if (refusal) return toldOf[refusal] ?? refusal;
  const moved = await moveAccountable(tx, { actor, processId: subjectId, from, to, cells });
  return moved.length === 0 ? 'MOVED_ON' : undefined;
}
