import { z } from 'zod';
import { Role } from '@/lib/people/schema';
import { Prisma } from '@/lib/platform/db/generated/client';
import { outcomeDueMinutes } from '@/lib/outcomes/schema';
import { Cell, type StandingTeam } from '@/lib/raci/schema';
import { AgentRecord, AgentStatus, ClassificationStatus } from '@/lib/registry/schema';
import { ObservationKind } from '../observations/schema';
import { FindingSettings, type Snapshot, type SnapshotAgent, type SnapshotObservation } from '../schema';

type Tx = Prisma.TransactionClient;

/** Most rows of one kind that a snapshot holds; an installation is far from it, and past it the oldest are looked at first. */
const rowsMax = 50_000;
/** Newest workflows of one agent looked at for why they were halted. */
const haltsMax = 200;
/** Newest allowed actions looked at for a missing outcome, those of all agents together. */
const allowedMaxDefault = 100_000;

/** findNow answers the database's clock, and the settings of the organisation. */
export async function findNow(tx: Tx): Promise<{ at: Date; settings: FindingSettings }> {
  const rows = await tx.$queryRaw<{ at: Date; settings: unknown }[]>`
    SELECT clock_timestamp() AS at, (SELECT settings FROM organisation WHERE id = 1) AS settings`;
  const row = rows[0];
  if (!row) throw new Error('the database did not say what time it is');
  return { at: row.at, settings: FindingSettings.parse(row.settings ?? {}) };
}

type AgentRow = Omit<SnapshotAgent, 'model' | 'status'> & { status: string; model: unknown };

const Model = z.object({ model: AgentRecord.shape.model }).catch({ model: { vendor: '', name: '', version: '' } });

/** listAgents reads every agent; when it was last heard is one step into the index on (agent_id, seq) each. */
export async function listAgents(tx: Tx): Promise<SnapshotAgent[]> {
  const rows = await tx.$queryRaw<AgentRow[]>`
    SELECT a.id, a.name, a.status, a.process_id AS "processId", a.owner_id AS "ownerId", a.sponsor_id AS "sponsorId",
      a.technical_owner_id AS "technicalOwnerId", a.editors, a.ends_on::text AS "endsOn", a.next_review_on::text AS "nextReviewOn",
      a.activated_at AS "activatedAt", a.record AS model,
      (SELECT e.at FROM ledger_entries e WHERE e.agent_id BETWEEN a.id AND a.id AND e.kind IN ('decision.made', 'grant.issued', 'outcome.reported')
        ORDER BY e.agent_id DESC, e.seq DESC LIMIT 1) AS "lastSeenAt"
    FROM agents a ORDER BY a.id LIMIT ${rowsMax}`;
  return rows.map(({ status, model, ...row }) => ({ ...row, status: AgentStatus.parse(status), model: Model.parse(model).model }));
}

export async function listPeople(tx: Tx): Promise<{ id: string; personId: string; name: string; roles: Role[]; active: boolean }[]> {
  const rows = await tx.$queryRaw<{ id: string; personId: string; name: string; roles: string[]; active: boolean }[]>`
    SELECT id, person_id AS "personId", name, roles, status = 'active' AS active FROM users ORDER BY id LIMIT ${rowsMax}`;
  return rows.map(({ roles, ...person }) => ({ ...person, roles: z.array(Role).parse(roles) }));
}

export const listProcesses = (tx: Tx): Promise<{ id: string; ownerId: string }[]> =>
  tx.$queryRaw`SELECT id, owner_id AS "ownerId" FROM processes ORDER BY id LIMIT ${rowsMax}`;

export async function listCells(tx: Tx): Promise<Snapshot['cells']> {
  const rows = await tx.$queryRaw<
    { processId: string; agentId: string | null; stage: string; role: string; userId: string | null; teamId: string | null }[]
  >`SELECT process_id AS "processId", agent_id AS "agentId", stage, role, user_id AS "userId", team_id AS "teamId" FROM raci_cells ORDER BY id LIMIT ${rowsMax}`;
  return rows.map(({ processId, userId, teamId, ...cell }) => ({
    processId,
    ...Cell.parse({ ...cell, holder: userId === null ? { type: 'team', id: teamId } : { type: 'user', id: userId } }),
  }));
}

export const listTeams = (tx: Tx): Promise<StandingTeam[]> =>
  tx.$queryRaw`
    SELECT t.id, t.name, ARRAY(SELECT m.user_id FROM team_members m WHERE m.team_id = t.id ORDER BY m.user_id) AS members
    FROM teams t ORDER BY t.id LIMIT ${rowsMax}`;

/** listCredentials reads what was not revoked. */
export const listCredentials = (tx: Tx): Promise<Snapshot['credentials']> =>
  tx.$queryRaw`
    SELECT id, agent_id AS "agentId", created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"
    FROM credentials WHERE revoked_at IS NULL ORDER BY id LIMIT ${rowsMax}`;

/** These last days. Of the transaction's time, which an index can be searched for: clock_timestamp() is asked anew for every row. */
const within = (days: number): Prisma.Sql => Prisma.sql`now() - make_interval(days => ${days}::int)`;
/** The first row of the ledger in these last days; past every row when there is none. */
const firstSeqWithin = (days: number): Prisma.Sql => Prisma.sql`SELECT coalesce(
  (SELECT seq FROM ledger_entries WHERE at >= ${within(days)} ORDER BY at, seq LIMIT 1), 9223372036854775807) AS seq`;

/** listPermissions reads what every agent holds, and whether it asked for it lately: one step into the index ledger_entries_used_idx each. */
export async function listPermissions(tx: Tx, unusedDays: number): Promise<Snapshot['permissions']> {
  const rows = await tx.$queryRaw<{ agentId: string; action: string; status: string; grantedAt: Date; used: boolean }[]>`
    WITH since AS MATERIALIZED (${firstSeqWithin(unusedDays)})
    SELECT p.agent_id AS "agentId", p.action_type AS action, t.status, p.granted_at AS "grantedAt",
      coalesce((SELECT e.seq FROM ledger_entries e WHERE e.agent_id BETWEEN p.agent_id AND p.agent_id AND e.action_type BETWEEN p.action_type AND p.action_type
        AND e.kind = 'decision.made' ORDER BY e.agent_id DESC, e.action_type DESC, e.seq DESC LIMIT 1) >= since.seq, false) AS used
    FROM since, agent_permissions p JOIN action_types t ON t.name = p.action_type ORDER BY p.agent_id, p.action_type LIMIT ${rowsMax}`;
  return rows.map(({ status, ...row }) => ({ ...row, status: ClassificationStatus.parse(status) }));
}

export async function listObservations(tx: Tx, days: number): Promise<SnapshotObservation[]> {
  const rows = await tx.$queryRaw<{ kind: string; subject: string; value: string; firstAt: Date; lastAt: Date; count: bigint }[]>`
    SELECT kind, subject, value, first_at AS "firstAt", last_at AS "lastAt", count FROM observations
    WHERE last_at >= ${within(days)} ORDER BY kind, subject, value LIMIT ${rowsMax}`;
  return rows.map(({ kind, count, ...row }) => ({ ...row, kind: ObservationKind.parse(kind), count: Number(count) }));
}

// The bytes of a decision whose first reason is one of these: outside what the agent holds, or not even known. Inside a text that somebody else wrote
// the quotes would be escaped; and reading such a text as JSON in SQL can fail (NUL, half a surrogate pair), which would blind every detector.
const [outOfScope, unclassified] = ['OUT_OF_SCOPE', 'ACTION_UNCLASSIFIED'].map((code) => Buffer.from(`"reasons":[{"code":"${code}"`));

/**
 * listHalts counts, among the workflows of each active agent that were halted last, those halted because it asked for what it may not. What it asks
 * for in a workflow that is halted already is halted too, however often, and pushes nothing out. What a decision's row says is in the ledger alone.
 */
export const listHalts = (tx: Tx, days: number): Promise<Snapshot['halts']> =>
  tx.$queryRaw`
    SELECT a.id AS "agentId", e.action_type AS action, count(*)::int AS count, max(e.at) AS "lastAt"
    FROM agents a CROSS JOIN LATERAL (
        SELECT w.decision_id FROM workflow_halts w WHERE w.agent_id = a.id AND w.halted_at >= ${within(days)}
        ORDER BY w.halted_at DESC LIMIT ${haltsMax}) h
      JOIN ledger_entries e ON e.event_id = h.decision_id AND e.kind = 'decision.made'
      JOIN ledger l ON l.seq = e.seq AND l.at = e.at
    WHERE a.status = 'active' AND e.action_type IS NOT NULL
      AND (position(${outOfScope}::bytea IN l.bytes) > 0 OR position(${unclassified}::bytea IN l.bytes) > 0)
    GROUP BY 1, 2 ORDER BY 1, 2`;

/**
 * listMissing counts, as the page of outcomes does, what was allowed and not reported in its time. Each agent's newest allowed actions are looked at, as
 * many as its share of `allowedMax`: a look stays short, and no busy agent hides another.
 */
export const listMissing = (tx: Tx, days: number, allowedMax = allowedMaxDefault): Promise<Snapshot['missing']> =>
  tx.$queryRaw`
    WITH since AS MATERIALIZED (${firstSeqWithin(days)}),
    share AS MATERIALIZED (SELECT greatest(1, ${allowedMax}::int / greatest(1, count(*))) AS rows FROM agents WHERE status IN ('active', 'suspended'))
    SELECT a.id AS "agentId", count(*)::int AS count, min(e.at) AS "oldestAt" FROM agents a CROSS JOIN LATERAL (
      SELECT e.event_id, e.at FROM ledger_entries e WHERE e.agent_id BETWEEN a.id AND a.id AND e.seq >= (SELECT seq FROM since) AND e.kind = 'decision.made'
        AND e.verdict IN ('allow', 'allow_reversible') AND e.at <= now() - make_interval(mins => ${outcomeDueMinutes}::int)
      ORDER BY e.agent_id DESC, e.seq DESC LIMIT (SELECT rows FROM share)) e
    WHERE a.status IN ('active', 'suspended') AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.decision_id = e.event_id) GROUP BY 1 ORDER BY 1`;

/** listPolicies reads what is in force. A policy is looked at when it is published, and when a review keeps it. */
export const listPolicies = (tx: Tx): Promise<Snapshot['policies']> =>
  tx.$queryRaw`
    SELECT p.id, p.version, p.document->'selector'->>'process' AS "processId", coalesce(p.published_at, p.created_at) AS "publishedAt",
      (SELECT max(i.decided_at) FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id
        WHERE c.subject_type = 'policy' AND i.subject_id = p.id AND i.decision = 'keep') AS "reviewedAt"
    FROM policies p WHERE p.status = 'active' ORDER BY p.id LIMIT ${rowsMax}`;

/** listOrphans reads what nobody inherited and nobody has settled. */
export const listOrphans = (tx: Tx): Promise<Snapshot['orphans']> =>
  tx.$queryRaw`
    SELECT subject_id AS "subjectId", part, min(grace_until) AS "graceUntil" FROM successions
    WHERE to_user IS NULL AND ended_at IS NULL GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ${rowsMax}`;
