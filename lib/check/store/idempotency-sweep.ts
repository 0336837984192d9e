import type pg from 'pg';

/** deleteOldKeys removes up to `limit` idempotency rows that are older than so many hours, the oldest first; returns how many. */
export async function deleteOldKeys(pool: pg.Pool, hours: number, limit: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM idempotency WHERE (agent_id, key_hash) IN (
       SELECT agent_id, key_hash FROM idempotency WHERE at < now() - make_interval(hours => $1) ORDER BY at LIMIT $2)`,
    [hours, limit],
  );
  return rowCount ?? 0;
}
