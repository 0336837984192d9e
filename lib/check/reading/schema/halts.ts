import { z } from 'zod';
import { Named } from '@/lib/approvals/schema';
import { AuthorisationView } from '@/lib/containment/schema';

/** Halts on one page. */
export const haltsPageMax = 50;

/** Which halts: those in force, or all; `before` is the decision of the last one seen. */
export const HaltQuery = z.object({
  show: z.enum(['in_force', 'all']).default('in_force'),
  before: z
    .string()
    .regex(/^dec_[0-9a-z]{26}$/)
    .optional(),
});
export type HaltQuery = z.infer<typeof HaltQuery>;

/** One workflow that a decision halted. `heldBack` counts the later checks in it that were refused for that alone. */
export const Halt = z.object({
  decisionId: z.string(),
  workflow: z.string(),
  agent: Named,
  process: Named.nullable(),
  action: z.string(),
  sentence: z.string(),
  because: z.string(),
  haltedAt: z.string(),
  heldBack: z.number(),
  released: z.object({ at: z.string(), by: Named, reason: z.string().nullable() }).nullable(),
  mayRelease: z.boolean(),
  releasers: z.array(Named),
  /** Whether this one action may happen once: who asked, who must sign, what came of it; null while the ledger's row of it cannot be read. */
  once: AuthorisationView.nullable(),
  /** The digest of the action, which two people would sign; null when its arguments are gone. */
  digest: z.string().nullable(),
});
export type Halt = z.infer<typeof Halt>;

export const HaltPage = z.object({ halts: z.array(Halt), next: z.string().nullable(), inForce: z.number() });
export type HaltPage = z.infer<typeof HaltPage>;
