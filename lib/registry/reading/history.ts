import { z } from 'zod';
import { readUnsealed, type Side } from '@/lib/ledger/reading';
import { EventPayload } from '@/lib/ledger/schema';
import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { historyWords } from '../domain/history';
import { HistoryPage, type HistoryRow } from './schema';
import { listHistory } from './store';

const pageSize = 50;
const Written = z.object({ text: z.string() });

/** readHistory answers what people and Countersign did about an agent, newest first, in words. `before` is a page's `next`. What people wrote is for those who may read arguments. */
export async function readHistory(person: User, agentId: string, before?: string): Promise<HistoryPage> {
  const from = before !== undefined && /^[1-9][0-9]{0,17}$/.test(before) ? BigInt(before) : null;
  const found = await listHistory(prisma(), agentId, from, pageSize + 1);
  const page = found.slice(0, pageSize);
  const rows = await readUnsealed(page);
  const events = page.flatMap((seq) => {
    const row = rows.get(seq);
    const payload = EventPayload.safeParse(row?.event.payload);
    return row && payload.success ? [{ seq, at: row.event.at, side: row.side, payload: payload.data }] : [];
  });
  const names = await namesOf(events.flatMap(({ payload }) => [payload.actor.id, ...idsIn(payload.data)]));
  const readable = may(person, 'arguments:read');
  return HistoryPage.parse({
    rows: events.map(({ seq, at, side, payload }): HistoryRow => ({
      seq: String(seq),
      at: at.toISOString(),
      kind: payload.kind,
      words: historyWords(payload, (id) => names.get(id) ?? id),
      actor: { type: payload.actor.type, name: names.get(payload.actor.id) ?? payload.actor.id },
      text: textOf(side, readable),
    })),
    next: found.length > pageSize ? String(page.at(-1) ?? '') : null,
  });
}

function textOf(side: Side, readable: boolean): string | null {
  if (side.state === 'none' || side.state === 'erased') return null;
  if (!readable) return 'hidden';
  const written = side.state === 'open' && side.text !== undefined ? Written.safeParse(JSON.parse(side.text)) : undefined;
  return written?.success ? written.data.text : null;
}

/** Ids of people and processes anywhere in an event's data. */
function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^(usr|prc)_/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : [];
}

async function namesOf(ids: readonly string[]): Promise<Map<string, string>> {
  const unique = [...new Set(ids)];
  const [people, processes] = await Promise.all([
    prisma().user.findMany({ where: { id: { in: unique } }, select: { id: true, name: true } }),
    prisma().process.findMany({ where: { id: { in: unique } }, select: { id: true, name: true } }),
  ]);
  return new Map([...people, ...processes].map(({ id, name }) => [id, name]));
}
