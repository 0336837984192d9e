import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import pg from 'pg';

/** One row as its columns say it. `atUs`: microseconds since 1970; null where the column holds no instant. */
export type Row = { seq: bigint; atUs: bigint | null; bytes: Buffer; hash: Buffer };
/** The salted digests of side rows, by the row they belong to. */
export type Sides = ReadonlyMap<bigint, Buffer>;
export type Page = { rows: (Row | { unreadable: string })[]; sides: Sides };
/** What the database's own record of commits says is the last row. */
export type Head = { seq: bigint; hash: Buffer };
export type Source = {
  name: string;
  /** Null for exports, which carry no such record. */
  head: Head | null;
  hasSides: boolean;
  /** The largest size of the database's own copies of checkpoints. */
  storedCheckpoint: bigint;
  pages: AsyncIterable<Page>;
};

const pageRows = 4_000;
const connectMs = 10_000;
const byteaOid = 17;

type Cells = Record<string, string | Buffer | null>;
type Select = (text: string, values?: unknown[]) => Promise<Cells[]>;

// Text but for bytes: a timestamp would be cut to milliseconds.
const types = { getTypeParser: (oid: number) => (value: string) => (oid === byteaOid ? Buffer.from(value.slice(2), 'hex') : value) };
const settings = '-c default_transaction_read_only=on -c bytea_output=hex -c datestyle=ISO -c timezone=UTC';

const integer = (cell: string | Buffer | null | undefined): bigint => BigInt(typeof cell === 'string' ? cell : 0);
const bytesOf = (cell: string | Buffer | null | undefined): Buffer => (cell instanceof Buffer ? cell : Buffer.alloc(0));

/** openDatabase reads the ledger of a database in pages, up to the row that was its last at the start, so that writers may go on meanwhile. */
export async function openDatabase(url: string): Promise<Source & { close: () => Promise<void> }> {
  const client = new pg.Client({
    connectionString: url,
    types,
    connectionTimeoutMillis: connectMs,
    application_name: 'countersign-verify',
    options: settings,
  });
  client.on('error', () => undefined);
  await client.connect();
  const select: Select = async (text, values = []) => (await client.query<Cells>(text, values)).rows;
  try {
    // One statement, so that both are of one moment.
    const [start] =
      await select(`SELECT (SELECT max(seq) FROM ledger) AS last, b.last_seq, b.last_hash, (SELECT max(size) FROM ledger_checkpoints) AS stored
      FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT last_seq, last_hash FROM ledger_batches ORDER BY last_seq DESC LIMIT 1) b ON true`);
    const { host, pathname } = new URL(url);
    return {
      name: `database ${host}${pathname}`,
      head: { seq: integer(start?.['last_seq']), hash: bytesOf(start?.['last_hash']) },
      hasSides: true,
      storedCheckpoint: integer(start?.['stored']),
      pages: databasePages(select, integer(start?.['last'])),
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function* databasePages(select: Select, last: bigint): AsyncGenerator<Page> {
  // By (seq, at), which is the key: a forged second row of one seq must not fall between two pages.
  const rowsAfter = (seq: bigint, at: string) =>
    select(
      `SELECT seq, at, CASE WHEN isfinite(at) THEN (extract(epoch FROM at) * 1000000)::bigint END AS at_us, bytes, hash FROM ledger
       WHERE (seq, at) > ($1, $2) AND seq <= $3 ORDER BY seq, at LIMIT ${pageRows}`,
      [seq.toString(), at, last.toString()],
    );
  let next = rowsAfter(-(2n ** 63n), '-infinity');
  let after = 0n;
  for (;;) {
    const cells = await next;
    const end = cells.at(-1);
    if (!end) return;
    const upTo = integer(end['seq']);
    const sides = select('SELECT seq, salted FROM ledger_arguments WHERE seq > $1 AND seq <= $2', [after.toString(), upTo.toString()]);
    // Asked for before this page is looked at: the server reads while this process hashes.
    next = rowsAfter(upTo, String(end['at']));
    next.catch(() => undefined);
    after = upTo;
    yield { rows: cells.map(rowOf), sides: new Map((await sides).map((side) => [integer(side['seq']), bytesOf(side['salted'])])) };
  }
}

function rowOf({ seq, at_us: atUs, bytes, hash }: Cells): Row {
  return { seq: integer(seq), atUs: typeof atUs === 'string' ? BigInt(atUs) : null, bytes: bytesOf(bytes), hash: bytesOf(hash) };
}

/** openExport reads an export (one JSON object a line: seq, at_us, bytes and hash in base64) from a file, or from standard input for `-`. */
export function openExport(file: string): Source {
  return {
    name: file === '-' ? 'export on standard input' : `export ${file}`,
    head: null,
    hasSides: false,
    storedCheckpoint: 0n,
    pages: exportPages(file),
  };
}

async function* exportPages(file: string): AsyncGenerator<Page> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  // A stream that cannot be opened reports it here and not to readline.
  const failed = new Promise<never>((_, reject) => input.once('error', reject));
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  let rows: Page['rows'] = [];
  for (let number = 1; ; number++) {
    const line = await Promise.race([lines.next(), failed]);
    if (line.done) break;
    rows.push(parseLine(line.value, number));
    if (rows.length === pageRows) {
      yield { rows, sides: new Map() };
      rows = [];
    }
  }
  if (rows.length > 0) yield { rows, sides: new Map() };
}

function parseLine(line: string, number: number): Row | { unreadable: string } {
  const wrong = { unreadable: `line ${number} is not a row` };
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return wrong;
    const { seq, at_us: atUs, bytes, hash } = value as Record<string, unknown>;
    if (typeof seq !== 'string' || typeof atUs !== 'string' || typeof bytes !== 'string' || typeof hash !== 'string') return wrong;
    if (!/^-?\d{1,19}$/.test(seq) || !/^-?\d{1,19}$/.test(atUs)) return wrong;
    return { seq: BigInt(seq), atUs: BigInt(atUs), bytes: Buffer.from(bytes, 'base64'), hash: Buffer.from(hash, 'base64') };
  } catch {
    return wrong;
  }
}
