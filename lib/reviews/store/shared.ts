import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';

export type Tx = Prisma.TransactionClient;
export type Reader = Pick<PrismaClient, '$queryRaw'>;

/** Today by the database, in UTC. */
export const todayUtc = Prisma.sql`(now() AT TIME ZONE 'UTC')::date`;
/** An instant as this product's day. */
export const dayOf = (instant: Prisma.Sql): Prisma.Sql => Prisma.sql`(${instant} AT TIME ZONE 'UTC')::date`;
export const decidedBefore = (day: string): Prisma.Sql => Prisma.sql`(d.decided_at AT TIME ZONE 'UTC')::date < ${day}::date`;

export async function findToday(db: Reader): Promise<string> {
  const [row] = await db.$queryRaw<{ today: string }[]>`SELECT ${todayUtc}::text AS today`;
  if (!row) throw new Error('the database does not know the day');
  return row.today;
}
