import { Prisma } from '@/lib/platform/db/generated/client';
import type { Reader } from '../store';

const since = (days: number): Prisma.Sql => Prisma.sql`now() - make_interval(days => ${days}::int)`;

/** findSince answers the instant from which so many days are counted. */
export async function findSince(db: Reader, days: number): Promise<Date> {
  const [row] = await db.$queryRaw<{ at: Date }[]>`SELECT ${since(days)} AS at`;
  if (!row) throw new Error('the database does not know the time');
  return row.at;
}

export type UseRecord = { action: string; verdict: string; uses: number; lastAt: Date };

/** listUses answers how often an agent asked for each action and what it was answered, in so many days. */
export async function listUses(db: Reader, agentId: string, days: number): Promise<UseRecord[]> {
  return db.$queryRaw<UseRecord[]>`
    SELECT e.action_type AS action, e.verdict, count(*)::int AS uses, max(e.at) AS "lastAt" FROM ledger_entries e
    WHERE e.agent_id BETWEEN ${agentId} AND ${agentId} AND e.kind = 'decision.made' AND e.action_type IS NOT NULL AND e.verdict IS NOT NULL
      AND e.at >= ${since(days)}
    GROUP BY 1, 2`;
}

/** countRequests answers how an agent's requests for approval of so many days ended, by state. */
export async function countRequests(db: Reader, agentId: string, days: number): Promise<{ status: string; count: number }[]> {
  return db.$queryRaw`
    SELECT status, count(*)::int AS count FROM approvals WHERE agent_id = ${agentId} AND tier < 4 AND requested_at >= ${since(days)} GROUP BY 1`;
}

/** countMissing answers how many allowed actions of so many days have no outcome though it is due. */
export async function countMissing(db: Reader, agentId: string, days: number, dueMinutes: number): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM ledger_entries e
    WHERE e.agent_id BETWEEN ${agentId} AND ${agentId} AND e.kind = 'decision.made' AND e.verdict IN ('allow', 'allow_reversible')
      AND e.at >= ${since(days)} AND e.at <= now() - make_interval(mins => ${dueMinutes}::int)
      AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.decision_id = e.event_id)`;
  return row?.count ?? 0;
}
