import { z } from 'zod';
import { Role } from '@/lib/people/schema';
import { Prisma } from '@/lib/platform/db/generated/client';
import { AgentStatus } from '@/lib/registry/schema';
import { Cell } from '@/lib/raci/schema';
import { organisationId, ScopeType, type Scope } from '../schema';
import { firstSince, inScope, type Reader } from './reader';

/** How long a workload counts that a credential was used from, in days; as the finding of a shared credential has it. */
const workloadDays = 7;

export type AgentRow = {
  id: string;
  name: string;
  status: AgentStatus;
  processId: string;
  purpose: string;
  ownerId: string;
  sponsorId: string | null;
  technicalOwnerId: string | null;
  editors: string[];
  reviewed: boolean;
  nextReviewOn: string | null;
  ownCredential: boolean;
  workloads: number;
  actions: { name: string; classified: boolean }[];
};

const Actions = z.array(z.object({ name: z.string(), classified: z.boolean() }));

/** Of a process or an agent, the agents of that process: an agent is told by its process's matrix and policies too. */
const inProcessOf = (scope: Scope): Prisma.Sql =>
  scope.type === 'organisation'
    ? Prisma.sql`true`
    : scope.type === 'process'
      ? Prisma.sql`a.process_id = ${scope.id}`
      : Prisma.sql`a.process_id = (SELECT own.process_id FROM agents own WHERE own.id = ${scope.id})`;

/** listAgents gives every agent that is not at its end, with its live secrets, from how many workloads they are used, and what it may ask for. */
export async function listAgents(db: Reader, of: Scope): Promise<AgentRow[]> {
  const rows = await db.$queryRaw<(Omit<AgentRow, 'status' | 'actions'> & { status: string; actions: unknown })[]>`
    SELECT a.id, a.name, a.status, a.process_id AS "processId", a.purpose, a.owner_id AS "ownerId", a.sponsor_id AS "sponsorId",
      a.technical_owner_id AS "technicalOwnerId", a.editors, a.reviewed_by IS NOT NULL AS reviewed,
      a.next_review_on::text AS "nextReviewOn", coalesce(c.live, 0) > 0 AS "ownCredential", coalesce(c.workloads, 0)::int AS workloads,
      coalesce(p.actions, '[]') AS actions
    FROM agents a
    LEFT JOIN (SELECT k.agent_id, count(*) AS live, max(w.workloads) AS workloads FROM credentials k
        LEFT JOIN (SELECT subject, count(*) AS workloads FROM observations
          WHERE kind = 'credential.workload' AND last_at > clock_timestamp() - make_interval(days => ${workloadDays}::int) GROUP BY 1) w ON w.subject = k.id
        WHERE k.revoked_at IS NULL AND k.expires_at > clock_timestamp() GROUP BY 1) c ON c.agent_id = a.id
    LEFT JOIN (SELECT g.agent_id, json_agg(json_build_object('name', g.action_type, 'classified', t.status = 'approved') ORDER BY g.action_type) AS actions
        FROM agent_permissions g JOIN action_types t ON t.name = g.action_type GROUP BY 1) p ON p.agent_id = a.id
    WHERE a.status NOT IN ('decommissioned', 'rejected') AND ${inProcessOf(of)} ORDER BY a.name, a.id`;
  return rows.map((row) => ({ ...row, status: AgentStatus.parse(row.status), actions: Actions.parse(row.actions) }));
}

export type PersonRow = { id: string; personId: string; name: string; roles: Role[]; active: boolean };

/** listPeople gives every account, those of people who left too. */
export async function listPeople(db: Reader): Promise<PersonRow[]> {
  const rows = await db.$queryRaw<(Omit<PersonRow, 'roles'> & { roles: string[] })[]>`
    SELECT id, person_id AS "personId", name, roles, status = 'active' AS active FROM users ORDER BY name, id`;
  return rows.map((row) => ({ ...row, roles: z.array(Role).parse(row.roles) }));
}

export const listTeams = (db: Reader): Promise<{ id: string; name: string; members: string[] }[]> =>
  db.$queryRaw`
    SELECT t.id, t.name, coalesce(array_agg(m.user_id) FILTER (WHERE m.user_id IS NOT NULL), '{}') AS members
    FROM teams t LEFT JOIN team_members m ON m.team_id = t.id GROUP BY 1, 2 ORDER BY 2, 1`;

export const listProcesses = (db: Reader): Promise<{ id: string; name: string; ownerId: string }[]> =>
  db.$queryRaw`SELECT id, name, owner_id AS "ownerId" FROM processes ORDER BY name, id`;

/** listCells gives the holders of all matrices, in the order in which they were named. */
export async function listCells(db: Reader): Promise<(Cell & { processId: string })[]> {
  const rows = await db.$queryRaw<
    { processId: string; agentId: string | null; stage: string; role: string; userId: string | null; teamId: string | null }[]
  >`
    SELECT process_id AS "processId", agent_id AS "agentId", stage, role, user_id AS "userId", team_id AS "teamId" FROM raci_cells ORDER BY id`;
  return rows.map(({ processId, userId, teamId, ...cell }) => ({
    processId,
    ...Cell.parse({ ...cell, holder: userId === null ? { type: 'team', id: teamId } : { type: 'user', id: userId } }),
  }));
}

/** A policy in force, by whom and what it is for. */
export type PolicyRow = { level: string; process: string | null; agent: string | null; baseline: boolean; actions: string[] };
export const listPolicies = (db: Reader): Promise<PolicyRow[]> =>
  db.$queryRaw`
    SELECT document->'selector'->>'level' AS level, document->'selector'->>'process' AS process, document->'selector'->>'agent' AS agent,
      coalesce((document->>'baseline')::boolean, false) AS baseline, ARRAY(SELECT jsonb_array_elements_text(document->'selector'->'actions')) AS actions
    FROM policies WHERE status = 'active'`;

export type OrphanRow = { subjectType: 'agent' | 'process'; subjectId: string; part: string; graceOver: boolean };

/** listOrphans gives what nobody inherited and nobody has settled. */
export const listOrphans = (db: Reader): Promise<OrphanRow[]> =>
  db.$queryRaw`
    SELECT subject_type AS "subjectType", subject_id AS "subjectId", part, coalesce(grace_until <= clock_timestamp(), true) AS "graceOver"
    FROM successions WHERE ended_at IS NULL AND to_user IS NULL ORDER BY at, id`;

export type ReviewRow = {
  id: string;
  subjectId: string;
  processId: string | null;
  reviewerId: string | null;
  open: boolean;
  late: boolean;
};

/** listReviews gives the items whose day lies in the last `days`, or was met early: those that fell due, or were decided. A day ends as UTC has it. */
export const listReviews = (db: Reader, days: number): Promise<ReviewRow[]> =>
  db.$queryRaw`
    WITH today AS (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS day)
    SELECT i.id, i.subject_id AS "subjectId", i.process_id AS "processId", i.reviewer_id AS "reviewerId", i.status = 'open' AS open,
      coalesce((i.decided_at AT TIME ZONE 'UTC')::date, t.day) > c.due_on AS late
    FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id CROSS JOIN today t
    WHERE i.status <> 'void' AND c.due_on >= t.day - ${days}::int AND (i.status = 'decided' OR c.due_on < t.day) ORDER BY c.due_on, i.id`;

/** listPlannedReviews gives the agents of which a review is open, or was decided in the last `days`. */
export const listPlannedReviews = async (db: Reader, days: number): Promise<string[]> =>
  (
    await db.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT i.subject_id AS id FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id AND c.subject_type = 'agent'
      WHERE i.status = 'open' OR (i.status = 'decided' AND i.decided_at > clock_timestamp() - make_interval(days => ${days}::int))`
  ).map(({ id }) => id);

/** countFindings counts what stands open, put off or not, by detector. */
export async function countFindings(db: Reader): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ detector: string; count: number }[]>`
    SELECT detector, count(*)::int AS count FROM findings WHERE status <> 'closed' GROUP BY 1`;
  return new Map(rows.map(({ detector, count }) => [detector, count]));
}

/** listFreshDetectors gives the detectors that ran without failing in the last `hours`. */
export const listFreshDetectors = async (db: Reader, hours: number): Promise<string[]> =>
  (
    await db.$queryRaw<{ detector: string }[]>`
      SELECT detector FROM detector_runs WHERE ok_at > clock_timestamp() - make_interval(hours => ${hours}::int)`
  ).map(({ detector }) => detector);

export type TallyRow = {
  type: ScopeType;
  id: string;
  decisions: number;
  unsigned: number;
  reported: number;
  missing: number;
};

const byScope = (table: Prisma.Sql): Prisma.Sql => Prisma.sql`
  CASE WHEN GROUPING(${table}.agent_id) = 0 THEN 'agent' WHEN GROUPING(${table}.process_id) = 0 THEN 'process' ELSE 'organisation' END AS type,
  coalesce(CASE WHEN GROUPING(${table}.agent_id) = 0 THEN ${table}.agent_id END, CASE WHEN GROUPING(${table}.process_id) = 0 THEN ${table}.process_id END) AS id`;
const sets = (table: Prisma.Sql): Prisma.Sql => Prisma.sql`GROUPING SETS ((${table}.agent_id), (${table}.process_id), ())`;

type Scoped<Row> = Row & { type: ScopeType; id: string | null };
const named = <Row>(rows: readonly Scoped<Row>[]): (Row & { type: ScopeType; id: string })[] =>
  rows.flatMap((row) => (row.type !== 'organisation' && row.id === null ? [] : [{ ...row, id: row.id ?? organisationId }]));

/** tallyDecisions counts the decisions since an instant, and the outcomes since a later one, of a scope and every process and agent in it. */
export async function tallyDecisions(db: Reader, of: Scope, since: Date, outcomesSince: Date, dueBefore: Date): Promise<TallyRow[]> {
  const wentAhead = Prisma.sql`e.verdict IN ('allow', 'allow_reversible')`;
  const due = Prisma.sql`${wentAhead} AND e.at >= ${outcomesSince}`;
  const d = Prisma.sql`d`;
  return named(
    await db.$queryRaw<Scoped<Omit<TallyRow, 'type' | 'id'>>[]>`
      WITH d AS MATERIALIZED (
        SELECT e.agent_id, e.process_id, ${wentAhead} AND e.tier >= 3 AND e.approval_id IS NULL AS unsigned,
          ${due} AND o.decision_id IS NOT NULL AS reported, ${due} AND o.decision_id IS NULL AND e.at <= ${dueBefore} AS missing
        FROM ledger_entries e LEFT JOIN outcomes o ON o.decision_id = e.event_id AND ${due}
        WHERE e.kind = 'decision.made' AND e.seq >= ${firstSince(since)} AND ${inScope(of, Prisma.sql`e`)})
      SELECT ${byScope(d)}, count(*)::int AS decisions, (count(*) FILTER (WHERE d.unsigned))::int AS unsigned,
        (count(*) FILTER (WHERE d.reported))::int AS reported, (count(*) FILTER (WHERE d.missing))::int AS missing
      FROM d GROUP BY ${sets(d)}`,
  );
}

export type RequestTallyRow = { type: ScopeType; id: string; decided: number; expired: number };

/** tallyRequests counts the requests asked since an instant that a person decided, and that ran out. */
export async function tallyRequests(db: Reader, of: Scope, since: Date): Promise<RequestTallyRow[]> {
  const a = Prisma.sql`a`;
  return named(
    await db.$queryRaw<Scoped<{ decided: number; expired: number }>[]>`
      SELECT ${byScope(a)}, (count(*) FILTER (WHERE a.status IN ('approved', 'used', 'rejected')))::int AS decided,
        (count(*) FILTER (WHERE a.status = 'expired' OR (a.status = 'pending' AND a.expires_at <= clock_timestamp())))::int AS expired
      FROM approvals a WHERE a.tier < 4 AND a.requested_at >= ${since} AND ${inScope(of, a)} GROUP BY ${sets(a)}`,
  );
}
