import { z } from 'zod';
import { FindingStatus, Fix, Severity, FindingSubject, findingsPageMax } from './finding';

const Named = z.object({ id: z.string(), name: z.string() });
const Code = z
  .string()
  .max(80)
  .regex(/^[A-Za-z0-9_.:-]+$/);

/** Which findings a person wants to see. `mine`: `yes`, assigned to them, on any of their accounts; `waits`, all that waits for them, as their home counts it. */
export const FindingFilter = z.object({
  status: FindingStatus.default('open'),
  detector: Code.optional(),
  severity: Severity.optional(),
  process: Code.optional(),
  subject: Code.optional(),
  mine: z.enum(['yes', 'waits']).optional(),
});
export type FindingFilter = z.infer<typeof FindingFilter>;

/** FindingQuery asks for one page, worst and oldest first. */
export const FindingQuery = FindingFilter.extend({
  after: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(findingsPageMax).default(findingsPageMax),
});
export type FindingQuery = z.infer<typeof FindingQuery>;

/** One line of the list. `sentence` is made of facts and names, never of somebody's words. `manageable`: this person may assign it or put it off. */
export const FindingItem = z.object({
  id: z.string(),
  detector: z.string(),
  title: z.string(),
  sentence: z.string(),
  severity: Severity,
  status: FindingStatus,
  subject: FindingSubject.extend({ name: z.string(), href: z.string().nullable() }),
  process: Named.nullable(),
  openedAt: z.string(),
  timesOpened: z.number(),
  graceUntil: z.string().nullable(),
  assignedTo: Named.nullable(),
  snoozedUntil: z.string().nullable(),
  closedAt: z.string().nullable(),
  manageable: z.boolean(),
});
export type FindingItem = z.infer<typeof FindingItem>;

/** How many there would be for one value of a filter. */
export const FacetCount = z.object({ value: z.string(), label: z.string(), count: z.number() });
export type FacetCount = z.infer<typeof FacetCount>;

export const FindingPage = z.object({
  items: z.array(FindingItem),
  next: z.string().nullable(),
  total: z.number(),
  statuses: z.object({ open: z.number(), snoozed: z.number(), closed: z.number() }),
  detectors: z.array(FacetCount),
  severities: z.array(FacetCount),
  processes: z.array(FacetCount),
  mine: z.number(),
  waits: z.number(),
});
export type FindingPage = z.infer<typeof FindingPage>;

/** One event in the history of a finding. `text` is what a person wrote; 'hidden' for who may not read it. */
export const FindingEvent = z.object({
  seq: z.string(),
  at: z.string(),
  words: z.string(),
  text: z.string().nullable(),
});
export type FindingEvent = z.infer<typeof FindingEvent>;

/** One finding whole. A fix is `mine` when this person may do it; otherwise `who` says which roles may. */
export const FindingView = FindingItem.extend({
  means: z.string(),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  seenAt: z.string(),
  snoozedBy: Named.nullable(),
  snoozeReason: z.string().nullable(),
  assignedBy: Named.nullable(),
  answers: z.array(Named.extend({ part: z.string() })),
  fixes: z.array(z.object({ fix: Fix, mine: z.boolean(), who: z.string() })),
  history: z.array(FindingEvent),
  own: z.boolean(),
});
export type FindingView = z.infer<typeof FindingView>;

/** How one detector last ran. `failed`: what it looks for is not known to be so now; `error` is why, for who may read what programs say. */
export const DetectorView = z.object({
  id: z.string(),
  title: z.string(),
  means: z.string(),
  severity: Severity,
  ranAt: z.string().nullable(),
  okAt: z.string().nullable(),
  found: z.number(),
  failed: z.boolean(),
  error: z.string().nullable(),
  open: z.number(),
  snoozed: z.number(),
});
export type DetectorView = z.infer<typeof DetectorView>;
