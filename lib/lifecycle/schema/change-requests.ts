import { z } from 'zod';
import { agentFields } from '@/lib/registry/domain/lifecycle';
import {
  ActivationGap,
  Agent,
  AgentFields,
  AgentId,
  AgentStatus,
  SomeReason,
  type MoveRefusal,
  type RecordRefusal,
} from '@/lib/registry/schema';

/** Requests on one page. */
export const changesPageMax = 100;
export const changesPageDefault = 50;

export const ChangeId = z.string().regex(/^chg_[0-9a-z]{26}$/);

export const changeStatuses = ['open', 'approved', 'rejected', 'withdrawn'] as const;
export const ChangeStatus = z.enum(changeStatuses);
export type ChangeStatus = z.infer<typeof ChangeStatus>;

const AgentField = z.enum(agentFields);

/** A record as it was kept: its shapes were asked when it was written, so only its members are. */
const KeptFields = Agent.pick({
  name: true,
  purpose: true,
  processId: true,
  ownerId: true,
  sponsorId: true,
  technicalOwnerId: true,
  successorIds: true,
  environment: true,
  riskCategory: true,
  endsOn: true,
  nextReviewOn: true,
  autonomyFloor: true,
  permissions: true,
  record: true,
});

/** ChangeRequest is a change of an agent that may act, until another person says yes. `before` is the record of `version`, `fields` the wanted one. */
export const ChangeRequest = z.object({
  id: z.string(),
  agentId: z.string(),
  version: z.int(),
  before: KeptFields,
  fields: KeptFields,
  changed: z.array(AgentField),
  reason: z.string(),
  status: ChangeStatus,
  requestedBy: z.string(),
  /** The persons (not accounts) who wrote the agent's record or asked for this: none of them decides it. */
  editors: z.array(z.string()),
  requestedAt: z.date(),
  decidedBy: z.string().nullable(),
  decidedAt: z.date().nullable(),
  decisionReason: z.string().nullable(),
});
export type ChangeRequest = z.infer<typeof ChangeRequest>;

/** ChangeAsk is what asking takes: the whole wanted record, the version the form was filled in from, and why. */
export const ChangeAsk = z.object({ version: z.int().min(1), fields: AgentFields, reason: SomeReason });
export type ChangeAsk = z.infer<typeof ChangeAsk>;
/** NewChange is the same as it is sent. */
export const NewChange = ChangeAsk.extend({ agent: AgentId });
/** ChangeDigest names exactly what was on the screen: SHA-256 of its canonical JSON. */
export const ChangeDigest = z.string().regex(/^sha-256:[0-9a-f]{64}$/);

/** Every expected "no" to who asks for a change. */
export type AskRefusal = 'NOT_FOUND' | 'STALE' | 'OPEN_ALREADY' | 'NOTHING_ASKED' | RecordRefusal | MoveRefusal;
/** Every expected "no" to who decides or withdraws one. */
export type DecideRefusal =
  | 'NOT_FOUND'
  | 'NOT_ALLOWED'
  | 'OWN_REQUEST'
  | 'OWN_AGENT'
  | 'NOT_YOURS'
  | 'CLOSED'
  | 'WRONG_STATE'
  | 'COLLISION'
  | 'NOTHING_LEFT'
  | 'NOT_AS_SHOWN'
  | 'GAPS'
  | RecordRefusal
  | 'STALE';

const Named = z.object({ id: z.string(), name: z.string() });

/** One line of a list of requests; instants are RFC 3339. `parts` are the changed fields in words. `reason`: null for who may not read what people wrote. */
export const ChangeItem = z.object({
  id: z.string(),
  agent: Named,
  status: ChangeStatus,
  parts: z.array(z.string()),
  reason: z.string().nullable(),
  requestedBy: Named,
  requestedAt: z.string(),
  decidedBy: Named.nullable(),
  decidedAt: z.string().nullable(),
});
export type ChangeItem = z.infer<typeof ChangeItem>;
export const ChangePage = z.object({ rows: z.array(ChangeItem), next: z.string().nullable() });
export type ChangePage = z.infer<typeof ChangePage>;

/** ChangeQuery is which requests a person wants to see, newest first. `after` is a page's `next`. */
export const ChangeQuery = z.object({
  agent: AgentId.optional(),
  status: ChangeStatus.optional(),
  after: ChangeId.optional(),
  limit: z.coerce.number().int().min(1).max(changesPageMax).default(changesPageDefault),
});
export type ChangeQuery = z.infer<typeof ChangeQuery>;

/** One field of a change: before and after in words, or, of a list, what is added and what is taken away. */
export const ChangeLine = z.object({
  field: AgentField,
  words: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
});
export type ChangeLine = z.infer<typeof ChangeLine>;

/** ChangeCard is one request as a person decides it. `why…`: why this person cannot; null when they can. */
export const ChangeCard = z.object({
  ...ChangeItem.shape,
  agent: Named.extend({ status: AgentStatus, process: Named }),
  decisionReason: z.string().nullable(),
  lines: z.array(ChangeLine),
  /** Binds an approval to these lines. */
  digest: ChangeDigest,
  /** Fields of the request, in words, that somebody changed since it was made; while there is one it cannot be approved. */
  collisions: z.array(z.string()),
  /** What would be missing after it. */
  gaps: z.array(ActivationGap),
  deciders: z.object({ people: z.array(z.string()), more: z.int() }),
  whyNotApprove: z.string().nullable(),
  whyNotReject: z.string().nullable(),
  mine: z.boolean(),
});
export type ChangeCard = z.infer<typeof ChangeCard>;

/** ChangeAnswer is what asking, deciding and withdrawing answer. */
export const ChangeAnswer = z.object({ id: z.string(), status: ChangeStatus });
