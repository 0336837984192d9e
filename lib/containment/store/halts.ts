import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { WorkflowHalt } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most halts a list answers, newest first. */
const listMax = 1_000;

export async function listHalts(db: Reader, inForceOnly: boolean): Promise<WorkflowHalt[]> {
  const where = inForceOnly ? { releasedAt: null } : {};
  return (await db.workflowHalt.findMany({ where, orderBy: { haltedAt: 'desc' }, take: listMax })).map((row) => WorkflowHalt.parse(row));
}

/** releaseHalts releases every halt of a workflow that is in force, and answers the decisions that made them. */
export async function releaseHalts(tx: Tx, workflowId: string, by: string, reason: string): Promise<string[]> {
  const rows = await tx.$queryRaw<
    { decisionId: string }[]
  >`UPDATE workflow_halts SET released_at = now(), released_by = ${by}, release_reason = ${reason}
    WHERE workflow_id = ${workflowId} AND released_at IS NULL RETURNING decision_id AS "decisionId"`;
  return rows.map((row) => row.decisionId).sort();
}
