import type { AgentFacts, Draft, Principal } from './decide';
import type { AccessRequest, CheckAnswer, CheckRequest, DecisionPayload } from '../schema';
import type { ReceiptFacts } from '@/lib/identity/domain';

/** The seconds an agent should leave between two looks at a waiting request. */
const retryAfterSeconds = 5;

type Made = {
  id: string;
  agent: AgentFacts | undefined;
  principal: Principal;
  action: string;
  draft: Draft;
  epoch: number;
  commitment: string;
  /** The request that waits, new or joined. */
  approvalId: string | undefined;
  usedApprovalId: string | undefined;
  traceparent: string | undefined;
};

// Objects of this path are written out whole, absent members as undefined: V8 gives a literal with a spread in it a slow form, which cost 9 µs a decision.

/** buildPayload makes the bytes of a decision's ledger row: ids, codes and risk values, and of the agent's text only the action's name. */
export function buildPayload(made: Made): string {
  const { draft, principal } = made;
  const payload: DecisionPayload = {
    kind: 'decision.made',
    id: made.id,
    agent: principal.agent,
    process: made.agent?.processId ?? '',
    owner: made.agent?.ownerId ?? '',
    accountable: made.agent?.accountable,
    workflow: principal.workflow,
    task: principal.task,
    credential: principal.credential,
    action: made.action,
    schema_version: draft.schemaVersion,
    effect: draft.effect,
    verdict: draft.verdict,
    tier: draft.tier,
    deciding: draft.deciding,
    reasons: draft.reasons,
    policies: draft.policies,
    epoch: made.epoch,
    risk: draft.risk,
    commitment: made.commitment,
    approval: made.approvalId,
    used_approval: made.usedApprovalId,
    window_seconds: draft.windowSeconds,
    sla_seconds: draft.slaSeconds,
    trace: made.traceparent,
  };
  return JSON.stringify(payload);
}

/** An answer without its deadlines, which follow from the row's database time. This is what an idempotent replay is made of. */
export type AnswerCore = {
  answer: Omit<CheckAnswer, 'context'> & { context: Omit<CheckAnswer['context'], 'access_request' | 'obligations' | 'receipt'> };
  windowSeconds: number | undefined;
  supervised: boolean;
  effectKey: string;
  asked: Asked | undefined;
  /** What only the decision knew of a receipt's claims; of an allow alone. Undefined also in answers kept by a version without receipts. */
  receipt?: { schemaVersion: number | null; task: string | undefined; approval: string | undefined } | undefined;
};

/** The request that waits: a new one with its SLA, or one joined with its deadline. */
export type Asked = { id: string; status: AccessRequest['status']; slaSeconds?: number; expiresAtMs?: number };

/** buildAnswer makes the AuthZEN answer of a committed draft. `decision` is true here and nowhere else. */
export function buildAnswer(made: {
  id: string;
  draft: Draft;
  digest: string;
  epoch: number;
  workflow: string;
  task: string | undefined;
  asked: Asked | undefined;
  usedApprovalId: string | undefined;
}): AnswerCore {
  const { draft } = made;
  const decision = draft.verdict === 'allow' || draft.verdict === 'allow_reversible';
  return {
    answer: {
      decision,
      context: {
        id: made.id,
        verdict: draft.verdict,
        tier: draft.tier,
        deciding: draft.deciding,
        reasons: draft.reasons,
        digest: made.digest,
        policy: { epoch: made.epoch },
        workflow: made.workflow,
      },
    },
    supervised: draft.verdict === 'allow_reversible',
    effectKey: effectKeyOf(made.id),
    windowSeconds: draft.windowSeconds,
    asked: made.asked,
    receipt: decision ? { schemaVersion: draft.schemaVersion, task: made.task, approval: made.usedApprovalId } : undefined,
  };
}

/** effectKeyOf names the one effect that a decision allows. */
export const effectKeyOf = (decisionId: string): string => decisionId.replace(/^dec_/, 'eff_');

/** From this tier on an allow always carries a receipt, asked for or not. */
export const receiptTierMin = 2;

/** receiptDue tells whether an answer carries a receipt: `must` is given or the answer is none at all, `may` is given when it can be signed. */
export function receiptDue(verdict: Draft['verdict'], tier: number | null, asked: boolean): 'must' | 'may' | 'no' {
  if (verdict !== 'allow' && verdict !== 'allow_reversible') return 'no';
  if (tier === null || tier >= receiptTierMin) return 'must';
  return asked ? 'may' : 'no';
}

/** receiptFacts is what the receipt of a committed allow says; undefined for anything else. */
export function receiptFacts(core: AnswerCore, agent: string, request: CheckRequest): ReceiptFacts | undefined {
  const { answer, receipt } = core;
  const { id, verdict, tier, digest, workflow } = answer.context;
  if (!answer.decision || !receipt || tier === null || (verdict !== 'allow' && verdict !== 'allow_reversible')) return undefined;
  return {
    decision: id,
    agent,
    action: request.action.name,
    digest,
    verdict,
    tier,
    workflow,
    task: receipt.task,
    approval: receipt.approval,
    on_behalf_of: request.context.on_behalf_of,
    schema_version: receipt.schemaVersion,
  };
}

/** finishAnswer adds the deadlines that follow from the row's time (milliseconds since 1970, database time). */
export function finishAnswer(core: AnswerCore, atMs: number, statusEndpoint: (approvalId: string) => string): CheckAnswer {
  const { answer, asked, windowSeconds } = core;
  const { context } = answer;
  const reversalDeadline = windowSeconds === undefined ? undefined : new Date(atMs + windowSeconds * 1000).toISOString();
  return {
    decision: answer.decision,
    context: {
      id: context.id,
      verdict: context.verdict,
      tier: context.tier,
      deciding: context.deciding,
      reasons: context.reasons,
      digest: context.digest,
      policy: context.policy,
      workflow: context.workflow,
      obligations: core.supervised ? [{ id: 'report_outcome', effect_key: core.effectKey, reversal_deadline: reversalDeadline }] : [],
      access_request: asked && {
        id: asked.id,
        status: asked.status,
        expires_at: new Date(asked.expiresAtMs ?? atMs + (asked.slaSeconds ?? 0) * 1000).toISOString(),
        status_endpoint: statusEndpoint(asked.id),
        retry_after: retryAfterSeconds,
      },
      receipt: undefined,
    },
  };
}
