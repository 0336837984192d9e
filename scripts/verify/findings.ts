/** What can be wrong, each with what it means. */
export const kinds = {
  byte_changed: 'a row does not hash to what was recorded for it',
  column_changed: 'the columns of a row say something else than its bytes',
  row_removed: 'rows are missing',
  rows_swapped: 'rows stand in another order than they were written in',
  row_inserted: 'there are rows that nobody committed',
  tail_cut: 'the end of the ledger is missing',
  rollback: 'the database is older than what was handed outside',
  rewritten_from_genesis: 'the ledger is another one than was handed outside, from its first signed interval on',
  fork: 'from some row on, the ledger is another one than was handed outside',
  time_backwards: 'a row is older than the row before it',
  side_row_changed: 'a side row is not the one its ledger row committed to',
  side_row_orphan: 'a side row belongs to no ledger row that committed to it',
  row_unreadable: 'a line of the export is not a row',
  checkpoint_forged: 'a checkpoint was not signed as it stands',
  checkpoints_disagree: 'the key signed two histories',
  resumption_unfounded: 'what was handed outside says that two people resumed the ledger, and the ledger does not say so',
  resumption_forged: 'what a resumption abandoned was not signed as it stands, or does not fit the checkpoints',
  key_missing: 'there is no key to check the checkpoints with',
} as const;
export type Kind = keyof typeof kinds;

/** Rows after `after`, up to and including `upTo`; no `upTo` where no checkpoint covers them. */
export type Interval = { after: bigint; upTo: bigint | null };

export type Finding = {
  kind: Kind;
  /** The rows, where the chain itself shows them. */
  seqs: bigint[];
  /** The signed interval it lies in; null when it is about no row. */
  interval: Interval | null;
  detail: string;
};

/** rowsText names rows for a person. */
export function rowsText(from: bigint, to: bigint): string {
  return from === to ? `row ${from}` : `rows ${from} to ${to}`;
}

/** intervalText names an interval for a person. */
export function intervalText({ after, upTo }: Interval): string {
  return upTo === null ? `after row ${after}, which no checkpoint covers` : `rows ${after + 1n} to ${upTo}`;
}
