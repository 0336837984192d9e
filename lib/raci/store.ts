import type { Prisma } from '@/lib/platform/db/generated/client';
import type { Cell } from './schema';

type Tx = Prisma.TransactionClient;

export async function insertCells(tx: Tx, processId: string, cells: readonly Cell[]): Promise<void> {
  await tx.raciCell.createMany({
    data: cells.map(({ stage, role, holder, agentId }) => ({
      processId,
      agentId,
      stage,
      role,
      userId: holder.type === 'user' ? holder.id : null,
      teamId: holder.type === 'team' ? holder.id : null,
    })),
  });
}
