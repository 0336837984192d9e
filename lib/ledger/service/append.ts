import { insertIntake, insertIntakes } from '../store/intake';
import { sealText } from '../domain/side';
import { eventKinds, type Actor, type EventKind, type EventPayload, type Subject } from '../schema';
import { newId } from '@/lib/kernel/ids';
import type { Prisma } from '@/lib/platform/db/generated/client';
import { sealingEnv } from '@/lib/platform/env';
import { sealingKeyFrom } from '@/lib/platform/secrets';

export type NewEvent = {
  kind: EventKind;
  actor: Actor;
  subject: Subject;
  /** Ids, codes and numbers only: these bytes are never erased. */
  data: Record<string, unknown>;
  /** What a person wrote; kept encrypted in a side row that can be erased. */
  sealed?: { text: string };
};

/** Reaction is what an event causes in a later feature, in the same transaction; lib/wiring.ts lists them. */
export type Reaction = (tx: Prisma.TransactionClient, event: NewEvent) => Promise<void>;

/**
 * appendEvent adds an event to the ledger as part of the caller's transaction, which must be READ COMMITTED. The row is chained at COMMIT by a
 * deferred trigger; when the transaction rolls back there is no event. Its reactions run before this returns. Returns the event's id (`evt_…`).
 */
export async function appendEvent(tx: Prisma.TransactionClient, event: NewEvent): Promise<{ id: string }> {
  const id = newId('evt');
  const side = event.sealed ? sealText(argumentsKey(), JSON.stringify({ text: event.sealed.text }), event.sealed.text, id) : undefined;
  const payload: EventPayload = {
    kind: event.kind,
    id,
    actor: event.actor,
    subject: event.subject,
    data: event.data,
    ...(side ? { commitment: side.commitment } : {}),
  };
  await insertIntake(tx, {
    kind: event.kind,
    subject: event.subject.id,
    payload: JSON.stringify(payload),
    salted: side?.salted,
    sealed: side?.sealed,
  });
  // Looked up when it is needed: the reactions belong to features that are built on this one, and no caller can forget to load them.
  const { reactions } = await import('@/lib/wiring');
  for (const react of reactions[event.kind] ?? []) await react(tx, event);
  return { id };
}

/** appendEvents is appendEvent for many events of one change that a person wrote no words about: one statement for all of them, in their order. */
export async function appendEvents(tx: Prisma.TransactionClient, events: readonly Omit<NewEvent, 'sealed'>[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ kind, actor, subject, data }) => {
    const payload: EventPayload = { kind, id: newId('evt'), actor, subject, data };
    return { kind, subject: subject.id, payload: JSON.stringify(payload) };
  });
  await insertIntakes(tx, rows);
  const { reactions } = await import('@/lib/wiring');
  for (const event of events) for (const react of reactions[event.kind] ?? []) await react(tx, event);
}

/** movesEpoch tells whether gateways must see this kind of event before they decide again. */
export const movesEpoch = (kind: EventKind): boolean => eventKinds[kind].movesEpoch;

function argumentsKey(): Buffer {
  return sealingKeyFrom(sealingEnv().MASTER_KEY_FILE, 'arguments');
}
