import { decimalUnits, formatUnits, toBase } from '@/lib/kernel/money';
import { supplied } from '@/lib/policy/domain/supplied';
import type { Candidate, Supplied } from '@/lib/policy/domain/supplied';
import { BREAKER_DEFAULTS, NEVER } from '@/lib/policy/schema';
import type { BreakerSection, BreakerShare, BreakerSpend, PolicyRef, RateTable } from '@/lib/policy/schema';

/** By whom a threshold is: a policy and its version, or null for what holds where no policy says anything. */
type By = { policy: PolicyRef | null };
export type ShareLimit = BreakerShare & By;
/** `base` is the amount in the base currency, unrounded. */
export type SpendLimit = BreakerSpend & { base: string } & By;

/** BreakerPlan is when the circuit breaker of one action type of one agent opens: any threshold of a list does. Plain JSON. */
export type BreakerPlan = {
  errors: readonly ShareLimit[];
  refusals: readonly ShareLimit[];
  spend: readonly SpendLimit[];
  pauseSeconds: number;
  probes: number;
};

/**
 * breakerPlan resolves the sections that cover an action, part by part: the most specific defaults (all of a tie) and every guardrail; the more
 * restrictive holds. What nobody says is as BREAKER_DEFAULTS.
 */
export function breakerPlan(candidates: readonly Candidate[], rates: RateTable): BreakerPlan {
  const say = <Value>(pick: (section: BreakerSection) => Value | undefined) =>
    supplied(candidates, ({ breaker }) => breaker && pick(breaker));
  const { errors, refusals, spend, pauseSeconds, probes } = BREAKER_DEFAULTS;
  return {
    errors: limits(
      say((section) => section.errors),
      errors,
    ),
    refusals: limits(
      say((section) => section.refusals),
      refusals,
    ),
    spend: limits<BreakerSpend>(
      say((section) => section.spend),
      spend,
    ).map((limit) => ({ ...limit, base: inBase(limit, rates) })),
    pauseSeconds: Math.max(
      ...numbers(
        say((section) => section.pauseSeconds),
        pauseSeconds,
      ),
    ),
    probes: Math.min(
      ...numbers(
        say((section) => section.probes),
        probes,
      ),
    ),
  };
}

function limits<Limit extends object>(supplied: readonly Supplied<Limit | typeof NEVER>[], usual: Limit): (Limit & By)[] {
  const said = supplied.flatMap(({ policy, value }) =>
    value === NEVER ? [] : [{ ...value, policy: { id: policy.id, version: policy.version } }],
  );
  // A guardrail alone only adds to what holds anyway.
  return supplied.some(({ policy }) => policy.kind === 'default') ? said : [...said, { ...usual, policy: null }];
}

function numbers(supplied: readonly Supplied<number>[], usual: number): number[] {
  const said = supplied.map(({ value }) => value);
  return supplied.some(({ policy }) => policy.kind === 'default') ? said : [...said, usual];
}

/** A policy's currency has a rate, or the policies would not compile; the usual amount of a base currency without one is taken as it stands. */
function inBase({ amount, currency }: BreakerSpend, rates: RateTable): string {
  const units = decimalUnits(amount) ?? 0n;
  return formatUnits(toBase(units, currency, rates) ?? units, 0);
}
