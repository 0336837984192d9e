import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import type { Process } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most records a list answers. */
const listMax = 10_000;

export async function findProcess(db: Reader, id: string): Promise<Process | undefined> {
  const row = await db.process.findUnique({ where: { id }, select: { id: true, name: true, ownerId: true } });
  return row ?? undefined;
}

export async function listProcesses(db: Reader): Promise<Process[]> {
  return db.process.findMany({ select: { id: true, name: true, ownerId: true }, orderBy: { id: 'asc' }, take: listMax });
}

export async function insertProcess(tx: Tx, process: Process): Promise<boolean> {
  return (await tx.process.createMany({ data: [process], skipDuplicates: true })).count === 1;
}
