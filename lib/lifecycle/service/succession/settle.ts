import { appendEvents, type Reaction } from '@/lib/ledger/service';
import { HeldType } from '../../schema/succession';
import * as store from '../../store/succession';

/** settleOrphans ends the grace of what somebody was named for, by whichever way: an edit, an approved change, a new owner of the process, its matrix. */
export const settleOrphans: Reaction = async (tx, event) => {
  const type = HeldType.safeParse(event.subject.type);
  if (type.success) await store.settleOrphans(tx, type.data, event.subject.id, event.actor.id);
};

/** welcomeBack ends the grace of what a reactivated person still holds: they answer for it again. What others inherited stays theirs until it is undone. */
export const welcomeBack: Reaction = async (tx, event) => {
  if (event.data['reactivated'] !== true) return;
  const userId = event.subject.id;
  const kept = await store.settleReturned(tx, userId, event.actor.id);
  await appendEvents(
    tx,
    kept.map(({ id, subjectType, subjectId, part }) => ({
      kind: 'ownership.restored',
      actor: event.actor,
      subject: { type: subjectType, id: subjectId },
      data: { succession: id, part, to: userId },
    })),
  );
};
