import { z } from 'zod';
import { graceDaysDefault, graceDaysMax } from '@/lib/lifecycle/schema';

const days = (standard: number, most = 3_650) => z.int().min(1).max(most).catch(standard).default(standard);

/** FindingSettings says after how long something is a finding. Every number has a name and a default; the organisation's settings may say otherwise. */
export const FindingSettings = z.object({
  /** An active agent from which nothing was heard. */
  silentDays: days(30),
  /** An active agent that was never heard since it was activated. */
  neverSeenDays: days(7),
  /** A live credential that was not rotated. */
  rotationDays: days(90),
  /** A permission that was granted and not used. */
  unusedDays: days(30),
  /** Until when something without an owner may stand. */
  graceDays: days(graceDaysDefault, graceDaysMax),
  /** How far back halts out of scope are looked at. */
  driftDays: days(7),
  /** How long what a gateway or a tool noticed counts. */
  sightingDays: days(7),
  /** How far back allowed actions without an outcome are counted. */
  outcomeDays: days(7, 30),
  policyReviewDays: days(365),
  /** From how many workloads a credential counts as shared. */
  manyWorkloads: z.int().min(2).max(1_000).catch(2).default(2),
});
export type FindingSettings = z.infer<typeof FindingSettings>;
