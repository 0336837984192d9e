import { z } from 'zod';
import { graceDaysDefault, graceDaysMax } from '@/lib/lifecycle/schema';

type Bound = { standard: number; least: number; most: number };
const days = (standard: number, most = 3_650): Bound => ({ standard, least: 1, most });

/** What each setting is until the organisation says otherwise, and between which numbers it may. */
export const findingBounds = {
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
  manyWorkloads: { standard: 2, least: 2, most: 1_000 },
} satisfies Record<string, Bound>;
export type FindingSetting = keyof typeof findingBounds;
export const findingSettings = Object.keys(findingBounds) as FindingSetting[];

function shape<T extends z.ZodType>(of: (bound: Bound) => T): Record<FindingSetting, T> {
  return Object.fromEntries(findingSettings.map((setting) => [setting, of(findingBounds[setting])])) as Record<FindingSetting, T>;
}
const within = ({ least, most }: Bound) =>
  z
    .int('give a whole number')
    .min(least, `not below ${least}`)
    .max(most, `at most ${most.toLocaleString('en')}`);

/** FindingSettings says after how long something is a finding. What is stored and cannot be read counts as its default, so that detectors go on. */
export const FindingSettings = z.object(shape((bound) => within(bound).catch(bound.standard).default(bound.standard)));
export type FindingSettings = z.infer<typeof FindingSettings>;

/** ChangeFindingSettings names the settings to change and leaves the others, so that two people who change different ones both do. */
export const ChangeFindingSettings = z
  .strictObject(shape((bound) => within(bound).optional()))
  .refine((change) => findingSettings.some((setting) => change[setting] !== undefined), 'say what to change');
export type ChangeFindingSettings = z.infer<typeof ChangeFindingSettings>;
