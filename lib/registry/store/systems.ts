import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import type { System } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most records a list answers. */
const listMax = 10_000;

export async function findSystem(db: Reader, id: string): Promise<System | undefined> {
  const row = await db.system.findUnique({ where: { id }, select: { id: true, name: true } });
  return row ?? undefined;
}

export async function listSystems(db: Reader): Promise<System[]> {
  return db.system.findMany({ select: { id: true, name: true }, orderBy: { id: 'asc' }, take: listMax });
}

export async function insertSystem(tx: Tx, system: System): Promise<boolean> {
  return (await tx.system.createMany({ data: [system], skipDuplicates: true })).count === 1;
}
