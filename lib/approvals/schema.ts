import { z } from 'zod';
import { Role } from '@/lib/people/schema';

/** Waiting requests shown at once, the most pressing first. */
export const waitingPageMax = 200;
/** Decided requests on one page. */
export const decidedPageMax = 50;
/** Longest text a person may give with a verdict. */
export const reasonLengthMax = 2_000;

/** Why a person says no: the code reaches the agent. */
export const rejectionReasons = {
  WRONG_AMOUNT: 'The amount is wrong',
  WRONG_RECIPIENT: 'The recipient is wrong',
  NOT_AUTHORISED: 'Nobody authorised this',
  INSUFFICIENT_EVIDENCE: 'Not enough evidence',
  DUPLICATE: 'It was done already',
  OTHER: 'Another reason',
} as const;
export const RejectionCode = z.enum(Object.keys(rejectionReasons) as [keyof typeof rejectionReasons, ...(keyof typeof rejectionReasons)[]]);
export type RejectionCode = z.infer<typeof RejectionCode>;

/** Why a request was cancelled before its end. */
export const cancellationReasons = {
  CANCELLED_BY_AGENT: 'The agent took its request back',
  APPROVER_REMOVED: 'Whoever approved it is no longer here',
  ASKER_REMOVED: 'The person it was asked for is no longer here',
  AGENT_DECOMMISSIONED: 'The agent was decommissioned',
} as const;
export const CancellationCode = z.enum(
  Object.keys(cancellationReasons) as [keyof typeof cancellationReasons, ...(keyof typeof cancellationReasons)[]],
);
export type CancellationCode = z.infer<typeof CancellationCode>;

export const ApprovalId = z.string().regex(/^apr_[0-9a-z]{26}$/);
/** The digest as the API writes it: `sha-256:` and 64 lower-case hex digits. */
export const Digest = z.string().regex(/^sha-256:[0-9a-f]{64}$/);

const Reason = z.string().trim().min(1).max(reasonLengthMax);

/** Approve names the digest of what the person was shown, so that nothing else can be approved by it. */
export const Approve = z.strictObject({ digest: Digest, reason: Reason.optional() });
export type Approve = z.infer<typeof Approve>;

export const Reject = z
  .strictObject({ digest: Digest, reason_code: RejectionCode, reason: Reason.optional() })
  .refine((body) => body.reason_code !== 'OTHER' || body.reason !== undefined, {
    path: ['reason'],
    message: 'say in words why, when no named reason fits',
  });
export type Reject = z.infer<typeof Reject>;

/** A verdict of a person on one request. */
export type PersonVerdict =
  | { verdict: 'approved'; digest: string; reason?: string }
  | { verdict: 'rejected'; digest: string; reasonCode: RejectionCode; reason?: string };

export const StoredStatus = z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled', 'used']);
export type StoredStatus = z.infer<typeof StoredStatus>;

/** What a person sees: `waiting`; `approved` and usable; `unused`: approved, and its deadline passed before the agent came; the others as stored. */
export const ApprovalState = z.enum(['waiting', 'approved', 'unused', 'rejected', 'expired', 'cancelled', 'used']);
export type ApprovalState = z.infer<typeof ApprovalState>;

export const Named = z.object({ id: z.string(), name: z.string() });
export type Named = z.infer<typeof Named>;

/** The steps of a request's escalation: 1 those who may sign are reminded, 2 backups are called, 3 the accountable owner is called. */
export const CallStep = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type CallStep = z.infer<typeof CallStep>;

/**
 * Routed is somebody whom a request reaches: Accountable in the Escalation row, or Responsible there by name or as a member of a team; or called as
 * its deadline came near, as backup or as the agent's owner. Whether they may sign it as well is `routing()` of lib/approvals/domain.
 */
export const Routed = z.object({
  userId: z.string(),
  personId: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(Role),
  active: z.boolean(),
  how: z.enum(['accountable', 'responsible', 'backup', 'owner']),
  /** The team they stand there with; null: by name. */
  team: z.string().nullable(),
});
export type Routed = z.infer<typeof Routed>;

/** Decider is an active person who may sign a request, and why it reaches them. */
export const Decider = Named.extend({ how: Routed.shape.how, team: z.string().nullable() });
export type Decider = z.infer<typeof Decider>;

/** Why this person may not decide this request, in the order a person would ask. */
export const decideRefusals = [
  'NOT_FOUND',
  'OWN_REQUEST',
  'AUTHOR',
  'NOT_ALLOWED',
  'ALREADY_DECIDED',
  'EXPIRED',
  'DIGEST_CHANGED',
] as const;
export const DecideRefusalCode = z.enum(decideRefusals);
export type DecideRefusalCode = z.infer<typeof DecideRefusalCode>;

/** Refusal is a "no" with the sentence a person reads: who decided first and what, or who may. */
export const Refusal = z.object({ code: DecideRefusalCode, text: z.string() });
export type Refusal = z.infer<typeof Refusal>;

/** ApprovalFilter narrows a list of requests; `from` is since when they were asked, `outcome` is asked of what waits no more. */
export const ApprovalFilter = z.object({
  process: z.string().max(80).optional(),
  agent: z.string().max(80).optional(),
  action: z.string().max(200).optional(),
  tier: z.coerce.number().int().min(1).max(4).optional(),
  from: z.iso.datetime().optional(),
  outcome: z.enum(['approved', 'rejected', 'expired', 'cancelled']).optional(),
});
export type ApprovalFilter = z.infer<typeof ApprovalFilter>;

/** `mine`: what waits and is routed to whoever asks; `waiting`: all that waits; `decided`: what waits no more. */
export const ApprovalQuery = ApprovalFilter.extend({
  tab: z.enum(['mine', 'waiting', 'decided']).default('waiting'),
  before: ApprovalId.optional(),
});
export type ApprovalQuery = z.infer<typeof ApprovalQuery>;
