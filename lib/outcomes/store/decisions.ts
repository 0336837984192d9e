import type pg from 'pg';

type Reader = Pick<pg.ClientBase, 'query'>;

/** A decision as the explorer's table has it; empty where its row said nothing. `reported`: something was said of its outcome before. */
export type ListedDecision = { seq: number; agent: string; process: string; verdict: string; action: string; reported: boolean };

/** findListedDecision looks among the rows that the explorer has taken in. */
export async function findListedDecision(client: Reader, id: string): Promise<ListedDecision | undefined> {
  const { rows } = await client.query<Omit<ListedDecision, 'seq'> & { seq: string }>({
    name: 'listed_decision',
    text: `SELECT seq, coalesce(agent_id, '') AS agent, coalesce(process_id, '') AS process, coalesce(verdict, '') AS verdict, coalesce(action_type, '') AS action,
        EXISTS (SELECT 1 FROM outcomes WHERE decision_id = $1) AS reported
      FROM ledger_entries WHERE event_id = $1 AND kind = 'decision.made' ORDER BY seq LIMIT 1`,
    values: [id],
  });
  const row = rows[0];
  return row && { ...row, seq: Number(row.seq) };
}

/**
 * findNewDecision looks among the newest rows that the explorer has not taken in: at most `limit` are read. `behind` tells whether there were more,
 * so that a decision not found here may exist all the same.
 */
export async function findNewDecision(
  client: Reader,
  id: string,
  limit: number,
): Promise<{ found: { seq: number; payload: string } | undefined; behind: boolean }> {
  // A decision's bytes begin with its kind and its id, so nothing an agent wrote can be taken for them.
  const { rows } = await client.query<{ seq: string | null; payload: string | null; behind: boolean }>({
    name: 'new_decision',
    text: `WITH stand AS MATERIALIZED (
        SELECT coalesce((SELECT last_seq FROM ledger_batches ORDER BY last_seq DESC LIMIT 1), 0) AS head,
          coalesce((SELECT seq FROM ledger_cursors WHERE name = 'entries'), 0) AS shown)
      SELECT s.head - s.shown > $2::bigint AS behind, l.seq, convert_from(substring(l.bytes FROM 49), 'UTF8') AS payload
      FROM stand s LEFT JOIN LATERAL (
        SELECT r.seq, r.bytes FROM ledger r WHERE r.seq > greatest(s.shown, s.head - $2::bigint) AND substring(r.bytes FROM 49 FOR length($1::text)) = convert_to($1::text, 'UTF8')
        ORDER BY r.seq LIMIT 1) l ON true`,
    values: [`{"kind":"decision.made","id":"${id}"`, limit],
  });
  const row = rows[0];
  const found = row?.seq != null && row.payload !== null ? { seq: Number(row.seq), payload: row.payload } : undefined;
  return { found, behind: row?.behind ?? true };
}

/** findActionDigest reads the digest of a decision's action; undefined when it was erased. The first `saltBytes` bytes are salt. */
export async function findActionDigest(client: Reader, seq: number, saltBytes: number): Promise<Buffer | undefined> {
  const { rows } = await client.query<{ digest: Buffer }>({
    name: 'action_digest',
    text: 'SELECT substring(salted FROM $2::int + 1) AS digest FROM ledger_arguments WHERE seq = $1',
    values: [seq, saltBytes],
  });
  return rows[0]?.digest;
}

/** findKnownSince reads what is known of an outcome, and since when. */
export async function findKnownSince(client: Reader, decision: string): Promise<{ status: string; at: Date } | undefined> {
  const { rows } = await client.query<{ status: string; at: Date }>({
    name: 'known_outcome',
    text: 'SELECT status, coalesce(settled_at, reported_at) AS at FROM outcomes WHERE decision_id = $1',
    values: [decision],
  });
  return rows[0];
}
