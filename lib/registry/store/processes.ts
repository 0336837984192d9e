import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import type { Process } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most records a list answers. */
const listMax = 10_000;

const shown = { id: true, name: true, ownerId: true, description: true } as const;

export async function findProcess(db: Reader, id: string): Promise<Process | undefined> {
  return (await db.process.findUnique({ where: { id }, select: shown })) ?? undefined;
}

export async function listProcesses(db: Reader): Promise<Process[]> {
  return db.process.findMany({ select: shown, orderBy: { id: 'asc' }, take: listMax });
}

/** lockProcess takes the record that a change is about, and with it its matrix; undefined when there is none. */
export async function lockProcess(tx: Tx, id: string): Promise<Process | undefined> {
  const rows = await tx.$queryRaw<
    Process[]
  >`SELECT id, name, owner_id AS "ownerId", description FROM processes WHERE id = ${id} FOR UPDATE`;
  return rows[0];
}

export async function insertProcess(tx: Tx, process: Process): Promise<boolean> {
  return (await tx.process.createMany({ data: [process], skipDuplicates: true })).count === 1;
}

export async function updateProcess(tx: Tx, { id, ...record }: Process): Promise<void> {
  await tx.process.update({ where: { id }, data: record });
}

/** hasBuiltIn tells whether a person (any of their accounts) built an agent of this process that may still act. */
export async function hasBuiltIn(tx: Tx, processId: string, personId: string): Promise<boolean> {
  const built = await tx.agent.count({
    where: { processId, editors: { has: personId }, status: { notIn: ['decommissioned', 'rejected'] } },
  });
  return built > 0;
}
