import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import { OutcomeCounts, OutcomeStatus } from '../schema';

type Reader = Pick<PrismaClient, '$queryRaw'>;

/** An outcome as its row says it, with the process of its decision; null when neither the explorer nor the registry knows one. */
export type OutcomeRow = {
  decisionId: string;
  agentId: string;
  processId: string | null;
  status: OutcomeStatus;
  reportedAs: OutcomeStatus;
  reportedAt: Date;
  eventId: string;
  outputDigest: string | null;
  tokens: string | null;
  costUsd: string | null;
  settledAt: Date | null;
  settledBy: string | null;
};

export async function findOutcome(db: Reader, decision: string): Promise<OutcomeRow | undefined> {
  const rows = await db.$queryRaw<(Omit<OutcomeRow, 'status' | 'reportedAs'> & { status: string; reportedAs: string })[]>`
    SELECT o.decision_id AS "decisionId", o.agent_id AS "agentId", coalesce(e.process_id, a.process_id) AS "processId", o.status, o.reported_as AS "reportedAs",
      o.reported_at AS "reportedAt", o.event_id AS "eventId", o.output_digest AS "outputDigest", o.tokens::text AS tokens,
      trim_scale(o.cost_usd)::text AS "costUsd", o.settled_at AS "settledAt", o.settled_by AS "settledBy"
    FROM outcomes o
    LEFT JOIN ledger_entries e ON e.event_id = o.decision_id AND e.kind = 'decision.made'
    LEFT JOIN agents a ON a.id = o.agent_id
    WHERE o.decision_id = ${decision} LIMIT 1`;
  const row = rows[0];
  return row && { ...row, status: OutcomeStatus.parse(row.status), reportedAs: OutcomeStatus.parse(row.reportedAs) };
}

/** claimSettled writes a person's word where the outcome is still ambiguous, counting the rows. */
export async function claimSettled(
  tx: Pick<PrismaClient, '$executeRaw'>,
  decision: string,
  status: OutcomeStatus,
  settledBy: string,
): Promise<number> {
  return tx.$executeRaw`
    UPDATE outcomes SET status = ${status}, settled_at = clock_timestamp(), settled_by = ${settledBy}
    WHERE decision_id = ${decision} AND status = 'ambiguous'`;
}

/** Which allowed actions are looked at: since an instant, of one agent or process, and not before `dueBefore` counted as missing. */
export type Scope = { since: Date; dueBefore: Date; agent: string | undefined; process: string | undefined };

function allowedIn({ agent, process }: Pick<Scope, 'agent' | 'process'>): Prisma.Sql {
  const conditions = [Prisma.sql`e.kind = 'decision.made' AND e.verdict IN ('allow', 'allow_reversible')`];
  if (agent !== undefined) conditions.push(Prisma.sql`e.agent_id = ${agent}`);
  if (process !== undefined) conditions.push(Prisma.sql`e.process_id = ${process}`);
  return Prisma.join(conditions, ' AND ');
}

/** countOutcomes counts the allowed actions of a scope; the ambiguous ones are all that nobody has settled, however old. */
export async function countOutcomes(db: Reader, scope: Scope): Promise<OutcomeCounts> {
  const rows = await db.$queryRaw<OutcomeCounts[]>`
    SELECT count(*)::int AS allowed, count(o.decision_id)::int AS reported,
      (count(*) FILTER (WHERE o.decision_id IS NULL AND e.at <= ${scope.dueBefore}))::int AS missing,
      (SELECT count(*)::int FROM outcomes o JOIN ledger_entries e ON e.event_id = o.decision_id WHERE o.status = 'ambiguous' AND ${allowedIn(scope)}) AS ambiguous
    FROM ledger_entries e LEFT JOIN outcomes o ON o.decision_id = e.event_id
    WHERE e.at >= ${scope.since} AND ${allowedIn(scope)}`;
  return OutcomeCounts.parse(rows[0]);
}

/** One allowed action whose outcome is missing, or ambiguous since `reportedAt`. */
export type OpenRow = { seq: bigint; reportedAt: Date | null };

/** listMissing gives the allowed actions of a scope that are past their time without an outcome, newest first, before a sequence number. */
export function listMissing(db: Reader, scope: Scope, before: bigint | undefined, limit: number): Promise<OpenRow[]> {
  return db.$queryRaw<OpenRow[]>`
    SELECT e.seq, NULL::timestamptz AS "reportedAt" FROM ledger_entries e
    WHERE e.at >= ${scope.since} AND e.at <= ${scope.dueBefore} AND ${allowedIn(scope)} AND (${before ?? null}::bigint IS NULL OR e.seq < ${before ?? null}::bigint)
      AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.decision_id = e.event_id)
    ORDER BY e.seq DESC LIMIT ${limit}`;
}

/** listAmbiguous gives those that nobody has settled, newest decision first. */
export function listAmbiguous(
  db: Reader,
  scope: Pick<Scope, 'agent' | 'process'>,
  before: bigint | undefined,
  limit: number,
): Promise<OpenRow[]> {
  return db.$queryRaw<OpenRow[]>`
    SELECT e.seq, o.reported_at AS "reportedAt" FROM outcomes o JOIN ledger_entries e ON e.event_id = o.decision_id
    WHERE o.status = 'ambiguous' AND ${allowedIn(scope)} AND (${before ?? null}::bigint IS NULL OR e.seq < ${before ?? null}::bigint)
    ORDER BY e.seq DESC LIMIT ${limit}`;
}
