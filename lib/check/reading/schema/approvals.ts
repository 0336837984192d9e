import { z } from 'zod';
import { ApprovalState, CallStep, Decider, Named, Refusal } from '@/lib/approvals/schema';
import { DecisionReason } from '@/lib/check/schema';
import { RiskReading, Verdict } from '@/lib/policy/schema';
import { ShownArguments } from './arguments';

/** One request in the list. `sentence` is made of the action type and its arguments, never of the agent's words. */
export const ApprovalItem = z.object({
  id: z.string(),
  state: ApprovalState,
  tier: z.number(),
  deciding: z.array(z.string()),
  action: z.string(),
  sentence: z.string(),
  amount: z.string().nullable(),
  agent: Named,
  process: Named,
  requestedAt: z.string(),
  expiresAt: z.string(),
  decidedAt: z.string().nullable(),
  decidedBy: Named.nullable(),
  mine: z.boolean(),
  /** As what whoever asks was called to it while it waits; null: not called. */
  called: z.enum(['backup', 'accountable']).nullable(),
});
export type ApprovalItem = z.infer<typeof ApprovalItem>;

/** How much there is behind each tab for whoever asks, whatever a list is narrowed to. */
export const InboxCounts = z.object({ mine: z.number(), waiting: z.number(), supervised: z.number(), halts: z.number() });
export type InboxCounts = z.infer<typeof InboxCounts>;

export const ApprovalPage = z.object({ items: z.array(ApprovalItem), next: z.string().nullable(), counts: InboxCounts });
export type ApprovalPage = z.infer<typeof ApprovalPage>;

/** What the same agent did before: newest first, at most three. */
export const EarlierAction = z.object({
  decisionId: z.string(),
  at: z.string(),
  verdict: Verdict,
  tier: z.number().nullable(),
  sentence: z.string(),
});
export type EarlierAction = z.infer<typeof EarlierAction>;

/** How the last requests of the same action type by the same agent ended. `secondsMedian` is from asking to a person's verdict, of those that had one. */
export const AlikeRequests = z.object({
  approved: z.number(),
  rejected: z.number(),
  expired: z.number(),
  cancelled: z.number(),
  secondsMedian: z.number().nullable(),
  rows: z.array(
    z.object({
      id: z.string(),
      state: ApprovalState,
      requestedAt: z.string(),
      decidedAt: z.string().nullable(),
      decidedBy: Named.nullable(),
    }),
  ),
});
export type AlikeRequests = z.infer<typeof AlikeRequests>;

/** Everything a person needs to decide one request. */
export const ApprovalCard = ApprovalItem.extend({
  digest: z.string(),
  decisionId: z.string(),
  /** Named in the decision itself; rows from before RACI name the owner in both. */
  accountable: z.object({ execution: Named, escalation: Named }),
  workflow: z.string(),
  asker: z.string().nullable(),
  approveLabel: z.string(),
  reasons: z.array(DecisionReason.extend({ policyName: z.string().nullable() })),
  risk: RiskReading.nullable(),
  undoing: z.string(),
  arguments: ShownArguments,
  said: z.record(z.string(), z.unknown()).nullable(),
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  usedAt: z.string().nullable(),
  usedBy: z.string().nullable(),
  /** The event that says what came of it once it was used; null: nothing was reported yet. */
  outcomeEvent: z.string().nullable(),
  /** Whom the Escalation row names, and whether they may sign this one. */
  routed: z.array(Decider.extend({ may: z.boolean() })),
  views: z.array(z.object({ person: Named, at: z.string() })),
  /** How far its escalation came, 0 to 3, and who was called at each step; a step without people found nobody who could sign. */
  step: z.number(),
  calls: z.array(z.object({ step: CallStep, at: z.string(), people: z.array(Named) })),
  earlier: z.array(EarlierAction),
  alike: AlikeRequests,
  refusal: Refusal.nullable(),
});
export type ApprovalCard = z.infer<typeof ApprovalCard>;
