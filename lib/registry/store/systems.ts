import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import type { System } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most records a list answers. */
const listMax = 10_000;
const columns = { id: true, name: true, description: true } as const;

export async function findSystem(db: Reader, id: string): Promise<System | undefined> {
  const row = await db.system.findUnique({ where: { id }, select: columns });
  return row ?? undefined;
}

export async function listSystems(db: Reader): Promise<System[]> {
  return db.system.findMany({ select: columns, orderBy: { id: 'asc' }, take: listMax });
}

/** lockSystem takes the system that a change is about; undefined when there is none. */
export async function lockSystem(tx: Tx, id: string): Promise<System | undefined> {
  const locked = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM systems WHERE id = ${id} FOR UPDATE`;
  return locked.length === 1 ? findSystem(tx, id) : undefined;
}

export async function insertSystem(tx: Tx, system: System): Promise<boolean> {
  return (await tx.system.createMany({ data: [system], skipDuplicates: true })).count === 1;
}

export async function updateSystem(tx: Tx, { id, name, description }: System): Promise<void> {
  await tx.system.update({ where: { id }, data: { name, description } });
}
