import { RateTable } from '../schema';
import type { Reader, Tx } from './versions';

export async function upsertRates(tx: Tx, table: RateTable): Promise<void> {
  await tx.$executeRaw`INSERT INTO exchange_rates (base, as_of, rates) VALUES (${table.base}, ${table.asOf}::date, ${JSON.stringify(table.rates)}::jsonb)
    ON CONFLICT (base, as_of) DO UPDATE SET rates = excluded.rates, published_at = now()`;
}

export async function findLatestRates(db: Reader): Promise<RateTable | undefined> {
  const row = await db.exchangeRate.findFirst({ orderBy: [{ asOf: 'desc' }, { publishedAt: 'desc' }] });
  return row ? RateTable.parse({ base: row.base, asOf: row.asOf.toISOString().slice(0, 10), rates: row.rates }) : undefined;
}
