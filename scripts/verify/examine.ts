import { createHash } from 'node:crypto';
import { displacements, type Displaced } from './displaced';
import { kinds, rowsText, type Finding, type Interval, type Kind } from './findings';
import type { SignedHead } from './notes';
import type { Head, Page, Row, Sides } from './rows';
import { GrowingTree, hashRow } from './tree';

export type Fault = { kind: Kind; seqs: bigint[]; detail: string };
/** What a row says of a resumption: who asked for it, or who signed it, and from which checkpoint on. */
export type Told = { row: bigint; signed: boolean; id: string; by: string; askedBy: string | null; size: string; root: string };
export type Examined = {
  /** Every row about a resumption, in order. */
  told: Told[];
  rows: number;
  last: bigint;
  lastHash: Buffer;
  sides: { intact: number; erased: number };
  /** The largest checkpoint up to which everything agreed. */
  proven: bigint;
  firstBad: Interval | null;
  findings: Finding[];
  /** All of them, also where the list ends earlier. */
  findingsTotal: number;
};

const headBytes = 48;
/** Most faults of one sort that are remembered; more say nothing new. */
const faultsMax = 10_000;
const displacedMax = 200_000;
/** What explains that a root differs. */
const structural = new Set<Kind>(['byte_changed', 'row_removed', 'rows_swapped', 'row_inserted', 'column_changed', 'row_unreadable']);
const listedMax = 50;
const noHash = Buffer.alloc(32);

type Gap = { from: bigint; to: bigint; missing: bigint };
type Previous = { hash: Buffer; column: Buffer; atUs: bigint | null } | null;

/** Examiner takes rows in the order they are kept and finds every way in which they are not the rows that were written and signed. */
export class Examiner {
  private readonly tree = new GrowingTree();
  private readonly faults: Fault[] = [];
  private faultsTotal = 0;
  private readonly displaced: Displaced[] = [];
  private readonly breaks: bigint[] = [];
  private readonly gaps: Gap[] = [];
  private readonly agreed: boolean[] = [];
  private expected = 1n;
  private previous: Previous = { hash: noHash, column: noHash, atUs: null };
  /** Once a place is not known to hold the right row, no later root can be computed. */
  private treeLost = false;
  private readonly told: Told[] = [];
  private rows = 0;
  private intact = 0;
  private erased = 0;

  /** `heads` are the signed checkpoints by size; `head` is what the database's record of commits says is its last row. */
  constructor(
    private readonly heads: readonly SignedHead[],
    private readonly head: Head | null,
    private readonly hasSides: boolean,
  ) {
    this.settle();
  }

  take({ rows, sides }: Page): void {
    for (const row of rows) {
      if ('unreadable' in row) this.fault('row_unreadable', [], row.unreadable);
      else this.takeRow(row, sides);
    }
    for (const seq of sides.keys())
      if (seq >= this.expected || seq < 1n) this.fault('side_row_orphan', [seq], `there is a side row and no row ${seq}`);
  }

  private fault(kind: Kind, seqs: bigint[], detail: string): void {
    this.faultsTotal += 1;
    if (this.faults.length < faultsMax) this.faults.push({ kind, seqs, detail });
  }

  private takeRow(row: Row, sides: Sides): void {
    this.rows += 1;
    const { seq } = row;
    if (seq < 1n || (this.head && seq > this.head.seq)) {
      this.fault('row_inserted', [seq], `no commit wrote row ${seq}`);
      return;
    }
    if (seq < this.expected) {
      this.takeLate(row);
      return;
    }
    if (seq > this.expected) this.openGap(this.expected, seq - 1n);
    this.expected = seq + 1n;
    const hash = hashRow(row.bytes);
    this.inspect(row, hash);
    this.inspectSide(row, sides.get(seq));
    const told = toldBy(row);
    if (told && this.told.length < faultsMax) this.told.push(told);
    if (!this.treeLost) {
      this.tree.push(hash);
      this.settle();
    }
    this.previous = { hash, column: row.hash, atUs: row.atUs };
  }

  private openGap(from: bigint, to: bigint): void {
    if (this.gaps.length < faultsMax) this.gaps.push({ from, to, missing: to - from + 1n });
    this.treeLost = true;
    this.previous = null;
  }

  private takeLate(row: Row): void {
    const gap = this.gaps.find(({ from, to, missing }) => missing > 0n && row.seq >= from && row.seq <= to);
    if (gap) gap.missing -= 1n;
    else this.fault('row_inserted', [row.seq], `there is more than one row ${row.seq}`);
  }

  /** Compares the roots at every checkpoint whose size the tree now has. */
  private settle(): void {
    for (let next = this.heads[this.agreed.length]; next && next.size === this.tree.size; next = this.heads[this.agreed.length]) {
      this.agreed.push(this.tree.root().equals(next.root));
    }
  }

  private inspect({ seq, atUs, bytes, hash: column }: Row, hash: Buffer): void {
    const { previous } = this;
    const told = this.head?.seq === seq ? this.head.hash : null;
    if (bytes.length < headBytes) {
      this.fault('byte_changed', [seq], `row ${seq} is too short to be a row`);
      return;
    }
    const inside = bytes.readBigInt64BE(0);
    const same = hash.equals(column);
    if (inside !== seq) {
      if (this.displaced.length < displacedMax) this.displaced.push({ seq, inside, same });
    } else if (!same) this.fault('byte_changed', [seq], `row ${seq} does not hash to its hash`);
    else if (atUs !== bytes.readBigInt64BE(8)) this.fault('column_changed', [seq], `the time of row ${seq} is not the one in its bytes`);
    else if (told && !told.equals(hash)) this.fault('byte_changed', [seq], `row ${seq} is not the row that was committed last`);
    if (previous && atUs !== null && previous.atUs !== null && atUs < previous.atUs)
      this.fault('time_backwards', [seq], `row ${seq} is older than row ${seq - 1n}`);
    const link = bytes.subarray(16, headBytes);
    // A changed row whose hash was left alone breaks no link: it is found by its own hash.
    if (previous && !link.equals(previous.hash) && !link.equals(previous.column) && this.breaks.length < faultsMax) this.breaks.push(seq);
  }

  private inspectSide({ seq, bytes }: Row, salted: Buffer | undefined): void {
    if (!this.hasSides) return;
    const commitment = commitmentOf(bytes);
    if (commitment === null) {
      if (salted) this.fault('side_row_orphan', [seq], `row ${seq} committed to no side row, and there is one`);
    } else if (!salted) this.erased += 1;
    else if (createHash('sha256').update(salted).digest('hex') === commitment) this.intact += 1;
    else this.fault('side_row_changed', [seq], `the side row of row ${seq} is not the one it committed to`);
  }

  /** finish says what was found, with the first interval between two signed sizes that is not as it was signed. */
  finish(): Examined {
    const last = this.expected - 1n;
    this.faultEnd(last);
    for (const { from, to, missing } of this.gaps) {
      if (missing > 0n)
        this.fault('row_removed', from === to ? [from] : [from, to], `${rowsText(from, to)} ${from === to ? 'is' : 'are'} missing`);
      else this.fault('rows_swapped', [from, to + 1n], `${rowsText(from, to + 1n)} are not in order`);
    }
    for (const { kind, seqs, detail } of displacements(this.displaced, last)) this.fault(kind, seqs, detail);
    this.faultBreaks();
    const mismatch = this.faultRoots();

    const findings = this.faults.map((fault): Finding => ({ ...fault, interval: this.intervalOf(fault, mismatch) }));
    findings.sort(
      (a, b) =>
        compare(a.interval?.after ?? 0n, b.interval?.after ?? 0n) ||
        compare(a.seqs[0] ?? 0n, b.seqs[0] ?? 0n) ||
        order.indexOf(a.kind) - order.indexOf(b.kind),
    );
    const firstBad = findings.find(({ interval }) => interval)?.interval ?? null;
    const agreedUpTo = this.agreed.lastIndexOf(true);
    return {
      told: this.told,
      rows: this.rows,
      last,
      lastHash: this.previous?.hash ?? noHash,
      sides: { intact: this.intact, erased: this.erased },
      proven: firstBad ? firstBad.after : (this.heads[agreedUpTo]?.size ?? 0n),
      firstBad,
      findings: findings.slice(0, listedMax),
      findingsTotal: this.faultsTotal,
    };
  }

  private faultEnd(last: bigint): void {
    const signed = this.heads.at(-1)?.size ?? 0n;
    const committed = this.head?.seq ?? 0n;
    if (last >= signed && last >= committed) return;
    const upTo = signed > committed ? signed : committed;
    const kind = this.head && committed <= last ? 'rollback' : 'tail_cut';
    this.fault(kind, [last + 1n], `the ledger ends at row ${last}, and there was a row ${upTo}`);
  }

  /** A link that does not hold is the fault of the row before it, unless something else explains it. */
  private faultBreaks(): void {
    const explained = new Set(this.faults.flatMap(({ seqs }) => seqs));
    for (const { seq } of this.displaced) explained.add(seq);
    for (const seq of this.breaks) {
      if (explained.has(seq) || explained.has(seq - 1n)) continue;
      const changed = seq === 1n ? 1n : seq - 1n;
      this.fault(
        'byte_changed',
        [changed],
        seq === 1n ? 'row 1 does not begin a ledger' : `row ${changed} is not the row that row ${seq} was written after`,
      );
    }
  }

  /** A root that differs where the rows themselves show nothing: they were written anew. Returns the first checkpoint that is not agreed with. */
  private faultRoots(): SignedHead | undefined {
    const first = this.heads.findIndex((_, i) => this.agreed[i] !== true);
    const head = this.heads[first];
    if (!head) return undefined;
    const after = this.heads[first - 1]?.size ?? 0n;
    const explained = this.faults.some(({ kind, seqs }) => structural.has(kind) && seqs.some((seq) => seq > after && seq <= head.size));
    if (explained || this.agreed[first] === undefined) return head;
    if (this.agreed.includes(true, first))
      this.fault('checkpoints_disagree', [head.size], `the checkpoint of size ${head.size} is of another history than a later one`);
    else if (first === 0) this.fault('rewritten_from_genesis', [], `rows 1 to ${head.size} are not the rows that were signed`);
    else
      this.fault(
        'fork',
        [],
        `rows ${after + 1n} to ${head.size} are not the rows that were signed: they were rewritten, or an older backup was continued`,
      );
    return head;
  }

  private intervalOf({ seqs }: Fault, mismatch: SignedHead | undefined): Interval | null {
    const seq = seqs[0] ?? mismatch?.size;
    if (seq === undefined) return null;
    const upTo = this.heads.find(({ size }) => size >= seq)?.size ?? null;
    return { after: this.heads.findLast(({ size }) => size < seq)?.size ?? 0n, upTo };
  }
}

/** Of several findings at one row, what happened to the row itself comes first. */
const order: readonly string[] = Object.keys(kinds);
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** The commitment to a side row that a payload holds; null when it has none or cannot be read. */
function commitmentOf(bytes: Buffer): string | null {
  if (!bytes.includes('"commitment"', headBytes)) return null;
  const { commitment } = payloadOf(bytes);
  return typeof commitment === 'string' ? commitment : null;
}

type Members = Record<string, unknown>;

const members = (value: unknown): Members => (typeof value === 'object' && value !== null ? { ...value } : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function payloadOf(bytes: Buffer): Members {
  try {
    return members(JSON.parse(bytes.toString('utf8', headBytes)));
  } catch {
    return {};
  }
}

function toldBy({ seq, bytes }: Row): Told | null {
  if (!bytes.includes('"resumption.', headBytes)) return null;
  const payload = payloadOf(bytes);
  const { kind } = payload;
  if (kind !== 'resumption.asked' && kind !== 'resumption.signed') return null;
  const [actor, subject, data] = [members(payload['actor']), members(payload['subject']), members(payload['data'])];
  const [asked, signed] = [text(data['asked_by']), kind === 'resumption.signed'];
  return {
    row: seq,
    signed,
    id: text(subject['id']),
    by: text(actor['id']),
    askedBy: asked === '' ? null : asked,
    size: text(data['outside_size']),
    root: text(data['outside_root']),
  };
}
