import { z } from 'zod';
import { AutonomyFloor } from '@/lib/registry/schema';
import { CampaignId, DecisionName, ItemId, ReviewChanges, ReviewStatus, ReviewSubject } from '../schema';

/** Items on one page of a campaign. */
export const itemsPageMax = 100;
/** Campaigns on one page. */
export const campaignsPageMax = 20;
/** Own items shown at once, the most pressing first. */
export const mineMax = 100;
/** How far back an item counts what the agent did. */
export const usageDays = 90;
/** And how far back the outcomes that are missing, as far as their own page does. */
export const missingDays = 30;

const Named = z.object({ id: z.string(), name: z.string() });
export type Named = z.infer<typeof Named>;
const SubjectRef = Named.extend({ type: ReviewSubject });
const Day = z.string();

/** Results is what reviews really changed; a decision that changed nothing counts as `kept` only. */
export const Results = z.object({
  kept: z.int(),
  /** Permissions taken away, and from how many agents. */
  permissionsRemoved: z.int(),
  reduced: z.int(),
  reassigned: z.int(),
  decommissioned: z.int(),
  /** Policies to be revised, and those of them of which a draft was begun since. */
  revised: z.int(),
  drafts: z.int(),
});
export type Results = z.infer<typeof Results>;

export const CampaignRow = z.object({
  id: z.string(),
  title: z.string(),
  subject: ReviewSubject,
  openedAt: z.string(),
  dueOn: Day,
  closedAt: z.string().nullable(),
  total: z.int(),
  open: z.int(),
  overdue: z.int(),
  decided: z.int(),
  voided: z.int(),
  results: Results,
});
export type CampaignRow = z.infer<typeof CampaignRow>;

/** ItemRow is one item in a list. */
export const ItemRow = z.object({
  id: z.string(),
  campaign: Named,
  subject: SubjectRef,
  process: Named.nullable(),
  reviewer: Named.nullable(),
  escalatedTo: Named.nullable(),
  dueOn: Day,
  overdue: z.boolean(),
  status: ReviewStatus,
  decision: DecisionName.nullable(),
  decidedBy: Named.nullable(),
  decidedAt: z.string().nullable(),
  changes: ReviewChanges,
});
export type ItemRow = z.infer<typeof ItemRow>;

export const ReviewsQuery = z.object({ after: CampaignId.optional() });
export type ReviewsQuery = z.infer<typeof ReviewsQuery>;
export const ReviewsPage = z.object({
  today: Day,
  mine: z.object({ items: z.array(ItemRow), total: z.int() }),
  campaigns: z.array(CampaignRow),
  next: z.string().nullable(),
});
export type ReviewsPage = z.infer<typeof ReviewsPage>;

export const itemStates = ['all', 'open', 'overdue', 'decided', 'void'] as const;
export const CampaignQuery = z.object({
  state: z.enum(itemStates).default('all'),
  process: z.string().max(80).optional(),
  after: ItemId.optional(),
});
export type CampaignQuery = z.infer<typeof CampaignQuery>;
export const CampaignView = z.object({
  today: Day,
  campaign: CampaignRow,
  /** Progress of each process; null: what belongs to none. */
  processes: z.array(z.object({ process: Named.nullable(), total: z.int(), open: z.int(), overdue: z.int() })),
  items: z.array(ItemRow),
  next: z.string().nullable(),
});
export type CampaignView = z.infer<typeof CampaignView>;

/** PermissionUse is one thing the agent may ask for, and whether it did. */
export const PermissionUse = z.object({
  action: z.string(),
  title: z.string(),
  system: z.string(),
  grantedAt: z.string(),
  uses: z.int(),
  lastUsedAt: z.string().nullable(),
});
export type PermissionUse = z.infer<typeof PermissionUse>;

/** Numbers is what the agent did in the last `usageDays`, counted from an instant; `missing` counts the last `missingDays` only. */
export const Numbers = z.object({
  from: z.string(),
  decisions: z.int(),
  /** Went ahead and could be undone for a while. */
  supervised: z.int(),
  denied: z.int(),
  halted: z.int(),
  asked: z.int(),
  approved: z.int(),
  rejected: z.int(),
  expired: z.int(),
  missing: z.int(),
});
export type Numbers = z.infer<typeof Numbers>;

const Change = z.object({ seq: z.string(), at: z.string(), actor: z.string(), words: z.string() });
const Person = Named.extend({ active: z.boolean() });
export const ReviewedAgent = z.object({
  purpose: z.string(),
  status: z.string(),
  process: Named,
  owner: Person,
  sponsor: Person.nullable(),
  technicalOwner: Person.nullable(),
  environment: z.string(),
  riskCategory: z.string(),
  autonomyFloor: AutonomyFloor,
  activatedAt: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  nextReviewOn: z.string().nullable(),
  permissions: z.array(PermissionUse),
  numbers: Numbers,
  changes: z.array(Change),
  /** Whether there are more changes than these. */
  moreChanges: z.boolean(),
  /** What is open or put off about it, gravest first. */
  findings: z.array(z.object({ id: z.string(), sentence: z.string(), severity: z.string() })),
});
export type ReviewedAgent = z.infer<typeof ReviewedAgent>;

export const ReviewedPolicy = z.object({
  version: z.int().nullable(),
  since: z.string().nullable(),
  note: z.string(),
  kind: z.string(),
  /** The version that is being written, if one is. */
  draft: z.int().nullable(),
});
export type ReviewedPolicy = z.infer<typeof ReviewedPolicy>;

export const ItemView = z.object({
  today: Day,
  item: ItemRow,
  /** What the decider wrote; 'hidden' from whose roles do not show what people wrote. */
  note: z.object({ text: z.string(), hidden: z.boolean() }).nullable(),
  agent: ReviewedAgent.nullable(),
  policy: ReviewedPolicy.nullable(),
  /** The review before this one. */
  last: ItemRow.nullable(),
  /** What the reader may decide, why nothing, and which decisions need words from them. */
  may: z.array(DecisionName),
  whyNot: z.string().nullable(),
  sayWhy: z.array(DecisionName),
  /** The reviewer's open items beside this one. */
  previous: z.string().nullable(),
  next: z.string().nullable(),
  /** Who could own the agent instead, and who could review it instead, when the reader may say so. */
  owners: z.array(Named),
  reviewers: z.array(Named),
});
export type ItemView = z.infer<typeof ItemView>;
