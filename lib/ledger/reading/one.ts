import { sha256 } from '@/lib/kernel/hash';
import { open } from '@/lib/kernel/seal';
import type { LedgerRow } from '@/lib/ledger/schema';
import { prisma } from '@/lib/platform/db/prisma';
import { sealingEnv } from '@/lib/platform/env';
import { sealingKeyFrom } from '@/lib/platform/secrets';
import { saltBytes } from '@/lib/ledger/domain/side';
import { readRow, type ReadRow } from './row';
import { findEntryByEvent, findRow, findUnlisted, listRows, listSides } from './store';

/**
 * The erasable part of a row: `erased` when it is gone, `unreadable` when it cannot be decrypted. `committed` tells whether the row's commitment is
 * the SHA-256 of salt ‖ digest; `text` is the decrypted JSON and is there only when it was asked for.
 */
export type Side =
  { state: 'none' } | { state: 'erased' } | { state: 'unreadable' | 'open'; digest: Uint8Array; committed: boolean; text?: string };

export type LedgerEvent = ReadRow & { id: string; kind: string };

const byEventId = /^(dec|evt|grt)_[0-9a-z]{26}$/;
const bySeq = /^[1-9][0-9]{0,18}$/;
/** Newest rows searched for an event that the explorer has not taken in yet. */
const unlistedRowsMax = 2_000;
const seqMax = 2n ** 63n - 1n;

/** readEvent finds one row by the id of its event (`dec_…`, `evt_…`, `grt_…`) or by its sequence number; undefined when there is none. */
export async function readEvent(ref: string): Promise<LedgerEvent | undefined> {
  const seq = await findSeq(ref);
  const row = seq === undefined || seq > seqMax ? undefined : await findRow(prisma(), seq);
  if (!row) return undefined;
  const event = eventOf(row);
  return bySeq.test(ref) || event.id === ref ? event : undefined;
}

async function findSeq(ref: string): Promise<bigint | undefined> {
  if (bySeq.test(ref)) return BigInt(ref);
  if (!byEventId.test(ref)) return undefined;
  // A decision has a page from its commit on, not from when the explorer comes to it; which may be between the first two looks, hence the third.
  const listed = await findEntryByEvent(prisma(), ref);
  return listed ?? (await findUnlisted(prisma(), ref, unlistedRowsMax)) ?? findEntryByEvent(prisma(), ref);
}

type Sealed = { salted: Uint8Array; sealed: Uint8Array };

/** readSide reads what belongs to a row and may be erased, and compares it with the row's commitment. Decrypts only when `unseal`: the caller has asked whether this person may. */
export async function readSide(event: Pick<LedgerEvent, 'seq' | 'id' | 'payload'>, unseal: boolean): Promise<Side> {
  if (typeof event.payload['commitment'] !== 'string') return { state: 'none' };
  const [side] = await listSides(prisma(), [event.seq]);
  return sideOf(event, side, unseal);
}

/** readUnsealed is readEvent and readSide, decrypting, for many rows at once, by sequence number; rows that do not exist are not in the answer. */
export async function readUnsealed(seqs: readonly bigint[]): Promise<Map<bigint, { event: LedgerEvent; side: Side }>> {
  const [rows, sides] = await Promise.all([listRows(prisma(), seqs), listSides(prisma(), seqs)]);
  const bySeq = new Map(sides.map((side) => [side.seq, side]));
  return new Map(
    rows.map((row) => {
      const event = eventOf(row);
      return [row.seq, { event, side: sideOf(event, bySeq.get(row.seq), true) }];
    }),
  );
}

function eventOf(row: LedgerRow): LedgerEvent {
  const read = readRow(row);
  return { ...read, id: String(read.payload['id'] ?? ''), kind: String(read.payload['kind'] ?? '') };
}

function sideOf(event: Pick<LedgerEvent, 'id' | 'payload'>, side: Sealed | undefined, unseal: boolean): Side {
  const commitment = event.payload['commitment'];
  if (typeof commitment !== 'string') return { state: 'none' };
  if (!side) return { state: 'erased' };
  const digest = side.salted.subarray(saltBytes);
  const committed = sha256(side.salted).toString('hex') === commitment;
  if (!unseal) return { state: 'open', digest, committed };
  const text = open(sealingKeyFrom(sealingEnv().MASTER_KEY_FILE, 'arguments'), side.sealed, event.id);
  return text ? { state: 'open', digest, committed, text: text.toString('utf8') } : { state: 'unreadable', digest, committed };
}
