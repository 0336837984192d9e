import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  decisionIdShape,
  readHalt,
  readDecision,
  readOutcome,
  readProblem,
  readRequestStatus,
  requestIdShape,
  type ApprovalRequest,
  type Decision,
  type OutcomeStatus,
  type RecordedOutcome,
  type HaltState,
} from './answers';
import type { ActionName, Resource } from './digest';
import { Cancelled, Expired, Rejected, RequestRefused, StillWaiting, Stopped } from './errors';
import { guardTool, type Guarded, type GuardOptions, type Permit } from './guard';
import { frozenJson } from './json';
import { TokenKeeper } from './token';
import { gatewayUrl, readWith, Transport, type Reply, type Send } from './transport';

export type CountersignOptions = {
  /** Where the gateway is, for example `http://localhost:4000`. */
  url: string;
  clientId: string;
  clientSecret: string;
  /** What this run of the agent is for, in its words (at most 128 characters). The same task keeps its workflow over tokens and restarts. */
  task: string;
  /** How long a call is tried again while the gateway is away or busy; 60 unless told otherwise. */
  outageSecondsMax?: number;
  /** Lets the secret go over plain HTTP to another machine: only inside a network you trust as you would the wire. */
  plainHttp?: boolean;
};

/** The agent's own account of an action: kept and shown as its words, never decided on, except that `risk` and `confidence` can raise a tier. */
export type Words = {
  summary?: string;
  rationale?: string;
  state?: string;
  trigger?: string;
  sources?: readonly { ref: string; sensitivity?: string }[];
  model?: string;
  confidence?: number;
  risk?: object;
};

/** One action to be decided. */
export type Check = Words & {
  action: ActionName;
  arguments?: object | undefined;
  resource?: Resource | undefined;
  /** Whom the agent acts for; part of the digest. */
  onBehalfOf?: string | undefined;
  /** An approval to use: this very action, once. */
  approval?: string | undefined;
};

export type CallOptions = {
  /** Ends the call, and rejects with the signal's reason. What the gateway keeps stays there. */
  signal?: AbortSignal | undefined;
};
export type CheckOptions = CallOptions & {
  /** Same key and same check, same answer for a day; a random one unless given. */
  idempotencyKey?: string | undefined;
};
export type WaitOptions = CallOptions & {
  /** Longest wait before StillWaiting; until the request's own deadline unless given. */
  waitSecondsMax?: number | undefined;
};
export type Report = {
  status: OutcomeStatus;
  effectKey?: string | undefined;
  outputDigest?: string | undefined;
  summary?: string | undefined;
  tokens?: number | undefined;
  costUsd?: number | undefined;
  sideEffects?: readonly string[] | undefined;
};

const pollSecondsMax = 25;
/** A poll that is answered sooner than this was not held open, and the next one comes after a pause. */
const earlyMs = 500;
const pauseMs = 2_000;
const outageSecondsDefault = 60;
// What the gateway takes for a task: printable, no space at either end.
const taskShape = /^(?=\S)[^\p{C}\p{Zl}\p{Zp}]{1,128}(?<=\S)$/u;

/** Countersign speaks to the gateway as one agent working on one task. Every method throws rather than guess; see errors.ts for what. */
export class Countersign {
  readonly task: string;
  readonly #transport: Transport;
  readonly #tokens: TokenKeeper;

  constructor(options: CountersignOptions) {
    if (!options.clientId || !options.clientSecret) throw new TypeError('A client id and its secret are needed.');
    if (!taskShape.test(options.task)) throw new TypeError('A task is 1 to 128 printable characters.');
    const outage = options.outageSecondsMax ?? outageSecondsDefault;
    if (!(outage >= 0)) throw new TypeError('outageSecondsMax is a number of seconds.');
    this.task = options.task;
    this.#transport = new Transport(gatewayUrl(options.url, options.plainHttp ?? false), outage);
    this.#tokens = new TokenKeeper(this.#transport, options, options.task);
  }

  /**
   * check asks for a decision on one action and answers it, whatever the verdict: look at `allowed`. A receipt is always asked for. Using an approval
   * is a check too: name it in `approval`.
   */
  async check(check: Check, { signal, idempotencyKey = randomUUID() }: CheckOptions = {}): Promise<Decision> {
    const reply = await this.#asAgent({
      path: '/api/check',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey, prefer: 'receipt' },
      body: JSON.stringify(bodyOf(check)),
      signal,
    });
    if (reply.status >= 400) throw refusalOf(reply);
    const replayed = reply.headers.get('idempotent-replayed') === 'true';
    return readWith(reply, (text) => readDecision(text, replayed));
  }

  /** request reads where a request for approval stands, after waiting at most `waitSeconds` (25 at most) for it to change. */
  async request(id: string, { signal, waitSeconds = 0 }: CallOptions & { waitSeconds?: number } = {}): Promise<ApprovalRequest> {
    const wait = Math.min(Math.max(Math.floor(waitSeconds), 0), pollSecondsMax);
    const reply = await this.#asAgent({
      path: `/access/v1/requests/${requestId(id)}?wait=${wait}`,
      method: 'GET',
      waitMs: wait * 1000,
      signal,
    });
    if (reply.status >= 400) throw refusalOf(reply);
    return readWith(reply, readRequestStatus);
  }

  /**
   * waitFor waits until a person has approved, and answers the request: `approved`, or `used` when the approval was used already. Throws Rejected,
   * Expired, Cancelled or Stopped; StillWaiting after `waitSecondsMax`. May be called again by another process: the request is the gateway's.
   */
  async waitFor(id: string, { signal, waitSecondsMax = Infinity }: WaitOptions = {}): Promise<ApprovalRequest> {
    const until = performance.now() + waitSecondsMax * 1000;
    for (;;) {
      const askedAt = performance.now();
      const waitSeconds = Math.min(pollSecondsMax, Math.max(0, Math.ceil((until - performance.now()) / 1000)));
      const request = await this.request(id, { signal, waitSeconds });
      switch (request.status) {
        case 'approved':
        case 'used':
          return request;
        case 'rejected':
          throw new Rejected(request);
        case 'expired':
          throw new Expired(request);
        case 'cancelled':
          throw new Cancelled(request);
        case 'pending':
          if (request.stopped) throw new Stopped(request, request.stopped);
          if (performance.now() >= until) throw new StillWaiting(request);
          // A gateway with too many waiting answers at once.
          if (performance.now() - askedAt < earlyMs) await delay(pauseMs, undefined, signal ? { signal } : {});
      }
    }
  }

  /**
   * halt reads what became of a halt by its decision, after waiting at most `waitSeconds` (25 at most) for people to release it. Its `approval` is there
   * once two of them let exactly that action happen: check it again with it.
   */
  async halt(decision: string, { signal, waitSeconds = 0 }: CallOptions & { waitSeconds?: number } = {}): Promise<HaltState> {
    if (!decisionIdShape.test(decision)) throw new TypeError('That is no decision id.');
    const wait = Math.min(Math.max(Math.floor(waitSeconds), 0), pollSecondsMax);
    const reply = await this.#asAgent({ path: `/access/v1/requests/${decision}?wait=${wait}`, method: 'GET', waitMs: wait * 1000, signal });
    if (reply.status >= 400) throw refusalOf(reply);
    return readWith(reply, readHalt);
  }

  /** cancel withdraws a request that is not used yet; answers where it stands then. */
  async cancel(id: string, { signal }: CallOptions = {}): Promise<ApprovalRequest> {
    const reply = await this.#asAgent({ path: `/access/v1/requests/${requestId(id)}/cancel`, method: 'POST', signal });
    if (reply.status >= 400) throw refusalOf(reply);
    return readWith(reply, readRequestStatus);
  }

  /** report says what an allowed action really did. The same report again changes nothing; `ambiguous` can be settled by a later one. */
  async report(decision: string, report: Report, { signal }: CallOptions = {}): Promise<RecordedOutcome> {
    if (!decisionIdShape.test(decision)) throw new TypeError('That is no decision id.');
    const body = {
      decision,
      status: report.status,
      effect_key: report.effectKey,
      output_digest: report.outputDigest,
      summary: report.summary,
      tokens: report.tokens,
      cost_usd: report.costUsd,
      side_effects: report.sideEffects,
    };
    const reply = await this.#asAgent({
      path: '/api/outcomes',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (reply.status >= 400) throw refusalOf(reply);
    return readWith(reply, readOutcome);
  }

  /**
   * guard wraps a tool so that it runs only with an allow: it asks, waits for a person where one is needed, passes the receipt on and reports the
   * outcome. Whatever goes wrong before that throws, and the tool does not run. Called again with the same effect name, by this process or by the
   * one that comes after it, it goes on where it was.
   */
  guard<Args extends object, Result>(
    tool: (args: Args, permit: Permit) => Result | Promise<Result>,
    options: GuardOptions<Args, Result>,
  ): Guarded<Args, Result> {
    return guardTool(this, tool, options);
  }

  async #asAgent(request: Send): Promise<Reply> {
    for (let isLast = false; ; isLast = true) {
      const token = await this.#tokens.token();
      const reply = await this.#transport.send({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
      if (reply.status !== 401 || isLast) return reply;
      this.#tokens.drop(token);
    }
  }
}

/** bodyOf is the AuthZEN evaluation request of a check. */
function bodyOf(check: Check): object {
  return {
    action: typeof check.action === 'string' ? { name: check.action } : frozenJson(check.action),
    resource: check.resource && frozenJson(check.resource),
    context: {
      arguments: frozenJson(check.arguments ?? {}),
      risk: check.risk,
      confidence: check.confidence,
      summary: check.summary,
      rationale: check.rationale,
      state: check.state,
      trigger: check.trigger,
      sources: check.sources,
      model: check.model,
      on_behalf_of: check.onBehalfOf,
      supported_obligations: ['report_outcome'],
      approval: check.approval === undefined ? undefined : { id: requestId(check.approval) },
    },
  };
}

function requestId(id: string): string {
  if (!requestIdShape.test(id)) throw new TypeError('That is no request id.');
  return id;
}

const todoOf: Readonly<Record<string, string>> = {
  IDEMPOTENCY_MISMATCH: 'An effect name stands for one action, in the same words: give another action a name of its own.',
  TOKEN_INVALID: 'Look at the agent’s credential: it may be revoked, or the agent not active.',
};

function refusalOf(reply: Reply): RequestRefused {
  const { code, detail } = readProblem(reply.text);
  return new RequestRefused(reply.status, code, detail, todoOf[code]);
}
