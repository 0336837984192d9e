import { z } from 'zod';
import { ActionName, AgentId } from '@/lib/registry/schema';

/** What gateways notice beside decisions; the table's check names the same. */
export const observationKinds = ['credential.workload', 'agent.model', 'client.unknown', 'tool.unreceipted'] as const;
export const ObservationKind = z.enum(observationKinds);
export type ObservationKind = z.infer<typeof ObservationKind>;

/** One pair that was noticed, and how often since it was last written. */
export type Noticed = { kind: ObservationKind; subject: string; value: string; count: number };

/** Most pairs that one gateway holds of one kind between two writes. */
export const heldMax = 2_000;
/** Most values of one subject: workloads of one credential, models of one agent. observe() has the same. */
export const valuesMax = 100;
/**
 * Most clients of one network, of those that nobody registered: held between two writes, kept of those that came once, and of those that came again.
 * observe() has the same.
 */
export const namesOfNetworkMax = 50;
/** Most clients that nobody registered, of all networks; past it each network keeps as much as any other. observe() has the same. */
export const unknownClientsMax = 10_000;
/** Longest text of either side that is kept, in characters. */
export const textLengthMax = 200;
/** How long a pair is kept after it was last noticed: what strangers said for a month, what credentials and agents did for longer than any of them works unrotated. */
export const keptDays: Readonly<Record<ObservationKind, number>> = {
  'credential.workload': 400,
  'agent.model': 400,
  'client.unknown': 30,
  'tool.unreceipted': 90,
};

/** Why a tool refused a call: the codes of the client library's receiptRefusals (a test compares), and how the payments example spells the first. */
export const sightingCodes = [
  'RECEIPT_MISSING',
  'MISSING',
  'MALFORMED',
  'ALGORITHM_NOT_ALLOWED',
  'TYPE_NOT_ALLOWED',
  'HEADER_NOT_ALLOWED',
  'KEY_UNKNOWN',
  'KEYS_UNAVAILABLE',
  'SIGNATURE_INVALID',
  'CLAIMS_INVALID',
  'ISSUER_WRONG',
  'AUDIENCE_WRONG',
  'LIFETIME_TOO_LONG',
  'NOT_YET_VALID',
  'EXPIRED',
  'CLOCK_UNSURE',
  'OTHER_ACTION',
  'OTHER_CALL',
  'USED_BEFORE',
  'STORE_UNAVAILABLE',
] as const;

export const sightingCountMax = 1_000;
export const sightingBytesMax = 4 * 1024;

/** Sighting is what a tool reports to `POST /api/sightings`: calls without a receipt, or with one that allowed nothing. `agent` is whom the caller said to be. */
export const Sighting = z.strictObject({
  action: ActionName,
  agent: AgentId.optional(),
  code: z.enum(sightingCodes),
  count: z.int().min(1).max(sightingCountMax).default(1),
});
export type Sighting = z.infer<typeof Sighting>;

/** SightingAnswer says what was noted. */
export const SightingAnswer = z.object({
  noted: z.object({ system: z.string(), action: z.string(), agent: z.string().nullable(), code: z.string(), count: z.int() }),
});
export type SightingAnswer = z.infer<typeof SightingAnswer>;
