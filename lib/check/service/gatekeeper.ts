import type pg from 'pg';
import {
  breakerAction,
  buildAnswer,
  buildPayload,
  canonicalAction,
  circuitReason,
  countsAs,
  decide,
  finishAnswer,
  isKilled,
  isRevoked,
  isTripped,
  openBreakerOf,
  openingOf,
  probeCharge,
  receiptDue,
  receiptFacts,
  saidByAgent,
  type AnswerCore,
  type Asked,
  type Draft,
  type Learnt,
  type OpenBreaker,
  type Principal,
  type Rules,
} from '../domain';
import { GateReasonCode, gateReasons, type ApprovalStatus, type CheckAnswer, type CheckRequest, type DecisionReason } from '../schema';
import { findApproval, findHalt, findKeptAnswer, type ApprovalRow, type HaltRow } from '../store/reads';
import type { RulesKeeper } from './rules-keeper';
import type { Breakers } from '@/lib/containment/service/breakers/counting';
import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sameBytes, sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { issueReceipt } from '@/lib/identity/domain';
import type { Ask, CommitItem } from '@/lib/ledger/domain/batch';
import { sealSide } from '@/lib/ledger/domain/side';
import type { CommitOutcome, Committer } from '@/lib/ledger/service';

/** One check as the HTTP layer hands it over: verified principal, parsed request. */
export type CheckInput = {
  principal: Principal;
  request: CheckRequest;
  idempotencyKey: string | undefined;
  traceparent: string | undefined;
  /** The agent asked for a receipt, for a tool that wants one at every tier. */
  wantsReceipt: boolean;
};

/** Everything a check can end in. Only `decided` carries an answer; the rest are problems that wrote no row. */
export type CheckResult =
  | { kind: 'decided'; answer: CheckAnswer; replayed: boolean }
  | { kind: 'key_required' }
  | { kind: 'key_mismatch' }
  | { kind: 'unavailable'; why: string };

export type GatekeeperOptions = {
  rules: RulesKeeper;
  committer: Committer;
  /** A pool for the few reads that memory cannot answer. */
  reads: pg.Pool;
  /** The key that seals arguments (lib/kernel/seal.ts, purpose `arguments`). */
  argumentsKey: Buffer;
  statusEndpoint: (approvalId: string) => string;
  /** The issuer of receipts, and what signs them; undefined while nothing may. */
  issuer: string;
  signingKey: (now: Date) => ReceiptKey | undefined;
  /** Counts decisions for circuit breakers; none where nobody's gateway runs. */
  breakers?: Pick<Breakers, 'decided'>;
};
type ReceiptKey = Parameters<typeof issueReceipt>[2];

/** How often a decision is made again because the rules moved. */
const epochRetriesMax = 3;
/** How often a decision is made again because the commit knew more, or an approval's row was busy. */
const roundsMax = 40;
const busyWaitMs = 10;
/** Counters of used-up probes remembered; forgetting one costs a second commit, nothing else. */
const spentMax = 10_000;
const noneSpent: ReadonlySet<string> = new Set();

const unusable: Record<string, GateReasonCode> = {
  missing: 'APPROVAL_UNKNOWN',
  mismatch: 'APPROVAL_MISMATCH',
  used: 'APPROVAL_USED',
  expired: 'APPROVAL_EXPIRED',
  rejected: 'APPROVAL_REJECTED',
  cancelled: 'APPROVAL_CANCELLED',
};

const noReceipt: CheckResult = { kind: 'unavailable', why: 'there is no key to sign its receipt with' };

/** Gatekeeper turns a proposed action into a decision that is a durable ledger row before anyone hears of it. */
export class Gatekeeper {
  private readonly underway = new Map<string, Promise<unknown>>();
  private readonly spentProbes = new Set<string>();

  constructor(private readonly options: GatekeeperOptions) {}

  /** check decides one action. Never throws for anything an agent sent or a database did. */
  async check(input: CheckInput): Promise<CheckResult> {
    const { principal, request, idempotencyKey } = input;
    if (idempotencyKey === undefined) {
      if (request.context.approval) return { kind: 'key_required' };
      return this.decideAndCommit(input, undefined);
    }
    // The same key at the same time: the second waits for the first and is then its replay.
    const name = `${principal.agent} ${idempotencyKey}`;
    while (this.underway.has(name)) await this.underway.get(name);
    const work = this.checkWithKey(input, idempotencyKey);
    this.underway.set(
      name,
      work.catch(() => undefined).finally(() => this.underway.delete(name)),
    );
    return work;
  }

  private async checkWithKey(input: CheckInput, key: string): Promise<CheckResult> {
    const idempotency = { keyHash: sha256(key), bodyHash: sha256(canonicalJson(input.request)) };
    return this.decideAndCommit(input, idempotency);
  }

  private async decideAndCommit(input: CheckInput, idempotency: Idempotency | undefined): Promise<CheckResult> {
    const { principal, request } = input;
    const { rules: keeper } = this.options;
    const learnt: Learnt = {
      workflowHalted: false,
      approvalRefused: undefined,
      approvalPending: false,
      effectAmbiguous: false,
      spentProbes: this.spentProbes,
    };
    let joins: Asked | undefined;
    let epochMoves = 0;
    let freshened = false;
    let lookedAt = -1;

    for (let round = 0; round < roundsMax; round++) {
      const { rules, unreadable } = keeper.snapshot;
      if (unreadable !== undefined) return { kind: 'unavailable', why: unreadable };
      // Read again each round: a reload may have brought the workflow's release.
      learnt.workflowHalted = keeper.isHalted(principal.workflow);
      const now = new Date();
      const draft = decide(rules, principal, request, learnt, now);
      // An approval that does not let a halted action happen: the answer says why, and the action halts as if none were offered.
      if (draft.haltsWorkflow && request.context.approval && lookedAt < rules.epoch) {
        lookedAt = rules.epoch;
        const why = await this.whyUnusable(principal.agent, request, draft.schemaVersion, request.context.approval.id);
        if (why === 'unavailable') return { kind: 'unavailable', why: 'the database did not answer' };
        learnt.approvalRefused = why;
        continue;
      }
      // Looked for first: an allow that could not be shown to its tool must not use up an approval.
      const due = receiptDue(draft.verdict, draft.tier, input.wantsReceipt);
      const key = due === 'no' ? undefined : this.options.signingKey(now);
      if (due === 'must' && !key) {
        if (freshened) return noReceipt;
        // This refusal writes no row, so no commit would tell that there is a key by now (lib/DECISIONS.md 5).
        freshened = true;
        await keeper.freshen();
        continue;
      }
      const breaker = openBreakerOf(rules, principal.agent, request.action.name);
      const made = this.make(input, draft, rules.epoch, joins, idempotency, breaker);
      const outcome = await this.options.committer.submit(made.item, rules.epoch);

      switch (outcome.outcome) {
        case 'written':
          if (draft.haltsWorkflow) keeper.rememberHalt(principal.workflow);
          this.count(rules, input, draft, made.core, breaker);
          return this.answered(input, made.core, finishAnswer(made.core, outcome.atMs, this.options.statusEndpoint), due, key, false);
        case 'epoch_moved':
          if (++epochMoves > epochRetriesMax || !(await keeper.catchUp(outcome.epoch)))
            return { kind: 'unavailable', why: 'the rules are changing' };
          break;
        case 'key_taken':
          return idempotency ? this.replay(input, idempotency) : { kind: 'unavailable', why: 'the commit answered for another request' };
        case 'workflow_halted':
          keeper.rememberHalt(principal.workflow);
          break;
        case 'effect_ambiguous':
          learnt.effectAmbiguous = true;
          break;
        case 'approval_busy':
          await new Promise((resolve) => setTimeout(resolve, busyWaitMs));
          break;
        case 'approval_unusable':
          if (outcome.why === 'pending') learnt.approvalPending = true;
          else learnt.approvalRefused = unusable[outcome.why] ?? 'APPROVAL_UNKNOWN';
          break;
        case 'duplicate':
          joins = openRequest(outcome.existing);
          break;
        case 'over_limit':
          // As many as a half-open breaker lets through have gone ahead, on whichever gateway.
          if (outcome.counter !== breaker?.counter) return { kind: 'unavailable', why: 'a limit moved' };
          this.rememberSpent(outcome.counter);
          break;
        case 'unavailable':
          return { kind: 'unavailable', why: outcome.reason };
        default:
          return unexpected(outcome);
      }
    }
    return { kind: 'unavailable', why: 'the request could not be settled' };
  }

  // As the commit would find it, were it used. One that is good, but for no halted action, says nothing here.
  private async whyUnusable(
    agent: string,
    request: CheckRequest,
    schemaVersion: number | null,
    id: string,
  ): Promise<GateReasonCode | 'unavailable' | undefined> {
    let row;
    try {
      row = await findApproval(this.options.reads, agent, id);
    } catch {
      return 'unavailable';
    }
    if (!row) return 'APPROVAL_UNKNOWN';
    if (!sameBytes(row.digest, canonicalAction(agent, request, schemaVersion).digest)) return 'APPROVAL_MISMATCH';
    return unusable[row.status];
  }

  private rememberSpent(counter: string): void {
    if (this.spentProbes.size >= spentMax) this.spentProbes.clear();
    this.spentProbes.add(counter);
  }

  private count(rules: Rules, { principal, request }: CheckInput, draft: Draft, core: AnswerCore, breaker: OpenBreaker | undefined): void {
    const as = countsAs(draft);
    if (as === undefined) return;
    this.options.breakers?.decided({
      agent: principal.agent,
      action: breakerAction(rules, request.action.name),
      opening: openingOf(breaker),
      refused: as === 'refused',
      spend: core.answer.decision ? draft.risk?.money?.amount : undefined,
    });
  }

  private make(
    input: CheckInput,
    draft: Draft,
    epoch: number,
    joins: Asked | undefined,
    idempotency: Idempotency | undefined,
    breaker: OpenBreaker | undefined,
  ) {
    const { principal, request, traceparent } = input;
    const id = newId('dec');
    const agent = this.options.rules.snapshot.rules.agents.get(principal.agent);
    const { canonical, digest } = canonicalAction(principal.agent, request, draft.schemaVersion);
    const side = sealSide(this.options.argumentsKey, JSON.stringify({ canonical, said: saidByAgent(request, traceparent) }), digest, id);

    const waits = draft.verdict === 'approval_required';
    const asked = waits ? (joins ?? { id: newId('apr'), status: 'pending' as const, slaSeconds: draft.slaSeconds ?? 0 }) : undefined;
    const used = draft.usesApproval ? request.context.approval?.id : undefined;
    const core = buildAnswer({
      id,
      draft,
      digest: formatDigest(digest),
      epoch,
      workflow: principal.workflow,
      task: principal.task,
      asked,
      usedApprovalId: used,
    });
    const payload = buildPayload({
      id,
      agent,
      principal,
      action: request.action.name,
      draft,
      epoch,
      commitment: side.commitment,
      approvalId: asked?.id,
      usedApprovalId: used,
      traceparent,
    });
    const item: CommitItem = {
      eventId: id,
      agent: principal.agent,
      workflow: principal.workflow,
      payload,
      side,
      idempotency: idempotency && { keyHash: idempotency.keyHash, bodyHash: idempotency.bodyHash, answer: JSON.stringify(core) },
      ask: asked && !joins ? askFor(asked.id, agent?.processId ?? '', request, draft) : undefined,
      use: used,
      charges: breaker && core.answer.decision ? [probeCharge(breaker)] : undefined,
      refuseWhenHalted: draft.refuseWhenHalted,
      haltsWorkflow: draft.haltsWorkflow,
      refuseWhenAmbiguous: core.answer.decision,
    };
    return { core, item };
  }

  // Same key, same body: the same answer, unless the agent has been stopped in between, or its breaker opened, and the answer was to go ahead.
  private async replay(input: CheckInput, idempotency: Idempotency): Promise<CheckResult> {
    const { principal, request } = input;
    let kept;
    try {
      kept = await findKeptAnswer(this.options.reads, principal.agent, idempotency.keyHash);
    } catch {
      return { kind: 'unavailable', why: 'the database did not answer' };
    }
    if (!kept) return { kind: 'unavailable', why: 'the kept answer is gone' };
    if (!sameBytes(kept.bodyHash, idempotency.bodyHash)) return { kind: 'key_mismatch' };
    if (!(await this.options.rules.catchUp(kept.epochNow))) return { kind: 'unavailable', why: 'the rules are changing' };
    const core = JSON.parse(kept.answer) as AnswerCore;
    const answer = this.withheld(finishAnswer(core, kept.atMs, this.options.statusEndpoint), principal, request);
    const due = receiptDue(answer.context.verdict, answer.context.tier, input.wantsReceipt);
    return this.answered(input, core, answer, due, due === 'no' ? undefined : this.options.signingKey(new Date()), true);
  }

  // A receipt is made anew for every answer: the same decision, another thirty seconds.
  private answered(
    { principal, request }: CheckInput,
    core: AnswerCore,
    answer: CheckAnswer,
    due: ReturnType<typeof receiptDue>,
    key: ReceiptKey | undefined,
    replayed: boolean,
  ): CheckResult {
    const facts = key && answer.decision ? receiptFacts(core, principal.agent, request) : undefined;
    if (due === 'must' && !facts) return noReceipt;
    if (key && facts) answer.context.receipt = issueReceipt(facts, this.options.issuer, key, new Date());
    return { kind: 'decided', answer, replayed };
  }

  private withheld(answer: CheckAnswer, principal: Principal, request: CheckRequest): CheckAnswer {
    if (!answer.decision) return answer;
    const { rules } = this.options.rules.snapshot;
    const agent = rules.agents.get(principal.agent);
    const code: GateReasonCode | undefined =
      !agent || agent.status !== 'active'
        ? 'AGENT_SUSPENDED'
        : isRevoked(rules, principal.credential)
          ? 'CREDENTIAL_REVOKED'
          : isKilled(rules.kills, agent, request.action.name, rules.actions.get(request.action.name))
            ? 'KILLED'
            : undefined;
    const reason = code === undefined ? this.trippedSince(rules, principal, request) : { code, tier: null, text: gateReasons[code] };
    if (reason === undefined) return answer;
    return {
      decision: false,
      context: {
        ...answer.context,
        verdict: 'deny',
        tier: null,
        deciding: [],
        reasons: [reason],
        obligations: [],
      },
    };
  }

  // An open breaker suspends by itself; a probe's own replay is still its answer.
  private trippedSince(rules: Rules, principal: Principal, request: CheckRequest): DecisionReason | undefined {
    const now = new Date();
    const breaker = openBreakerOf(rules, principal.agent, request.action.name);
    return breaker && isTripped(breaker, noneSpent, now) ? circuitReason(breaker, now) : undefined;
  }

  /** approvalStatus reads where one of the agent's own requests stands; undefined when it has none by that id. Throws when the database does not answer. */
  async approvalStatus(agent: string, id: string): Promise<ApprovalRow | undefined> {
    return findApproval(this.options.reads, agent, id);
  }

  /** haltStatus reads what became of a halt that a decision of the agent's made; undefined when it made none. Throws when the database does not answer. */
  async haltStatus(agent: string, decision: string): Promise<{ halt: HaltRow; approval: ApprovalRow | undefined } | undefined> {
    const halt = await findHalt(this.options.reads, agent, decision);
    if (!halt) return undefined;
    return { halt, approval: halt.approvalId === null ? undefined : await findApproval(this.options.reads, agent, halt.approvalId) };
  }
}

function askFor(id: string, process: string, request: CheckRequest, draft: Draft): Ask {
  return {
    id,
    process,
    action: request.action.name,
    asker: request.context.on_behalf_of ?? null,
    tier: draft.tier ?? 4,
    deciding: draft.deciding,
    slaSeconds: draft.slaSeconds ?? 0,
  };
}

type Idempotency = { keyHash: Buffer; bodyHash: Buffer };

// "id status deadline", as ledger_commit words the request that is open already.
function openRequest(existing: string): Asked {
  const [id = '', status = 'pending', deadlineUs = '0'] = existing.split(' ');
  return { id, status: status as ApprovalStatus, expiresAtMs: Math.floor(Number(deadlineUs) / 1000) };
}

function unexpected(outcome: never): CheckResult {
  return { kind: 'unavailable', why: `unknown outcome ${JSON.stringify(outcome as CommitOutcome)}` };
}
