import type { ClientBase } from 'pg';

/** Most rows read at once by those who follow the ledger. */
export const pageRowsMax = 5_000;
/** One jobs process signs at a time. */
const leaderKey = '4850196113911168835';
const candidatesMax = 20;

export type ChainRow = { seq: bigint; bytes: Buffer; hash: Buffer };
/** A signed note with its compact range, to go on from. */
export type StoredCheckpoint = { range: { size: bigint; roots: readonly Buffer[] }; root: Buffer; note: string };

/** tryLead takes the signers' lock for as long as this connection lives; false while another process has it. */
export async function tryLead(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ led: boolean }>('SELECT pg_try_advisory_lock($1) AS led', [leaderKey]);
  return rows[0]?.led === true;
}

/** stopLeading gives the signers' lock back. */
export async function stopLeading(client: ClientBase): Promise<void> {
  await client.query('SELECT pg_advisory_unlock($1)', [leaderKey]);
}

/** listChainRows returns up to `limit` rows from `from` on, in order. */
export async function listChainRows(client: ClientBase, from: bigint, limit: number): Promise<ChainRow[]> {
  const { rows } = await client.query<{ seq: string; bytes: Buffer; hash: Buffer }>(
    'SELECT seq, bytes, hash FROM ledger WHERE seq >= $1 ORDER BY seq LIMIT $2',
    [from.toString(), limit],
  );
  return rows.map((row) => ({ seq: BigInt(row.seq), bytes: row.bytes, hash: row.hash }));
}

/** hasEpochAfter tells whether a row after this one changed what gateways decide by. */
export async function hasEpochAfter(client: ClientBase, seq: bigint): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>('SELECT EXISTS (SELECT FROM ledger_epochs WHERE seq > $1) AS has', [
    seq.toString(),
  ]);
  return rows[0]?.has === true;
}

/** listCheckpointsUpTo returns the newest stored checkpoints of at most this size, newest first. */
export async function listCheckpointsUpTo(client: ClientBase, size: bigint): Promise<StoredCheckpoint[]> {
  const { rows } = await client.query<{ size: string; root: Buffer; range: Buffer[]; note: string }>(
    'SELECT size, root, range, note FROM ledger_checkpoints WHERE size <= $1 ORDER BY size DESC LIMIT $2',
    [size.toString(), candidatesMax],
  );
  return rows.map((row) => ({ range: { size: BigInt(row.size), roots: row.range }, root: row.root, note: row.note }));
}

/** findHandedLast finds the checkpoint that the database remembers as the last one it handed outside; undefined when it remembers none. */
export async function findHandedLast(
  client: Pick<ClientBase, 'query'>,
): Promise<{ origin: string; size: bigint; root: Buffer; at: Date } | undefined> {
  const { rows } = await client.query<{ origin: string; size: string; root: Buffer; at: Date }>(
    "SELECT split_part(note, E'\\n', 1) AS origin, size, root, signed_at AS at FROM ledger_checkpoints ORDER BY size DESC LIMIT 1",
  );
  return rows[0] && { ...rows[0], size: BigInt(rows[0].size) };
}

/** insertCheckpoint keeps the database's copy, and moves the signer's cursor; an equal copy may stand there already. */
export async function insertCheckpoint(client: ClientBase, { range, root, note }: StoredCheckpoint): Promise<void> {
  await client.query(
    `WITH kept AS (INSERT INTO ledger_checkpoints (size, root, range, note) VALUES ($1, $2, $3, $4) ON CONFLICT (size) DO NOTHING)
     INSERT INTO ledger_cursors AS c (name, seq) VALUES ('checkpoints', $1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, moved_at = now()`,
    [range.size.toString(), root, range.roots, note],
  );
}

/** touchCheckpointCursor says that the signer is alive and has nothing to sign. */
export async function touchCheckpointCursor(client: ClientBase): Promise<void> {
  await client.query("UPDATE ledger_cursors SET moved_at = now() WHERE name = 'checkpoints'");
}
