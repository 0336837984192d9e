import { z } from 'zod';
import { Actor, Subject } from '@/lib/ledger/schema';

/** Rows of the ledger on one page. */
export const entriesPageMax = 100;
export const entriesPageDefault = 50;

const Seq = z.string().regex(/^[1-9][0-9]{0,18}$/);
const Id = z
  .string()
  .max(80)
  .regex(/^[A-Za-z0-9_.:/-]+$/);

/** An instant or a day (UTC), as an address carries it. */
const When = z.union([z.iso.datetime(), z.iso.date()]);

/**
 * Which rows a person wants to see: `show` decisions alone or every event; `from` and `to` bound their time, `to` left out; `signature` tells actions
 * that used or asked for an approval from those that went without. All given conditions hold together.
 */
export const EntryFilter = z.object({
  show: z.enum(['decisions', 'all']).default('decisions'),
  verdict: z.enum(['allow', 'allow_reversible', 'approval_required', 'halt', 'deny']).optional(),
  tier: z.coerce.number().int().min(1).max(4).optional(),
  agent: Id.optional(),
  action: z.string().max(200).optional(),
  workflow: Id.optional(),
  approval: Id.optional(),
  process: Id.optional(),
  signature: z.enum(['with', 'without']).optional(),
  from: When.optional(),
  to: When.optional(),
});
export type EntryFilter = z.infer<typeof EntryFilter>;

/** A cursor is a sequence number: `before` goes to older rows, `after` asks for those that came since. */
export const EntryQuery = EntryFilter.extend({
  before: Seq.optional(),
  after: Seq.optional(),
  limit: z.coerce.number().int().min(1).max(entriesPageMax).default(entriesPageDefault),
});
export type EntryQuery = z.infer<typeof EntryQuery>;

/** One row of the ledger as a list shows it. `seq` is decimal text, `at` RFC 3339. */
export const Entry = z.object({
  seq: z.string(),
  at: z.string(),
  kind: z.string(),
  eventId: z.string(),
  agentId: z.string().nullable(),
  workflowId: z.string().nullable(),
  action: z.string().nullable(),
  verdict: EntryFilter.shape.verdict.unwrap().nullable(),
  tier: z.number().nullable(),
  because: z.array(z.string()),
  approvalId: z.string().nullable(),
  actor: Actor.nullable(),
  subject: Subject.nullable(),
  processId: z.string().nullable(),
  /** The decision that an outcome is about. */
  decisionId: z.string().nullable(),
});
export type Entry = z.infer<typeof Entry>;

/** A page, newest first. `next` is the `before` of the following page. */
export const EntryPage = z.object({ entries: z.array(Entry), next: z.string().nullable() });
export type EntryPage = z.infer<typeof EntryPage>;

/** Up to which row the explorer shows the ledger, how many committed rows it has still to take in, and how many requests wait for a person. */
export const Head = z.object({ seq: z.string(), behind: z.number(), waiting: z.number() });
export type Head = z.infer<typeof Head>;
