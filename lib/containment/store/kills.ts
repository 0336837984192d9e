import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { KillSwitch, type KillScope } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most stops a list answers, newest first. */
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
