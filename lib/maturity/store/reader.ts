import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import type { Scope } from '../schema';

export type Tx = Prisma.TransactionClient;
export type Reader = Pick<PrismaClient, '$queryRaw'>;

/** inScope narrows a table with `agent_id` and `process_id` to a scope. */
export const inScope = (scope: Scope, table: Prisma.Sql): Prisma.Sql =>
  scope.type === 'organisation'
    ? Prisma.sql`true`
    : scope.type === 'process'
      ? Prisma.sql`${table}.process_id = ${scope.id}`
      : Prisma.sql`${table}.agent_id = ${scope.id}`;

// Rows stand in the order of their time, so the time is asked of its index once and the rows by their number.
export const firstSince = (since: Date): Prisma.Sql =>
  Prisma.sql`coalesce((SELECT t.seq FROM ledger_entries t WHERE t.at >= ${since} ORDER BY t.at, t.seq LIMIT 1), 9223372036854775807)`;

/** readNow asks the database what time it is, to the millisecond. */
export async function readNow(db: Reader): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!row) throw new Error('one row was asked for');
  return row.now;
}
