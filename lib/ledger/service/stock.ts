import type { ClientBase } from 'pg';
import type { Outside, Refusal } from './outside';
import type { Ancestor, TreeHead } from '../domain/branch';
import { openCheckpoint } from '../domain/checkpoint';
import { emptyRange, extendRange, isWholeRange, leafHash, rangeRoot, type CompactRange } from '../domain/merkle';
import { rowHeadBytes } from '../schema';
import { findHandedLast, listChainRows, listCheckpointsUpTo, pageRowsMax, type ChainRow } from '../store/checkpoints';
import { folderOf, listDayEnds, listSizes, readNoteOf } from '../store/outside';

/** Where following stands: the tree of the rows read so far, and the last of them. */
export type Position = { range: CompactRange; lastHash: Buffer };

/** Agreement of a database with the newest outside checkpoint, with the tree up to there (or of nothing, when none was ever handed outside). */
export type Stock = { agrees: true; position: Position } | ({ agrees: false } & Refusal);

const firstPrevious = Buffer.alloc(32);
const previousAt = 16;
/** Larger than any row number. */
const largestSize = 2n ** 63n - 1n;
/** Nothing read yet. */
export const beginning: Position = { range: emptyRange, lastHash: firstPrevious };

/**
 * takeStock compares the database with the newest outside checkpoint: the rows up to its size must give its root. Reads on from a stored checkpoint of
 * the same history that the key vouches for, else from the first row. Where nothing lies outside although the database remembers having handed something
 * there, the directory was lost, or another one is mounted in its place: how old the database is cannot be told.
 */
export async function takeStock(client: ClientBase, { newest, lineage }: Pick<Outside, 'newest' | 'lineage'>): Promise<Stock> {
  const handed = newest ? undefined : await findHandedLast(client);
  if (handed) {
    return {
      agrees: false,
      refused: 'gone',
      detail: `the directory of checkpoints holds none, and the database remembers one of row ${handed.size}: it was lost, or is not the right one`,
    };
  }
  const start = newest && (await vouchedRange(client, lineage, newest.size));
  const from = await positionAt(client, start ?? emptyRange);
  if ('refused' in from) return { agrees: false, ...from };
  const position = await follow(client, from, newest?.size ?? 0n);
  if ('refused' in position) return { agrees: false, ...position };
  if (newest && position.range.size < newest.size) {
    return {
      agrees: false,
      refused: 'behind',
      detail: `the database ends at row ${position.range.size}, and row ${newest.size} was handed outside: it was rolled back or cut`,
    };
  }
  if (newest && !rangeRoot(position.range).equals(newest.root)) {
    return {
      agrees: false,
      refused: 'forked',
      detail: `the rows up to ${newest.size} are not the ones that were handed outside`,
    };
  }
  return { agrees: true, position };
}

// From below the newest one, so that its own interval is read again and not taken from the database's word.
async function vouchedRange(client: ClientBase, lineage: readonly Ancestor[], newestSize: bigint): Promise<CompactRange | undefined> {
  for (const { verifier, upTo } of lineage) {
    const below = upTo === undefined || upTo >= newestSize ? newestSize - 1n : upTo;
    const stored = await listCheckpointsUpTo(client, below);
    const vouched = stored.find(({ range, note }) => {
      const signed = openCheckpoint(note, verifier);
      return signed?.size === range.size && isWholeRange(range) && rangeRoot(range).equals(signed.root);
    });
    if (vouched) return vouched.range;
  }
  return undefined;
}

async function positionAt(client: ClientBase, range: CompactRange): Promise<Position | Refusal> {
  if (range.size === 0n) return beginning;
  const [row] = await listChainRows(client, range.size, 1);
  if (row?.seq === range.size) return { range, lastHash: row.hash };
  return { refused: 'behind', detail: `row ${range.size} was handed outside and is not in the database: it was rolled back or cut` };
}

/** follow reads on from a position, to `upTo` or the last row, checking that each row hashes to its hash and follows the one before. */
export async function follow(
  client: ClientBase,
  from: Position,
  upTo = largestSize,
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

/** How much of what was handed outside a database still holds, and the tree of all its rows. */
export type Measured = { kept: TreeHead; position: Position };

/**
 * measure reads every row from the first on and finds the largest outside checkpoint of the newest history that they agree with: what is kept when the
 * ledger goes on from this database. Takes the database's word for nothing; some minutes for tens of millions of rows.
 */
export async function measure(
  client: ClientBase,
  { directory, lineage }: Pick<Outside, 'directory' | 'lineage'>,
): Promise<Measured | Refusal> {
  const ends: (Mark & { day: string })[] = [];
  for (const ancestor of [...lineage].reverse()) {
    const folder = folderOf(directory, ancestor.number);
    for (const end of await listDayEnds(folder, ancestor.upTo ?? largestSize)) ends.push({ ...end, folder, ancestor });
  }
  const days = await treesAt(client, beginning, ends);
  if ('refused' in days) return days;
  const lastDay = await lastAgreeing(ends, days.at);
  // Up to its end a whole day agrees; of the next one perhaps a part.
  const from = lastDay < 0 ? beginning : days.at[lastDay];
  const next = ends[lastDay + 1];
  const inNext = next ? (await listSizes(next.folder, next.day)).map((size) => ({ ...next, size })) : [];
  const marks = inNext.filter(({ size }) => size > (from?.range.size ?? 0n) && size <= (next?.size ?? 0n));
  const sizes = await treesAt(client, from ?? beginning, marks);
  if ('refused' in sizes) return sizes;
  const kept = sizes.at[await lastAgreeing(marks, sizes.at)] ?? from ?? beginning;
  const position = await follow(client, days.end);
  if ('refused' in position) return position;
  return { kept: { size: kept.range.size, root: rangeRoot(kept.range) }, position };
}

type Mark = { folder: string; day: string; size: bigint; ancestor: Ancestor };

/** The trees at the sizes that the database reaches, and where reading ended. */
async function treesAt(client: ClientBase, from: Position, marks: readonly Mark[]): Promise<{ at: Position[]; end: Position } | Refusal> {
  const at: Position[] = [];
  let end = from;
  for (const { size } of marks) {
    const reached = await follow(client, end, size);
    if ('refused' in reached) return reached;
    end = reached;
    if (reached.range.size < size) break;
    at.push(reached);
  }
  return { at, end };
}

/** The place of the last mark whose checkpoint the tree agrees with, or -1: two histories that part never meet again. */
async function lastAgreeing(marks: readonly Mark[], at: readonly Position[]): Promise<number> {
  let [agrees, differs] = [-1, at.length];
  while (differs - agrees > 1) {
    const middle = Math.floor((agrees + differs) / 2);
    const mark = marks[middle];
    const position = at[middle];
    if (mark && position && (await isSigned(mark, position))) agrees = middle;
    else differs = middle;
  }
  return agrees;
}

async function isSigned({ folder, day, size, ancestor }: Mark, { range }: Position): Promise<boolean> {
  const found = await readNoteOf(folder, day, size);
  const signed = found && openCheckpoint(found.note, ancestor.verifier);
  return signed?.size === range.size && signed.root.equals(rangeRoot(range));
}
