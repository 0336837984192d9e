import type { Reader } from '.';

export type SupervisedRow = { seq: bigint; until: Date; untilUs: string };
export type SupervisedFilter = { processes: readonly string[] | null; agent: string | null; action: string | null };

const conditions = `reversible_until > clock_timestamp() AND ($1::text[] IS NULL OR process_id = ANY ($1)) AND ($2::text IS NULL OR agent_id = $2)
  AND ($3::text IS NULL OR action_type = $3)`;
const values = ({ processes, agent, action }: SupervisedFilter) => [processes === null ? null : [...processes], agent, action];

/** listSupervised gives actions that can still be undone, the deadline that comes first in front; `after` is the deadline in microseconds and the row of the last one seen. */
export async function listSupervised(
  db: Reader,
  filter: SupervisedFilter,
  after: { us: string; seq: string } | null,
  limit: number,
): Promise<SupervisedRow[]> {
  return db.$queryRawUnsafe<SupervisedRow[]>(
    `SELECT seq, reversible_until AS until, (extract(epoch FROM reversible_until) * 1000000)::bigint::text AS "untilUs" FROM ledger_entries
     WHERE ${conditions} AND ($4::bigint IS NULL OR ((extract(epoch FROM reversible_until) * 1000000)::bigint, seq) > ($4, $5::bigint))
     ORDER BY reversible_until, seq LIMIT $6`,
    ...values(filter),
    after === null ? null : BigInt(after.us),
    after === null ? null : BigInt(after.seq),
    limit,
  );
}

/** countSupervised counts them. */
export async function countSupervised(db: Reader, filter: SupervisedFilter): Promise<number> {
  const rows = await db.$queryRawUnsafe<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM ledger_entries WHERE ${conditions}`,
    ...values(filter),
  );
  return rows[0]?.count ?? 0;
}
