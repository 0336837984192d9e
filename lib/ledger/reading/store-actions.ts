import type { PrismaClient } from '@/lib/platform/db/generated/client';

type Reader = Pick<PrismaClient, '$queryRaw'>;

/** countDecisionsOf stops counting at `most` of each. */
export async function countDecisionsOf(
  db: Reader,
  names: readonly string[],
  since: Date,
  most: number,
): Promise<{ name: string; calls: number }[]> {
  if (names.length === 0) return [];
  return db.$queryRaw<{ name: string; calls: number }[]>`
    WITH first AS (SELECT coalesce((SELECT seq FROM ledger_entries WHERE at >= ${since} ORDER BY at, seq LIMIT 1), 9223372036854775807) AS seq)
    SELECT n.name, (SELECT count(*)::int FROM (SELECT 1 FROM ledger_entries e WHERE e.action_type = n.name AND e.kind = 'decision.made'
      AND e.seq >= first.seq LIMIT ${most}) counted) AS calls
    FROM unnest(${[...names]}::text[]) AS n(name), first`;
}

export async function listEventsOf(
  db: Reader,
  name: string,
  kinds: readonly string[],
  limit: number,
): Promise<{ seq: bigint; at: Date }[]> {
  return db.$queryRaw<{ seq: bigint; at: Date }[]>`
    SELECT seq, at FROM ledger_entries WHERE action_type = ${name} AND kind = ANY (${[...kinds]}::text[]) ORDER BY seq DESC LIMIT ${limit}`;
}
