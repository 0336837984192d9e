import type { MaturityStage, ScopeType, StagePoint } from '../schema';
import type { Reader, Tx } from './reader';

/** Snapshot is what criteria and metrics said of one scope on a day. */
export type Snapshot = { type: ScopeType; id: string; stage: MaturityStage; criteria: object; metrics: object };

/** claimDay writes the organisation's row of today (UTC, by the database's clock), unless it is there; answers the day, and whether this was the first to. */
export async function claimDay(tx: Tx, { id, stage, criteria, metrics }: Snapshot): Promise<{ day: string; first: boolean }> {
  const [row] = await tx.$queryRaw<{ day: string; first: boolean }[]>`
    WITH today AS (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS day), made AS (
      INSERT INTO maturity_snapshots (day, scope_type, scope_id, stage, criteria, metrics)
        SELECT day, 'organisation', ${id}, ${stage}::smallint, ${JSON.stringify(criteria)}::jsonb, ${JSON.stringify(metrics)}::jsonb FROM today
      ON CONFLICT DO NOTHING RETURNING 1)
    SELECT t.day::text AS day, EXISTS (SELECT 1 FROM made) AS first FROM today t`;
  if (!row) throw new Error('one row was asked for');
  return row;
}

/** writeDay writes the rows of a day, and of those that are there only what has changed; answers how many were written. */
export async function writeDay(tx: Tx, day: string, snapshots: readonly Snapshot[]): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO maturity_snapshots AS kept (day, scope_type, scope_id, stage, criteria, metrics)
      SELECT ${day}::date, s.type, s.id, s.stage, s.criteria, s.metrics
      FROM jsonb_to_recordset(${JSON.stringify(snapshots)}::jsonb) AS s(type text, id text, stage smallint, criteria jsonb, metrics jsonb) ORDER BY s.type, s.id
    ON CONFLICT (day, scope_type, scope_id) DO UPDATE
      SET stage = excluded.stage, criteria = excluded.criteria, metrics = excluded.metrics, taken_at = clock_timestamp()
      WHERE (kept.stage, kept.criteria, kept.metrics) IS DISTINCT FROM (excluded.stage, excluded.criteria, excluded.metrics)`;
}

/** listStages gives the recorded stages of one scope of the last `days`, oldest first. */
export const listStages = (db: Reader, type: ScopeType, id: string, days: number): Promise<StagePoint[]> =>
  db.$queryRaw`
    SELECT day::text AS day, stage FROM maturity_snapshots
    WHERE scope_type = ${type} AND scope_id = ${id} AND day > (clock_timestamp() AT TIME ZONE 'UTC')::date - ${days}::int ORDER BY day`;

/** countRecorded counts the days of the last `days` of which the organisation's stage was recorded, and tells which was the last. */
export async function countRecorded(
  db: Reader,
  organisation: string,
  days: number,
): Promise<{ count: number; last: string | null; fresh: boolean }> {
  const [row] = await db.$queryRaw<{ count: number; last: string | null; fresh: boolean }[]>`
    SELECT count(*)::int AS count, max(day)::text AS last, coalesce(max(day) >= (clock_timestamp() AT TIME ZONE 'UTC')::date - 1, false) AS fresh
    FROM maturity_snapshots WHERE scope_type = 'organisation' AND scope_id = ${organisation}
      AND day > (clock_timestamp() AT TIME ZONE 'UTC')::date - ${days}::int`;
  if (!row) throw new Error('one row was asked for');
  return row;
}
