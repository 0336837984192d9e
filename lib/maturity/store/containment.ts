import { aliveMs } from '@/lib/containment/schema';
import type { Reader } from './reader';

export type DrillRow = { id: string; reached: boolean; text: string };
export type ChangeRow = { id: string; name: string; day: string; late: string[] };

/** listDrills gives the drills since an instant that were measured, newest first. */
export async function listDrills(db: Reader, since: Date): Promise<DrillRow[]> {
  const rows = await db.$queryRaw<{ id: string; outcome: string; lastMs: number | null; silent: string[] }[]>`
    SELECT id, outcome, last_ms AS "lastMs", silent FROM drills
    WHERE finished_at >= ${since} AND outcome IN ('passed', 'slow', 'failed') ORDER BY asked_at DESC, id DESC`;
  return rows.map(({ id, outcome, lastMs, silent }) => ({
    id,
    reached: outcome !== 'failed',
    text:
      silent.length > 0
        ? `${new Intl.ListFormat('en').format(silent)} stayed silent.`
        : `the last gateway took ${Math.round((lastMs ?? 0) / 1_000)} s.`,
  }));
}

/**
 * listChanges gives the policies published or retired since an instant while a gateway was alive, newest first, each with the gateways that did not decide
 * by it within so many seconds. One that ended within that time decides nothing any more and is not asked for; a change younger than that is left out until all have spoken.
 */
export function listChanges(db: Reader, since: Date, seconds: number): Promise<ChangeRow[]> {
  return db.$queryRaw`
    WITH changes AS MATERIALIZED (
      SELECT e.seq, e.subject, l.at FROM ledger_epochs e JOIN ledger l ON l.seq = e.seq
      WHERE e.kind IN ('policy.published', 'policy.retired') AND l.at >= ${since}),
    told AS MATERIALIZED (
      SELECT c.seq, c.at, c.subject, g.name, i.at AS installed, coalesce(g.stopped_at, g.seen_at) AS last,
        c.at + make_interval(secs => ${seconds}::int) AS due
      FROM changes c
        JOIN gateways g ON g.started_at <= c.at AND g.seen_at >= c.at - make_interval(secs => ${aliveMs / 1_000}::float8) AND (g.stopped_at IS NULL OR g.stopped_at > c.at)
        LEFT JOIN LATERAL (SELECT n.installed_at AS at FROM gateway_installs n WHERE n.gateway_id = g.id AND n.epoch >= c.seq ORDER BY n.epoch LIMIT 1) i ON true)
    SELECT t.seq::text AS id, coalesce((SELECT p.name FROM policies p WHERE p.id = t.subject ORDER BY p.version DESC LIMIT 1), t.subject) AS name,
      to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, coalesce(array_agg(t.name ORDER BY t.name) FILTER (WHERE t.installed IS NULL OR t.installed > t.due), '{}') AS late
    FROM told t WHERE t.installed IS NOT NULL OR t.last >= t.due OR clock_timestamp() < t.due
    GROUP BY t.seq, t.at, t.subject, t.due
    HAVING clock_timestamp() >= t.due OR bool_and(t.installed IS NOT NULL)
    ORDER BY t.seq DESC`;
}
