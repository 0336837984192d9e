import { newId } from '@/lib/kernel/ids';
import { appendEvents, type NewEvent, type Reaction } from '@/lib/ledger/service';
import type { Actor } from '@/lib/ledger/schema';
import { findUser, type Tx } from '@/lib/people/service';
import { moveAccountable } from '@/lib/raci/service';
import { handOverAgents, handOverProcess, lockHoldings } from '@/lib/registry/service';
import { graceDaysOf } from '../../domain/succession';
import * as store from '../../store/succession';
import { estateOf, type Estate } from './household';

/**
 * Longest wait for a row that somebody else is changing. A person who edits an agent may be waiting for who leaves, whose row this transaction
 * holds: rather than wait for each other, this one gives up and the deactivation begins again (lib/people/service/departure.ts).
 */
const lockWaitMs = 400;
const dayMs = 24 * 3600 * 1000;

/**
 * applySuccession gives all that a deactivated account held to whoever takes it (`heirOf`), in the commit that deactivates it: one row and one event
 * for each part of each thing. What nobody takes stays in their name as an orphan, with a grace. No decision names nobody, and none after this commit
 * names who left, but for orphans.
 */
export const applySuccession: Reaction = async (tx, event) => {
  const leaver = await findUser(event.subject.id, tx);
  if (!leaver) throw new Error('an account was deactivated that is not there');
  await store.lockBriefly(tx, lockWaitMs);
  await lockHoldings(tx, leaver.id);
  await store.lockBriefly(tx, undefined);
  const estate = await estateOf(leaver, tx);
  if (estate.length > 0) await settle(tx, event.actor, leaver.id, estate);
};

async function settle(tx: Tx, actor: Actor, from: string, estate: readonly Estate[]): Promise<void> {
  const { setting, now } = await store.readGrace(tx);
  const graceUntil = new Date(now.getTime() + graceDaysOf(setting) * dayMs);
  const rows = estate.map((part) => ({ ...part, row: rowOf(part, { from, by: actor.id, graceUntil }) }));
  await store.insertSuccessions(
    tx,
    rows.map(({ row }) => row),
  );
  for (const { type, id, part, heir, cells } of estate) {
    if (type !== 'process' || !heir) continue;
    if (part === 'owner') await handOverProcess(tx, actor, { processId: id, from, to: heir.to });
    else await moveAccountable(tx, { actor, processId: id, from, to: heir.to, cells });
  }
  await handOverAgents(
    tx,
    estate.flatMap(({ type, id, part, heir }) =>
      type === 'agent' && heir && part !== 'accountable' ? [{ agentId: id, part, from, to: heir.to }] : [],
    ),
  );
  await appendEvents(
    tx,
    rows.map(({ row }) => eventOf(row, actor)),
  );
}

type Facts = { from: string; by: string; graceUntil: Date };

function rowOf({ type, id, part, heir, cells }: Estate, { from, by, graceUntil }: Facts): store.NewSuccession {
  return {
    id: newId('suc'),
    subjectType: type,
    subjectId: id,
    part,
    fromUser: from,
    toUser: heir?.to ?? null,
    how: heir?.how ?? 'orphaned',
    by,
    cells: heir ? cells : [],
    graceUntil: heir ? null : graceUntil,
  };
}

function eventOf({ id, subjectType, subjectId, part, fromUser, toUser, how, graceUntil }: store.NewSuccession, actor: Actor): NewEvent {
  const subject = { type: subjectType, id: subjectId };
  if (toUser === null)
    return {
      kind: 'ownership.orphaned',
      actor,
      subject,
      data: { succession: id, part, from: fromUser, grace_until: graceUntil?.toISOString() ?? null },
    };
  return { kind: 'ownership.inherited', actor, subject, data: { succession: id, part, from: fromUser, to: toUser, how } };
}
