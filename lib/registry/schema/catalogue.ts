import { z } from 'zod';
import { ActionName, ActionType, ClassificationStatus, Effect, Reversibility } from './actions';
import { recordId } from './records';
import { System } from './systems';

/** Action types on one page of the catalogue. */
export const CATALOGUE_PAGE = 50;
export const CATALOGUE_SEARCH_LENGTH_MAX = 120;
/** How far back calls are counted. */
export const CALLS_COUNTED_DAYS = 30;

/** CatalogueFilter is which action types a person wants to see; `q` is looked for in name, title and system. */
export const CatalogueFilter = z.object({
  q: z.string().trim().max(CATALOGUE_SEARCH_LENGTH_MAX).optional(),
  system: recordId('sys').optional(),
  status: ClassificationStatus.optional(),
  effect: Effect.optional(),
});
export type CatalogueFilter = z.infer<typeof CatalogueFilter>;

/** CatalogueQuery goes on `after` the action type of that name. */
export const CatalogueQuery = CatalogueFilter.extend({ after: ActionName.optional() });
export type CatalogueQuery = z.infer<typeof CatalogueQuery>;

/** CatalogueRow is one action type as the list shows it. `calls` stops at `callsMax`. */
export const CatalogueRow = z.object({
  name: z.string(),
  title: z.string(),
  system: z.object({ id: z.string(), name: z.string() }),
  status: ClassificationStatus,
  effect: Effect.nullable(),
  reversibility: Reversibility.nullable(),
  money: z.string().nullable(),
  agents: z.object({ count: z.int(), names: z.array(z.string()) }),
  calls: z.int(),
});
export type CatalogueRow = z.infer<typeof CatalogueRow>;

/** CataloguePage is one page, unset types first; `next` is the `after` of the following one, `total` all that match. */
export const CataloguePage = z.object({
  rows: z.array(CatalogueRow),
  next: z.string().nullable(),
  total: z.int(),
  unset: z.int(),
  callsMax: z.int(),
});
export type CataloguePage = z.infer<typeof CataloguePage>;

/** SystemRow is one system with what hangs on it. */
export const SystemRow = System.extend({ actionTypes: z.int(), unset: z.int(), agents: z.int() });
export type SystemRow = z.infer<typeof SystemRow>;

/** ActionHistory is one thing people did about an action type; `who` is a name. */
export const ActionHistory = z.object({
  eventId: z.string(),
  at: z.string(),
  kind: z.enum(['action_type.classified', 'action_type.disabled']),
  who: z.string(),
  status: ClassificationStatus.nullable(),
  version: z.int().nullable(),
  changed: z.array(z.string()),
});
export type ActionHistory = z.infer<typeof ActionHistory>;

/** ActionView is everything the page of one action type shows. */
export const ActionView = z.object({
  type: ActionType,
  changedAt: z.string(),
  system: z.object({ id: z.string(), name: z.string() }),
  agents: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
  history: z.array(ActionHistory),
  calls: z.int(),
  callsMax: z.int(),
  /** Whether the action type that undoes this one is recorded and approved; null when none is named. */
  compensation: z.object({ name: z.string(), status: ClassificationStatus.nullable() }).nullable(),
});
export type ActionView = z.infer<typeof ActionView>;

/** FormOptions is what the form of an action type offers to pick from. */
export type FormOptions = { systems: { id: string; name: string }[]; names: string[] };
