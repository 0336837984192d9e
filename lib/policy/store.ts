import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Policy, RateTable } from './schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most active policies a list answers. */
const listMax = 100_000;

/** lockPolicy makes publications of one policy follow each other, also of one that has no row yet. */
export async function lockPolicy(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`policy ${id}`}, 0))`;
}

export async function findLatestVersion(tx: Tx, id: string): Promise<number> {
  const latest = await tx.policy.aggregate({ where: { id }, _max: { version: true } });
  return latest._max.version ?? 0;
}

/** retireActive retires the version in force, and answers which it was. */
export async function retireActive(tx: Tx, id: string): Promise<number | undefined> {
  const rows = await tx.$queryRaw<
    { version: number }[]
  >`UPDATE policies SET status = 'retired' WHERE id = ${id} AND status = 'active' RETURNING version`;
  return rows[0]?.version;
}

export async function insertActive(tx: Tx, policy: Policy): Promise<void> {
  await tx.$executeRaw`INSERT INTO policies (id, version, name, status, document, published_at)
    VALUES (${policy.id}, ${policy.version}, ${policy.name}, 'active', ${JSON.stringify(policy)}::jsonb, now())`;
}

export async function listActive(db: Reader): Promise<Policy[]> {
  const rows = await db.policy.findMany({ where: { status: 'active' }, orderBy: { id: 'asc' }, take: listMax });
  return rows.map((row) => Policy.parse(row.document));
}

export async function findVersion(db: Reader, id: string, version: number): Promise<Policy | undefined> {
  const row = await db.policy.findUnique({ where: { id_version: { id, version } } });
  return row ? Policy.parse(row.document) : undefined;
}

export async function upsertRates(tx: Tx, table: RateTable): Promise<void> {
  await tx.$executeRaw`INSERT INTO exchange_rates (base, as_of, rates) VALUES (${table.base}, ${table.asOf}::date, ${JSON.stringify(table.rates)}::jsonb)
    ON CONFLICT (base, as_of) DO UPDATE SET rates = excluded.rates, published_at = now()`;
}

export async function findLatestRates(db: Reader): Promise<RateTable | undefined> {
  const row = await db.exchangeRate.findFirst({ orderBy: [{ asOf: 'desc' }, { publishedAt: 'desc' }] });
  return row ? RateTable.parse({ base: row.base, asOf: row.asOf.toISOString().slice(0, 10), rates: row.rates }) : undefined;
}
