import { digestShape } from './digest';

export type Verdict = 'allow' | 'allow_reversible' | 'approval_required' | 'halt' | 'deny';
export type Tier = 1 | 2 | 3 | 4;
export type RequestStatus = 'pending' | 'approved' | 'rejected' | 'expired' | 'cancelled' | 'used';
export type OutcomeStatus = 'succeeded' | 'failed' | 'partial' | 'ambiguous';

/** One reason of a decision. `code` is of Countersign's documented list, which may grow. `retryAt`: when an open circuit breaker tries again (RFC 3339). */
export type Reason = {
  code: string;
  text: string;
  dimension?: string;
  observed?: string;
  threshold?: string;
  tier?: Tier;
  retryAt?: string;
};

/** Where a request for a person's approval stands. Instants are RFC 3339. */
export type ApprovalRequest = {
  id: string;
  status: RequestStatus;
  expiresAt: string;
  reasonCode?: string;
  /** The agent may not run at all now, so nobody's yes would help. */
  stopped?: { code: string; text: string };
};

/** The gateway's answer to one proposed action. `allowed` is true for `allow` and `allow_reversible` alone. */
export type Decision = {
  id: string;
  allowed: boolean;
  verdict: Verdict;
  /** null: refused before any tier was looked at. */
  tier: Tier | null;
  reasons: readonly Reason[];
  digest: string;
  /** The workflow that a halt stops: the server's name for this client's task. */
  workflow: string;
  /** The answer was given before to the same idempotency key. */
  replayed: boolean;
  receipt?: string;
  request?: ApprovalRequest;
  /** Tier 2: what to name in the outcome, and until when the action can be reversed. */
  effectKey?: string;
  reversalDeadline?: string;
};

/** What became of a halt. `approval`: two people let exactly the halted action happen once; it is checked again with it. */
export type HaltState = {
  id: string;
  status: 'halted' | 'released';
  approval?: ApprovalRequest;
  /** The agent may not run at all now. */
  stopped?: { code: string; text: string };
};

/** What the gateway keeps of an outcome; `recorded` false: it had been told the same before. */
export type RecordedOutcome = { decision: string; status: OutcomeStatus; recorded: boolean; at: string };

/** Unreadable is thrown by the readers below: the text is not an answer of the gateway's, so nothing in it counts. */
export class Unreadable extends Error {}

const verdicts: Readonly<Record<Verdict, boolean>> = {
  allow: true,
  allow_reversible: true,
  approval_required: false,
  halt: false,
  deny: false,
};
const statuses: readonly string[] = ['pending', 'approved', 'rejected', 'expired', 'cancelled', 'used'];
const outcomes: readonly string[] = ['succeeded', 'failed', 'partial', 'ambiguous'];
export const decisionIdShape = /^dec_[0-9a-z]{26}$/;
export const requestIdShape = /^apr_[0-9a-z]{26}$/;

/** readDecision reads the answer to a check. An unknown verdict, an obligation nobody here can meet, or parts that do not fit together are Unreadable. */
export function readDecision(text: string, replayed: boolean): Decision {
  const answer = object(parse(text), 'the answer');
  const context = object(answer['context'], 'context');
  const verdict = verdictOf(context['verdict']);
  const allowed = verdicts[verdict];
  if (answer['decision'] !== allowed) throw new Unreadable('decision and verdict do not agree');
  const tier = context['tier'] === null ? null : tierOf(context['tier']);
  if (allowed && tier === null) throw new Unreadable('an allow has no tier');
  const request = context['access_request'] === undefined ? undefined : readRequest(context['access_request']);
  if (verdict === 'approval_required' && !request) throw new Unreadable('nothing says which request to wait for');
  const obligation = obligationOf(context['obligations']);
  if (verdict === 'allow_reversible' && !obligation) throw new Unreadable('a reversible action comes without the duty to report it');
  const receipt = context['receipt'] === undefined ? undefined : string(context['receipt'], 'receipt');
  if (receipt !== undefined && !allowed) throw new Unreadable('a refusal comes with a receipt');
  return {
    id: shaped(context['id'], decisionIdShape, 'id'),
    allowed,
    verdict,
    tier,
    reasons: list(context['reasons'], 'reasons').map(reasonOf),
    digest: shaped(context['digest'], digestShape, 'digest'),
    workflow: string(context['workflow'], 'workflow'),
    replayed,
    ...(receipt === undefined ? {} : { receipt }),
    ...(request ? { request } : {}),
    ...obligation,
  };
}

/** readRequestStatus reads where a request for approval stands. */
export function readRequestStatus(text: string): ApprovalRequest {
  return readRequest(parse(text));
}

/** readHalt reads what became of a halt. */
export function readHalt(text: string): HaltState {
  const halt = object(parse(text), 'the answer');
  const status = halt['status'];
  if (status !== 'halted' && status !== 'released') throw new Unreadable('the status of the halt is unknown');
  return {
    id: shaped(halt['id'], decisionIdShape, 'id'),
    status,
    ...(halt['approval'] === undefined ? {} : { approval: readRequest(halt['approval']) }),
    ...(halt['stopped'] === undefined ? {} : { stopped: stopOf(halt['stopped']) }),
  };
}

/** readToken reads a token response (RFC 6749 section 5.1). */
export function readToken(text: string): { token: string; seconds: number } {
  const answer = object(parse(text), 'the answer');
  const seconds = answer['expires_in'];
  if (String(answer['token_type']).toLowerCase() !== 'bearer') throw new Unreadable('the token is of another type');
  if (typeof seconds !== 'number' || !(seconds > 0) || seconds > 86_400) throw new Unreadable('the token has no usable lifetime');
  return { token: shaped(answer['access_token'], /^[\x21-\x7e]+$/, 'access_token'), seconds };
}

/** readOutcome reads the answer to a report. */
export function readOutcome(text: string): RecordedOutcome {
  const answer = object(parse(text), 'the answer');
  const recorded = answer['recorded'];
  if (typeof recorded !== 'boolean') throw new Unreadable('recorded is missing');
  const [decision, at] = [string(answer['decision'], 'decision'), string(answer['at'], 'at')];
  return { decision, status: outcomeOf(answer['status']), recorded, at };
}

/** The parts of an RFC 9457 problem, or of an RFC 6749 section 5.2 error, that a person can use. */
export type Problem = { code: string; detail: string };

/** readProblem reads an error body; whatever it cannot read is empty. */
export function readProblem(text: string): Problem {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { code: '', detail: '' };
  }
  const part = (...names: string[]): string => {
    const found = names.map((name) => (isObject(body) ? body[name] : undefined)).find((value) => typeof value === 'string');
    return typeof found === 'string' ? found.slice(0, 500) : '';
  };
  return { code: part('code', 'error'), detail: part('detail', 'error_description') };
}

function readRequest(value: unknown): ApprovalRequest {
  const request = object(value, 'access_request');
  const status = string(request['status'], 'status');
  if (!statuses.includes(status)) throw new Unreadable(`the status ${status.slice(0, 40)} is unknown`);
  return {
    id: shaped(request['id'], requestIdShape, 'id'),
    // One of the list above.
    status: status as RequestStatus,
    expiresAt: string(request['expires_at'], 'expires_at'),
    ...(typeof request['reason_code'] === 'string' ? { reasonCode: request['reason_code'] } : {}),
    ...(request['stopped'] === undefined ? {} : { stopped: stopOf(request['stopped']) }),
  };
}

function stopOf(value: unknown): { code: string; text: string } {
  const stop = object(value, 'stopped');
  return { code: string(stop['code'], 'code'), text: string(stop['text'], 'text') };
}

// The one obligation this client announces. Any other is one that would not be met.
function obligationOf(value: unknown): { effectKey: string; reversalDeadline?: string } | undefined {
  const [first, ...more] = list(value, 'obligations');
  if (first === undefined) return undefined;
  const obligation = object(first, 'obligation');
  if (more.length > 0 || obligation['id'] !== 'report_outcome') throw new Unreadable('there is an obligation this client does not know');
  const deadline = obligation['reversal_deadline'];
  return {
    effectKey: string(obligation['effect_key'], 'effect_key'),
    ...(deadline === undefined ? {} : { reversalDeadline: string(deadline, 'reversal_deadline') }),
  };
}

function reasonOf(value: unknown): Reason {
  const reason = object(value, 'reason');
  const optional = (name: 'dimension' | 'observed' | 'threshold') => {
    const found = reason[name];
    return typeof found === 'string' ? { [name]: found } : {};
  };
  return {
    code: string(reason['code'], 'code'),
    text: string(reason['text'], 'text'),
    ...optional('dimension'),
    ...optional('observed'),
    ...optional('threshold'),
    ...(typeof reason['tier'] === 'number' ? { tier: tierOf(reason['tier']) } : {}),
    ...(typeof reason['retry_at'] === 'string' ? { retryAt: reason['retry_at'] } : {}),
  };
}

function verdictOf(value: unknown): Verdict {
  // hasOwn: "constructor" is no verdict.
  if (typeof value !== 'string' || !Object.hasOwn(verdicts, value)) throw new Unreadable('the verdict is unknown');
  return value as Verdict;
}

function outcomeOf(value: unknown): OutcomeStatus {
  if (typeof value !== 'string' || !outcomes.includes(value)) throw new Unreadable('the status is unknown');
  return value as OutcomeStatus;
}

function tierOf(value: unknown): Tier {
  if (value !== 1 && value !== 2 && value !== 3 && value !== 4) throw new Unreadable('the tier is unknown');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable('it is not JSON');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (!isObject(value)) throw new Unreadable(`${name} is not an object`);
  return value;
}

function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new Unreadable(`${name} is not a list`);
  return value;
}

function string(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new Unreadable(`${name} is missing`);
  return value;
}

function shaped(value: unknown, shape: RegExp, name: string): string {
  const text = string(value, name);
  if (!shape.test(text)) throw new Unreadable(`${name} has another shape`);
  return text;
}
