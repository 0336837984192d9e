import { Prisma } from '@/lib/platform/db/generated/client';
import {
  implausiblyFastSeconds,
  noDecisions,
  noRequests,
  noStops,
  organisationId,
  type DecisionCounts,
  type MetricCounts,
  type RequestCounts,
  type Scope,
  type StopCounts,
} from '../schema';
import { firstSince, inScope, type Reader } from './reader';

/** A span of a scope: since an instant, with outcomes due that were allowed until another. */
export type Span = { scope: Scope; since: Date; dueBefore: Date };

type Kept<Counts> = Counts & { day: string | null };
/** The counts that rows of decisions give; the others are of other events. */
type OfDecisions = Omit<DecisionCounts, 'released' | 'bypassed'>;

const count = (condition: Prisma.Sql): Prisma.Sql => Prisma.sql`(count(*) FILTER (WHERE ${condition}))::int`;
const wentAhead = Prisma.sql`e.verdict IN ('allow', 'allow_reversible')`;
const utcDay = (at: Prisma.Sql): Prisma.Sql => Prisma.sql`to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;

/** countDecisions counts a span's decisions for each day (UTC), and in the row without one for all. A day without decisions is not among them. */
export async function countDecisions(db: Reader, { scope, since, dueBefore }: Span): Promise<Kept<OfDecisions>[]> {
  return db.$queryRaw`
    WITH d AS MATERIALIZED (
      SELECT e.at, e.verdict, o.decision_id AS known, ${utcDay(Prisma.sql`e.at`)} AS day
      FROM ledger_entries e LEFT JOIN outcomes o ON o.decision_id = e.event_id AND ${wentAhead}
      WHERE e.kind = 'decision.made' AND e.seq >= ${firstSince(since)} AND ${inScope(scope, Prisma.sql`e`)})
    SELECT e.day, count(*)::int AS checks, ${count(Prisma.sql`e.verdict = 'deny'`)} AS denied, ${count(Prisma.sql`e.verdict = 'halt'`)} AS halted,
      ${count(Prisma.sql`e.verdict = 'approval_required'`)} AS asked, ${count(wentAhead)} AS allowed,
      ${count(Prisma.sql`${wentAhead} AND e.known IS NOT NULL`)} AS reported,
      ${count(Prisma.sql`${wentAhead} AND e.known IS NULL AND e.at <= ${dueBefore}`)} AS missing
    FROM d e GROUP BY GROUPING SETS ((e.day), ())`;
}

// A release is of a workflow; it is an agent's, or a process's, when one of its halts was.
const releaseOf = (scope: Scope): Prisma.Sql =>
  scope.type === 'organisation'
    ? Prisma.sql`true`
    : scope.type === 'agent'
      ? Prisma.sql`EXISTS (SELECT 1 FROM workflow_halts h WHERE h.workflow_id = e.workflow_id AND h.agent_id = ${scope.id} AND h.halted_at <= e.at)`
      : Prisma.sql`EXISTS (SELECT 1 FROM workflow_halts h JOIN ledger_entries d ON d.event_id = h.decision_id AND d.kind = 'decision.made'
          WHERE h.workflow_id = e.workflow_id AND d.process_id = ${scope.id} AND h.halted_at <= e.at)`;

/** countReleases counts the halted workflows that people released, for each day and for all. */
export async function countReleases(db: Reader, { scope, since }: Span): Promise<Kept<{ released: number }>[]> {
  return db.$queryRaw`
    SELECT r.day, count(*)::int AS released FROM (
      SELECT ${utcDay(Prisma.sql`e.at`)} AS day FROM ledger_entries e
      WHERE e.kind = 'workflow.released' AND e.seq >= ${firstSince(since)} AND ${releaseOf(scope)}) r
    GROUP BY GROUPING SETS ((r.day), ())`;
}

/** listReleases gives the newest of them. */
export async function listReleases(db: Reader, { scope, since }: Span, limit: number): Promise<{ id: string; at: Date }[]> {
  return db.$queryRaw`
    SELECT e.event_id AS id, e.at FROM ledger_entries e
    WHERE e.kind = 'workflow.released' AND e.seq >= ${firstSince(since)} AND ${releaseOf(scope)} ORDER BY e.seq DESC LIMIT ${limit}`;
}

/** countBypassed counts the reports of tools that calls came past the gate, for each day and for all; none of a process or an agent, since who called proved nothing. */
export async function countBypassed(db: Reader, { scope, since }: Pick<Span, 'scope' | 'since'>): Promise<Kept<{ bypassed: number }>[]> {
  if (scope.type !== 'organisation') return [];
  return db.$queryRaw`
    SELECT r.day, count(*)::int AS bypassed FROM (SELECT ${utcDay(Prisma.sql`e.at`)} AS day FROM ledger_entries e WHERE ${bypassed(since)}) r
    GROUP BY GROUPING SETS ((r.day), ())`;
}

/** listBypassed gives the newest of them. */
export async function listBypassed(db: Reader, { scope, since }: Span, limit: number): Promise<{ id: string; at: Date }[]> {
  if (scope.type !== 'organisation') return [];
  return db.$queryRaw`SELECT e.event_id AS id, e.at FROM ledger_entries e WHERE ${bypassed(since)} ORDER BY e.seq DESC LIMIT ${limit}`;
}

// They name no action type of their own: that is how the index finds them.
const bypassed = (since: Date): Prisma.Sql =>
  Prisma.sql`e.action_type IS NULL AND e.kind = 'sighting.reported' AND e.seq >= ${firstSince(since)}`;

// What agents asked for: what two people let happen of a halted action nobody waited for. A verdict is a person's; a request whose deadline is over is expired whether or not a job has swept it.
const requestsIn = ({ scope, since }: Span): Prisma.Sql => Prisma.sql`
  SELECT a.id, a.requested_at, a.decided_at, ${utcDay(Prisma.sql`a.requested_at`)} AS day,
    CASE WHEN a.status IN ('approved', 'used', 'rejected') THEN 'decided' WHEN a.status = 'cancelled' THEN 'cancelled'
      WHEN a.status = 'expired' OR a.expires_at <= clock_timestamp() THEN 'expired' ELSE 'waiting' END AS became,
    a.status IN ('approved', 'used') AS approved,
    (SELECT v.seen_at FROM approval_views v WHERE v.approval_id = a.id AND v.user_id = a.decided_by) AS seen_at
  FROM approvals a WHERE a.tier < 4 AND a.requested_at >= ${since} AND ${inScope(scope, Prisma.sql`a`)}`;
const tooFast = Prisma.sql`r.approved AND r.decided_at - r.seen_at < make_interval(secs => ${implausiblyFastSeconds}::float8)`;

/** countRequests counts a span's requests for approval by when they were asked, for each day and for all. */
export async function countRequests(db: Reader, span: Span): Promise<Kept<RequestCounts>[]> {
  const waited = Prisma.sql`extract(epoch FROM r.decided_at - r.requested_at)::float8`;
  const decided = Prisma.sql`r.became = 'decided'`;
  return db.$queryRaw`
    WITH r AS MATERIALIZED (${requestsIn(span)})
    SELECT r.day, count(*)::int AS requests, ${count(decided)} AS decided, ${count(Prisma.sql`r.became = 'expired'`)} AS expired,
      ${count(Prisma.sql`r.became = 'cancelled'`)} AS cancelled, ${count(Prisma.sql`r.became = 'waiting'`)} AS waiting,
      ${count(Prisma.sql`r.approved`)} AS approved, ${count(Prisma.sql`r.approved AND r.seen_at IS NOT NULL`)} AS seen, ${count(tooFast)} AS fast,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY ${waited}) FILTER (WHERE ${decided}) AS "secondsMedian",
      percentile_cont(0.95) WITHIN GROUP (ORDER BY ${waited}) FILTER (WHERE ${decided}) AS "secondsP95"
    FROM r GROUP BY GROUPING SETS ((r.day), ())`;
}

/** listFast gives the approvals that were given faster than one can read, newest first. */
export async function listFast(db: Reader, span: Span, limit: number): Promise<{ id: string; at: Date; seconds: number }[]> {
  return db.$queryRaw`
    WITH r AS MATERIALIZED (${requestsIn(span)})
    SELECT r.id, r.decided_at AS at, extract(epoch FROM r.decided_at - r.seen_at)::float8 AS seconds FROM r WHERE ${tooFast} ORDER BY r.decided_at DESC LIMIT ${limit}`;
}

// A stop is an agent's when it stops that agent; a process's when it stops it, or an agent of it. What stops more than one process is the organisation's.
const stopOf = (scope: Scope): Prisma.Sql => {
  if (scope.type === 'organisation') return Prisma.sql`true`;
  const own = Prisma.sql`k.scope = ${scope.type} AND k.target = ${scope.id}`;
  return scope.type === 'agent'
    ? own
    : Prisma.sql`(${own} OR k.scope = 'agent' AND EXISTS (SELECT 1 FROM agents a WHERE a.id = k.target AND a.process_id = ${scope.id}))`;
};

// What became of each stop, as it was told when every gateway had acknowledged it or was waited for no longer.
const stopsIn = ({ scope, since }: Pick<Span, 'scope' | 'since'>): Prisma.Sql => Prisma.sql`
  SELECT k.id, k.set_at AS at, ${utcDay(Prisma.sql`k.set_at`)} AS day, k.drill_id IS NOT NULL AS drill, t.detected_ms IS NOT NULL AS detected,
    cardinality(t.silent) AS silent, jsonb_array_length(t.gateways) AS gateways,
    CASE WHEN cardinality(t.silent) = 0 THEN t.last_ms END / 1000.0::float8 AS pressed,
    CASE WHEN cardinality(t.silent) = 0 AND t.last_ms IS NOT NULL THEN coalesce(t.detected_ms, t.last_ms) END / 1000.0::float8 AS seconds
  FROM kill_switches k JOIN kill_acknowledgements t ON t.kill_id = k.id WHERE k.set_at >= ${since} AND ${stopOf(scope)}`;

/** countStops counts a span's stops by when they were set, and how long they took, for each day and for all. */
export async function countStops(db: Reader, span: Pick<Span, 'scope' | 'since'>): Promise<Kept<StopCounts>[]> {
  const reached = Prisma.sql`s.seconds IS NOT NULL`;
  const at = (part: number, of: Prisma.Sql): Prisma.Sql => Prisma.sql`percentile_cont(${part}::float8) WITHIN GROUP (ORDER BY ${of})`;
  const [seconds, pressed] = [Prisma.sql`s.seconds`, Prisma.sql`s.pressed`];
  return db.$queryRaw`
    WITH s AS MATERIALIZED (${stopsIn(span)})
    SELECT s.day, ${count(Prisma.sql`${reached} AND NOT s.drill`)} AS stops, ${count(Prisma.sql`${reached} AND s.drill`)} AS drills,
      ${count(Prisma.sql`${reached} AND s.detected`)} AS detected, ${count(Prisma.sql`s.silent > 0`)} AS silent, ${count(Prisma.sql`s.gateways = 0`)} AS unheard,
      ${at(0.5, seconds)} AS "killMedian", ${at(0.95, seconds)} AS "killP95", ${at(0.5, pressed)} AS "pressMedian", ${at(0.95, pressed)} AS "pressP95"
    FROM s GROUP BY GROUPING SETS ((s.day), ())`;
}

/** A stop with what became of it; `seconds` null: it has no time. */
export type StopRow = {
  id: string;
  at: Date;
  drill: boolean;
  detected: boolean;
  silent: number;
  pressed: number | null;
  seconds: number | null;
};

/** listStops gives the newest of them. */
export const listStops = (db: Reader, span: Pick<Span, 'scope' | 'since'>, limit: number): Promise<StopRow[]> =>
  db.$queryRaw`WITH s AS (${stopsIn(span)}) SELECT s.id, s.at, s.drill, s.detected, s.silent, s.pressed, s.seconds FROM s ORDER BY s.at DESC, s.id DESC LIMIT ${limit}`;

/** The counts of one process or agent, or of all of them together. */
export type ScopedCounts = { type: Scope['type']; id: string; counts: OfDecisions };

/** countByScope counts the decisions since an instant of the organisation, every process and every agent at once. */
export async function countByScope(db: Reader, since: Date, dueBefore: Date): Promise<ScopedCounts[]> {
  type Row = OfDecisions & { type: Scope['type']; id: string | null };
  const rows = await db.$queryRaw<Row[]>`
    WITH d AS MATERIALIZED (
      SELECT e.at, e.verdict, e.agent_id, e.process_id, o.decision_id AS known
      FROM ledger_entries e LEFT JOIN outcomes o ON o.decision_id = e.event_id AND ${wentAhead}
      WHERE e.kind = 'decision.made' AND e.seq >= ${firstSince(since)})
    SELECT CASE WHEN GROUPING(e.agent_id) = 0 THEN 'agent' WHEN GROUPING(e.process_id) = 0 THEN 'process' ELSE 'organisation' END AS type,
      coalesce(e.agent_id, e.process_id) AS id, count(*)::int AS checks, ${count(Prisma.sql`e.verdict = 'deny'`)} AS denied,
      ${count(Prisma.sql`e.verdict = 'halt'`)} AS halted, ${count(Prisma.sql`e.verdict = 'approval_required'`)} AS asked, ${count(wentAhead)} AS allowed,
      ${count(Prisma.sql`${wentAhead} AND e.known IS NOT NULL`)} AS reported,
      ${count(Prisma.sql`${wentAhead} AND e.known IS NULL AND e.at <= ${dueBefore}`)} AS missing
    FROM d e GROUP BY GROUPING SETS ((e.agent_id), (e.process_id), ())`;
  return rows.flatMap(({ type, id, ...counts }): ScopedCounts[] =>
    type !== 'organisation' && id === null ? [] : [{ type, id: id ?? organisationId, counts }],
  );
}

/** The counts of a span, each for its days and for all of it. */
export type Counted = {
  decisions: readonly Kept<OfDecisions>[];
  releases: readonly Kept<{ released: number }>[];
  bypassed: readonly Kept<{ bypassed: number }>[];
  requests: readonly Kept<RequestCounts>[];
  stops: readonly Kept<StopCounts>[];
};

/** wholeOf joins the counts of a day, or, with null, of all of a span; of a day without anything too. */
export function wholeOf(counted: Counted, day: string | null): MetricCounts {
  const of = <Row extends { day: string | null }>(rows: readonly Row[]): Row | undefined => rows.find((row) => row.day === day);
  const { day: _d, ...decided } = of(counted.decisions) ?? { ...noDecisions, day };
  const { day: _r, ...requested } = of(counted.requests) ?? { ...noRequests, day };
  const { day: _s, ...stopped } = of(counted.stops) ?? { ...noStops, day };
  const others = { released: of(counted.releases)?.released ?? 0, bypassed: of(counted.bypassed)?.bypassed ?? 0 };
  return { ...noDecisions, ...decided, ...others, ...requested, ...stopped };
}
