import { z } from 'zod';
import { Reason } from './reason';

/** KillScope is what a kill switch stops. */
export const KillScope = z.enum(['organisation', 'process', 'agent', 'action_type', 'system']);
export type KillScope = z.infer<typeof KillScope>;

/** The one target of the scope organisation: everything. */
export const wholeOrganisation = 'organisation';

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
