import { z } from 'zod';
import { ApprovalState, Named, Refusal } from '@/lib/approvals/schema';
import { DecisionReason, type DecisionPayload } from '@/lib/check/schema';
import type { Entry } from '@/lib/ledger/reading/schema';
import type { EventPayload } from '@/lib/ledger/schema';
import { RiskReading } from '@/lib/policy/schema';
import type { Classification } from '@/lib/registry/schema';

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
  requestedAt: z.string(),
  expiresAt: z.string(),
  decidedAt: z.string().nullable(),
  decidedBy: Named.nullable(),
  mine: z.boolean(),
});
export type ApprovalItem = z.infer<typeof ApprovalItem>;

export const ApprovalPage = z.object({ items: z.array(ApprovalItem), next: z.string().nullable(), waiting: z.number() });
export type ApprovalPage = z.infer<typeof ApprovalPage>;

/** The arguments as this person may see them. `agrees`: the decrypted text has the digest, and the ledger row commits to it. */
export const ShownArguments = z.discriminatedUnion('state', [
  z.object({ state: z.literal('full'), canonical: z.string(), agrees: z.boolean() }),
  z.object({ state: z.literal('redacted'), canonical: z.string() }),
  z.object({ state: z.literal('erased') }),
  z.object({ state: z.literal('unreadable') }),
]);
export type ShownArguments = z.infer<typeof ShownArguments>;

/** Everything a person needs to decide one request. */
export const ApprovalCard = ApprovalItem.extend({
  digest: z.string(),
  decisionId: z.string(),
  process: Named,
  owner: Named,
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
  deciders: z.array(Named),
  refusal: Refusal.nullable(),
});
export type ApprovalCard = z.infer<typeof ApprovalCard>;

type Reason = DecisionPayload['reasons'][number] & { policyName: string | null };

/** What every row of the ledger proves, in hexadecimal. `commitmentHolds` is null when there is nothing left to compare it with. */
export type RowFacts = {
  seq: string;
  at: string;
  hash: string;
  previous: string;
  intact: boolean;
  commitment: string | null;
  digest: string | null;
  commitmentHolds: boolean | null;
};

/** A page's view of one decision. */
export type DecisionView = {
  type: 'decision';
  row: RowFacts;
  payload: DecisionPayload;
  agent: Named;
  owner: Named;
  process: Named;
  classification: Classification | null;
  reasons: Reason[];
  arguments: ShownArguments;
  said: Record<string, unknown> | null;
  related: Entry[];
};
/** A page's view of any other event; `text` is what a person wrote with it, for those who may read it. */
export type EventView = {
  type: 'event';
  row: RowFacts;
  id: string;
  kind: string;
  payload: EventPayload | null;
  raw: string;
  actorName: string | null;
  text: string | null | 'hidden';
  related: Entry[];
};
