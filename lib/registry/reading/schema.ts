import { z } from 'zod';
import { Permission } from '@/lib/people/schema';
import {
  ActivationGap,
  ActivationWarning,
  Agent,
  AgentStatus,
  AutonomyFloor,
  ClassificationStatus,
  Environment,
  RiskCategory,
} from '@/lib/registry/schema';

/** Agents on one page of the inventory. */
export const inventoryPageMax = 200;
export const inventoryPageDefault = 50;
/** Longest search; longer ones are nobody's name. */
export const searchLengthMax = 200;

/** What the inventory is ordered by; with a minus, the other way round. */
export const inventorySorts = ['name', '-name', 'status', '-status', 'last_seen', '-last_seen', 'next_review', '-next_review'] as const;
export const InventorySort = z.enum(inventorySorts);
export type InventorySort = z.infer<typeof InventorySort>;

/** InventoryQuery is which agents a person wants to see; all of it is in the address. `after` is a page's `next`. */
export const InventoryQuery = z.object({
  q: z
    .string()
    .trim()
    .max(searchLengthMax)
    .regex(/^[^\p{C}]*$/u)
    .optional(),
  status: AgentStatus.optional(),
  process: z.string().max(80).optional(),
  owner: z.string().max(80).optional(),
  environment: Environment.optional(),
  risk: RiskCategory.optional(),
  sort: InventorySort.default('name'),
  after: z
    .string()
    .max(1_000)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(inventoryPageMax).default(inventoryPageDefault),
});
export type InventoryQuery = z.infer<typeof InventoryQuery>;

const Named = z.object({ id: z.string(), name: z.string() });

/** How an agent's own secrets stand: one works, one works and ends soon, none works any more, there never was one. */
export const CredentialState = z.enum(['live', 'ending', 'over', 'none']);
export type CredentialState = z.infer<typeof CredentialState>;

/** One line of the inventory. Instants are RFC 3339, days ISO 8601. */
export const InventoryRow = z.object({
  id: z.string(),
  name: z.string(),
  status: AgentStatus,
  process: Named,
  owner: Named,
  environment: Environment,
  riskCategory: RiskCategory,
  autonomyFloor: AutonomyFloor,
  nextReviewOn: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  credential: CredentialState,
});
export type InventoryRow = z.infer<typeof InventoryRow>;

/** One value of a facet, and how many agents it would leave, with every other condition as it is. */
export const FacetValue = z.object({ value: z.string(), label: z.string(), count: z.int() });
export type FacetValue = z.infer<typeof FacetValue>;
export const facetNames = ['status', 'process', 'owner', 'environment', 'risk'] as const;
export type FacetName = (typeof facetNames)[number];

/** `total` is how many agents match; `all` how many there are. */
export const InventoryPage = z.object({
  rows: z.array(InventoryRow),
  next: z.string().nullable(),
  total: z.int(),
  all: z.int(),
  facets: z.record(z.enum(facetNames), z.array(FacetValue)),
});
export type InventoryPage = z.infer<typeof InventoryPage>;

/** AgentAnswer is the whole record as the API says it: instants as RFC 3339. */
export const AgentAnswer = Agent.extend({
  reviewedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  activatedAt: z.iso.datetime().nullable(),
});
export type AgentAnswer = z.infer<typeof AgentAnswer>;

/** A gap, with the people who can close it by name. */
export const NamedGap = ActivationGap.extend({ people: z.array(z.string()), more: z.int() });
export type NamedGap = z.infer<typeof NamedGap>;
export const Gate = z.object({ gaps: z.array(NamedGap), warnings: z.array(ActivationWarning) });
export type Gate = z.infer<typeof Gate>;

/** Whether a step can be taken by this person now; `why` says why not. */
export const Step = z.object({ move: z.string(), permission: Permission, why: z.string().nullable() });
export type Step = z.infer<typeof Step>;

/** One thing an agent may ask for. `lastUsedAt` is null when it was not used in what was looked at. */
export const PermissionRow = z.object({
  action: z.string(),
  title: z.string(),
  system: z.string(),
  status: ClassificationStatus,
  grantedAt: z.string(),
  lastUsedAt: z.string().nullable(),
});
export type PermissionRow = z.infer<typeof PermissionRow>;

/** An action type as it is offered to be granted. */
export const ActionChoice = z.object({ name: z.string(), title: z.string(), system: z.string(), status: ClassificationStatus });
export type ActionChoice = z.infer<typeof ActionChoice>;

/** One event about an agent, in words. `text` is what a person wrote; 'hidden' when this reader's roles do not show it. */
export const HistoryRow = z.object({
  seq: z.string(),
  at: z.string(),
  kind: z.string(),
  words: z.string(),
  actor: z.object({ type: z.string(), name: z.string() }),
  text: z.string().nullable(),
});
export type HistoryRow = z.infer<typeof HistoryRow>;
export const HistoryPage = z.object({ rows: z.array(HistoryRow), next: z.string().nullable() });
export type HistoryPage = z.infer<typeof HistoryPage>;
