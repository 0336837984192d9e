import type pg from 'pg';
import type { Noticed, ObservationKind } from './schema';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';

/** countNoticed hands pairs to observe(), in one call, and answers how many of them were counted. */
export async function countNoticed(db: pg.Pool, noticed: readonly Noticed[]): Promise<number> {
  const { rows } = await db.query<{ counted: number }>('SELECT observe($1::text[], $2::text[], $3::text[], $4::bigint[]) AS counted', [
    noticed.map(({ kind }) => kind),
    noticed.map(({ subject }) => subject),
    noticed.map(({ value }) => value),
    noticed.map(({ count }) => count),
  ]);
  return rows[0]?.counted ?? 0;
}

/** What observe() takes before anything else. */
const observing = 4850196113911168836n;

/**
 * lockObserving keeps gateways from writing what they notice until the transaction ends. Taken before rows go: each writer takes those of many pairs, in
 * an order of its own.
 */
export const lockObserving = (tx: Prisma.TransactionClient): Promise<unknown> =>
  tx.$queryRaw`SELECT pg_advisory_xact_lock(${observing}::bigint)::text`;

/** deleteForgotten removes pairs of a kind that nobody noticed for `days`, at most `max` of them. */
export function deleteForgotten(db: PrismaClient, kind: ObservationKind, days: number, max: number): Promise<number> {
  return db.$transaction(async (tx) => {
    await lockObserving(tx);
    return tx.$executeRaw`DELETE FROM observations WHERE ctid IN (SELECT ctid FROM observations
    WHERE kind = ${kind} AND last_at < now() - make_interval(days => ${days}::int) LIMIT ${max}::int)`;
  });
}

type Seen = { firstAt: Date; lastAt: Date; count: bigint };

export async function listCredentialUses(db: PrismaClient, agentId: string): Promise<(Seen & { credential: string; workloads: number })[]> {
  return db.$queryRaw`SELECT o.subject AS credential, count(*)::int AS workloads, min(o.first_at) AS "firstAt", max(o.last_at) AS "lastAt",
      sum(o.count)::bigint AS count
    FROM credentials c JOIN observations o ON o.kind = 'credential.workload' AND o.subject = c.id
    WHERE c.agent_id = ${agentId} GROUP BY o.subject ORDER BY o.subject`;
}

/** listValues answers the values of one subject, latest first. */
export async function listValues(
  db: PrismaClient,
  kind: ObservationKind,
  subject: string,
  max: number,
): Promise<(Seen & { value: string })[]> {
  return db.$queryRaw`SELECT value, first_at AS "firstAt", last_at AS "lastAt", count FROM observations
    WHERE kind = ${kind} AND subject = ${subject} ORDER BY last_at DESC, value LIMIT ${max}::int`;
}
