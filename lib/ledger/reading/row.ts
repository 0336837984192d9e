import { z } from 'zod';
import { sha256 } from '@/lib/kernel/hash';
import { Actor, rowHeadBytes, Subject, type LedgerRow } from '@/lib/ledger/schema';

/** A ledger row taken apart. `intact` tells whether the stored hash is the RFC 6962 leaf hash of the bytes and the bytes name this row. */
export type ReadRow = { seq: bigint; at: Date; previous: Uint8Array; hash: Uint8Array; payload: Record<string, unknown>; intact: boolean };

const Payload = z.record(z.string(), z.unknown());
const leafPrefix = Uint8Array.of(0);

/** readRow decodes the bytes of a row; its time comes from the bytes, not from the column beside them. A payload that cannot be read is empty. */
export function readRow(row: LedgerRow): ReadRow {
  const bytes = Buffer.from(row.bytes);
  const seq = bytes.readBigUInt64BE(0);
  const atUs = bytes.readBigInt64BE(8);
  const payload = parsePayload(bytes.subarray(rowHeadBytes));
  const intact = seq === row.seq && sha256(leafPrefix, bytes).equals(Buffer.from(row.hash));
  return { seq, at: new Date(Number(atUs / 1000n)), previous: bytes.subarray(16, rowHeadBytes), hash: row.hash, payload, intact };
}

// A damaged row is shown as what it is, never skipped and never a broken page.
function parsePayload(bytes: Buffer): Record<string, unknown> {
  try {
    return Payload.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return {};
  }
}

const Said = z.object({
  deciding: z.array(z.string()).catch([]),
  reasons: z.array(z.object({ code: z.string() })).catch([]),
  actor: Actor.nullable().catch(null),
  subject: Subject.nullable().catch(null),
  data: z.record(z.string(), z.unknown()).catch({}),
});

/** What a row says beside what the explorer's table holds. `because`: the dimensions that decided, or the first reason's code in words where none did. */
export type More = { because: string[]; actor: Actor | null; subject: Subject | null; data: Record<string, unknown> };

/** readMore reads it out of the row's own bytes. */
export function readMore(row: LedgerRow): More {
  const { deciding, reasons, actor, subject, data } = Said.parse(readRow(row).payload);
  const code = reasons[0]?.code.toLowerCase().replaceAll('_', ' ');
  return { because: deciding.length > 0 || code === undefined ? deciding : [code], actor, subject, data };
}
