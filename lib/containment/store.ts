import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { KillSwitch, WorkflowHalt, type KillScope } from './schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most stops or halts a list answers, newest first. */
const listMax = 1_000;

/** targetExists looks for what a stop names, so that a typing error does not leave people believing that something is stopped. */
export async function targetExists(tx: Tx, scope: KillScope, target: string): Promise<boolean> {
  switch (scope) {
    case 'organisation':
      return true;
    case 'process':
      return (await tx.process.count({ where: { id: target } })) === 1;
    case 'agent':
      return (await tx.agent.count({ where: { id: target } })) === 1;
    case 'action_type':
      return (await tx.actionType.count({ where: { name: target } })) === 1;
    case 'system':
      return (await tx.system.count({ where: { id: target } })) === 1;
  }
}

export async function insertKill(tx: Tx, kill: Pick<KillSwitch, 'id' | 'scope' | 'target' | 'reason' | 'setBy'>): Promise<KillSwitch> {
  return KillSwitch.parse(await tx.killSwitch.create({ data: kill }));
}

export async function findActiveKill(tx: Tx, scope: KillScope, target: string): Promise<KillSwitch | undefined> {
  const row = await tx.killSwitch.findFirst({ where: { scope, target, liftedAt: null }, orderBy: { setAt: 'asc' } });
  return row ? KillSwitch.parse(row) : undefined;
}

export async function findKill(tx: Tx, id: string): Promise<KillSwitch | undefined> {
  const row = await tx.killSwitch.findUnique({ where: { id } });
  return row ? KillSwitch.parse(row) : undefined;
}

/** liftKillRow ends a stop if it is still in force. */
export async function liftKillRow(tx: Tx, id: string, by: string, reason: string): Promise<boolean> {
  const count =
    await tx.$executeRaw`UPDATE kill_switches SET lifted_by = ${by}, lifted_at = now(), lift_reason = ${reason} WHERE id = ${id} AND lifted_at IS NULL`;
  return count === 1;
}

export async function listKills(db: Reader, inForceOnly: boolean): Promise<KillSwitch[]> {
  const where = inForceOnly ? { liftedAt: null } : {};
  return (await db.killSwitch.findMany({ where, orderBy: { setAt: 'desc' }, take: listMax })).map((row) => KillSwitch.parse(row));
}

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
