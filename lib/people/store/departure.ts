import type { Reader } from './reader';

type Named = { id: string; name: string };
export type DepartureRow = {
  sessions: number;
  signed: number;
  onBehalf: number;
  processCount: number;
  agentCount: number;
  raciCells: number;
};

/**
 * countDeparture reads what hangs on an account, also from tables of later features: whoever removes somebody sees it in one place, and it decides
 * nothing. What ends is counted as lib/approvals/service/cancel.ts would end it.
 */
export async function countDeparture(db: Reader, id: string, email: string): Promise<DepartureRow> {
  const rows = await db.$queryRaw<DepartureRow[]>`
    SELECT
      (SELECT count(*)::int FROM sessions WHERE user_id = ${id} AND ended_at IS NULL AND expires_at > now()) AS sessions,
      (SELECT count(*)::int FROM approvals WHERE status = 'approved' AND expires_at > now() AND (decided_by = ${id} OR (tier = 4
        AND EXISTS (SELECT 1 FROM release_requests r WHERE r.approval_id = approvals.id AND r.asked_by = ${id})))) AS signed,
      (SELECT count(*)::int FROM approvals WHERE status IN ('pending', 'approved') AND expires_at > now()
        AND (asker = ${id} OR lower(btrim(asker)) = ${email})) AS "onBehalf",
      (SELECT count(*)::int FROM processes WHERE owner_id = ${id}) AS "processCount",
      (SELECT count(*)::int FROM agents WHERE status <> 'decommissioned' AND ${id} IN (owner_id, sponsor_id, technical_owner_id)) AS "agentCount",
      (SELECT count(*)::int FROM raci_cells WHERE user_id = ${id}) AS "raciCells"`;
  return rows[0] ?? { sessions: 0, signed: 0, onBehalf: 0, processCount: 0, agentCount: 0, raciCells: 0 };
}

/** listOwnedProcesses names processes whose owner this account is. */
export const listOwnedProcesses = (db: Reader, id: string, limit: number): Promise<Named[]> =>
  db.$queryRaw`SELECT id, name FROM processes WHERE owner_id = ${id} ORDER BY name, id LIMIT ${limit}`;

/** listOwnedAgents names agents that this account owns, sponsors or runs. */
export const listOwnedAgents = (db: Reader, id: string, limit: number): Promise<Named[]> =>
  db.$queryRaw`
    SELECT id, name FROM agents WHERE status <> 'decommissioned' AND ${id} IN (owner_id, sponsor_id, technical_owner_id) ORDER BY name, id LIMIT ${limit}`;

/** countHeld counts what a deactivation would move: parts of agents, and processes that are owned or answered for in a stage. */
export async function countHeld(db: Reader, id: string): Promise<{ parts: number; processes: number }> {
  const rows = await db.$queryRaw<{ parts: number; processes: number }[]>`
    SELECT (SELECT coalesce(sum((owner_id = ${id})::int + coalesce(sponsor_id = ${id}, false)::int + coalesce(technical_owner_id = ${id}, false)::int), 0)::int
        FROM agents WHERE status <> 'decommissioned' AND ${id} IN (owner_id, sponsor_id, technical_owner_id)) AS parts,
      (SELECT count(*)::int FROM (SELECT id FROM processes WHERE owner_id = ${id}
        UNION SELECT process_id FROM raci_cells WHERE role = 'accountable' AND user_id = ${id}) p) AS processes`;
  return rows[0] ?? { parts: 0, processes: 0 };
}
