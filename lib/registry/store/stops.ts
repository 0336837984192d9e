import type { Prisma } from '@/lib/platform/db/generated/client';

/** isStopped tells whether a stop of a whole process or system is in force. Containment's table: containment is built on the registry. */
export async function isStopped(tx: Prisma.TransactionClient, scope: 'process' | 'system', target: string): Promise<boolean> {
  const rows = await tx.$queryRaw<
    unknown[]
  >`SELECT 1 FROM kill_switches WHERE scope = ${scope} AND target = ${target} AND lifted_at IS NULL LIMIT 1`;
  return rows.length > 0;
}
