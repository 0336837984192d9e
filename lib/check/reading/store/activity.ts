import { Prisma } from '@/lib/platform/db/generated/client';
import type { Reader } from '.';

/** Whose decisions are counted: an agent's, or those of a process. */
export type Scope = { agent: string } | { process: string };
export type Span = { scope: Scope; since: Date };

/** Newest decisions that one view counts. */
export const decisionsMax = 200_000;

const inLedger = (scope: Scope): Prisma.Sql =>
  'agent' in scope ? Prisma.sql`agent_id = ${scope.agent}` : Prisma.sql`process_id = ${scope.process}`;

// Rows stand in the order of their time, so the time is asked of its index once and the rows of the agent's or process's own.
const decisions = ({ scope, since }: Span): Prisma.Sql => Prisma.sql`
  SELECT seq, event_id, action_type, verdict, approval_id, money FROM ledger_entries
  WHERE ${inLedger(scope)} AND kind = 'decision.made'
    AND seq >= coalesce((SELECT t.seq FROM ledger_entries t WHERE t.at >= ${since} ORDER BY t.at, t.seq LIMIT 1), 9223372036854775807)
  ORDER BY seq DESC LIMIT ${decisionsMax}`;

const wentAhead = Prisma.sql`verdict IN ('allow', 'allow_reversible')`;

export type CountedRow = {
  action: string;
  count: number;
  alone: number;
  supervised: number;
  signed: number;
  halted: number;
  denied: number;
  moneyAlone: string;
  moneySupervised: string;
  moneySigned: string;
  newest: bigint;
};

/** countByAction counts decisions and adds up money for each action type. An asking for an approval is counted by the request, not here. */
export async function countByAction(db: Reader, span: Span): Promise<CountedRow[]> {
  return db.$queryRaw<CountedRow[]>`
    WITH d AS MATERIALIZED (${decisions(span)})
    SELECT coalesce(action_type, '') AS action, count(*)::int AS count,
      (count(*) FILTER (WHERE verdict = 'allow' AND approval_id IS NULL))::int AS alone,
      (count(*) FILTER (WHERE verdict = 'allow_reversible' AND approval_id IS NULL))::int AS supervised,
      (count(*) FILTER (WHERE ${wentAhead} AND approval_id IS NOT NULL))::int AS signed,
      (count(*) FILTER (WHERE verdict = 'halt'))::int AS halted,
      (count(*) FILTER (WHERE verdict = 'deny'))::int AS denied,
      coalesce(sum(money) FILTER (WHERE verdict = 'allow' AND approval_id IS NULL), 0)::text AS "moneyAlone",
      coalesce(sum(money) FILTER (WHERE verdict = 'allow_reversible' AND approval_id IS NULL), 0)::text AS "moneySupervised",
      coalesce(sum(money) FILTER (WHERE ${wentAhead} AND approval_id IS NOT NULL), 0)::text AS "moneySigned",
      max(seq) AS newest
    FROM d GROUP BY 1 ORDER BY 2 DESC, 1`;
}

export type OutcomesRow = {
  reported: number;
  missing: number;
  succeeded: number;
  failed: number;
  partial: number;
  ambiguous: number;
  tokens: string;
  costUsd: string;
  costed: number;
};

/** countOutcomes counts what was reported of the actions that went ahead, and what it cost. */
export async function countOutcomes(db: Reader, span: Span): Promise<OutcomesRow> {
  const status = (name: string) => Prisma.sql`(count(*) FILTER (WHERE o.status = ${name}))::int`;
  const [row] = await db.$queryRaw<OutcomesRow[]>`
    WITH d AS MATERIALIZED (${decisions(span)})
    SELECT count(o.decision_id)::int AS reported, (count(*) FILTER (WHERE o.decision_id IS NULL))::int AS missing, ${status('succeeded')} AS succeeded,
      ${status('failed')} AS failed, ${status('partial')} AS partial, ${status('ambiguous')} AS ambiguous, coalesce(sum(o.tokens), 0)::text AS tokens,
      coalesce(sum(o.cost_usd), 0)::text AS "costUsd", count(o.cost_usd)::int AS costed
    FROM d LEFT JOIN outcomes o ON o.decision_id = d.event_id WHERE ${wentAhead}`;
  if (!row) throw new Error('one row was asked for');
  return row;
}

/** listBiggest gives the actions that moved the most money. */
export async function listBiggest(db: Reader, span: Span, limit: number): Promise<{ seq: bigint; money: string; signed: boolean }[]> {
  return db.$queryRaw`
    WITH d AS MATERIALIZED (${decisions(span)})
    SELECT seq, money::text, approval_id IS NOT NULL AS signed FROM d WHERE ${wentAhead} AND money > 0 ORDER BY d.money DESC, seq DESC LIMIT ${limit}`;
}

/** listStops groups what was halted or denied, with the newest of each. */
export async function listStops(
  db: Reader,
  span: Span,
  limit: number,
): Promise<{ action: string; verdict: 'halt' | 'deny'; count: number; newest: bigint }[]> {
  return db.$queryRaw`
    WITH d AS MATERIALIZED (${decisions(span)})
    SELECT coalesce(action_type, '') AS action, verdict, count(*)::int AS count, max(seq) AS newest FROM d WHERE verdict IN ('halt', 'deny')
    GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT ${limit}`;
}

// What agents asked for; what two people let happen of a halted action nobody waited for.
const inApprovals = ({ scope, since }: Span): Prisma.Sql => Prisma.sql`
  tier < 4 AND ${'agent' in scope ? Prisma.sql`agent_id = ${scope.agent}` : Prisma.sql`process_id = ${scope.process}`} AND requested_at >= ${since}`;
const waited = Prisma.sql`extract(epoch FROM decided_at - requested_at)::float8`;
const byPerson = Prisma.sql`decided_by IS NOT NULL AND decided_at IS NOT NULL`;

export type AskedRow = {
  action: string | null;
  asked: number;
  waiting: number;
  approved: number;
  rejected: number;
  expired: number;
  cancelled: number;
  secondsMedian: number | null;
  secondsP95: number | null;
};

/** countAsked counts requests for approval for each action type, and in the row without one for all of them together. */
export async function countAsked(db: Reader, span: Span): Promise<AskedRow[]> {
  return db.$queryRaw<AskedRow[]>`
    SELECT action_type AS action, count(*)::int AS asked,
      (count(*) FILTER (WHERE status = 'pending' AND expires_at > clock_timestamp()))::int AS waiting,
      (count(*) FILTER (WHERE status IN ('approved', 'used')))::int AS approved,
      (count(*) FILTER (WHERE status = 'rejected'))::int AS rejected,
      (count(*) FILTER (WHERE status = 'expired' OR (status = 'pending' AND expires_at <= clock_timestamp())))::int AS expired,
      (count(*) FILTER (WHERE status = 'cancelled'))::int AS cancelled,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY ${waited}) FILTER (WHERE ${byPerson}) AS "secondsMedian",
      percentile_cont(0.95) WITHIN GROUP (ORDER BY ${waited}) FILTER (WHERE ${byPerson}) AS "secondsP95"
    FROM approvals WHERE ${inApprovals(span)} GROUP BY GROUPING SETS ((action_type), ())`;
}

/** listWaits groups what waited by what decided it, with the newest of each. */
export async function listWaits(
  db: Reader,
  span: Span,
  limit: number,
): Promise<{ action: string; deciding: string[]; count: number; newest: bigint }[]> {
  return db.$queryRaw`
    SELECT action_type AS action, deciding, count(*)::int AS count, max(decision_seq) AS newest FROM approvals WHERE ${inApprovals(span)}
    GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT ${limit}`;
}

/** listDeciders gives who decided how much. */
export async function listDeciders(
  db: Reader,
  span: Span,
  limit: number,
): Promise<{ id: string; approved: number; rejected: number; secondsMedian: number | null }[]> {
  return db.$queryRaw`
    SELECT decided_by AS id, (count(*) FILTER (WHERE status <> 'rejected'))::int AS approved, (count(*) FILTER (WHERE status = 'rejected'))::int AS rejected,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY ${waited}) AS "secondsMedian"
    FROM approvals WHERE ${inApprovals(span)} AND ${byPerson} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${limit}`;
}
