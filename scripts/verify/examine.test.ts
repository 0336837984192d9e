import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRange, extendRange, rangeRoot } from '@/lib/ledger/domain/merkle';
import { Examiner, type Examined } from './examine';
import type { Kind } from './findings';
import type { SignedHead } from './notes';
import type { Row } from './rows';

/** A log as a database holds it: rows, and what the record of commits says is the last. */
type Log = { rows: Row[]; head: { seq: bigint; hash: Buffer } | null; sides: Map<bigint, Buffer> };

const hashOf = (bytes: Buffer): Buffer => createHash('sha256').update(Buffer.of(0)).update(bytes).digest();
const rowOf = (seq: bigint, atUs: bigint, previous: Buffer, payload: Buffer): Row => {
  const bytes = Buffer.alloc(48 + payload.length);
  bytes.writeBigInt64BE(seq, 0);
  bytes.writeBigInt64BE(atUs, 8);
  previous.copy(bytes, 16);
  payload.copy(bytes, 48);
  return { seq, atUs, bytes, hash: hashOf(bytes) };
};
const saltedOf = (seq: bigint): Buffer => createHash('sha384').update(`salt of ${seq}`).digest();
const payloadOf = (row: Row): Buffer => row.bytes.subarray(48);
const nothing = Buffer.alloc(32);
const firstUs = 1_790_000_000_000_000n;

/** Chains payloads from row `from` on, after the rows that are kept. */
function chain(kept: readonly Row[], payloads: readonly Buffer[], clock = 0n): Row[] {
  const rows = [...kept];
  for (const payload of payloads) {
    const seq = BigInt(rows.length + 1);
    rows.push(rowOf(seq, firstUs + seq * 1_000n + clock, rows.at(-1)?.hash ?? nothing, payload));
  }
  return rows;
}

function newLog(size: number, branch = ''): Log {
  const payloads = Array.from({ length: size }, (_, i) => {
    const side =
      i % 3 === 0
        ? {
            commitment: createHash('sha256')
              .update(saltedOf(BigInt(i + 1)))
              .digest('hex'),
          }
        : {};
    return Buffer.from(JSON.stringify({ kind: 'test', id: `evt_${i}${branch}`, ...side }));
  });
  const rows = chain([], payloads);
  return { rows, head: headOf(rows), sides: new Map(rows.filter((_, i) => i % 3 === 0).map(({ seq }) => [seq, saltedOf(seq)])) };
}

const headOf = (rows: readonly Row[]): Log['head'] => ({ seq: rows.at(-1)?.seq ?? 0n, hash: rows.at(-1)?.hash ?? nothing });

function sign({ rows }: Log, sizes: readonly number[]): SignedHead[] {
  let range = emptyRange;
  return sizes.map((size) => {
    range = extendRange(
      range,
      rows.slice(Number(range.size), size).map((row) => row.hash),
    );
    return { size: range.size, root: rangeRoot(range) };
  });
}

function examine({ rows, head, sides }: Log, heads: readonly SignedHead[]): Examined {
  const examiner = new Examiner(heads, head, true);
  // As a database gives them: by number, then by time.
  const sorted = [...rows].sort((a, b) => Number(a.seq - b.seq) || Number((a.atUs ?? 0n) - (b.atUs ?? 0n)));
  for (let at = 0; at < sorted.length; at += 100) {
    const page = sorted.slice(at, at + 100);
    examiner.take({ rows: page, sides: new Map([...sides].filter(([seq]) => page.some((row) => row.seq === seq))) });
  }
  return examiner.finish();
}

const changed = (row: Row, at: number): Row => {
  const bytes = Buffer.from(row.bytes);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at);
  return { ...row, bytes };
};
const replace = (log: Log, seq: number, row: Row): Log => ({ ...log, rows: log.rows.with(seq - 1, row) });
const get = ({ rows }: Log, seq: number): Row => {
  const row = rows[seq - 1];
  if (!row) throw new RangeError(`no row ${seq}`);
  return row;
};
const without = (map: Map<bigint, Buffer>, keep: (seq: bigint) => boolean) => new Map([...map].filter(([seq]) => keep(seq)));

/** Each way to tamper: what it does to a log at row n (and another row m > n), the kinds it may be named, and the row that must be in the first bad interval. */
type Tampering = {
  name: string;
  kinds: Kind[];
  apply: (log: Log, n: number, m: number, noise: number) => Log;
  at?: (n: number, m: number) => number;
  names?: (n: number, m: number) => number[];
};
const tamperings: Tampering[] = [
  {
    name: 'a byte of a row',
    kinds: ['byte_changed', 'row_inserted', 'row_removed'],
    names: (n) => [n],
    apply: (log, n, _m, noise) => replace(log, n, changed(get(log, n), 8 + (noise % (get(log, n).bytes.length - 8)))),
  },
  {
    name: 'a byte of a row and its hash',
    kinds: ['byte_changed', 'fork', 'rewritten_from_genesis'],
    apply: (log, n, _m, noise) => {
      const row = changed(get(log, n), 48 + (noise % payloadOf(get(log, n)).length));
      return replace(log, n, { ...row, hash: hashOf(row.bytes) });
    },
  },
  {
    name: 'the hash of a row',
    kinds: ['byte_changed'],
    names: (n) => [n],
    apply: (log, n) => replace(log, n, { ...get(log, n), hash: nothing }),
  },
  {
    name: 'the time column of a row',
    kinds: ['column_changed'],
    names: (n) => [n],
    apply: (log, n) => replace(log, n, { ...get(log, n), atUs: (get(log, n).atUs ?? 0n) + 1n }),
  },
  {
    name: 'a row removed',
    kinds: ['row_removed'],
    names: (n) => [n],
    apply: (log, n) => ({
      ...log,
      rows: log.rows.filter(({ seq }) => seq !== BigInt(n)),
      sides: without(log.sides, (seq) => seq !== BigInt(n)),
    }),
  },
  {
    name: 'many rows removed',
    kinds: ['row_removed'],
    names: (n) => [n],
    apply: (log, n, m) => ({ ...log, rows: log.rows.filter(({ seq }) => seq < n || seq >= m), sides: new Map() }),
  },
  {
    name: 'a row removed and the later ones renumbered',
    kinds: ['row_removed'],
    names: (n) => [n],
    apply: (log, n) => {
      const rows = log.rows.filter(({ seq }) => seq !== BigInt(n)).map((row) => (row.seq > n ? { ...row, seq: row.seq - 1n } : row));
      return { rows, head: headOf(rows), sides: new Map() };
    },
  },
  {
    name: 'two rows swapped',
    kinds: ['rows_swapped'],
    names: (n, m) => [n, m],
    apply: (log, n, m) => {
      const [a, b] = [get(log, n), get(log, m)];
      return {
        ...replace(replace(log, n, { ...a, bytes: b.bytes, hash: b.hash }), m, { ...b, bytes: a.bytes, hash: a.hash }),
        sides: new Map(),
      };
    },
  },
  {
    name: 'two numbers swapped',
    kinds: ['rows_swapped'],
    names: (n, m) => [n, m],
    apply: (log, n, m) => ({
      ...replace(replace(log, n, { ...get(log, n), seq: BigInt(m) }), m, { ...get(log, m), seq: BigInt(n) }),
      sides: new Map(),
    }),
  },
  {
    name: 'a second row of one number',
    kinds: ['row_inserted'],
    names: (n) => [n],
    apply: (log, n, _m, noise) => ({
      ...log,
      rows: [
        ...log.rows,
        rowOf(BigInt(n), firstUs + BigInt(n) * 1_000n + BigInt(noise % 2 === 0 ? 1 : -1), get(log, n - 1).hash, Buffer.from('{}')),
      ],
    }),
  },
  {
    name: 'a row inserted and the later ones renumbered',
    kinds: ['row_inserted'],
    names: (n) => [n],
    apply: (log, n) => {
      const forged = rowOf(BigInt(n), get(log, n).atUs ?? 0n, get(log, n - 1).hash, Buffer.from('{}'));
      const rows = [...log.rows.slice(0, n - 1), forged, ...log.rows.slice(n - 1).map((row) => ({ ...row, seq: row.seq + 1n }))];
      return { rows, head: headOf(rows), sides: new Map() };
    },
  },
  {
    name: 'the tail cut after a checkpoint',
    kinds: ['tail_cut'],
    names: (n) => [n],
    apply: (log, n) => ({ ...log, rows: log.rows.slice(0, n - 1), sides: without(log.sides, (seq) => seq < n) }),
  },
  {
    name: 'an older backup restored',
    kinds: ['rollback'],
    names: (n) => [n],
    apply: (log, n) => ({
      rows: log.rows.slice(0, n - 1),
      head: headOf(log.rows.slice(0, n - 1)),
      sides: without(log.sides, (seq) => seq < n),
    }),
  },
  {
    name: 'an older backup continued',
    kinds: ['fork', 'rewritten_from_genesis'],
    apply: (log, n) => {
      const rows = chain(
        log.rows.slice(0, n - 1),
        log.rows.slice(n - 1).map(() => Buffer.from('{"other":1}')),
        5n,
      );
      return { rows, head: headOf(rows), sides: without(log.sides, (seq) => seq < n) };
    },
  },
  {
    name: 'everything rewritten from one row on',
    kinds: ['fork', 'rewritten_from_genesis'],
    apply: (log, n) => {
      const rows = chain(
        log.rows.slice(0, n - 1),
        log.rows.slice(n - 1).map((row, i) => (i === 0 ? Buffer.concat([payloadOf(row), Buffer.from(' ')]) : payloadOf(row))),
      );
      return { ...log, rows, head: headOf(rows) };
    },
  },
  {
    name: 'everything rewritten from genesis',
    kinds: ['rewritten_from_genesis'],
    at: () => 1,
    apply: (log) => newLog(log.rows.length, 'x'),
  },
  {
    name: 'rows rewritten up to another, where the chain breaks',
    kinds: ['byte_changed', 'fork', 'rewritten_from_genesis'],
    apply: (log, n, m) => {
      const rows = chain(
        log.rows.slice(0, n - 1),
        log.rows.slice(n - 1, m - 1).map(() => Buffer.from('{"other":1}')),
      );
      return { ...log, rows: [...rows, ...log.rows.slice(rows.length)], sides: without(log.sides, (seq) => seq < n || seq >= m) };
    },
  },
  {
    name: 'a side row changed',
    kinds: ['side_row_changed'],
    at: (n) => n - ((n - 1) % 3),
    names: (n) => [n - ((n - 1) % 3)],
    apply: (log, n) => ({ ...log, sides: new Map(log.sides).set(BigInt(n - ((n - 1) % 3)), saltedOf(0n)) }),
  },
];

/** The interval between signed sizes that a row lies in. */
const intervalOf = (seq: number, sizes: readonly number[]) => ({
  after: BigInt(sizes.findLast((size) => size < seq) ?? 0),
  upTo: BigInt(sizes.find((size) => size >= seq) ?? -1),
});

const runs = Number(process.env['TORTURE'] ?? 0) || 12;
const size = 1_000;
const timeoutMs = 20_000 + runs * 200;
const clean = newLog(size);

describe(`tampering with a log of ${size} rows, ${runs} times each way`, () => {
  it.each(tamperings)(
    'finds and locates: $name',
    ({ kinds, apply, at, names }) => {
      const sizesOf = fc
        .uniqueArray(fc.integer({ min: 1, max: size }), { minLength: 1, maxLength: 12 })
        .map((sizes) => sizes.sort((a, b) => a - b));
      fc.assert(
        fc.property(
          sizesOf,
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.nat(),
          (sizes, x, y, noise) => {
            const signed = sizes.at(-1) ?? 0;
            // The touched rows: signed ones, not the first (which has no row before it), and the second after the first.
            const n = Math.min(2 + Math.floor(x * (signed - 1)), Math.max(signed, 2));
            const m = Math.min(n + 1 + Math.floor(y * (size - n)), size);
            fc.pre(n <= signed && m > n);
            const found = examine(apply(clean, n, m, noise), sign(clean, sizes));
            expect(found.firstBad).toEqual(intervalOf(at?.(n, m) ?? n, sizes));
            expect(kinds).toContain(found.findings[0]?.kind);
            const named = found.findings.flatMap((finding) => finding.seqs);
            for (const seq of names?.(n, m) ?? []) expect(named).toContain(BigInt(seq));
          },
        ),
        { numRuns: runs },
      );
    },
    timeoutMs,
  );
});

describe('a log that was not tampered with', () => {
  it('agrees with any of its checkpoints, or none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 8 }),
        fc.array(fc.nat({ max: 300 })),
        (rows, sizes, erased) => {
          const log = newLog(rows);
          for (const seq of erased) log.sides.delete(BigInt(seq));
          const signed = sizes.filter((each) => each <= rows).sort((a, b) => a - b);
          const found = examine(log, sign(log, signed));
          expect(found).toMatchObject({ findings: [], firstBad: null, rows, proven: BigInt(signed.at(-1) ?? 0) });
        },
      ),
      { numRuns: Math.max(runs, 60) },
    );
  });
});

describe('after the last checkpoint, where nothing is signed', () => {
  const heads = sign(clean, [500]);

  it('a broken chain is found, and said to be unsigned', () => {
    expect(examine(replace(clean, 800, changed(get(clean, 800), 60)), heads)).toMatchObject({
      firstBad: { after: 500n, upTo: null },
      proven: 500n,
      findings: [{ kind: 'byte_changed', seqs: [800n] }],
    });
  });

  it('a tail that the record of commits still knows is found', () => {
    expect(examine({ ...clean, rows: clean.rows.slice(0, 900) }, heads).findings).toMatchObject([{ kind: 'tail_cut', seqs: [901n] }]);
  });

  it('a row that no commit wrote is found', () => {
    const forged = rowOf(1_001n, firstUs + 2_000_000n, get(clean, 1_000).hash, Buffer.from('{}'));
    expect(examine({ ...clean, rows: [...clean.rows, forged] }, heads).findings).toMatchObject([{ kind: 'row_inserted', seqs: [1_001n] }]);
  });

  it('a chain that was rewritten whole is not: only a checkpoint could show it', () => {
    const rows = chain(
      clean.rows.slice(0, 600),
      clean.rows.slice(600).map(() => Buffer.from('{"other":1}')),
    );
    expect(examine({ rows, head: headOf(rows), sides: without(clean.sides, (seq) => seq <= 600n) }, heads).findings).toEqual([]);
  });
});

describe('checkpoints of two histories', () => {
  it('are told from a log that was rewritten', () => {
    const other = sign(newLog(size, 'x'), [300]);
    expect(examine(clean, [...sign(clean, [200]), ...other, ...sign(clean, [400])]).findings).toMatchObject([
      { kind: 'checkpoints_disagree', seqs: [300n] },
    ]);
  });
});

describe('rows in the order of an export', () => {
  it('that stand in another order are found', () => {
    const examiner = new Examiner(sign(clean, [500, 1_000]), null, false);
    examiner.take({ rows: [...clean.rows.slice(0, 600), get(clean, 602), get(clean, 601), ...clean.rows.slice(602)], sides: new Map() });
    expect(examiner.finish()).toMatchObject({
      firstBad: { after: 500n, upTo: 1_000n },
      findings: [{ kind: 'rows_swapped', seqs: [601n, 602n] }],
    });
  });

  it('of which one cannot be read are found', () => {
    const examiner = new Examiner(sign(clean, [500, 1_000]), null, false);
    examiner.take({
      rows: [...clean.rows.slice(0, 600), { unreadable: 'line 601 is not a row' }, ...clean.rows.slice(601)],
      sides: new Map(),
    });
    const { findings } = examiner.finish();
    expect(findings.map(({ kind }) => kind).sort()).toEqual(['row_removed', 'row_unreadable']);
  });
});
