import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Breaker, type BreakerFacts } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Seconds of one bucket of breaker_windows; the function breaker_count says the same. */
const bucketSeconds = 10;

const columns = {
  agentId: true,
  actionType: true,
  state: true,
  cause: true,
  facts: true,
  openedAt: true,
  probeAt: true,
  probes: true,
  times: true,
  closedAt: true,
  closedBy: true,
} satisfies Prisma.BreakerSelect;

/** A breaker that is half-open, and the database's clock when it was read. */
export type HalfOpen = { breaker: Breaker; now: Date };

/** listHalfOpen gives up to `limit` half-open breakers of agents that are not decommissioned, in the order of their keys, after one of them. */
export async function listHalfOpen(
  db: Reader,
  after: { agentId: string; actionType: string } | undefined,
  limit: number,
): Promise<HalfOpen[]> {
  const rows = await db.$queryRaw<(Record<string, unknown> & { now: Date })[]>`
    SELECT b.agent_id AS "agentId", b.action_type AS "actionType", b.state, b.cause, b.facts, b.opened_at AS "openedAt", b.probe_at AS "probeAt", b.probes::int AS probes,
      b.times::int AS times, b.closed_at AS "closedAt", b.closed_by AS "closedBy", clock_timestamp() AS now
    FROM breakers b JOIN agents a ON a.id = b.agent_id
    WHERE b.state = 'open' AND b.probe_at <= clock_timestamp() AND a.status <> 'decommissioned'
      AND (b.agent_id, b.action_type) > (${after?.agentId ?? ''}, ${after?.actionType ?? ''})
    ORDER BY b.agent_id, b.action_type LIMIT ${limit}`;
  return rows.map(({ now, ...row }) => ({ breaker: Breaker.parse(row), now }));
}

/** listOpen gives breakers that are open or half-open, of agents that are not decommissioned, the newest first. */
export async function listOpen(db: Reader, agentId: string | undefined, limit: number): Promise<Breaker[]> {
  const rows = await db.breaker.findMany({
    where: { state: 'open', ...(agentId === undefined ? {} : { agentId }) },
    orderBy: [{ openedAt: 'desc' }, { agentId: 'asc' }, { actionType: 'asc' }],
    select: columns,
    take: limit,
  });
  const gone = await db.agent.findMany({
    where: { id: { in: rows.map((row) => row.agentId) }, status: 'decommissioned' },
    select: { id: true },
  });
  return rows.filter((row) => !gone.some(({ id }) => id === row.agentId)).map((row) => Breaker.parse(row));
}

/** countOpen counts the breakers that are open or half-open, of agents that are not decommissioned. */
export async function countOpen(db: Reader): Promise<number> {
  const [row] = await db.$queryRaw<{ open: number }[]>`
    SELECT count(*)::int AS open FROM breakers b JOIN agents a ON a.id = b.agent_id WHERE b.state = 'open' AND a.status <> 'decommissioned'`;
  return row?.open ?? 0;
}

/** lockBreaker takes the breaker of an agent and an action type for a change, until the transaction ends. */
export async function lockBreaker(tx: Tx, agentId: string, actionType: string): Promise<Breaker | undefined> {
  await tx.$queryRaw`SELECT 1 FROM breakers WHERE agent_id = ${agentId} AND action_type = ${actionType} FOR UPDATE`;
  const row = await tx.breaker.findUnique({ where: { agentId_actionType: { agentId, actionType } }, select: columns });
  return row ? Breaker.parse(row) : undefined;
}

/** closeBreaker closes the breaker that opened at an instant, if nothing happened to it since. `by` null: it recovered, so it must be half-open. */
export async function closeBreaker(
  tx: Tx,
  breaker: Pick<Breaker, 'agentId' | 'actionType' | 'openedAt'>,
  by: string | null,
): Promise<boolean> {
  const { agentId, actionType, openedAt } = breaker;
  const count = await tx.$executeRaw`
    UPDATE breakers SET state = 'closed', closed_at = clock_timestamp(), closed_by = ${by}
    WHERE agent_id = ${agentId} AND action_type = ${actionType} AND state = 'open' AND opened_at = ${openedAt}::timestamptz
      AND (${by}::text IS NOT NULL OR probe_at <= clock_timestamp())`;
  return count === 1;
}

/** openAgain opens a half-open breaker again, if nothing happened to it since; false otherwise. */
export async function openAgain(
  db: Reader,
  event: string,
  { agentId, actionType, openedAt }: Breaker,
  facts: BreakerFacts,
  pauseSeconds: number,
): Promise<boolean> {
  const [row] = await db.$queryRaw<{ opened: boolean }[]>`
    SELECT breaker_open_again(${event}, ${agentId}, ${actionType}, ${openedAt}::timestamptz, ${JSON.stringify(facts)}::jsonb, ${pauseSeconds}::int) AS opened`;
  return row?.opened ?? false;
}

/** countUsed gives how many probes of a counter went ahead: exact, since the commit itself counted them. */
export async function countUsed(db: Reader, counter: string): Promise<number> {
  const [row] = await db.$queryRaw<{ used: number }[]>`
    SELECT coalesce(sum(total), 0)::int AS used FROM counters WHERE counter = decode(${counter}, 'hex')`;
  return row?.used ?? 0;
}

/** countUsedOf is countUsed for many counters, by counter. */
export async function countUsedOf(db: Reader, counters: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ counter: string; used: number }[]>`
    SELECT encode(counter, 'hex') AS counter, sum(total)::int AS used FROM counters
    WHERE counter = ANY (SELECT decode(name, 'hex') FROM unnest(${[...counters]}::text[]) AS name) GROUP BY counter`;
  return new Map(rows.map(({ counter, used }) => [counter, used]));
}

/** forgetUsed removes a counter of probes that nothing charges any more. Never in the transaction that closes or opens a breaker: the commit would wait for it. */
export async function forgetUsed(db: Reader, counter: string): Promise<void> {
  await db.$executeRaw`DELETE FROM counters WHERE counter = decode(${counter}, 'hex')`;
}

/** A probe that went ahead, and what was reported of it. */
export type Probe = { at: Date; outcome: string | null };

/**
 * listProbes gives what went ahead of an agent and an action type since its breaker opened: probes, all of them, since nothing else can. At most
 * `limit`, oldest first, as far as the explorer has come; nothing while it has not come to the opening.
 */
export async function listProbes(db: Reader, { agentId, actionType, openedAt, probeAt }: Breaker, limit: number): Promise<Probe[]> {
  return db.$queryRaw<Probe[]>`
    WITH opened AS MATERIALIZED (
        SELECT seq FROM ledger_entries WHERE action_type = ${actionType} AND kind = 'breaker.opened' AND agent_id = ${agentId} AND at >= ${openedAt}::timestamptz
        ORDER BY seq DESC LIMIT 1),
      -- Between the opening and the first probe an agent may have been refused a million times. A gateway's clock may be a little ahead.
      tried AS MATERIALIZED (
        SELECT seq FROM ledger_entries WHERE at >= ${probeAt}::timestamptz - interval '1 minute' ORDER BY at, seq LIMIT 1)
    SELECT e.at, o.status AS outcome
    FROM opened CROSS JOIN tried JOIN ledger_entries e ON e.action_type = ${actionType} AND e.kind = 'decision.made' AND e.seq > greatest(opened.seq, tried.seq - 1)
      LEFT JOIN outcomes o ON o.decision_id = e.event_id
    WHERE e.agent_id = ${agentId} AND e.verdict IN ('allow', 'allow_reversible')
    ORDER BY e.seq LIMIT ${limit}`;
}

/** countTried gives how many checks were made while a breaker was half-open, and how many of them were refused for what was asked. */
export async function countTried(db: Reader, { agentId, actionType, openedAt }: Breaker): Promise<{ checks: number; refused: number }> {
  const [row] = await db.$queryRaw<{ checks: number; refused: number }[]>`
    SELECT coalesce(sum(checks), 0)::int AS checks, coalesce(sum(refused), 0)::int AS refused FROM breaker_windows
    WHERE agent_id = ${agentId} AND action_type = ${actionType} AND opening = ${openedAt.getTime()}::bigint`;
  return row ?? { checks: 0, refused: 0 };
}

/** sumSpend gives what went ahead of an agent and an action type within so many seconds, closed or half-open, as a decimal. */
export async function sumSpend(db: Reader, { agentId, actionType }: Breaker, seconds: number): Promise<string> {
  const [row] = await db.$queryRaw<{ spend: string }[]>`
    SELECT trim_scale(coalesce(sum(spend), 0))::text AS spend FROM breaker_windows
    WHERE agent_id = ${agentId} AND action_type = ${actionType}
      AND bucket >= floor(extract(epoch FROM clock_timestamp()) / ${bucketSeconds}) - ceil(${seconds}::numeric / ${bucketSeconds})`;
  return row?.spend ?? '0';
}

/** deleteOldWindows removes up to `limit` counts older than so many seconds, the oldest first; what was tried of a breaker that is still half-open stays. Counts. */
export async function deleteOldWindows(db: Reader, seconds: number, limit: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM breaker_windows w USING (
      SELECT agent_id, action_type, opening, bucket FROM breaker_windows o
      WHERE o.bucket < floor(extract(epoch FROM clock_timestamp()) / ${bucketSeconds}) - ${Math.ceil(seconds / bucketSeconds)}
        AND (o.opening = 0 OR NOT EXISTS (SELECT 1 FROM breakers b WHERE b.agent_id = o.agent_id AND b.action_type = o.action_type AND b.state = 'open'
          AND (extract(epoch FROM b.opened_at) * 1000)::bigint = o.opening))
      ORDER BY o.bucket LIMIT ${limit}) d
    WHERE w.agent_id = d.agent_id AND w.action_type = d.action_type AND w.opening = d.opening AND w.bucket = d.bucket`;
}

/** One event of a breaker as the explorer lists it, with its ledger row's payload. */
export type BreakerRow = { seq: bigint; at: Date; kind: string; payload: string };

/** listBreakerEvents gives the openings and closings of an agent's breakers, newest first. */
export async function listBreakerEvents(db: Reader, agentId: string, limit: number): Promise<BreakerRow[]> {
  return db.$queryRaw<BreakerRow[]>`
    SELECT e.seq, e.at, e.kind, convert_from(substring(l.bytes FROM 49), 'UTF8') AS payload
    FROM ledger_entries e JOIN ledger l ON l.seq = e.seq AND l.at = e.at
    WHERE e.agent_id = ${agentId} AND e.kind IN ('breaker.opened', 'breaker.closed') ORDER BY e.seq DESC LIMIT ${limit}`;
}
