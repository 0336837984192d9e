import { z } from 'zod';
import { Divergence } from '@/lib/ledger/schema';
import { Reason } from './reason';

/**
 * Resumption is one person's word that gateways go on from a database that differs from what was handed outside, in force once a second person signed
 * it. It is about exactly one outside checkpoint (`outsideSize`, `outsideRoot` in hex).
 */
export const Resumption = z.object({
  id: z.string(),
  outsideOrigin: z.string(),
  outsideSize: z.bigint(),
  outsideRoot: z.string(),
  /** The largest outside checkpoint that the database agreed with, and its last row, when it was asked. */
  keptSize: z.bigint(),
  headSize: z.bigint(),
  refused: Divergence.shape.refused,
  askedBy: z.string(),
  /** Asked at the command line, where nobody signs in. */
  askedAsOperator: z.boolean(),
  askedAt: z.date(),
  reason: z.string(),
  signedBy: z.string().nullable(),
  signedAt: z.date().nullable(),
  signedReason: z.string().nullable(),
});
export type Resumption = z.infer<typeof Resumption>;

/** Which outside checkpoint a person lets the gateways go on in spite of: the one they were shown. */
export const AskedCheckpoint = Divergence.shape.outside.pick({ size: true, root: true });
export type AskedCheckpoint = z.infer<typeof AskedCheckpoint>;

const Person = z.object({ id: z.string(), name: z.string() });
const RowNumber = z.string();
const Instant = z.string();

/** One resumption as people see it; reasons are for those who read arguments, null to others. `whyNotSign` is null when the reader may sign it. */
export const ResumptionView = z.object({
  id: z.string(),
  refused: Divergence.shape.refused,
  outside: z.object({ origin: z.string(), size: RowNumber, root: z.string() }),
  keptSize: RowNumber,
  headSize: RowNumber,
  asked: z.object({ by: Person, at: Instant, reason: z.string().nullable() }),
  signed: z.object({ by: Person, at: Instant, reason: z.string().nullable() }).nullable(),
  whyNotSign: z.enum(['NOT_ALLOWED', 'ALREADY_RESUMED', 'SAME_PERSON', 'ASKER_GONE', 'OPERATOR_TWICE']).nullable(),
});
export type ResumptionView = z.infer<typeof ResumptionView>;

/** A locked gateway as people see it. */
export const LockedView = z.object({
  id: z.string(),
  name: z.string(),
  seenAt: Instant,
  why: z.string(),
  divergence: Divergence.nullable(),
});
export type LockedView = z.infer<typeof LockedView>;

/** Which gateways are locked, and what people have asked and signed about it, newest first. */
export const LockPage = z.object({ gateways: z.array(LockedView), resumptions: z.array(ResumptionView), mayResume: z.boolean() });
export type LockPage = z.infer<typeof LockPage>;

/** What a person sends to ask: the checkpoint they were shown, and why. */
export const NewResumption = AskedCheckpoint.extend({ reason: Reason });
export type NewResumption = z.infer<typeof NewResumption>;

export const SignResumption = z.object({ reason: Reason });
