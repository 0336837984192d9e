import { z } from 'zod';
import { KillImpact, KillScope } from './kills';
import { SubjectId } from './subject';

/** Stops on one page. */
export const killsPageMax = 50;
/** Things the dialog offers to stop, at most. */
export const targetsMax = 20;

const NamedThing = z.object({ id: z.string(), name: z.string() });
const Instant = z.string();

/** Which stops: in force, or all, newest first; `before` is the id of the last one seen. */
export const KillQuery = z.object({
  show: z.enum(['in_force', 'all']).default('in_force'),
  before: z
    .string()
    .regex(/^kil_[0-9a-z]{26}$/)
    .optional(),
});
export type KillQuery = z.infer<typeof KillQuery>;

/** What one gateway has said of a change: milliseconds until it decided by it, or null while it is silent. */
export const GatewayReach = z.object({ id: z.string(), name: z.string(), ms: z.number().nullable(), seenAt: Instant });
export type GatewayReach = z.infer<typeof GatewayReach>;

/** How far a change has come. `of` gateways were alive when it was committed. */
export const ReachView = z.object({
  committedAt: Instant.nullable(),
  gateways: z.array(GatewayReach),
  all: z.boolean(),
  lastMs: z.number().nullable(),
  detectedMs: z.number().nullable(),
});
export type ReachView = z.infer<typeof ReachView>;

/** One stop as people see it. `reason` is for those who read arguments; `whyNotLift` says why the reader cannot lift it, null when they can. */
export const KillView = z.object({
  id: z.string(),
  scope: KillScope,
  target: NamedThing,
  reason: z.string().nullable(),
  setBy: NamedThing,
  setAt: Instant,
  source: z.object({ type: z.enum(['finding', 'decision', 'report']), id: z.string().nullable(), at: Instant }).nullable(),
  drill: z.string().nullable(),
  lifted: z.object({ at: Instant, by: NamedThing, reason: z.string().nullable() }).nullable(),
  reach: ReachView,
  whyNotLift: z.enum(['NOT_ALLOWED', 'ALREADY_LIFTED', 'SAME_PERSON']).nullable(),
});
export type KillView = z.infer<typeof KillView>;

export const KillPage = z.object({ kills: z.array(KillView), next: z.string().nullable(), inForce: z.number().int() });
export type KillPage = z.infer<typeof KillPage>;

/** What the dialog asks before anybody presses: what would be stopped, and whether this person may. */
export const ImpactQuery = z.object({ scope: KillScope, target: SubjectId });
export const ImpactView = z.object({ target: NamedThing, impact: KillImpact, maySet: z.boolean(), inForce: z.string().nullable() });
export type ImpactView = z.infer<typeof ImpactView>;

/** What can be stopped, found by name or id, among what this person may stop. */
export const TargetQuery = z.object({
  scope: KillScope,
  search: z
    .string()
    .max(200)
    .regex(/^[^\p{C}]*$/u)
    .default(''),
});
export const TargetList = z.object({ targets: z.array(NamedThing) });
export type TargetList = z.infer<typeof TargetList>;

/** A gateway process now: heard of lately or gone silent. */
export const GatewayView = z.object({
  id: z.string(),
  name: z.string(),
  startedAt: Instant,
  seenAt: Instant,
  alive: z.boolean(),
  epoch: z.number(),
  /** It decides by the newest rules. */
  current: z.boolean(),
  locked: z.string().nullable(),
});
export type GatewayView = z.infer<typeof GatewayView>;

/** A suspension, revocation, deactivation or other change of the rules, and how far it has come: the same path as a stop. */
export const ChangeReach = z.object({ seq: z.string(), kind: z.string(), subject: NamedThing, reach: ReachView });
export type ChangeReach = z.infer<typeof ChangeReach>;

export const GatewayPage = z.object({ gateways: z.array(GatewayView), epoch: z.number(), changes: z.array(ChangeReach) });
export type GatewayPage = z.infer<typeof GatewayPage>;
