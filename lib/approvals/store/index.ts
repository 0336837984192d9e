import { z } from 'zod';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Routed, StoredStatus, type ApprovalFilter } from '../schema';

type Reader = PrismaClient | Prisma.TransactionClient;

/** Who a request (or any action of an agent in a process) is routed to, as the Escalation row names them now; a request's calls included. */
export type RoutingRow = { routedTo: Routed[]; processOwnerPersonId: string | null; editors: string[] };

/** A request as its row says it, with whom it is routed to, the person it was asked for, and the database's own time. */
export type ApprovalRow = RoutingRow & {
  id: string;
  decisionId: string;
  decisionSeq: bigint;
  agentId: string;
  processId: string;
  processOwnerId: string | null;
  /** Accountable for Escalation, active or not; null when the process is gone. */
  accountableId: string | null;
  workflowId: string;
  action: string;
  asker: string | null;
  askerPersonId: string | null;
  digest: Uint8Array;
  tier: number;
  deciding: string[];
  status: StoredStatus;
  /** How far its escalation has come: 0 to 3. */
  step: number;
  requestedAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
  reasonCode: string | null;
  reason: string | null;
  usedAt: Date | null;
  usedBy: string | null;
  now: Date;
};

type Raw = Omit<ApprovalRow, 'status' | 'routedTo' | 'accountableId'> & { status: string; routedTo: unknown };

// The Escalation row that holds for an agent of a process: its own exception, if it has one, in place of its process's.
const escalation = (process: string, agent: string): string => `c.process_id = ${process} AND c.stage = 'escalation'
    AND c.role IN ('accountable', 'responsible') AND c.agent_id IS NOT DISTINCT FROM
      (SELECT x.agent_id FROM raci_cells x WHERE x.process_id = ${process} AND x.agent_id = ${agent} AND x.stage = 'escalation' LIMIT 1)`;
const holders = `raci_cells c LEFT JOIN team_members m ON m.team_id = c.team_id JOIN users h ON h.id = coalesce(c.user_id, m.user_id)`;

// Called as the deadline came near, and still what they were called as: a successor, or manager of a Responsible; the agent's owner. (The Accountable
// who was called stands in the row as long as it names them.) Since then not one of those who built the agent.
const manages = `EXISTS (SELECT 1 FROM raci_cells c LEFT JOIN team_members m ON m.team_id = c.team_id JOIN users r ON r.id = coalesce(c.user_id, m.user_id)
    WHERE ${escalation('a.process_id', 'a.agent_id')} AND c.role = 'responsible' AND r.manager_id = k.user_id)`;
const called = `approval_calls k JOIN users h ON h.id = k.user_id JOIN agents g ON g.id = a.agent_id WHERE k.approval_id = a.id AND k.step >= 2
    AND h.person_id <> ALL (g.editors) AND CASE k.step WHEN 3 THEN g.owner_id = k.user_id ELSE k.user_id = ANY (g.successor_ids) OR ${manages} END`;

const account = 'h.id, h.person_id, h.name, h.email, h.roles, h.status';
// Each account once, as the most it is there: Accountable before Responsible, by name before with a team, and then who was called.
const routedTo = (process: string, agent: string): string => `(SELECT coalesce(json_agg(r ORDER BY r.rank, r.name, r."userId"), '[]') FROM (
    SELECT DISTINCT ON (x.id) x.id AS "userId", x.person_id AS "personId", x.name, x.email, x.roles, x.status = 'active' AS active, x.how, x.team, x.rank FROM (
      SELECT ${account}, c.role AS how, t.name AS team, CASE c.role WHEN 'accountable' THEN 0 ELSE 1 END AS rank
      FROM ${holders} LEFT JOIN teams t ON t.id = c.team_id WHERE ${escalation(process, agent)}
      UNION ALL SELECT ${account}, CASE k.step WHEN 2 THEN 'backup' ELSE 'owner' END, NULL, k.step FROM ${called}) x
    ORDER BY x.id, x.rank, x.team NULLS FIRST) r)`;

// An asker is an e-mail or a user id; e-mails are kept in lower case.
const asker = `(SELECT u.person_id FROM users u WHERE u.id = a.asker OR u.email = lower(btrim(a.asker)) ORDER BY u.id = a.asker DESC LIMIT 1)`;
const editors = `coalesce((SELECT g.editors FROM agents g WHERE g.id = a.agent_id), '{}')`;

const columns = `a.id, a.decision_id AS "decisionId", a.decision_seq AS "decisionSeq", a.agent_id AS "agentId", a.process_id AS "processId", p.owner_id AS "processOwnerId",
  o.person_id AS "processOwnerPersonId", a.workflow_id AS "workflowId", a.action_type AS "action", a.asker, ${asker} AS "askerPersonId", ${editors} AS editors,
  ${routedTo('a.process_id', 'a.agent_id')} AS "routedTo", a.digest, a.tier, a.deciding, a.status, a.step,
  a.requested_at AS "requestedAt", a.expires_at AS "expiresAt", a.decided_at AS "decidedAt", a.decided_by AS "decidedBy", a.reason_code AS "reasonCode", a.reason,
  a.used_at AS "usedAt", a.used_by AS "usedBy", clock_timestamp() AS now`;
const joined = `LEFT JOIN processes p ON p.id = a.process_id LEFT JOIN users o ON o.id = p.owner_id`;

const parse = (rows: Raw[]): ApprovalRow[] =>
  rows.map((row) => {
    const routed = z.array(Routed).parse(row.routedTo);
    const accountableId = routed.find(({ how }) => how === 'accountable')?.userId ?? null;
    return { ...row, status: StoredStatus.parse(row.status), routedTo: routed, accountableId };
  });

export async function findApproval(db: Reader, id: string): Promise<ApprovalRow | undefined> {
  return parse(await db.$queryRawUnsafe<Raw[]>(`SELECT ${columns} FROM approvals a ${joined} WHERE a.id = $1`, id))[0];
}

/** listApprovals gives these requests, in the order of their ids. */
export async function listApprovals(db: Reader, ids: readonly string[]): Promise<ApprovalRow[]> {
  return parse(await db.$queryRawUnsafe<Raw[]>(`SELECT ${columns} FROM approvals a ${joined} WHERE a.id = ANY ($1) ORDER BY a.id`, ids));
}

/** findRouting answers whom an agent's requests in a process are routed to, whether or not one waits. */
export async function findRouting(db: Reader, agentId: string, processId: string): Promise<RoutingRow> {
  const [row] = await db.$queryRawUnsafe<(Omit<RoutingRow, 'routedTo'> & { routedTo: unknown })[]>(
    `SELECT ${routedTo('a.process_id', 'a.agent_id')} AS "routedTo", ${editors} AS editors, o.person_id AS "processOwnerPersonId"
     FROM (SELECT NULL::text AS id, $1::text AS agent_id, $2::text AS process_id) a ${joined}`,
    agentId,
    processId,
  );
  if (!row) throw new Error('one row was asked for');
  return { ...row, routedTo: z.array(Routed).parse(row.routedTo) };
}

const waits = `a.status = 'pending' AND a.expires_at > clock_timestamp()`;
// Of $1, a person. As mayDecide() sees it, but for the permission to sign, which whoever calls asks before.
const routedToPerson = `(EXISTS (SELECT 1 FROM ${holders} WHERE ${escalation('a.process_id', 'a.agent_id')} AND h.person_id = $1 AND h.status = 'active')
  OR EXISTS (SELECT 1 FROM ${called} AND h.person_id = $1 AND h.status = 'active'))
  AND ${asker} IS DISTINCT FROM $1 AND $1 <> ALL (${editors})`;

// What a list is narrowed to, in the parameters from `first` on; null: not narrowed.
const narrowing = (first: number): string =>
  ['process_id', 'agent_id', 'action_type']
    .map((column, i) => `($${first + i}::text IS NULL OR a.${column} = $${first + i})`)
    .join(' AND ') +
  ` AND ($${first + 3}::int IS NULL OR a.tier = $${first + 3}) AND ($${first + 4}::timestamptz IS NULL OR a.requested_at >= $${first + 4})`;
const narrowedTo = ({ process, agent, action, tier, from }: ApprovalFilter) => [
  process ?? null,
  agent ?? null,
  action ?? null,
  tier ?? null,
  from === undefined ? null : new Date(from),
];

// The tier, half a step for each digit of money in the base currency, and one step for what cannot be undone.
const risk = `(a.tier + coalesce(log(greatest(e.money, 1)), 0) / 2 + CASE WHEN 'reversibility' = ANY (a.deciding) THEN 1 ELSE 0 END)`;

// Chosen first, so that names and rows are looked up for the page alone.
const pressing = (condition: string, limit: string): string => `WITH chosen AS MATERIALIZED (
    SELECT a.*, extract(epoch FROM a.expires_at - clock_timestamp()) / ${risk} AS press
    FROM approvals a LEFT JOIN ledger_entries e ON e.seq = a.decision_seq WHERE ${condition} ORDER BY press, a.id LIMIT ${limit})
  SELECT ${columns} FROM chosen a ${joined} ORDER BY a.press, a.id`;

/** listWaiting gives what waits, the most pressing first: time left divided by risk. */
export async function listWaiting(db: Reader, filter: ApprovalFilter, limit: number): Promise<ApprovalRow[]> {
  return parse(await db.$queryRawUnsafe<Raw[]>(pressing(`${waits} AND ${narrowing(2)}`, '$1'), limit, ...narrowedTo(filter)));
}

/** listWaitingFor gives what waits and is routed to a person, without what they asked for and what agents they built ask. */
export async function listWaitingFor(db: Reader, personId: string, filter: ApprovalFilter, limit: number): Promise<ApprovalRow[]> {
  const condition = `${waits} AND ${routedToPerson} AND ${narrowing(3)}`;
  return parse(await db.$queryRawUnsafe<Raw[]>(pressing(condition, '$2'), personId, limit, ...narrowedTo(filter)));
}

/** countWaiting counts what waits, in all and routed to a person. */
export async function countWaiting(db: Reader, personId: string): Promise<{ all: number; mine: number }> {
  const [row] = await db.$queryRawUnsafe<{ all: number; mine: number }[]>(
    `SELECT count(*)::int AS all, (count(*) FILTER (WHERE ${routedToPerson}))::int AS mine FROM approvals a WHERE ${waits}`,
    personId,
  );
  return row ?? { all: 0, mine: 0 };
}

// What became of a request, as a list of them is narrowed: `expired` whether or not a job has swept it.
const became: Record<NonNullable<ApprovalFilter['outcome']>, string> = {
  approved: `a.status IN ('approved', 'used')`,
  rejected: `a.status = 'rejected'`,
  expired: `a.status IN ('pending', 'expired')`,
  cancelled: `a.status = 'cancelled'`,
};

/** countWaitingByProcess counts what waits in each process that has any. */
export async function countWaitingByProcess(db: Reader): Promise<{ processId: string; count: number }[]> {
  return db.$queryRawUnsafe(`SELECT a.process_id AS "processId", count(*)::int AS count FROM approvals a WHERE ${waits} GROUP BY 1`);
}

/** listDecided gives what waits no more, newest request first; ids sort by the time of the request. */
export async function listDecided(db: Reader, filter: ApprovalFilter, before: string | undefined, limit: number): Promise<ApprovalRow[]> {
  const outcome = filter.outcome === undefined ? 'true' : became[filter.outcome];
  return parse(
    await db.$queryRawUnsafe<Raw[]>(
      `WITH chosen AS MATERIALIZED (SELECT a.* FROM approvals a
         WHERE NOT (${waits}) AND ${outcome} AND ($1::text IS NULL OR a.id < $1) AND ${narrowing(3)} ORDER BY a.id DESC LIMIT $2)
       SELECT ${columns} FROM chosen a ${joined} ORDER BY a.id DESC`,
      before ?? null,
      limit,
      ...narrowedTo(filter),
    ),
  );
}

/**
 * holdRouting keeps the matrix of a request's process, the teams in it, its agent's owner and successors, and the asker's account as they are until the
 * transaction ends: who changes one takes its row for themselves. The agent before its requests, as who decommissions it holds them.
 */
export async function holdRouting(
  tx: Prisma.TransactionClient,
  { processId, agentId, asker }: Pick<ApprovalRow, 'processId' | 'agentId' | 'asker'>,
): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM processes WHERE id = ${processId} FOR SHARE`;
  await tx.$queryRaw`SELECT 1 FROM agents WHERE id = ${agentId} FOR SHARE`;
  await tx.$queryRaw`SELECT 1 FROM teams WHERE id IN (
    SELECT team_id FROM raci_cells WHERE process_id = ${processId} AND stage = 'escalation') ORDER BY id FOR SHARE`;
  if (asker !== null) await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${asker} OR email = lower(btrim(${asker})) ORDER BY id FOR SHARE`;
}

export type Verdict = {
  id: string;
  status: 'approved' | 'rejected';
  decidedBy: string;
  reasonCode: string | null;
  reason: string | null;
  digest: Uint8Array;
};

/**
 * claimVerdict writes a verdict where the request still waits, counting the rows. It waits for whoever holds the row; the clock is read after the
 * wait, so that a verdict which waited past the deadline is late.
 */
export async function claimVerdict(tx: Prisma.TransactionClient, verdict: Verdict): Promise<number> {
  return tx.$executeRaw`
    UPDATE approvals SET status = ${verdict.status}, decided_at = clock_timestamp(), decided_by = ${verdict.decidedBy}, reason_code = ${verdict.reasonCode}, reason = ${verdict.reason}
    WHERE id = ${verdict.id} AND status = 'pending' AND expires_at > clock_timestamp() AND digest = ${verdict.digest}`;
}

/** claimExpired turns up to `limit` pending requests whose deadline has passed into expired ones, and passes over those that somebody holds. */
export async function claimExpired(db: Reader, limit: number): Promise<{ id: string; decisionId: string }[]> {
  // Materialized: as a plain subquery the limit would be applied anew for every row.
  return db.$queryRaw`
    WITH due AS MATERIALIZED (
      SELECT id FROM approvals WHERE status = 'pending' AND expires_at <= now() ORDER BY expires_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE approvals a SET status = 'expired', decided_at = now() FROM due WHERE a.id = due.id AND a.status = 'pending'
    RETURNING a.id, a.decision_id AS "decisionId"`;
}

/** insertView keeps that somebody saw a card; 0 when that was known. */
export const insertView = (tx: Prisma.TransactionClient, approvalId: string, userId: string): Promise<number> =>
  tx.$executeRaw`INSERT INTO approval_views (approval_id, user_id, seen_at) VALUES (${approvalId}, ${userId}, clock_timestamp()) ON CONFLICT DO NOTHING`;
