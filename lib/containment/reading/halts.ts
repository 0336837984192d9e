import { prisma } from '@/lib/platform/db/prisma';
import { WorkflowHalt } from '../schema';

/** A halt with the ledger row of its decision (0 while the explorer has not taken it in) and how many later checks of its workflow were refused for it alone. */
export type HaltRow = WorkflowHalt & { seq: bigint; heldBack: number };

type Asking = { inForce: boolean; before?: string | undefined; decision?: string | undefined; limit: number };

/** readHalts gives halts newest first; ids of decisions sort by their time, so the last one seen is the `before` of the next page. */
export async function readHalts({ inForce, before, decision, limit }: Asking): Promise<HaltRow[]> {
  const rows = await prisma().$queryRaw<(WorkflowHalt & { seq: bigint; heldBack: number })[]>`
    SELECT h.decision_id AS "decisionId", h.workflow_id AS "workflowId", h.agent_id AS "agentId", h.halted_at AS "haltedAt", h.released_at AS "releasedAt",
      h.released_by AS "releasedBy", h.release_reason AS "releaseReason", coalesce(e.seq, 0) AS seq,
      (SELECT count(*)::int FROM ledger_entries l WHERE l.workflow_id = h.workflow_id AND l.seq > e.seq AND l.verdict = 'halt'
        AND (h.released_at IS NULL OR l.at <= h.released_at)) AS "heldBack"
    FROM (SELECT * FROM workflow_halts w WHERE (NOT ${inForce} OR w.released_at IS NULL) AND (${before ?? null}::text IS NULL OR w.decision_id < ${before ?? null})
        AND (${decision ?? null}::text IS NULL OR w.decision_id = ${decision ?? null}) ORDER BY w.decision_id DESC LIMIT ${limit}) h
      LEFT JOIN ledger_entries e ON e.event_id = h.decision_id
    ORDER BY h.decision_id DESC`;
  return rows.map((row) => ({ ...WorkflowHalt.parse(row), seq: row.seq, heldBack: row.heldBack }));
}

/** countHalts counts the workflows that are halted now. */
export async function countHalts(): Promise<number> {
  const rows = await prisma().$queryRaw<{ count: number }[]>`
    SELECT count(DISTINCT workflow_id)::int AS count FROM workflow_halts WHERE released_at IS NULL`;
  return rows[0]?.count ?? 0;
}
