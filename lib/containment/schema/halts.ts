import { z } from 'zod';
import { Reason } from './reason';

/** Release is why a halted workflow may go on. */
export const Release = z.strictObject({ reason: Reason });
export type Release = z.infer<typeof Release>;

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
