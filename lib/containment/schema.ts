import { z } from 'zod';

/** Longest reason a person gives. */
export const reasonLengthMax = 2_000;

/** KillScope is what a kill switch stops. */
export const KillScope = z.enum(['organisation', 'process', 'agent', 'action_type', 'system']);
export type KillScope = z.infer<typeof KillScope>;

/** The one target of the scope organisation: everything. */
export const wholeOrganisation = 'organisation';

/** Reason is why, in a person's words: readable text, not empty. */
export const Reason = z
  .string()
  .trim()
  .min(1)
  .max(reasonLengthMax)
  .regex(/^(?:\P{C}|[\n\t])+$/u);
export type Reason = z.infer<typeof Reason>;

/** Release is why a halted workflow may go on. */
export const Release = z.strictObject({ reason: Reason });
export type Release = z.infer<typeof Release>;

/** NewKill is a stop to set. `target` is an id of the scope's kind, an action type's name, or `organisation`. */
export const NewKill = z
  .object({ scope: KillScope, target: z.string().min(1).max(200), reason: Reason })
  .refine((kill) => kill.scope !== 'organisation' || kill.target === wholeOrganisation, 'the organisation has one target');
export type NewKill = z.input<typeof NewKill>;

/** KillSwitch is one stop, in force until `liftedAt`. */
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
});
export type KillSwitch = z.infer<typeof KillSwitch>;

/** WorkflowHalt is one halt of a workflow by a Tier 4 decision, in force until released. */
export const WorkflowHalt = z.object({
  decisionId: z.string(),
  workflowId: z.string(),
  agentId: z.string(),
  haltedAt: z.date(),
  releasedAt: z.date().nullable(),
  releasedBy: z.string().nullable(),
  releaseReason: z.string().nullable(),
});
export type WorkflowHalt = z.infer<typeof WorkflowHalt>;
