import { z } from 'zod';
import type { Named } from '@/lib/approvals/schema';
import type { DecisionPayload } from '@/lib/check/schema';
import { Entry } from '@/lib/ledger/reading/schema';
import type { EventPayload } from '@/lib/ledger/schema';
import type { Classification } from '@/lib/registry/schema';
import type { ShownArguments } from './arguments';
import type { Halt } from './halts';

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

/** Until when an action that went ahead can be undone, and by which action type; null: nothing undoes it any more, or ever did. */
export type Undoing = { until: string; by: string | null };

/** A page's view of one decision. */
export type DecisionView = {
  type: 'decision';
  row: RowFacts;
  payload: DecisionPayload;
  sentence: string;
  agent: Named;
  owner: Named;
  accountable: { execution: Named; escalation: Named };
  process: Named;
  classification: Classification | null;
  undoing: Undoing | null;
  reasons: Reason[];
  arguments: ShownArguments;
  said: Record<string, unknown> | null;
  halt: Halt | null;
  related: ToldEntry[];
};

/** A page's view of any other event; `text` is what a person wrote with it, for those who may read it. */
export type EventView = {
  type: 'event';
  row: RowFacts;
  id: string;
  kind: string;
  words: string;
  href: string | null;
  payload: EventPayload | null;
  raw: string;
  actorName: string | null;
  subjectName: string | null;
  text: string | null | 'hidden';
  related: ToldEntry[];
};

/** A row of the ledger with what happened in words: `Raj Patel published policy Finance payments v7`; of a decision, the agent's name. */
export const ToldEntry = Entry.extend({ words: z.string() });
export type ToldEntry = z.infer<typeof ToldEntry>;

/** A page of them, newest first. `next` is the `before` of the following page. */
export const ToldPage = z.object({ entries: z.array(ToldEntry), next: z.string().nullable() });
export type ToldPage = z.infer<typeof ToldPage>;
