import { z } from 'zod';
import { ActionName, Classification, TITLE_LENGTH_MAX } from '@/lib/registry/schema';
import { Dimension, Reason, Tier, Verdict } from './documents';

/** A preview carries a parameter schema and sample arguments at their largest. */
export const PREVIEW_BYTES_MAX = 160 * 1024;

/** PreviewRequest is an action type as it is being written: dimensions that are not said yet are left out. */
export const PreviewRequest = z.strictObject({
  name: ActionName.optional(),
  title: z.string().max(TITLE_LENGTH_MAX).optional(),
  parameters: z.record(z.string(), z.unknown()),
  sample: z.unknown(),
  classification: Classification.partial(),
});
export type PreviewRequest = z.infer<typeof PreviewRequest>;

const MoneyRead = z.object({
  amount: z.string(),
  currency: z.string(),
  /** Null when it is in the base currency already. */
  base: z.object({ amount: z.string(), currency: z.string(), asOf: z.string() }).nullable(),
});

/** PreviewReading is what one dimension comes to for the sample, or why it cannot be read. */
export const PreviewReading = z.object({
  dimension: z.enum(['money', 'records', 'sensitivity', 'audience', 'categories', 'regimes', 'counterparty']),
  value: z.string().nullable(),
  money: MoneyRead.nullable(),
  problem: z.string().nullable(),
});
export type PreviewReading = z.infer<typeof PreviewReading>;

/** Preview is what a classification would make of sample arguments today, for an agent of floor 1 that is permitted the action. */
export const Preview = z.object({
  /** Why the parameter schema cannot be used; null when it can. */
  schemaProblem: z.string().nullable(),
  mismatches: z.array(z.object({ pointer: z.string(), text: z.string() })),
  readings: z.array(PreviewReading),
  /** What keeps the type from being approved as it is. */
  gaps: z.array(z.string()),
  /** What has to be said before there is a tier. */
  unsaid: z.array(z.enum(['effect', 'reversibility', 'sensitivity', 'audience'])),
  decision: z
    .object({
      verdict: Verdict,
      tier: Tier.nullable(),
      deciding: z.array(Dimension),
      reasons: z.array(Reason.extend({ policyName: z.string().nullable() })),
      reversalWindowSeconds: z.int().optional(),
    })
    .nullable(),
});
export type Preview = z.infer<typeof Preview>;
