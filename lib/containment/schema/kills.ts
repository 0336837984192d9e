import { z } from 'zod';
import { Reason } from './reason';
import { SubjectId } from './subject';

/** KillScope is what a kill switch stops. */
export const KillScope = z.enum(['organisation', 'process', 'agent', 'action_type', 'system']);
export type KillScope = z.infer<typeof KillScope>;

/** The one target of the scope organisation: everything. */
export const wholeOrganisation = 'organisation';

/** How long ago a first report may have been, in days. */
export const reportAgeDaysMax = 30;

/** KillSource is what made somebody press: a finding, a decision (such as one that halted), or somebody's report, with the instant it came. */
export const KillSource = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('finding'), id: SubjectId }),
  z.strictObject({ type: z.literal('decision'), id: SubjectId }),
  z.strictObject({
    type: z.literal('report'),
    at: z.coerce.date().min(new Date('2000-01-01T00:00:00Z')).max(new Date('2200-01-01T00:00:00Z')),
  }),
]);
export type KillSource = z.infer<typeof KillSource>;

/** NewKill is a stop to set. `target` is an id of the scope's kind, an action type's name, or `organisation`. */
export const NewKill = z
  .object({ scope: KillScope, target: SubjectId, reason: Reason, source: KillSource.optional() })
  .refine((kill) => kill.scope !== 'organisation' || kill.target === wholeOrganisation, 'the organisation has one target');
export type NewKill = z.input<typeof NewKill>;

/** KillSwitch is one stop, in force until `liftedAt`. `detectedAt`: when what made somebody press was first known. */
export const KillSwitch = z.object({
  id: z.string(),
  scope: KillScope,
  target: z.string(),
  reason: z.string(),
  setBy: z.string(),
  setAt: z.date(),
  liftedBy: z.string().nullable(),
  liftedAt: z.date().nullable(),
  liftReason: z.string().nullable(),
  sourceType: z.enum(['finding', 'decision', 'report']).nullable(),
  sourceId: z.string().nullable(),
  detectedAt: z.date().nullable(),
  drillId: z.string().nullable(),
});
export type KillSwitch = z.infer<typeof KillSwitch>;

/** KillImpact counts what a stop stops now. A grant is live while a token of it may be. */
export const KillImpact = z.object({
  agents: z.number().int(),
  /** Names of the first few of them. */
  named: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Requests that wait for a person. */
  waiting: z.number().int(),
  /** Approved and not used yet. */
  approved: z.number().int(),
  grants: z.number().int(),
  /** Calls that wait at a gateway for a person's word; they are told at once. */
  calls: z.number().int(),
});
export type KillImpact = z.infer<typeof KillImpact>;

/** KillReach is how far a stop has come: each gateway that was alive, and the milliseconds from the press to its acknowledgement (null: silent). */
export const KillReach = z.object({
  /** The instant of the stop's ledger row: from it on nothing is allowed. */
  committedAt: z.date().nullable(),
  gateways: z.array(z.object({ id: z.string(), name: z.string(), ms: z.number().nullable(), seenAt: z.date() })),
  all: z.boolean(),
  silent: z.array(z.string()),
  /** From the press, and from the detection where there was one, to the last acknowledgement. */
  lastMs: z.number().nullable(),
  detectedMs: z.number().nullable(),
});
export type KillReach = z.infer<typeof KillReach>;
