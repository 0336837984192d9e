import type { LockedView, LockPage, ResumptionView } from '@/lib/containment/schema';

/** The checkpoint that locks one gateway or more, once they know what their database lacks. */
export type Lock = NonNullable<LockedView['divergence']>;

const rows = (size: string): string => BigInt(size).toLocaleString('en');

/** locksOf is every checkpoint by which a gateway is locked now, each once. */
export function locksOf({ gateways }: LockPage): Lock[] {
  const found = gateways.flatMap(({ divergence }) => divergence ?? []);
  return found.filter((one, i) => found.findIndex((other) => isAbout(other, one)) === i);
}

/** isAbout tells whether two are about the same checkpoint. */
export const isAbout = (one: Pick<Lock, 'outside'> | ResumptionView, other: Pick<Lock, 'outside'>): boolean =>
  one.outside.size === other.outside.size && one.outside.root === other.outside.root;

/** openOf is what was asked about a checkpoint and nobody signed yet, first what the reader may sign. */
export const openOf = ({ resumptions }: LockPage, lock: Lock): ResumptionView[] =>
  resumptions
    .filter((one) => one.signed === null && one.whyNotSign !== 'ALREADY_RESUMED' && isAbout(one, lock))
    .sort((a, b) => Number(a.whyNotSign !== null) - Number(b.whyNotSign !== null));

/** whyLocked says in plain words how a database differs from what was handed outside. */
export function whyLocked({ refused, outside, head }: Lock): string {
  if (refused === 'gone')
    return `Nothing lies in the directory of checkpoints any more, although the database remembers having handed row ${rows(outside.size)} there. So nobody can tell how old this database is.`;
  return refused === 'behind'
    ? `The database ends at row ${rows(head.size)}, and row ${rows(outside.size)} was handed outside before. It is an older copy, or it was cut.`
    : `The database holds other rows than those that were handed outside up to row ${rows(outside.size)}. It is a copy that went its own way, or it was changed.`;
}

/** whatIsLost says which rows go for good when people resume; undefined when that cannot be told. */
export function whatIsLost({ refused, outside, kept }: Lock): string | undefined {
  if (refused === 'gone') return undefined;
  const count = BigInt(outside.size) - BigInt(kept.size);
  return count === 1n
    ? `Row ${rows(outside.size)} (1) was signed, and is gone or another one here.`
    : `Rows ${rows(String(BigInt(kept.size) + 1n))} to ${rows(outside.size)} (${count.toLocaleString('en')}) were signed, and are gone or other ones here.`;
}

/** howMany says how many gateways are locked. */
export const howMany = (count: number): string => (count === 1 ? 'A gateway is locked' : `${count} gateways are locked`);
