import { z } from 'zod';

/** The closed list of event kinds. `movesEpoch`: no decision made without seeing such an event is ever ordered after it. The table ledger_kinds holds the same. */
export const eventKinds = {
  'decision.made': { movesEpoch: false },
  'grant.issued': { movesEpoch: false },
  'access.refused': { movesEpoch: false },
  'approval.approved': { movesEpoch: false },
  'approval.rejected': { movesEpoch: false },
  'approval.expired': { movesEpoch: false },
  'approval.seen': { movesEpoch: false },
  'approval.cancelled': { movesEpoch: false },
  'outcome.reported': { movesEpoch: false },
  'outcome.settled': { movesEpoch: false },
  'workflow.released': { movesEpoch: true },
  'kill.set': { movesEpoch: true },
  'kill.lifted': { movesEpoch: true },
  'agent.registered': { movesEpoch: true },
  'agent.changed': { movesEpoch: true },
  'agent.submitted': { movesEpoch: true },
  'agent.approved': { movesEpoch: true },
  'agent.rejected': { movesEpoch: true },
  'agent.reopened': { movesEpoch: true },
  'agent.activated': { movesEpoch: true },
  'agent.suspended': { movesEpoch: true },
  'agent.resumed': { movesEpoch: true },
  'agent.decommissioned': { movesEpoch: true },
  'credential.issued': { movesEpoch: true },
  'credential.revoked': { movesEpoch: true },
  'key.rotated': { movesEpoch: true },
  'process.created': { movesEpoch: true },
  'process.changed': { movesEpoch: true },
  'raci.changed': { movesEpoch: true },
  'system.created': { movesEpoch: true },
  'system.changed': { movesEpoch: false },
  'action_type.classified': { movesEpoch: true },
  'action_type.disabled': { movesEpoch: true },
  'policy.drafted': { movesEpoch: false },
  'policy.submitted': { movesEpoch: false },
  'policy.returned': { movesEpoch: false },
  'policy.signed': { movesEpoch: false },
  'policy.discarded': { movesEpoch: false },
  'policy.published': { movesEpoch: true },
  'policy.retired': { movesEpoch: true },
  'rates.published': { movesEpoch: true },
  'user.created': { movesEpoch: false },
  'user.changed': { movesEpoch: false },
  'user.password_changed': { movesEpoch: false },
  'team.created': { movesEpoch: false },
  'team.changed': { movesEpoch: false },
  'user.deactivated': { movesEpoch: true },
  'user.signed_in': { movesEpoch: false },
  'user.sign_in_failed': { movesEpoch: false },
  'user.signed_out': { movesEpoch: false },
  'approval.reminded': { movesEpoch: false },
  'approval.escalated': { movesEpoch: false },
  'finding.opened': { movesEpoch: false },
  'finding.reopened': { movesEpoch: false },
  'finding.closed': { movesEpoch: false },
  'finding.assigned': { movesEpoch: false },
  'finding.snoozed': { movesEpoch: false },
  'finding.woken': { movesEpoch: false },
  'sighting.reported': { movesEpoch: false },
  'tool_key.issued': { movesEpoch: false },
  'tool_key.revoked': { movesEpoch: false },
  'ownership.inherited': { movesEpoch: true },
  'ownership.orphaned': { movesEpoch: false },
  'ownership.reassigned': { movesEpoch: true },
  'ownership.restored': { movesEpoch: true },
  'change.requested': { movesEpoch: false },
  'change.approved': { movesEpoch: false },
  'change.rejected': { movesEpoch: false },
  'change.withdrawn': { movesEpoch: false },
  'review.opened': { movesEpoch: false },
  'review.reminded': { movesEpoch: false },
  'review.escalated': { movesEpoch: false },
  'review.reassigned': { movesEpoch: false },
  'review.decided': { movesEpoch: false },
  'review.closed': { movesEpoch: false },
  'maturity.recorded': { movesEpoch: false },
  'job.asked': { movesEpoch: false },
  'organisation.changed': { movesEpoch: false },
  'kill.acknowledged': { movesEpoch: false },
  'breaker.opened': { movesEpoch: true },
  'breaker.closed': { movesEpoch: true },
  'release.asked': { movesEpoch: false },
  'release.withdrawn': { movesEpoch: false },
  'release.signed': { movesEpoch: true },
  'drill.planned': { movesEpoch: false },
  'drill.unplanned': { movesEpoch: false },
  'drill.started': { movesEpoch: false },
  'drill.finished': { movesEpoch: false },
  'resumption.asked': { movesEpoch: false },
  'resumption.signed': { movesEpoch: true },
} as const satisfies Record<string, { movesEpoch: boolean }>;
export const EventKind = z.enum(Object.keys(eventKinds) as [keyof typeof eventKinds, ...(keyof typeof eventKinds)[]]);
export type EventKind = z.infer<typeof EventKind>;

/** Who made an event happen. `operator` is a named person at the command line of the server. */
export const Actor = z.object({ type: z.enum(['user', 'operator', 'agent', 'gateway', 'system']), id: z.string() });
export type Actor = z.infer<typeof Actor>;

/** What an event is about; `id` is what a gateway reloads when the event moves the epoch. */
export const Subject = z.object({ type: z.string(), id: z.string() });
export type Subject = z.infer<typeof Subject>;

/** The JSON payload of every ledger row but decisions: ids and codes only. What a person wrote travels sealed, beside the row. */
export const EventPayload = z.object({
  kind: EventKind,
  id: z.string(),
  actor: Actor,
  subject: Subject,
  data: z.record(z.string(), z.unknown()),
  /** SHA-256(salt ‖ digest) in hex, when a side row belongs to this one. */
  commitment: z.string().optional(),
});
export type EventPayload = z.infer<typeof EventPayload>;

/** One row as it stands in the ledger: `hash` is the RFC 6962 leaf hash of `bytes`, which begin with seq, time in microseconds and previous hash. */
export type LedgerRow = { seq: bigint; at: Date; bytes: Uint8Array; hash: Uint8Array };

/** Bytes before a row's payload: seq (8) ‖ microseconds since 1970 (8) ‖ previous hash (32), big-endian. */
export const rowHeadBytes = 48;

const RowNumber = z.string().regex(/^\d{1,19}$/);
const Instant = z.iso.datetime();

/**
 * Divergence is how a database differs from what was handed outside, as a gateway or the command line found it: the newest outside checkpoint, the
 * largest one that the database still agrees with, and its last row. `behind`: that row is older than what was handed outside; `forked`: other rows
 * stand in its place; `gone`: nothing lies outside any more, and `outside` is what the database remembers. Instants are those of rows; of the outside
 * checkpoint, when its file was written.
 */
export const Divergence = z.object({
  refused: z.enum(['behind', 'forked', 'gone']),
  outside: z.object({ origin: z.string().max(200), size: RowNumber, root: z.string().regex(/^[0-9a-f]{64}$/), at: Instant }),
  kept: z.object({ size: RowNumber, at: Instant.nullable() }),
  head: z.object({ size: RowNumber, at: Instant.nullable() }),
});
export type Divergence = z.infer<typeof Divergence>;

/** The two parameters of ledger_commit: the slots as a binary int4[] (PostgreSQL's array wire form) and the bytes they point into. */
export type EncodedBatch = { slots: Uint8Array; blob: Uint8Array };
