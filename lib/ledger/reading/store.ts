import type { LedgerRow } from '@/lib/ledger/schema';
import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import type { EntryFilter } from './schema';
import type { Projected } from './row';

type Reader = Pick<PrismaClient, '$queryRaw' | '$executeRaw'>;
type RawRow = { seq: bigint; at: Date; bytes: Uint8Array; hash: Uint8Array };

/** The name of the explorer's cursor; bumped when the projection changes, so that it is built again. */
export const cursorName = 'explorer';

export type EntryRow = {
  seq: bigint;
  at: Date;
  kind: string;
  event_id: string;
  agent_id: string | null;
  workflow_id: string | null;
  action_type: string | null;
  verdict: string | null;
  tier: number | null;
  approval_id: string | null;
  actor_id: string | null;
};

/** findHead reads the last row of the insert-only heads, and what waits, in one round trip. */
export async function findHead(db: Reader): Promise<{ seq: bigint; at: Date | null; waiting: number }> {
  const rows = await db.$queryRaw<{ seq: bigint | null; at: Date | null; waiting: number }[]>`
    SELECT h.last_seq AS seq, h.at, (SELECT count(*)::int FROM approvals WHERE status = 'pending' AND expires_at > clock_timestamp()) AS waiting
    FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT last_seq, at FROM ledger_batches ORDER BY last_seq DESC LIMIT 1) h ON true`;
  const row = rows[0];
  return { seq: row?.seq ?? 0n, at: row?.at ?? null, waiting: row?.waiting ?? 0 };
}

/** claimCursor makes sure of the explorer's cursor and locks it; undefined when another process is at it. */
export async function claimCursor(db: Reader): Promise<bigint | undefined> {
  await db.$executeRaw`INSERT INTO ledger_cursors (name, seq) VALUES (${cursorName}, 0) ON CONFLICT DO NOTHING`;
  const rows = await db.$queryRaw<{ seq: bigint }[]>`SELECT seq FROM ledger_cursors WHERE name = ${cursorName} FOR UPDATE SKIP LOCKED`;
  return rows[0]?.seq;
}

export async function findCursor(db: Reader): Promise<bigint> {
  const rows = await db.$queryRaw<{ seq: bigint }[]>`SELECT seq FROM ledger_cursors WHERE name = ${cursorName}`;
  return rows[0]?.seq ?? 0n;
}

export async function moveCursor(db: Reader, seq: bigint): Promise<void> {
  await db.$executeRaw`UPDATE ledger_cursors SET seq = ${seq}, moved_at = now() WHERE name = ${cursorName}`;
}

export async function listRowsAfter(db: Reader, after: bigint, limit: number): Promise<LedgerRow[]> {
  return db.$queryRaw<RawRow[]>`SELECT seq, at, bytes, hash FROM ledger WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`;
}

export async function findRow(db: Reader, seq: bigint): Promise<LedgerRow | undefined> {
  const rows = await db.$queryRaw<RawRow[]>`SELECT seq, at, bytes, hash FROM ledger WHERE seq = ${seq}`;
  return rows[0];
}

export async function listRows(db: Reader, seqs: readonly bigint[]): Promise<LedgerRow[]> {
  if (seqs.length === 0) return [];
  return db.$queryRaw<RawRow[]>`SELECT seq, at, bytes, hash FROM ledger WHERE seq = ANY (${[...seqs]}::bigint[])`;
}

export async function findSide(db: Reader, seq: bigint): Promise<{ salted: Uint8Array; sealed: Uint8Array } | undefined> {
  const rows = await db.$queryRaw<{ salted: Uint8Array; sealed: Uint8Array }[]>`SELECT salted, sealed FROM ledger_arguments WHERE seq = ${seq}`;
  return rows[0];
}

export async function insertEntries(db: Reader, entries: readonly (Projected & { seq: bigint; at: Date })[]): Promise<void> {
  if (entries.length === 0) return;
  const values = entries.map(
    (entry) =>
      Prisma.sql`(${entry.seq}, ${entry.at}, ${entry.kind}, ${entry.eventId}, ${entry.agentId}, ${entry.workflowId}, ${entry.actionType}, ${entry.verdict}, ${entry.tier}::int, ${entry.approvalId}, ${entry.actorId})`,
  );
  await db.$executeRaw`
    INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, workflow_id, action_type, verdict, tier, approval_id, actor_id)
    VALUES ${Prisma.join(values)} ON CONFLICT DO NOTHING`;
}

export async function findEntryByEvent(db: Reader, eventId: string): Promise<bigint | undefined> {
  const rows = await db.$queryRaw<{ seq: bigint }[]>`SELECT seq FROM ledger_entries WHERE event_id = ${eventId} LIMIT 1`;
  return rows[0]?.seq;
}

/** listEntries gives rows newest first; `after` gives the newest of those that came since. */
export async function listEntries(db: Reader, filter: EntryFilter, range: { before?: bigint; after?: bigint; limit: number }): Promise<EntryRow[]> {
  const conditions = [Prisma.sql`true`];
  if (filter.show === 'decisions') conditions.push(Prisma.sql`kind = 'decision.made'`);
  if (filter.verdict !== undefined) conditions.push(Prisma.sql`verdict = ${filter.verdict}`);
  if (filter.tier !== undefined) conditions.push(Prisma.sql`tier = ${filter.tier}`);
  if (filter.agent !== undefined) conditions.push(Prisma.sql`agent_id = ${filter.agent}`);
  if (filter.action !== undefined) conditions.push(Prisma.sql`action_type = ${filter.action}`);
  if (filter.workflow !== undefined) conditions.push(Prisma.sql`workflow_id = ${filter.workflow}`);
  if (filter.approval !== undefined) conditions.push(Prisma.sql`approval_id = ${filter.approval}`);
  if (range.before !== undefined) conditions.push(Prisma.sql`seq < ${range.before}`);
  if (range.after !== undefined) conditions.push(Prisma.sql`seq > ${range.after}`);
  return db.$queryRaw<EntryRow[]>`
    SELECT seq, at, kind, event_id, agent_id, workflow_id, action_type, verdict, tier, approval_id, actor_id
    FROM ledger_entries WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY seq DESC LIMIT ${range.limit}`;
}
