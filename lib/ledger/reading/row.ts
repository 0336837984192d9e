import { z } from 'zod';
import { sha256 } from '@/lib/kernel/hash';
import { rowHeadBytes, type LedgerRow } from '@/lib/ledger/schema';

/** A ledger row taken apart. `intact` tells whether the stored hash is the RFC 6962 leaf hash of the bytes and the bytes name this row. */
export type ReadRow = { seq: bigint; at: Date; previous: Uint8Array; hash: Uint8Array; payload: Record<string, unknown>; intact: boolean };

const Payload = z.record(z.string(), z.unknown());
const leafPrefix = Uint8Array.of(0);

/** readRow decodes the bytes of a row; its time comes from the bytes, not from the column beside them. Throws when there is no payload to read. */
export function readRow(row: LedgerRow): ReadRow {
  const bytes = Buffer.from(row.bytes);
  const seq = bytes.readBigUInt64BE(0);
  const atUs = bytes.readBigInt64BE(8);
  const payload = Payload.parse(JSON.parse(bytes.subarray(rowHeadBytes).toString('utf8')));
  const intact = seq === row.seq && sha256(leafPrefix, bytes).equals(Buffer.from(row.hash));
  return { seq, at: new Date(Number(atUs / 1000n)), previous: bytes.subarray(16, rowHeadBytes), hash: row.hash, payload, intact };
}

const text = z.string().optional().catch(undefined);

/** What the explorer keeps of any payload, decision or event; members that are missing or odd are left out, never guessed. */
export const Projected = z
  .object({
    kind: z.string(),
    id: z.string(),
    agent: text,
    workflow: text,
    action: text,
    verdict: text,
    tier: z.number().nullish().catch(null),
    approval: text,
    used_approval: text,
    actor: z.object({ id: z.string() }).optional().catch(undefined),
    subject: z.object({ type: z.string(), id: z.string() }).optional().catch(undefined),
    data: z.record(z.string(), z.unknown()).optional().catch(undefined),
    deciding: z.array(z.string()).optional().catch(undefined),
  })
  .transform((payload) => {
    const subjectOf = (type: string) => (payload.subject?.type === type ? payload.subject.id : undefined);
    const fromData = (name: string) => (typeof payload.data?.[name] === 'string' ? payload.data[name] : undefined);
    return {
      kind: payload.kind,
      eventId: payload.id,
      agentId: payload.agent ?? subjectOf('agent') ?? null,
      workflowId: payload.workflow ?? subjectOf('workflow') ?? fromData('workflow') ?? null,
      actionType: payload.action ?? subjectOf('action_type') ?? null,
      verdict: payload.verdict ?? null,
      tier: payload.tier ?? null,
      approvalId: payload.approval ?? payload.used_approval ?? subjectOf('approval') ?? null,
      actorId: payload.actor?.id ?? null,
      subject: payload.subject ? `${payload.subject.type} ${payload.subject.id}` : null,
      deciding: payload.deciding ?? [],
    };
  });
export type Projected = z.infer<typeof Projected>;
