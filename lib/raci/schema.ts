import { z } from 'zod';

/** The eight stages of a decision's life, in order. */
export const stages = [
  'trigger',
  'context_retrieval',
  'decision_generation',
  'policy_validation',
  'action_execution',
  'logging_audit',
  'escalation',
  'incident_response',
] as const;
export const Stage = z.enum(stages);
export type Stage = z.infer<typeof Stage>;

/** What somebody is to a stage. Accountable is exactly one person; the others may be several, people or teams. */
export const raciRoles = ['accountable', 'responsible', 'consulted', 'informed'] as const;
export const RaciRole = z.enum(raciRoles);
export type RaciRole = z.infer<typeof RaciRole>;

/** Holder is who stands in a cell. */
export const Holder = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('user'), id: z.string() }),
  z.strictObject({ type: z.literal('team'), id: z.string() }),
]);
export type Holder = z.infer<typeof Holder>;

/** Cell is one holder of one role in one stage of a process; with `agentId`, an exception for that agent. */
export const Cell = z.object({ stage: Stage, role: RaciRole, holder: Holder, agentId: z.string().nullable() });
export type Cell = z.infer<typeof Cell>;
