import type { ApprovalRequest, Decision, OutcomeStatus } from './answers';
import type { CallOptions, Check, Countersign, Report, WaitOptions, Words } from './client';
import { valueDigest, type Resource } from './digest';
import { AlreadyDone, AlreadyReported, CountersignError, OutcomeUnknown, RequestRefused } from './errors';
import { frozenJson } from './json';
import { outcomeOfError } from './outcome';
import { consistentReceipt } from './receipt-claims';
import { Pursuit } from './pursuit';

/** What a tool gets beside its arguments: the decision it runs under. */
export type Permit = {
  decision: string;
  /** To be handed to whatever carries the action out; it is good for 30 seconds. */
  receipt: string;
  verdict: 'allow' | 'allow_reversible';
  tier: number;
  digest: string;
  /** The approval that was used, when a person decided. */
  approval?: string;
  /** Until when the action can be reversed (Tier 2), RFC 3339. */
  reversalDeadline?: string;
  /** Ends when the caller gives up. */
  signal?: AbortSignal;
};

export type GuardOptions<Args extends object, Result> = {
  /** The action type, as it is registered: `payments.schedule`. */
  action: string;
  /**
   * The name of this effect within the task, from its arguments: `pay INV-2291`. It stands for one action and is what a restarted process is
   * recognised by, for a day: the same name never asks, or acts, twice.
   */
  effect: (args: Args) => string;
  /** What the action is done to, if it is part of what is decided. */
  resource?: (args: Args) => Resource;
  /** The agent's account. A restarted process has to say the same of the same effect: derive it from the arguments. */
  words?: (args: Args) => Words;
  /** Whom the agent acts for. */
  onBehalfOf?: (args: Args) => string | undefined;
  /**
   * The tool takes each decision once: it checks receipts, or uses the decision's id as its own key. Then it can safely be called again after a crash;
   * without it, an effect whose first process never said how it ended throws OutcomeUnknown. False unless told otherwise.
   */
  idempotent?: boolean;
  /** What a thrown error means. Unless given: time-outs and connections lost on the way are ambiguous, everything else failed. */
  outcomeOf?: (error: unknown) => 'failed' | 'ambiguous';
  /** More for the report of a success; the digest of the result is there already. */
  report?: (result: Result) => Omit<Report, 'status' | 'effectKey'> & { status?: 'succeeded' | 'partial' };
  /** Hears that a person has to decide, once for each call. Throwing ends the call; the request stays. */
  onWaiting?: (request: ApprovalRequest, decision: Decision) => void;
  /** Hears that an outcome could not be reported; the console lists it as missing. A process warning unless given. */
  onUnreported?: (error: unknown, decision: string) => void;
};

/** How one call of a guarded tool is to be made. */
export type GuardedCall = WaitOptions;
/** A tool that runs only with an allow, on a frozen copy of its arguments: exactly what was decided. */
export type Guarded<Args extends object, Result> = (args: Args, call?: GuardedCall) => Promise<Result>;

type Tool<Args, Result> = (args: Args, permit: Permit) => Result | Promise<Result>;
type Job<Args extends object, Result> = { tool: Tool<Args, Result>; args: Args; options: GuardOptions<Args, Result> };

/** guardTool is Countersign.guard. */
export function guardTool<Args extends object, Result>(
  client: Countersign,
  tool: Tool<Args, Result>,
  options: GuardOptions<Args, Result>,
): Guarded<Args, Result> {
  const underway = new Map<string, { digest: string | undefined; ended: Promise<Result> }>();
  return async (given, call = {}) => {
    // Copied before anything is asked: the caller may change its object while a person reads.
    const args = frozenJson(given) as Args;
    const effect = options.effect(args);
    if (typeof effect !== 'string' || effect === '') throw new TypeError('An effect needs a name.');
    const digest = valueDigest(args);
    const same = underway.get(effect);
    if (same && same.digest === digest) return same.ended;
    if (same) throw new RequestRefused(409, 'EFFECT_UNDERWAY', `the effect "${effect}" is under way with other arguments.`);
    const ended = attempt(client, { tool, args, options }, effect, call).finally(() => underway.delete(effect));
    underway.set(effect, { digest, ended });
    return ended;
  };
}

async function attempt<Args extends object, Result>(
  client: Countersign,
  job: Job<Args, Result>,
  effect: string,
  call: GuardedCall,
): Promise<Result> {
  const { options, args } = job;
  const check: Check = {
    ...options.words?.(args),
    action: options.action,
    arguments: args,
    resource: options.resource?.(args),
    onBehalfOf: options.onBehalfOf?.(args),
  };
  const pursuit = new Pursuit(client, check, effect, call, options.onWaiting);
  for (let attempts = 0; ; attempts++) {
    const allowed = await pursuit.allowed(attempts);
    const receipt = consistentReceipt(allowed, check);
    if (allowed.replayed) {
      const before = await endOf(client, allowed, call);
      if (before === 'failed') continue;
      if (before !== 'ambiguous') throw new AlreadyReported(allowed, before);
      if (!options.idempotent) throw new OutcomeUnknown('This effect was allowed to an earlier process, which never said how it ended.');
    }
    call.signal?.throwIfAborted();
    return run(client, job, permitOf(allowed, receipt, call), allowed);
  }
}

/** endOf says that nobody here knows how an earlier process ended, and hears what is known: `ambiguous` when nothing is. */
async function endOf(client: Countersign, decision: Decision, { signal }: CallOptions): Promise<OutcomeStatus> {
  // A report never changes what is settled, so the one that is taken names it.
  for (const status of ['ambiguous', 'succeeded', 'failed'] as const) {
    try {
      return (await client.report(decision.id, { status, effectKey: decision.effectKey }, { signal })).status;
    } catch (error) {
      if (!(error instanceof RequestRefused) || error.code !== 'OUTCOME_REPORTED') throw error;
    }
  }
  return 'partial';
}

async function run<Args extends object, Result>(
  client: Countersign,
  { tool, args, options }: Job<Args, Result>,
  permit: Permit,
  decision: Decision,
): Promise<Result> {
  const tell = (report: Report): Promise<void> => tellOutcome(client, decision, report, options.onUnreported);
  let result: Result;
  try {
    result = await tool(args, permit);
  } catch (error) {
    if (error instanceof AlreadyDone) {
      result = error.result as Result;
    } else {
      const status = error instanceof OutcomeUnknown ? 'ambiguous' : (options.outcomeOf ?? outcomeOfError)(error);
      await tell({ status: status === 'failed' ? 'failed' : 'ambiguous' });
      if (status === 'failed' || error instanceof CountersignError) throw error;
      throw new OutcomeUnknown('The tool ended without saying whether the action took effect.', { cause: error });
    }
  }
  await tell({ status: 'succeeded', outputDigest: valueDigest(result), ...options.report?.(result) });
  return result;
}

// The effect is there whatever the gateway says now: what could not be reported is said aloud, and listed as missing by the console.
async function tellOutcome(
  client: Countersign,
  { id, effectKey }: Decision,
  report: Report,
  onUnreported: GuardOptions<object, unknown>['onUnreported'],
): Promise<void> {
  try {
    await client.report(id, { ...report, effectKey });
  } catch (error) {
    if (onUnreported) return onUnreported(error, id);
    process.emitWarning(`the outcome of ${id} (${report.status}) could not be reported: ${String(error)}`, 'CountersignWarning');
  }
}

function permitOf(decision: Decision, receipt: { text: string; approval: string | undefined }, { signal }: CallOptions): Permit {
  return {
    decision: decision.id,
    receipt: receipt.text,
    verdict: decision.verdict === 'allow_reversible' ? 'allow_reversible' : 'allow',
    tier: decision.tier ?? 0,
    digest: decision.digest,
    ...(receipt.approval === undefined ? {} : { approval: receipt.approval }),
    ...(decision.reversalDeadline === undefined ? {} : { reversalDeadline: decision.reversalDeadline }),
    ...(signal ? { signal } : {}),
  };
}
