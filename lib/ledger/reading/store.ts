import type { LedgerRow } from '@/lib/ledger/schema';
import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import type { EntryFilter } from './schema';

type Reader = Pick<PrismaClient, '$queryRaw'>;
type RawRow = { seq: bigint; at: Date; bytes: Uint8Array; hash: Uint8Array };

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
  process_id: string | null;
  decision_id: string | null;
};

/**
 * findHead reads, in one round trip, the last row of the ledger, the last one the explorer has taken in (the cursor `entries` of the projection) and
 * how many requests wait.
 */
export async function findHead(db: Reader): Promise<{ seq: bigint; shown: bigint; waiting: number }> {
  const rows = await db.$queryRaw<{ seq: bigint; shown: bigint; waiting: number }[]>`
    SELECT coalesce((SELECT last_seq FROM ledger_batches ORDER BY last_seq DESC LIMIT 1), 0) AS seq,
      coalesce((SELECT seq FROM ledger_cursors WHERE name = 'entries'), 0) AS shown,
      (SELECT count(*)::int FROM approvals WHERE status = 'pending' AND expires_at > clock_timestamp()) AS waiting`;
  return rows[0] ?? { seq: 0n, shown: 0n, waiting: 0 };
}

export async function findRow(db: Reader, seq: bigint): Promise<LedgerRow | undefined> {
  const rows = await db.$queryRaw<RawRow[]>`SELECT seq, at, bytes, hash FROM ledger WHERE seq = ${seq}`;
  return rows[0];
}

export async function listRows(db: Reader, seqs: readonly bigint[]): Promise<LedgerRow[]> {
  if (seqs.length === 0) return [];
  return db.$queryRaw<RawRow[]>`SELECT seq, at, bytes, hash FROM ledger WHERE seq = ANY (${[...seqs]}::bigint[])`;
}

export async function listSides(db: Reader, seqs: readonly bigint[]): Promise<{ seq: bigint; salted: Uint8Array; sealed: Uint8Array }[]> {
  if (seqs.length === 0) return [];
  return db.$queryRaw<{ seq: bigint; salted: Uint8Array; sealed: Uint8Array }[]>`
    SELECT seq, salted, sealed FROM ledger_arguments WHERE seq = ANY (${[...seqs]}::bigint[])`;
}

export async function findEntryByEvent(db: Reader, eventId: string): Promise<bigint | undefined> {
  const rows = await db.$queryRaw<{ seq: bigint }[]>`SELECT seq FROM ledger_entries WHERE event_id = ${eventId} LIMIT 1`;
  return rows[0]?.seq;
}

/** findUnlisted looks for an event among the newest rows that the explorer has not taken in yet: at most `limit` rows are read. */
export async function findUnlisted(db: Reader, eventId: string, limit: number): Promise<bigint | undefined> {
  // A payload begins with its kind and id; further on it may name another event, as the report of an outcome names its decision.
  const rows = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM ledger
    WHERE seq > greatest(
        coalesce((SELECT seq FROM ledger_cursors WHERE name = 'entries'), 0),
        (SELECT last_seq FROM ledger_batches ORDER BY last_seq DESC LIMIT 1) - ${limit}::bigint)
      AND position(convert_to(${`"id":"${eventId}"`}, 'UTF8') IN substring(bytes FROM 49 FOR 80)) > 0
    ORDER BY seq LIMIT 1`;
  return rows[0]?.seq;
}

/** firstSince is the first row at or after an instant; rows stand in the order of their time, so that time is asked of the index once and rows by number. */
export const firstSince = (at: string): Prisma.Sql =>
  Prisma.sql`coalesce((SELECT t.seq FROM ledger_entries t WHERE t.at >= ${new Date(at)} ORDER BY t.at, t.seq LIMIT 1), 9223372036854775807)`;

/** listEntries gives rows newest first; `after` gives the newest of those that came since. */
export async function listEntries(
  db: Reader,
  filter: EntryFilter,
  range: { before?: bigint; after?: bigint; limit: number },
): Promise<EntryRow[]> {
  const conditions = [Prisma.sql`true`];
  if (filter.show === 'decisions') conditions.push(Prisma.sql`kind = 'decision.made'`);
  if (filter.verdict !== undefined) conditions.push(Prisma.sql`verdict = ${filter.verdict}`);
  if (filter.tier !== undefined) conditions.push(Prisma.sql`tier = ${filter.tier}`);
  if (filter.agent !== undefined) conditions.push(Prisma.sql`agent_id = ${filter.agent}`);
  if (filter.action !== undefined) conditions.push(Prisma.sql`action_type = ${filter.action}`);
  if (filter.workflow !== undefined) conditions.push(Prisma.sql`workflow_id = ${filter.workflow}`);
  if (filter.approval !== undefined) conditions.push(Prisma.sql`approval_id = ${filter.approval}`);
  if (filter.process !== undefined) conditions.push(Prisma.sql`process_id = ${filter.process}`);
  if (filter.signature === 'with') conditions.push(Prisma.sql`approval_id IS NOT NULL`);
  if (filter.signature === 'without') conditions.push(Prisma.sql`approval_id IS NULL`);
  if (filter.from !== undefined) conditions.push(Prisma.sql`seq >= ${firstSince(filter.from)}`);
  if (filter.to !== undefined) conditions.push(Prisma.sql`seq < ${firstSince(filter.to)}`);
  if (range.before !== undefined) conditions.push(Prisma.sql`seq < ${range.before}`);
  if (range.after !== undefined) conditions.push(Prisma.sql`seq > ${range.after}`);
  return db.$queryRaw<EntryRow[]>`
    SELECT seq, at, kind, event_id, agent_id, workflow_id, action_type, verdict, tier, approval_id, actor_id, process_id, decision_id
    FROM ledger_entries WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY seq DESC LIMIT ${range.limit}`;
}
