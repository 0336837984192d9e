import type { ApprovalRequest, Decision, OutcomeStatus, Reason } from './answers';

/** What happened, what was kept, and what to do: the three sentences every error of this client is made of. No secret and no token is ever in them. */
export type Told = { what: string; kept: string; todo: string };

/** CountersignError is whatever keeps a governed tool from running, or leaves its effect in doubt. `code` is stable; the sentences are for people. */
export abstract class CountersignError extends Error {
  readonly kept: string;
  readonly todo: string;

  constructor(
    readonly code: string,
    { what, kept, todo }: Told,
    options?: ErrorOptions,
  ) {
    super([what, kept, todo].join(' '), options);
    this.name = new.target.name;
    this.kept = kept;
    this.todo = todo;
  }
}

const because = (reasons: readonly Reason[]): string => reasons.map(({ text }) => text).join(' ') || 'No reason was given.';
const firstCode = (decision: Decision, otherwise: string): string => decision.reasons[0]?.code ?? otherwise;

const whenOf = ({ reasons }: Decision): string => {
  const at = reasons[0]?.retryAt;
  return at === undefined ? 'Change what the reason names, or leave it.' : `Ask again after ${at}, or leave it.`;
};

/** Denied: the action was refused; another one may be tried. `decision` has the reasons. */
export class Denied extends CountersignError {
  constructor(
    readonly decision: Decision,
    action: string,
  ) {
    super(firstCode(decision, 'DENIED'), {
      what: `${action} was denied: ${because(decision.reasons)}`,
      kept: `Nothing was carried out; the decision is ${decision.id}.`,
      todo: whenOf(decision),
    });
  }
}

/** Halted: the whole workflow stands still until a senior person releases it. There is nothing to wait for. */
export class Halted extends CountersignError {
  constructor(
    readonly decision: Decision,
    action: string,
  ) {
    super(firstCode(decision, 'HALTED'), {
      what: `${action} was halted: ${because(decision.reasons)}`,
      kept: `Nothing was carried out; the decision is ${decision.id}, and every later check in workflow ${decision.workflow} halts too.`,
      todo: 'Stop. A leader or security releases the workflow in the console; two of them can let this one action happen when it is called again.',
    });
  }

  /** The workflow had been halted before: this action was not the cause. */
  get byAnother(): boolean {
    return this.code === 'WORKFLOW_HALTED';
  }
}

/** A request for approval that ended without one. */
export abstract class NotApproved extends CountersignError {
  constructor(
    readonly request: ApprovalRequest,
    code: string,
    what: string,
    todo: string,
  ) {
    super(code, { what, kept: `Nothing was carried out; the request is ${request.id}.`, todo });
  }
}

/** Rejected: a person said no. `request.reasonCode` says why. */
export class Rejected extends NotApproved {
  constructor(request: ApprovalRequest) {
    const why = request.reasonCode === undefined ? '' : ` (${request.reasonCode})`;
    super(request, 'REJECTED', `A person rejected this${why}.`, 'Leave it; asking again needs a new effect name.');
  }
}

/** Expired: nobody decided, or nobody used the approval, before its deadline. */
export class Expired extends NotApproved {
  constructor(request: ApprovalRequest) {
    super(
      request,
      'EXPIRED',
      'The deadline passed; a deadline never approves.',
      'Ask again under a new effect name if it is still wanted.',
    );
  }
}

/** Cancelled: the request was withdrawn, by this agent or because whoever asked or approved is no longer there. */
export class Cancelled extends NotApproved {
  constructor(request: ApprovalRequest) {
    const why = request.reasonCode === undefined ? '' : ` (${request.reasonCode})`;
    super(request, 'CANCELLED', `The request was cancelled${why}.`, 'Ask again under a new effect name if it is still wanted.');
  }
}

/** Stopped: this agent was stopped or suspended while it waited. The request stays; a yes to it opens nothing until a person lets the agent run again. */
export class Stopped extends CountersignError {
  constructor(
    readonly request: ApprovalRequest,
    { code, text }: { code: string; text: string },
  ) {
    super(code, {
      what: `This agent may not run: ${text}`,
      kept: `Nothing was carried out; the request is ${request.id}.`,
      todo: 'Stop. Once people let this agent run again, call again with the same effect name.',
    });
  }
}

/** StillWaiting: the caller's longest wait is over, and the request is open. */
export class StillWaiting extends CountersignError {
  constructor(readonly request: ApprovalRequest) {
    super('STILL_WAITING', {
      what: 'Nobody has decided yet.',
      kept: `The request ${request.id} stays open until ${request.expiresAt}.`,
      todo: 'Call again with the same effect name to go on waiting, or cancel the request.',
    });
  }
}

/** Unavailable: no usable answer could be had, so the tool did not run. */
export class Unavailable extends CountersignError {
  constructor(why: string, code = 'UNAVAILABLE') {
    super(code, {
      what: `Countersign gave no usable answer: ${why}.`,
      kept: 'The tool did not run. What the gateway may have decided is kept there under its idempotency key.',
      todo: 'Try again with the same effect name; nothing is asked or decided twice.',
    });
  }
}

/** RequestRefused: the gateway answered that the request itself is wrong (a credential, a shape, a name used before). Trying the same again will not help. */
export class RequestRefused extends CountersignError {
  constructor(
    readonly status: number,
    code: string,
    detail: string,
    todo = 'Mend what the sentence names.',
  ) {
    super(code || `HTTP_${status}`, {
      what: `The gateway refused the request with ${status}: ${detail || 'no more was said.'}`,
      kept: 'No decision was made.',
      todo,
    });
  }
}

/**
 * OutcomeUnknown: nobody knows whether the action took effect. A tool throws it to say so; `guard` throws it for a time-out or a lost connection, and
 * for an effect that was allowed to an earlier process and never reported. The same action is refused until a person or a later report settles it.
 */
export class OutcomeUnknown extends CountersignError {
  constructor(what = 'Nobody knows whether the action took effect.', options?: ErrorOptions) {
    super(
      'OUTCOME_UNKNOWN',
      {
        what,
        kept: 'The outcome is reported as ambiguous.',
        todo: 'Look at the system the tool acts on, then settle the outcome; until then the same action is refused.',
      },
      options,
    );
  }
}

/** AlreadyReported: this effect was allowed, carried out and reported before; the tool did not run again. */
export class AlreadyReported extends CountersignError {
  /** The decision without its receipt: an error is printed and logged, and a receipt opens doors. */
  readonly decision: Omit<Decision, 'receipt'>;

  constructor(
    { receipt: _receipt, ...decision }: Decision,
    readonly status: OutcomeStatus,
  ) {
    super('ALREADY_REPORTED', {
      what: `This effect was carried out before and reported as ${status}.`,
      kept: `The decision is ${decision.id}; the tool did not run again.`,
      todo: 'Go on. A second effect of the same kind needs a name of its own.',
    });
    this.decision = decision;
  }
}

/**
 * AlreadyDone is what an idempotent tool throws when it finds that it carried out this very decision before: `guard` reports success and answers `result`.
 */
export class AlreadyDone<Result> extends Error {
  constructor(readonly result: Result) {
    super('This decision was carried out before.');
    this.name = 'AlreadyDone';
  }
}
