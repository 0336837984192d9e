import { z } from 'zod';
import { ActionName } from '../actions';
import { recordId, RecordName } from '../records';
import { AgentRecord } from './record';

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
export const SUCCESSORS_MAX = 10;
export const REASON_LENGTH_MAX = 2_000;

/** agentStatuses are in the order of an agent's life. */
export const agentStatuses = ['draft', 'in_review', 'approved', 'active', 'suspended', 'decommissioned', 'rejected'] as const;
export const AgentStatus = z.enum(agentStatuses);
export type AgentStatus = z.infer<typeof AgentStatus>;

export const environments = ['production', 'staging', 'development'] as const;
export const Environment = z.enum(environments);
export type Environment = z.infer<typeof Environment>;

/** riskCategories are those of the EU AI Act, lowest first; `unassessed` until a person has said. */
export const riskCategories = ['unassessed', 'minimal', 'limited', 'high', 'prohibited'] as const;
export const RiskCategory = z.enum(riskCategories);
export type RiskCategory = z.infer<typeof RiskCategory>;

export const AgentId = recordId('agt');

const PersonRef = z.string().min(1, 'Choose a person.').max(80);
const Day = z.iso.date('Write a date as 2027-01-31.');

/** AgentFields is what people write about an agent, in one form: every member is there. */
export const AgentFields = z.object({
  name: RecordName,
  purpose: z
    .string()
    .trim()
    .min(1, 'Say what it is for.')
    .max(PURPOSE_LENGTH_MAX, `At most ${PURPOSE_LENGTH_MAX} characters.`)
    .regex(/^[^\p{Cs}\p{Co}\0]*$/u, 'This has characters that cannot be shown.'),
  processId: z.string('Choose a process.').min(1, 'Choose a process.').pipe(recordId('prc')),
  /** Who is accountable for what it does. */
  ownerId: PersonRef,
  /** Who vouches for it. */
  sponsorId: PersonRef.nullable(),
  /** Who runs it. */
  technicalOwnerId: PersonRef.nullable(),
  /** Who inherits it when its owner leaves: the first active one. */
  successorIds: z.array(PersonRef).max(SUCCESSORS_MAX),
  environment: Environment,
  riskCategory: RiskCategory,
  endsOn: Day.nullable(),
  nextReviewOn: Day.nullable(),
  autonomyFloor: AutonomyFloor,
  /** All it may ever ask for. */
  permissions: z.array(ActionName).max(PERMISSIONS_PER_AGENT_MAX),
  record: AgentRecord,
});
export type AgentFields = z.infer<typeof AgentFields>;

/** Agent is one record of the inventory. `ownerId` is the person accountable for what it does; `permissions` are all it may ever ask for. */
export const Agent = AgentFields.extend({
  id: z.string(),
  name: z.string(),
  purpose: z.string(),
  processId: z.string(),
  status: AgentStatus,
  permissions: z.array(z.string()),
  /** The account that registered it; null: Countersign itself, at set-up. */
  registeredBy: z.string().nullable(),
  /** The persons (not accounts) who wrote what is reviewed. */
  editors: z.array(z.string()),
  reviewedBy: z.string().nullable(),
  reviewedAt: z.date().nullable(),
  version: z.int(),
  createdAt: z.date(),
  changedAt: z.date(),
  activatedAt: z.date().nullable(),
});
export type Agent = z.infer<typeof Agent>;

/** NewAgent is what registering takes. Its owner is its process's owner unless another person is named; its floor is 2 unless said otherwise. */
export const NewAgent = AgentFields.extend({
  id: AgentId.optional(),
  ownerId: PersonRef.optional(),
  sponsorId: PersonRef.nullable().default(null),
  technicalOwnerId: PersonRef.nullable().default(null),
  successorIds: AgentFields.shape.successorIds.default([]),
  environment: Environment.default('production'),
  riskCategory: RiskCategory.default('unassessed'),
  endsOn: Day.nullable().default(null),
  nextReviewOn: Day.nullable().default(null),
  autonomyFloor: AutonomyFloor.default(2),
  permissions: AgentFields.shape.permissions.default([]),
  record: AgentRecord.prefault({}),
});
export type NewAgent = z.input<typeof NewAgent>;

/** AgentEdit is the whole of an edited record, and the version the form was filled in from. */
export const AgentEdit = AgentFields.extend({ version: z.int().min(1) });
export type AgentEdit = z.infer<typeof AgentEdit>;

/** Reason is what a person says about a change of an agent's state. It is kept encrypted beside the ledger. */
export const Reason = z
  .string()
  .trim()
  .max(REASON_LENGTH_MAX)
  .regex(/^[^\p{Cs}\p{Co}\0]*$/u);
export const SomeReason = Reason.min(1, 'Say why.');
