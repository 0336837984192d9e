import type pg from 'pg';
import type { Logger } from 'pino';
import { fileNameOf, idleMs, isDue, openCheckpoint, originOf, signCheckpoint, type Checkpoint } from '../domain/checkpoint';
import { emptyRange, extendRange, isWholeRange, leafHash, rangeRoot, type CompactRange } from '../domain/merkle';
import { newSigner, parseVerifierKey, rawPublicKey, type NoteSigner, type NoteVerifier } from '../domain/note';
import {
  insertCheckpoint,
  listChainRows,
  listCheckpointsUpTo,
  pageRowsMax,
  stopLeading,
  touchCheckpointCursor,
  tryLead,
  type ChainRow,
} from '../store/checkpoints';
import { keepNote, newestNote, publishKey, readPrivateKey, readPublishedKey } from '../store/outside';
import { rowHeadBytes } from '../schema';

/** Why nothing is signed: each means that the database and what was handed outside cannot both be right. */
export type Refusal =
  | { refused: 'behind'; detail: string }
  | { refused: 'forked'; detail: string }
  | { refused: 'chain_broken'; detail: string }
  | { refused: 'outside_unreadable'; detail: string }
  | { refused: 'other_key'; detail: string };

/** Where following stands: the tree of the rows read so far, and the last of them. */
type Position = { range: CompactRange; lastHash: Buffer };

/** Agreement of a database with the newest outside checkpoint (`outside` is undefined when there is none). */
export type Stock = { agrees: true; outside: Checkpoint | undefined; position: Position } | ({ agrees: false } & Refusal);

const firstPrevious = Buffer.alloc(32);
const previousAt = 16;

const refuse = (refused: Refusal['refused'], detail: string): Stock & { agrees: false } => ({ agrees: false, refused, detail });

/** Makes the signer from a PEM file (PKCS 8, Ed25519); the log is named after the key. Throws one sentence when it cannot. */
async function readSigner(file: string): Promise<NoteSigner> {
  try {
    const privateKey = await readPrivateKey(file);
    return newSigner(originOf(rawPublicKey(privateKey)), privateKey);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The checkpoint key in ${file} cannot be used (${why}); it must be an Ed25519 private key in PEM.`, { cause: error });
  }
}

/** compareWithOutside is what a gateway asks at its start: a head that is behind, or forks from, what was handed outside must stay locked. `keyFile` holds the checkpoint key. */
export async function compareWithOutside(client: pg.ClientBase, directory: string, keyFile: string): Promise<Stock> {
  return takeStock(client, directory, await readSigner(keyFile));
}

/**
 * takeStock compares the database with the newest outside checkpoint: the rows up to its size must give its root. Reads on from a
 * stored checkpoint that the key vouches for, else from the first row.
 */
async function takeStock(client: pg.ClientBase, directory: string, verifier: NoteVerifier): Promise<Stock> {
  const published = await readPublishedKey(directory);
  if (published !== undefined && parseVerifierKey(published)?.text !== verifier.text) {
    return refuse('other_key', 'the checkpoint directory belongs to another key');
  }
  const newest = await newestNote(directory);
  const outside = newest && openCheckpoint(newest.note, verifier);
  if (newest && !outside)
    return refuse('outside_unreadable', `the newest outside checkpoint (${newest.file}) is not one that this key signed`);

  // From below the newest one, so that its own interval is read again and not taken from the database's word.
  const stored = outside ? await listCheckpointsUpTo(client, outside.size - 1n) : [];
  const start = stored.find(({ range, note }) => {
    const signed = openCheckpoint(note, verifier);
    return signed?.size === range.size && isWholeRange(range) && rangeRoot(range).equals(signed.root);
  });
  const from = await positionAt(client, start?.range ?? emptyRange);
  if ('refused' in from) return { agrees: false, ...from };
  const position = await follow(client, from, outside?.size ?? 0n);
  if ('refused' in position) return { agrees: false, ...position };
  if (outside && position.range.size < outside.size) {
    return refuse(
      'behind',
      `the database ends at row ${position.range.size}, and row ${outside.size} was handed outside: it was rolled back or cut`,
    );
  }
  if (outside && !rangeRoot(position.range).equals(outside.root)) {
    return refuse('forked', `the rows up to ${outside.size} are not the ones that were handed outside`);
  }
  return { agrees: true, outside, position };
}

async function positionAt(client: pg.ClientBase, range: CompactRange): Promise<Position | Refusal> {
  if (range.size === 0n) return { range, lastHash: firstPrevious };
  const [row] = await listChainRows(client, range.size, 1);
  if (row?.seq === range.size) return { range, lastHash: row.hash };
  return { refused: 'behind', detail: `row ${range.size} was handed outside and is not in the database: it was rolled back or cut` };
}

/** Reads on from a position, to `upTo` at most, checking that each row hashes to its hash and follows the one before. */
async function follow(
  client: pg.ClientBase,
  from: Position,
  upTo: bigint,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<Position | Refusal> {
  let position = from;
  while (position.range.size < upTo && Date.now() < deadlineMs) {
    const { size } = position.range;
    const wanted = upTo - size < BigInt(pageRowsMax) ? Number(upTo - size) : pageRowsMax;
    // The row it stands on is read again: after a restore under a living process it is another, or gone.
    const overlap = size > 0n ? 1 : 0;
    const rows = await listChainRows(client, size > 0n ? size : 1n, wanted + overlap);
    if (overlap && !(rows[0]?.seq === size && rows[0].hash.equals(position.lastHash))) {
      return { refused: 'forked', detail: `row ${size} is not the one that was read before` };
    }
    const news = rows.slice(overlap);
    const broken = firstBroken(news, position);
    if (broken !== undefined) return { refused: 'chain_broken', detail: `row ${broken} does not follow the row before it` };
    const last = news.at(-1);
    if (!last) break;
    position = {
      range: extendRange(
        position.range,
        news.map((row) => row.hash),
      ),
      lastHash: last.hash,
    };
    if (news.length < wanted) break;
  }
  return position;
}

function firstBroken(rows: readonly ChainRow[], from: Position): bigint | undefined {
  let expected = from.range.size;
  let previous = from.lastHash;
  for (const row of rows) {
    expected += 1n;
    const follows =
      row.seq === expected &&
      row.bytes.length >= rowHeadBytes &&
      row.bytes.readBigInt64BE(0) === row.seq &&
      row.bytes.subarray(previousAt, rowHeadBytes).equals(previous) &&
      leafHash(row.bytes).equals(row.hash);
    if (!follows) return expected;
    previous = row.hash;
  }
  return undefined;
}

/** `keyFile` holds the Ed25519 key (PEM) and must not lie in the database; `directory` need not be near it. */
export type CheckpointerOptions = { pool: pg.Pool; directory: string; keyFile: string; log: Logger };

/** What the signer is doing; `refuses` stays until a person has looked, and is looked at again every minute. */
export type CheckpointerStanding =
  { standing: 'starting' | 'waits' } | { standing: 'signs'; size: bigint } | ({ standing: 'refuses' } & Refusal);

type Following = Position & { signer: NoteSigner; signedSize: bigint; signedAtMs: number };

const largest = 2n ** 63n - 1n;
const tickMsMax = 2_000;

/**
 * Checkpointer follows the ledger and hands signed tree heads outside. Of several processes one signs at a time; what it signs depends on the rows
 * alone, so even two would sign the same. It never signs a tree that does not extend what was handed outside, and never overwrites a checkpoint.
 */
export class Checkpointer {
  private client: pg.PoolClient | undefined;
  private following: Following | undefined;
  private refusedUntilMs = 0;
  private touchedAtMs = 0;
  private current: CheckpointerStanding = { standing: 'starting' };

  constructor(private readonly options: CheckpointerOptions) {}

  /** standing says what the last tick came to. */
  get standing(): CheckpointerStanding {
    return this.current;
  }

  /** tick reads on and signs when it is time, or at once when asked to. Throws when the database or the directory cannot be used; the next tick starts over. */
  async tick(atOnce = false): Promise<void> {
    if (Date.now() < this.refusedUntilMs) return;
    try {
      const client = (this.client ??= await this.lead());
      if (!client) {
        this.current = { standing: 'waits' };
        return;
      }
      this.following ??= await this.begin(client);
      if (this.following) await this.advance(client, this.following, atOnce);
    } catch (error) {
      this.letGo();
      throw error;
    }
  }

  /** close signs what is unsigned and gives up the lead. */
  async close(): Promise<void> {
    if (this.following) await this.tick(true).catch(() => undefined);
    // Given up by name, so that the next leader need not wait until the server notices that this connection ended.
    if (this.client) await stopLeading(this.client).catch(() => undefined);
    this.letGo();
  }

  // A connection of its own: losing it, in a restart or a restore of the server, means to take stock anew.
  private async lead(): Promise<pg.PoolClient | undefined> {
    const client = await this.options.pool.connect();
    const led = await tryLead(client).catch((error: unknown) => {
      client.release(true);
      throw error;
    });
    if (!led) {
      client.release();
      return undefined;
    }
    client.on('error', () => {
      if (this.client === client) this.letGo();
    });
    return client;
  }

  private letGo(): void {
    const client = this.client;
    this.client = undefined;
    this.following = undefined;
    client?.release(true);
  }

  private async begin(client: pg.PoolClient): Promise<Following | undefined> {
    const { directory, keyFile } = this.options;
    const signer = await readSigner(keyFile);
    const stock = await takeStock(client, directory, signer);
    if (!stock.agrees) {
      this.refuse(stock);
      return undefined;
    }
    if (!(await publishKey(directory, signer.text))) {
      this.refuse({ refused: 'other_key', detail: 'the checkpoint directory belongs to another key' });
      return undefined;
    }
    return { ...stock.position, signer, signedSize: stock.outside?.size ?? 0n, signedAtMs: 0 };
  }

  private async advance(client: pg.PoolClient, following: Following, atOnce: boolean): Promise<void> {
    const read = await follow(client, following, largest, Date.now() + tickMsMax);
    if ('refused' in read) {
      this.refuse(read);
      return;
    }
    Object.assign(following, read);
    const { size } = following.range;
    this.current = { standing: 'signs', size: following.signedSize };
    const grownBy = size - following.signedSize;
    if (grownBy > 0n && (atOnce || isDue(grownBy, Date.now() - following.signedAtMs))) await this.sign(client, following);
    else if (Date.now() - this.touchedAtMs > idleMs) {
      await touchCheckpointCursor(client);
      this.touchedAtMs = Date.now();
    }
  }

  private async sign(client: pg.PoolClient, following: Following): Promise<void> {
    const { directory } = this.options;
    const { range, signer } = following;
    const root = rangeRoot(range);
    const note = signCheckpoint(range.size, root, signer);
    if ((await keepNote(directory, fileNameOf(range.size), note, new Date())) === 'differs') {
      this.refuse({ refused: 'forked', detail: `another checkpoint of size ${range.size} was handed outside` });
      return;
    }
    // Outside first: what the database says of itself must never be ahead of the copy that counts.
    await insertCheckpoint(client, { range, root, note });
    this.touchedAtMs = following.signedAtMs = Date.now();
    following.signedSize = range.size;
    this.current = { standing: 'signs', size: range.size };
  }

  private refuse({ refused, detail }: Refusal): void {
    this.letGo();
    this.refusedUntilMs = Date.now() + idleMs;
    this.current = { standing: 'refuses', refused, detail };
    this.options.log.error({ alarm: 'checkpoint_refused', refused }, `no checkpoint is signed: ${detail}; run "npm run verify"`);
  }
}
