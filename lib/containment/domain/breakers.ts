import { decimalUnits } from '@/lib/kernel/money';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';
import type { BreakerPlan, ShareLimit } from '@/lib/policy/domain';
import type { Breaker, BreakerAgain, BreakerCause, BreakerFacts, BreakerState } from '../schema';

/** Longest a breaker stays open. */
export const pauseSecondsMax = 86_400;
/** Probes that went ahead and whose outcome nobody told within this time open the breaker again. */
export const probeSilenceSeconds = 600;
/** What nobody registered can never go ahead, so its breaker closes when nothing was refused for this long. */
export const calmSeconds = 3_600;
/** Gateways count in steps of ten seconds, and windows are rounded up: by then nothing of a window is left in it. */
const windowSlackSeconds = 20;

/** What all gateways counted of an agent and an action type over a window. `spend` is a decimal in the base currency. */
export type BreakerTotals = { checks: number; refused: number; succeeded: number; failed: number; spend: string };

/** Opening is why a breaker opens, for how long, and how many probes follow. */
export type Opening = { cause: BreakerCause; facts: BreakerFacts; pauseSeconds: number; probes: number };

/** windowsOf lists the windows, in seconds, that a plan looks back over. */
export const windowsOf = ({ errors, refusals, spend }: BreakerPlan): number[] => [
  ...new Set([...errors, ...refusals, ...spend].map(({ withinSeconds }) => withinSeconds)),
];

/** whyOpen says why a closed breaker opens, given what was counted over each window; undefined: it stays closed. */
export function whyOpen(plan: BreakerPlan, totalsOf: (seconds: number) => BreakerTotals | undefined, base: string): Opening | undefined {
  const { pauseSeconds, probes } = plan;
  const opens = (cause: BreakerCause, facts: Omit<BreakerFacts, 'pauseSeconds'>, pause = pauseSeconds): Opening => ({
    cause,
    facts: { ...facts, pauseSeconds: Math.min(pause, pauseSecondsMax) },
    pauseSeconds: Math.min(pause, pauseSecondsMax),
    probes,
  });
  for (const limit of plan.errors) {
    const { succeeded = 0, failed = 0 } = totalsOf(limit.withinSeconds) ?? {};
    if (reaches(limit, failed, succeeded + failed)) return opens('errors', shareFacts(limit, failed, succeeded + failed));
  }
  for (const limit of plan.refusals) {
    const { checks = 0, refused = 0 } = totalsOf(limit.withinSeconds) ?? {};
    if (reaches(limit, refused, checks)) return opens('refusals', shareFacts(limit, refused, checks));
  }
  for (const { base: threshold, atLeast, withinSeconds, policy } of plan.spend) {
    const { checks = 0, spend = '0' } = totalsOf(withinSeconds) ?? {};
    if (checks < atLeast || !isAtLeast(spend, threshold)) continue;
    const facts = { observed: spend, threshold, of: checks, windowSeconds: withinSeconds, currency: base, policy };
    // Probes before that would be spent on top of what was too much.
    return opens('spend', facts, Math.max(pauseSeconds, withinSeconds + windowSlackSeconds));
  }
  return undefined;
}

const reaches = ({ percent, atLeast }: ShareLimit, observed: number, of: number): boolean =>
  of >= atLeast && observed * 100 >= percent * of;

const shareFacts = ({ percent, withinSeconds, policy }: ShareLimit, observed: number, of: number) => ({
  observed: String(observed),
  threshold: String(percent),
  of,
  windowSeconds: withinSeconds,
  policy,
});

const isAtLeast = (spend: string, threshold: string): boolean => (decimalUnits(spend) ?? 0n) >= (decimalUnits(threshold) ?? 0n);

/** breakerState is where a breaker stands at an instant. */
export function breakerState({ state, probeAt }: Pick<Breaker, 'state' | 'probeAt'>, now: Date): BreakerState {
  if (state === 'closed') return 'closed';
  return now.getTime() < probeAt.getTime() ? 'open' : 'half_open';
}

/** pauseAfter is how long a breaker stays open that opens again: twice as long as before each time, up to a day. */
export const pauseAfter = (firstSeconds: number, times: number): number =>
  Math.min(firstSeconds * 2 ** Math.min(times, 20), Math.max(firstSeconds, pauseSecondsMax));

/**
 * What became of what was tried since a breaker became half-open. `used` probes went ahead, the last at `lastAt`. `good` and `bad` are outcomes (errors)
 * or checks (refusals); `spend` is what went ahead within the window, in the base currency. `declared`: it is about a registered action type.
 */
export type Tried = { used: number; lastAt: Date | null; good: number; bad: number; spend: string; declared: boolean };

/** What a half-open breaker does next. */
export type Next = { to: 'half_open' } | { to: 'closed' } | { to: 'open'; again: BreakerAgain; facts: BreakerFacts; pauseSeconds: number };

const stays: Next = { to: 'half_open' };
const closes: Next = { to: 'closed' };

/** afterHalfOpen decides what a half-open breaker does next. One bad probe opens it again; as many good ones as it lets through close it. */
export function afterHalfOpen(breaker: Pick<Breaker, 'cause' | 'facts' | 'probes' | 'probeAt' | 'times'>, tried: Tried, now: Date): Next {
  const { cause, facts, probes, probeAt, times } = breaker;
  const since = (at: Date) => (now.getTime() - at.getTime()) / 1_000;
  const opens = (again: BreakerAgain, observed: string, of: number): Next => ({
    to: 'open',
    again,
    facts: { ...facts, observed, of, again },
    pauseSeconds: pauseAfter(facts.pauseSeconds, times),
  });
  if (cause === 'spend') return isAtLeast(tried.spend, facts.threshold) ? opens('over', tried.spend, tried.used) : closes;
  if (tried.bad > 0) return opens('failed', String(tried.bad), tried.good + tried.bad);
  if (tried.good >= probes) return closes;
  if (!tried.declared) return since(probeAt) >= calmSeconds ? closes : stays;
  if (tried.used >= probes && tried.lastAt && since(tried.lastAt) >= probeSilenceSeconds)
    return opens('silent', String(tried.used - tried.good), tried.used);
  return stays;
}

/** mayResetBreaker tells whether a person may close a breaker by their word: a process owner those of their own processes' agents, others any. */
export const mayResetBreaker = (person: { roles: readonly Role[] }, ownsProcess: boolean): boolean =>
  may(person, 'breakers:reset') && (ownsProcess || !ownProcessOnly(person, 'breakers:reset'));
