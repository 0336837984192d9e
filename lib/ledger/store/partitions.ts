import type pg from 'pg';

/** ensureMonths makes this month's partition and those of the next `ahead` months; returns how many whole months after this one exist, -1 when not even this one does. */
export async function ensureMonths(pool: pg.Pool, ahead: number): Promise<number> {
  const { rows } = await pool.query<{ ahead: number }>('SELECT ledger_ensure_partitions($1) AS ahead', [ahead]);
  return rows[0]?.ahead ?? -1;
}
