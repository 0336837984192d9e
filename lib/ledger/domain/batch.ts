import type { EncodedBatch } from '../schema';
import type { SideRow } from './side';

/** Most items in one commit. */
export const batchItemsMax = 512;
/** Most bytes in one commit; a batch ends before the item that would pass it, unless it is the first. */
export const batchBytesMax = 8 * 1024 * 1024;

/** A counter that an item charges: it holds while `total + amount ≤ ceiling` over the sliding window (60 buckets of database time, rounded up). */
export type Charge = { counter: string; amount: string; ceiling: string; window_seconds: number };

/** A request for approval that the commit makes, unless the agent has an open one for the same digest. */
export type Ask = {
  id: string;
  process: string;
  action: string;
  asker: string | null;
  tier: number;
  deciding: string[];
  slaSeconds: number;
};

/** What an allowed action did. `digest` is that of the action, in hex. */
export type ReportedOutcome = {
  decision: string;
  digest: string;
  status: 'succeeded' | 'failed' | 'partial' | 'ambiguous';
  output_digest?: string | undefined;
  tokens?: number | undefined;
  cost_usd?: string | undefined;
};

/** One row to be written with all that must become a fact with it. Ids are ASCII; nothing else is read by the database but lengths. */
export type CommitItem = {
  eventId: string;
  agent: string;
  /** Empty for rows that belong to no workflow. */
  workflow: string;
  payload: string;
  side?: SideRow | undefined;
  idempotency?: { keyHash: Uint8Array; bodyHash: Uint8Array; answer: string } | undefined;
  ask?: Ask | undefined;
  /** The approval to use, once. */
  use?: string | undefined;
  charges?: Charge[] | undefined;
  /** The task of a grant: written unless (agent, task) has its workflow already. */
  task?: string | undefined;
  refuseWhenHalted: boolean;
  haltsWorkflow: boolean;
  /** Refuse while nobody knows what the same action of this agent did the last time (an outcome is ambiguous). */
  refuseWhenAmbiguous?: boolean | undefined;
  /** The agent's own approval to cancel. */
  cancel?: string | undefined;
  outcome?: ReportedOutcome | undefined;
};

const slotsPerItem = 13;
const integersPerItem = 1 + slotsPerItem * 2;
const arrayHeadBytes = 20;
const integerBytes = 8;
const int4Oid = 23;

/** encodeBatch lays items out as the migration's ledger_commit describes: flags, then 13 (offset from 1, length) pairs an item, -1 for absent. */
export function encodeBatch(items: readonly CommitItem[]): EncodedBatch {
  const integers = items.length * integersPerItem;
  const slots = Buffer.allocUnsafe(arrayHeadBytes + integers * integerBytes);
  slots.writeInt32BE(1, 0);
  slots.writeInt32BE(0, 4);
  slots.writeInt32BE(int4Oid, 8);
  slots.writeInt32BE(integers, 12);
  slots.writeInt32BE(1, 16);
  let at = arrayHeadBytes;
  const integer = (value: number): void => {
    slots.writeInt32BE(4, at);
    slots.writeInt32BE(value, at + 4);
    at += integerBytes;
  };

  const parts: (string | Uint8Array)[] = [];
  const lengths: number[] = [];
  let size = 0;
  const slot = (part: string | Uint8Array | undefined): void => {
    if (part === undefined) {
      integer(1);
      integer(-1);
      return;
    }
    const length = typeof part === 'string' ? Buffer.byteLength(part) : part.length;
    integer(size + 1);
    integer(length);
    parts.push(part);
    lengths.push(length);
    size += length;
  };

  for (const item of items) {
    integer((item.refuseWhenHalted ? 1 : 0) | (item.haltsWorkflow ? 2 : 0) | (item.refuseWhenAmbiguous ? 4 : 0));
    slot(item.payload);
    slot(item.eventId);
    slot(item.agent);
    slot(item.workflow);
    slot(item.side?.salted);
    slot(item.side?.sealed);
    slot(item.idempotency && Buffer.concat([item.idempotency.keyHash, item.idempotency.bodyHash]));
    slot(item.idempotency?.answer);
    slot(item.ask && JSON.stringify(item.ask));
    slot(item.use);
    slot(item.charges && item.charges.length > 0 ? JSON.stringify(item.charges) : undefined);
    slot(item.task);
    slot(extraOf(item));
  }

  const blob = Buffer.allocUnsafe(size);
  let offset = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (typeof part === 'string') blob.write(part, offset, 'utf8');
    else if (part) blob.set(part, offset);
    offset += lengths[i] ?? 0;
  }
  return { slots, blob };
}

function extraOf(item: CommitItem): string | undefined {
  if (item.cancel !== undefined) return JSON.stringify({ cancel: item.cancel });
  return item.outcome === undefined ? undefined : JSON.stringify({ outcome: item.outcome });
}

/** itemBytes is about what an item adds to a batch. */
export function itemBytes(item: CommitItem): number {
  return item.payload.length + (item.side?.sealed.length ?? 0) + (item.idempotency?.answer.length ?? 0) + 256;
}
