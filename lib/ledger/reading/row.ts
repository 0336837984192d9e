import { z } from 'zod';
import { sha256 } from '@/lib/kernel/hash';
import { rowHeadBytes, type LedgerRow } from '@/lib/ledger/schema';

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
  subject: z.object({ type: z.string(), id: z.string() }).nullable().catch(null),
});

/** What a list says of a row beside what the explorer's table holds: the dimensions that decided (the first reason's code, in words, where none did), or what an event is about. */
export function readMore(row: LedgerRow): { because: string[]; subject: string | null } {
  const { deciding, reasons, subject } = Said.parse(readRow(row).payload);
  const code = reasons[0]?.code.toLowerCase().replaceAll('_', ' ');
  return { because: deciding.length > 0 || code === undefined ? deciding : [code], subject: subject && `${subject.type} ${subject.id}` };
}
