import { z } from 'zod';
import { ActionName } from './actions';
import { recordId, RecordName } from './records';

/** AutonomyFloor is the lowest tier an agent's decisions can have: 2 for a new agent, 1 after promotion by review. */
export const AutonomyFloor = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type AutonomyFloor = z.infer<typeof AutonomyFloor>;

/** GovernedAgent is what a decision needs to know of an agent. `processId` is null before the agent belongs to a process. */
export const GovernedAgent = z.strictObject({
  id: z.string().min(1),
  processId: z.string().min(1).nullable(),
  autonomyFloor: AutonomyFloor,
});
export type GovernedAgent = z.infer<typeof GovernedAgent>;

export const PURPOSE_LENGTH_MAX = 2_000;
export const PERMISSIONS_PER_AGENT_MAX = 500;

export const AgentStatus = z.enum(['draft', 'in_review', 'approved', 'active', 'suspended', 'decommissioned', 'rejected']);
export type AgentStatus = z.infer<typeof AgentStatus>;

/** Agent is one record of the inventory. `ownerId` is the person accountable for what it does; `permissions` are all it may ever ask for. */
export const Agent = z.object({
  id: z.string(),
  name: z.string(),
  purpose: z.string(),
  processId: z.string(),
  ownerId: z.string(),
  status: AgentStatus,
  autonomyFloor: AutonomyFloor,
  permissions: z.array(z.string()),
  createdAt: z.date(),
  activatedAt: z.date().nullable(),
});
export type Agent = z.infer<typeof Agent>;

/** NewAgent is what registering takes. Its owner is its process's owner unless another person is named; its floor is 2 unless said otherwise. */
export const NewAgent = z.object({
  id: recordId('agt').optional(),
  name: RecordName,
  purpose: z
    .string()
    .trim()
    .min(1)
    .max(PURPOSE_LENGTH_MAX)
    .regex(/^[^\p{Cs}\p{Co}\0]+$/u),
  processId: recordId('prc'),
  ownerId: z.string().optional(),
  autonomyFloor: AutonomyFloor.default(2),
  permissions: z.array(ActionName).max(PERMISSIONS_PER_AGENT_MAX).default([]),
});
export type NewAgent = z.input<typeof NewAgent>;
