import type pg from 'pg';
import type { EncodedBatch } from '../schema';

/** What ledger_commit answered for a batch: `outcomes` has one digit an item, empty when the epoch had moved and nothing was written. */
export type CommitAnswer = { epoch: number; firstSeq: number; atUs: number; outcomes: string; details: (string | null)[] | null };

type Row = { epoch: string; first_seq: string | null; at_us: string | null; outcomes: string | null; details: string | null };

const commitSql = `SELECT epoch, first_seq, at_us, array_to_string(outcomes, '') AS outcomes,
  CASE WHEN array_to_string(details, '') <> '' THEN array_to_json(details)::text END AS details FROM ledger_commit($1, $2, $3, $4)`;

/** callCommit runs one batch through the commit function as a prepared statement; throws what PostgreSQL or the connection threw. */
export async function callCommit(client: pg.Client, epoch: number, writer: string, batch: EncodedBatch): Promise<CommitAnswer> {
  const result = await client.query<Row>({ name: 'ledger_commit', text: commitSql, values: [epoch, writer, batch.slots, batch.blob] });
  const row = result.rows[0];
  if (!row) throw new Error('ledger_commit returned no row');
  return {
    epoch: Number(row.epoch),
    firstSeq: Number(row.first_seq ?? 0),
    atUs: Number(row.at_us ?? 0),
    outcomes: row.outcomes ?? '',
    details: row.details === null ? null : (JSON.parse(row.details) as (string | null)[]),
  };
}

/** takesWrites tells whether the server would take a commit now: not while it is read-only, or a standby. */
export async function takesWrites(client: Pick<pg.ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ takes: boolean }>("SELECT current_setting('transaction_read_only') = 'off' AS takes");
  return rows[0]?.takes === true;
}

/** unsafeSettings names the settings under which a commit would not be durable; empty when all is well. */
export async function unsafeSettings(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting IN ('off', 'local')`,
  );
  return rows.map((row) => `${row.name} = ${row.setting}`);
}
