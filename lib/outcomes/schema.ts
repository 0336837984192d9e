import { z } from 'zod';
import { formatUnits, readAmount } from '@/lib/kernel/money';

/** How long an allowed action may go without an outcome before it counts as missing. */
export const outcomeDueMinutes = 15;
/** Rows on one page of the lists. */
export const outcomesPageMax = 50;
/** Longest text a person gives with a settlement. */
export const settleReasonLengthMax = 2_000;

const summaryLengthMax = 16_384;
const sideEffectLengthMax = 2_048;
const sideEffectsMax = 100;
/** What the column holds: twelve digits before the point, eight behind it. */
const costUnitsMax = 10n ** 32n;
const costMax = 1e12;

/** OutcomeStatus is what an allowed action really did. `ambiguous`: nobody knows, and a retry of the same effect waits until somebody does. */
export const OutcomeStatus = z.enum(['succeeded', 'failed', 'partial', 'ambiguous']);
export type OutcomeStatus = z.infer<typeof OutcomeStatus>;

/** FinalStatus is what an ambiguous outcome can be settled to. */
export const FinalStatus = OutcomeStatus.exclude(['ambiguous']);
export type FinalStatus = z.infer<typeof FinalStatus>;

export const DecisionId = z.string().regex(/^dec_[0-9a-z]{26}$/, 'is no decision id');

const Cost = z.union([z.string(), z.number()]).transform((given, context) => {
  // Sums of doubles end in digits nobody meant; as text every digit counts.
  const amount = readAmount(typeof given === 'number' && given < costMax ? given.toFixed(8) : given);
  if (amount.ok && amount.units < costUnitsMax) return formatUnits(amount.units, 0);
  context.addIssue({ code: 'custom', message: 'is no amount: a decimal with at most 12 digits before the point and 8 behind it' });
  return z.NEVER;
});

/** OutcomeReport is the body of `POST /api/outcomes`. `cost_usd` is a decimal; `effect_key` is the one of the decision's obligation. */
export const OutcomeReport = z.strictObject({
  decision: DecisionId,
  effect_key: z.string().max(64).optional(),
  status: OutcomeStatus,
  output_digest: z
    .string()
    .regex(/^sha-256:[0-9a-f]{64}$/, 'is no SHA-256 digest (sha-256: and 64 hex digits)')
    .optional(),
  summary: z.string().max(summaryLengthMax).optional(),
  tokens: z.int().min(0).optional(),
  cost_usd: Cost.optional(),
  side_effects: z.array(z.string().max(sideEffectLengthMax)).max(sideEffectsMax).optional(),
});
export type OutcomeReport = z.infer<typeof OutcomeReport>;

/** OutcomeAnswer answers a report. `recorded` is false when the same was reported before; `at` is when this status became known, RFC 3339. */
export const OutcomeAnswer = z.object({ decision: z.string(), status: OutcomeStatus, recorded: z.boolean(), at: z.string() });
export type OutcomeAnswer = z.infer<typeof OutcomeAnswer>;

/** What the sealed side row of a report holds: the agent's words. */
export const OutcomeWords = z.object({ summary: z.string().optional(), side_effects: z.array(z.string()).optional() });
export type OutcomeWords = z.infer<typeof OutcomeWords>;

/** Settle is a person's word on an ambiguous outcome, and how they know. */
export const Settle = z.strictObject({
  status: FinalStatus,
  reason: z.string().trim().min(1, 'say how you know').max(settleReasonLengthMax),
});
export type Settle = z.infer<typeof Settle>;

/** Why a person's word was not taken. */
export const settleRefusals = ['NOT_FOUND', 'NOT_ALLOWED', 'NOT_AMBIGUOUS'] as const;
export type SettleRefusalCode = (typeof settleRefusals)[number];

/** The spans the page offers, in hours. */
export const outcomeRanges = { day: 24, week: 7 * 24, month: 30 * 24, quarter: 90 * 24 } as const;
export const OutcomeRange = z.enum(Object.keys(outcomeRanges) as [keyof typeof outcomeRanges, ...(keyof typeof outcomeRanges)[]]);
export type OutcomeRange = z.infer<typeof OutcomeRange>;

const Id = z
  .string()
  .max(80)
  .regex(/^[A-Za-z0-9_.:/-]+$/);

/** Which actions a person wants to see: those allowed within the range, all of them or those of one agent or process. */
export const OutcomeFilter = z.object({ range: OutcomeRange.default('week'), agent: Id.optional(), process: Id.optional() });
export type OutcomeFilter = z.infer<typeof OutcomeFilter>;

/** OutcomeQuery asks for one page of what is missing or ambiguous, newest first; `before` is a sequence number. */
export const OutcomeQuery = OutcomeFilter.extend({
  list: z.enum(['missing', 'ambiguous']),
  before: z
    .string()
    .regex(/^[1-9][0-9]{0,18}$/)
    .optional(),
});
export type OutcomeQuery = z.infer<typeof OutcomeQuery>;

/** How complete the record is over a range: of the actions `allowed`, how many were `reported`, and how many are `missing` past their time. */
export const OutcomeCounts = z.object({ allowed: z.number(), reported: z.number(), missing: z.number(), ambiguous: z.number() });
export type OutcomeCounts = z.infer<typeof OutcomeCounts>;

const Named = z.object({ id: z.string(), name: z.string() });

/** One allowed action on a list. `sentence` is made of the action type and its arguments, never of the agent's words; `at` is when it was allowed; `reportedAt` is null while nothing was reported; `mine`: this person may settle it. */
export const OutcomeItem = z.object({
  seq: z.string(),
  decision: z.string(),
  at: z.string(),
  agent: Named,
  process: Named.nullable(),
  action: z.string(),
  sentence: z.string(),
  tier: z.number().nullable(),
  amount: z.string().nullable(),
  reportedAt: z.string().nullable(),
  mine: z.boolean(),
});
export type OutcomeItem = z.infer<typeof OutcomeItem>;

export const OutcomePage = z.object({ items: z.array(OutcomeItem), next: z.string().nullable(), counts: OutcomeCounts });
export type OutcomePage = z.infer<typeof OutcomePage>;

/** What became of one decision, as far as a person may see it. `words` is the agent's account: null when it gave none, `hidden` or `erased` otherwise. */
export type OutcomeView = {
  decision: string;
  /** null: nothing was reported; `due` tells whether it is past its time. */
  reported: {
    status: OutcomeStatus;
    reportedAs: OutcomeStatus;
    reportedAt: string;
    outputDigest: string | null;
    tokens: string | null;
    costUsd: string | null;
    settledAt: string | null;
    settledBy: { id: string; name: string; agent: boolean } | null;
    words: OutcomeWords | 'hidden' | 'erased' | null;
    event: string;
  } | null;
  due: boolean;
  mine: boolean;
};
