import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { FindingSettings } from '../schema';

type Reader = Prisma.TransactionClient | PrismaClient;
type Tx = Prisma.TransactionClient;

/** findSettings answers the organisation's settings as they stand. */
export async function findSettings(db: Reader): Promise<FindingSettings> {
  const row = await db.organisation.findUniqueOrThrow({ where: { id: 1 }, select: { settings: true } });
  return FindingSettings.parse(row.settings);
}

/** lockSettings answers the settings and keeps others from changing them until this commit. */
export async function lockSettings(tx: Tx): Promise<FindingSettings> {
  const rows = await tx.$queryRaw<{ settings: unknown }[]>`SELECT settings FROM organisation WHERE id = 1 FOR UPDATE`;
  return FindingSettings.parse(rows[0]?.settings ?? {});
}

/** mergeSettings writes the settings it is given and keeps every other. */
export async function mergeSettings(tx: Tx, settings: Partial<FindingSettings>): Promise<void> {
  await tx.$executeRaw`UPDATE organisation SET settings = settings || ${JSON.stringify(settings)}::jsonb, changed_at = now() WHERE id = 1`;
}
