import { prisma } from '@/lib/platform/db/prisma';
import { EventPayload, type Actor, type EventKind } from '@/lib/ledger/schema';
import { readRow } from './row';
import { listRows } from './store';
import { countDecisionsOf, listEventsOf } from './store-actions';

/** Most decisions counted of one action type: beyond it the exact number says nothing to a person. */
export const decisionsCountedMax = 10_000;

/** countDecisions counts what was decided of each action type since an instant, up to decisionsCountedMax. */
export async function countDecisions(names: readonly string[], since: Date): Promise<Map<string, number>> {
  const rows = await countDecisionsOf(prisma(), names, since, decisionsCountedMax);
  return new Map(rows.map(({ name, calls }) => [name, calls]));
}

/** ActionEvent is one thing people did about an action type. */
export type ActionEvent = { seq: bigint; eventId: string; at: Date; kind: EventKind; actor: Actor; data: Record<string, unknown> };

/** listActionEvents gives what people did about one action type, newest first, as far as the explorer has taken the ledger in. */
export async function listActionEvents(name: string, limit: number): Promise<ActionEvent[]> {
  const entries = await listEventsOf(prisma(), name, ['action_type.classified', 'action_type.disabled'], limit);
  const rows = await listRows(
    prisma(),
    entries.map(({ seq }) => seq),
  );
  const payloads = new Map(rows.map((row) => [row.seq, EventPayload.safeParse(readRow(row).payload)]));
  return entries.flatMap(({ seq, at }) => {
    const payload = payloads.get(seq);
    if (!payload?.success) return [];
    const { id, kind, actor, data } = payload.data;
    return [{ seq, at, eventId: id, kind, actor, data }];
  });
}
