import type { ClientBase } from 'pg';

type Reader = Pick<ClientBase, 'query'>;

/** A resumption that two people signed, with the ledger row of the second signature. */
export type SignedResumption = {
  id: string;
  row: bigint;
  outsideOrigin: string;
  outsideSize: bigint;
  outsideRoot: Buffer;
  keptSize: bigint;
};

type Row = { id: string; row: string; outside_origin: string; outside_size: string; outside_root: Buffer; kept_size: string };

// With its event: a row that says it was signed is not enough.
const signedSql = `SELECT r.id, e.seq AS row, r.outside_origin, r.outside_size, r.outside_root, r.kept_size
  FROM resumptions r JOIN ledger_epochs e ON e.kind = 'resumption.signed' AND e.subject = r.id
  WHERE r.signed_by IS NOT NULL AND r.signed_by <> r.asked_by`;

const signedOf = (row: Row | undefined): SignedResumption | undefined =>
  row && {
    id: row.id,
    row: BigInt(row.row),
    outsideOrigin: row.outside_origin,
    outsideSize: BigInt(row.outside_size),
    outsideRoot: row.outside_root,
    keptSize: BigInt(row.kept_size),
  };

/** findResumptionOf finds the signed resumption of exactly one outside checkpoint; undefined when there is none. */
export async function findResumptionOf(client: Reader, size: bigint, root: Buffer): Promise<SignedResumption | undefined> {
  const { rows } = await client.query<Row>(`${signedSql} AND r.outside_size = $1 AND r.outside_root = $2 ORDER BY e.seq LIMIT 1`, [
    size.toString(),
    root,
  ]);
  return signedOf(rows[0]);
}

/** findLastResumption finds the one that was signed last; undefined when there never was one. */
export async function findLastResumption(client: Reader): Promise<SignedResumption | undefined> {
  return signedOf((await client.query<Row>(`${signedSql} ORDER BY e.seq DESC LIMIT 1`)).rows[0]);
}

/** findHead reads the number of the last row; 0 when there is none. */
export async function findHead(client: Reader): Promise<bigint> {
  const { rows } = await client.query<{ seq: string }>('SELECT last_seq AS seq FROM ledger_batches ORDER BY last_seq DESC LIMIT 1');
  return BigInt(rows[0]?.seq ?? 0);
}

/** findHashOf reads the hash of a row; undefined when it is not there. */
export async function findHashOf(client: Reader, seq: bigint): Promise<Buffer | undefined> {
  const { rows } = await client.query<{ hash: Buffer }>('SELECT hash FROM ledger WHERE seq = $1 ORDER BY at LIMIT 1', [seq.toString()]);
  return rows[0]?.hash;
}

/** findInstantOf reads when a row was written; undefined when it is not there. */
export async function findInstantOf(client: Reader, seq: bigint): Promise<Date | undefined> {
  const { rows } = await client.query<{ at: Date }>('SELECT at FROM ledger WHERE seq = $1 ORDER BY at LIMIT 1', [seq.toString()]);
  return rows[0]?.at;
}
