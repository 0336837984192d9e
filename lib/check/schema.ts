import { z } from 'zod';
import { BreakerCause, BreakerState } from '@/lib/containment/schema';
import { DIMENSIONS, ReasonCode as EvaluationReasonCode, RiskReading, Tier, Verdict } from '@/lib/policy/schema';
import { Effect } from '@/lib/registry/schema';

/** Longest agent-written text of one member; the whole body is bounded by bodyBytesMax. */
const textMax = 16_384;
/** Largest body of the agent plane. */
export const bodyBytesMax = 256 * 1024;
/** Longest wait of a long poll; the web's proxy cuts at 30 s. */
export const waitSecondsMax = 25;

const printable = /^[^\p{C}]+$/u;
const Name = z.string().min(1).max(256).regex(printable, 'has characters that cannot be shown');
const Text = z.string().max(textMax);

/**
 * CheckRequest is an AuthZEN 1.0 evaluation request (section 5) with the members of `context` that Countersign reads. Unknown members are ignored,
 * but those of `action` and `resource` stay in the digest.
 */
export const CheckRequest = z.object({
  subject: z.object({ type: Name, id: Name }).optional(),
  action: z.looseObject({ name: Name, properties: z.record(z.string(), z.unknown()).optional() }),
  resource: z.looseObject({ type: Name, id: Name.optional(), properties: z.record(z.string(), z.unknown()).optional() }).optional(),
  context: z
    .object({
      arguments: z.record(z.string(), z.unknown()).default({}),
      risk: z.record(z.string(), z.unknown()).optional(),
      confidence: z.number().min(0).max(1).optional(),
      summary: Text.optional(),
      rationale: Text.optional(),
      state: Text.optional(),
      trigger: Name.optional(),
      sources: z
        .array(z.looseObject({ ref: Text }))
        .max(100)
        .optional(),
      model: Name.optional(),
      on_behalf_of: Name.optional(),
      supported_obligations: z.array(z.string().max(64)).max(20).optional(),
      approval: z.object({ id: z.string().regex(/^apr_[0-9a-z]{26}$/, 'is no approval id') }).optional(),
    })
    .default({ arguments: {} }),
});
export type CheckRequest = z.infer<typeof CheckRequest>;

/** The reasons a check gives before and after the policy's own (lib/policy/schema.ts), each with its one sentence. */
export const gateReasons = {
  AGENT_SUSPENDED: 'This agent is not active, so it may do nothing.',
  CREDENTIAL_REVOKED: 'The credential this was asked with has been revoked.',
  KILLED: 'A person has stopped this with the kill switch.',
  CIRCUIT_OPEN: 'The circuit breaker of this agent for this action is open; it tries again by itself.',
  WORKFLOW_HALTED: 'This workflow was halted earlier and goes on only when a senior person releases it.',
  NOT_IN_GRANT: 'The agent may ask for this, but the token it showed was not issued for it.',
  APPROVAL_MISMATCH: 'The approval is for another action than the one asked for now.',
  APPROVAL_USED: 'The approval was used before; one approval is one action.',
  APPROVAL_EXPIRED: 'The approval or its request ran out of time.',
  APPROVAL_REJECTED: 'A person rejected this.',
  APPROVAL_CANCELLED: 'The request was cancelled before it was used.',
  EFFECT_AMBIGUOUS: 'Nobody knows what the same action did the last time; its outcome must be settled first.',
  APPROVAL_UNKNOWN: 'There is no such approval for this agent.',
} as const;
export const GateReasonCode = z.enum(Object.keys(gateReasons) as [keyof typeof gateReasons, ...(keyof typeof gateReasons)[]]);
export type GateReasonCode = z.infer<typeof GateReasonCode>;

/** One reason of a decision; nothing an agent wrote stands in it. */
export const DecisionReason = z.object({
  code: z.union([GateReasonCode, EvaluationReasonCode]),
  dimension: z.enum(DIMENSIONS).optional(),
  observed: z.string().optional(),
  threshold: z.string().optional(),
  tier: Tier.nullable(),
  policy: z.string().optional(),
  version: z.number().optional(),
  pointer: z.string().optional(),
  /** Of CIRCUIT_OPEN: what opened the breaker, and when it tries again (RFC 3339). */
  cause: BreakerCause.optional(),
  retry_at: z.string().optional(),
  text: z.string(),
});
export type DecisionReason = z.infer<typeof DecisionReason>;

/** The payload of a `decision.made` row: everything but what may have to be erased. */
export const DecisionPayload = z.object({
  kind: z.literal('decision.made'),
  id: z.string(),
  agent: z.string(),
  process: z.string(),
  owner: z.string(),
  /** The person accountable for acting and the one for escalation, by RACI; rows from before RACI have none. */
  accountable: z.object({ execution: z.string(), escalation: z.string() }).optional(),
  workflow: z.string(),
  task: z.string().optional(),
  credential: z.string(),
  action: z.string(),
  schema_version: z.number().nullable(),
  effect: Effect.nullable(),
  verdict: Verdict,
  tier: Tier.nullable(),
  deciding: z.array(z.enum(DIMENSIONS)),
  reasons: z.array(DecisionReason),
  policies: z.array(z.object({ id: z.string(), version: z.number() })),
  epoch: z.number(),
  risk: RiskReading.nullable(),
  commitment: z.string(),
  approval: z.string().optional(),
  used_approval: z.string().optional(),
  window_seconds: z.number().optional(),
  sla_seconds: z.number().optional(),
  trace: z.string().optional(),
});
export type DecisionPayload = z.infer<typeof DecisionPayload>;

/** What the encrypted side row of a decision holds. `canonical` is the RFC 8785 text whose SHA-256 is the digest; `said` is the agent's own account. */
export const DecisionArguments = z.object({ canonical: z.string(), said: z.record(z.string(), z.unknown()) });
export type DecisionArguments = z.infer<typeof DecisionArguments>;

export const ApprovalStatus = z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled', 'used']);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

/** Where a waiting request stands (AuthZEN Access Request profile). Instants are RFC 3339. */
export const AccessRequest = z.object({
  id: z.string(),
  status: ApprovalStatus,
  expires_at: z.string(),
  status_endpoint: z.string(),
  retry_after: z.number(),
});
export type AccessRequest = z.infer<typeof AccessRequest>;

/** AccessRequestStatus answers `GET /access/v1/requests/{id}`. */
export const AccessRequestStatus = AccessRequest.extend({
  digest: z.string(),
  requested_at: z.string(),
  decided_at: z.string().optional(),
  reason_code: z.string().optional(),
  used_at: z.string().optional(),
  /** The agent was stopped or suspended: an approval would be refused when used, so waiting is of no use until that is over. */
  stopped: z.object({ code: GateReasonCode, text: z.string() }).optional(),
});
export type AccessRequestStatus = z.infer<typeof AccessRequestStatus>;

/**
 * HaltStatus answers `GET /access/v1/requests/{decision}` for a decision that halted its workflow: whether people released it, and the approval of exactly
 * that action once two of them let it happen. There is nothing that an agent must wait for here.
 */
export const HaltStatus = z.object({
  /** The decision. */
  id: z.string(),
  status: z.enum(['halted', 'released']),
  halted_at: z.string(),
  released_at: z.string().optional(),
  /** The agent checks again with `context.approval.id`, the same arguments and an Idempotency-Key. */
  approval: AccessRequestStatus.optional(),
  status_endpoint: z.string(),
  retry_after: z.number(),
  stopped: AccessRequestStatus.shape.stopped,
});
export type HaltStatus = z.infer<typeof HaltStatus>;

/** CheckAnswer is an AuthZEN 1.0 evaluation response (section 6); a client that reads only `decision` is safe. */
export const CheckAnswer = z.object({
  decision: z.boolean(),
  context: z.object({
    id: z.string(),
    verdict: Verdict,
    tier: Tier.nullable(),
    deciding: z.array(z.enum(DIMENSIONS)),
    reasons: z.array(DecisionReason),
    digest: z.string(),
    policy: z.object({ epoch: z.number() }),
    workflow: z.string(),
    obligations: z.array(z.object({ id: z.string(), effect_key: z.string().optional(), reversal_deadline: z.string().optional() })),
    access_request: AccessRequest.optional(),
    /** JWS for the tool that acts (lib/identity/schema.ts, ReceiptClaims); only ever beside `decision: true`. */
    receipt: z.string().optional(),
  }),
});
export type CheckAnswer = z.infer<typeof CheckAnswer>;

/** AgentStanding answers `GET /api/agent`: who asks, and whether it may run at all. Instants are RFC 3339. */
export const AgentStanding = z.object({
  id: z.string(),
  status: z.string(),
  may_run: z.boolean(),
  reasons: z.array(z.object({ code: GateReasonCode, text: z.string() })),
  process: z.string(),
  workflow: z.string(),
  task: z.string().optional(),
  credential: z.object({ id: z.string(), expires_at: z.string() }),
  token: z.object({ scope: z.array(z.string()), expires_at: z.string() }),
  /** Single actions that a circuit breaker holds back: until `retry_at`, or only a few of them since. */
  breakers: z.array(
    z.object({
      action: z.string(),
      state: BreakerState.exclude(['closed']),
      cause: BreakerCause,
      observed: z.string(),
      retry_at: z.string(),
    }),
  ),
  policy: z.object({ epoch: z.number() }),
});
export type AgentStanding = z.infer<typeof AgentStanding>;
