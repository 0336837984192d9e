import type { Kind } from './findings';
import { rowsText } from './findings';

/** A row at place `seq` whose bytes say that it is row `inside`; `same`: its bytes are otherwise as recorded. */
export type Displaced = { seq: bigint; inside: bigint; same: boolean };

type Shift = { from: bigint; to: bigint; by: bigint; same: boolean };

/** displacements reads from rows in wrong places what was done: two changed places, or all moved on because one was put in or taken out. */
export function displacements(displaced: readonly Displaced[], last: bigint): { kind: Kind; seqs: bigint[]; detail: string }[] {
  const insideOf = new Map(displaced.map(({ seq, inside }) => [seq, inside]));
  const swapped = (row: Displaced) => insideOf.get(row.inside) === row.seq;
  const swaps = displaced.filter((row) => swapped(row) && row.seq < row.inside);
  return [
    ...swaps.map(({ seq, inside }) => ({
      kind: 'rows_swapped' as const,
      seqs: [seq, inside],
      detail: `rows ${seq} and ${inside} changed places`,
    })),
    ...shifts(displaced.filter((row) => !swapped(row))).map((shift) => meaning(shift, last)),
  ];
}

function shifts(rows: readonly Displaced[]): Shift[] {
  const found: Shift[] = [];
  for (const { seq, inside, same } of rows) {
    const run = found.at(-1);
    if (run && run.to === seq - 1n && run.by === seq - inside) run.to = seq;
    else found.push({ from: seq, to: seq, by: seq - inside, same });
  }
  return found;
}

function meaning({ from, to, by, same }: Shift, last: bigint): { kind: Kind; seqs: bigint[]; detail: string } {
  if (from === to && to !== last) {
    return same
      ? { kind: 'column_changed', seqs: [from], detail: `the bytes at row ${from} are those of row ${from - by}` }
      : { kind: 'byte_changed', seqs: [from], detail: `row ${from} does not hash to its hash` };
  }
  if (by > 0n) return { kind: 'row_inserted', seqs: [from - by], detail: `${rowsText(from - by, from - 1n)} moved all later rows on` };
  return {
    kind: 'row_removed',
    seqs: [from],
    detail: `${rowsText(from, from - by - 1n)} ${by === -1n ? 'is' : 'are'} missing, and the later rows were renumbered`,
  };
}
