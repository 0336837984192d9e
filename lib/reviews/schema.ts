import { z } from 'zod';
import { ActionName, PERMISSIONS_PER_AGENT_MAX, REASON_LENGTH_MAX } from '@/lib/registry/schema';

/** What is reviewed. */
export const ReviewSubject = z.enum(['agent', 'policy']);
export type ReviewSubject = z.infer<typeof ReviewSubject>;

/** Which campaign something belongs to: agents by their risk, policies together. How often each comes is in lib/reviews/domain/periods.ts. */
export const cadenceNames = ['high', 'limited', 'minimal', 'policies'] as const;
export const CadenceName = z.enum(cadenceNames);
export type CadenceName = z.infer<typeof CadenceName>;

export const ReviewStatus = z.enum(['open', 'decided', 'void']);
export type ReviewStatus = z.infer<typeof ReviewStatus>;

export const decisionNames = ['keep', 'reduce', 'reassign', 'decommission', 'revise'] as const;
export const DecisionName = z.enum(decisionNames);
export type DecisionName = z.infer<typeof DecisionName>;

const Words = z
  .string()
  .trim()
  .max(REASON_LENGTH_MAX, `At most ${REASON_LENGTH_MAX} characters.`)
  .regex(/^[^\p{Cs}\p{Co}\0]*$/u, 'This has characters that cannot be shown.');
const Note = Words.default('');
const Account = z.string('Choose a person.').min(1, 'Choose a person.').max(80);

/** Decide is what a reviewer decides of one item, and what it shall change. Whether a note is needed depends on who decides: `whyNotDecide`. */
export const Decide = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('keep'), note: Note }),
  z.strictObject({ decision: z.literal('reduce'), permissions: z.array(ActionName).max(PERMISSIONS_PER_AGENT_MAX), note: Note }),
  z.strictObject({ decision: z.literal('reassign'), ownerId: Account, note: Note }),
  z.strictObject({ decision: z.literal('decommission'), note: Note }),
  z.strictObject({ decision: z.literal('revise'), note: Note }),
]);
export type Decide = z.infer<typeof Decide>;

/** GiveReview hands one item to another reviewer. */
export const GiveReview = z.strictObject({ reviewerId: Account, reason: Words.min(1, 'Say why.') });
export type GiveReview = z.infer<typeof GiveReview>;

/** BeginReview begins a campaign now instead of at the end of its period. */
export const BeginReview = z.strictObject({ cadence: CadenceName });
export type BeginReview = z.infer<typeof BeginReview>;

/** Every expected "no" about an item. */
export const reviewRefusals = [
  'NOT_ALLOWED',
  'NOT_FOUND',
  'ALREADY_DECIDED',
  'VOID',
  'OWN_WORK',
  'NOT_YOURS',
  'REASON_MISSING',
  'NOT_FOR_THIS',
  'RIGHT_MISSING',
  'NOTHING_CHOSEN',
  'NOT_HELD',
  'SAME_OWNER',
  'OWNER_NOT_ALLOWED',
  'OWNER_IS_BUILDER',
] as const;
export type ReviewRefusal = (typeof reviewRefusals)[number];
/** Every expected "no" about handing an item over. */
export type GiveRefusal = 'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_DECIDED' | 'VOID' | 'SAME_REVIEWER' | 'REVIEWER_NOT_ALLOWED';
/** Every expected "no" about beginning a campaign. */
export type BeginRefusal = 'NOT_ALLOWED' | 'NOTHING_TO_REVIEW';

export const CampaignId = z.string().regex(/^rvc_[0-9a-z]{1,60}$/);
export const ItemId = z.string().regex(/^rvi_[0-9a-z]{1,60}$/);

/** ReviewChanges is what a decision really changed, by ids; empty: nothing. */
export const ReviewChanges = z.object({
  permissions_removed: z.array(z.string()).optional(),
  owner_before: z.string().optional(),
  owner_after: z.string().optional(),
  next_review_on: z.string().optional(),
  decommissioned: z.boolean().optional(),
  /** The version of the policy that shall be revised. */
  version: z.number().optional(),
});
export type ReviewChanges = z.infer<typeof ReviewChanges>;
