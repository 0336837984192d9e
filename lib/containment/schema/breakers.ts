import { z } from 'zod';
import { Reason } from './reason';
import { SubjectId } from './subject';

/** Why a breaker opened: outcomes that did not succeed, checks refused for what was asked, or money that went ahead. */
export const BreakerCause = z.enum(['errors', 'refusals', 'spend']);
export type BreakerCause = z.infer<typeof BreakerCause>;

/** Why a half-open breaker opened again: what was tried failed, nobody said in time what became of it, or too much is spent still. */
export const BreakerAgain = z.enum(['failed', 'silent', 'over']);
export type BreakerAgain = z.infer<typeof BreakerAgain>;

/**
 * What was seen and what was allowed over the last `windowSeconds`. Errors and refusals: `observed` of the `of` outcomes or checks, against a
 * `threshold` in percent. Spend: both are decimals in `currency`, the base currency; `of` checks. `policy` says whose threshold it was; null: the usual
 * one. `pauseSeconds` is how long it stays open the first time.
 */
export const BreakerFacts = z.object({
  observed: z.string(),
  threshold: z.string(),
  of: z.number().int().nonnegative(),
  windowSeconds: z.number().int().positive(),
  currency: z.string().optional(),
  policy: z.object({ id: z.string(), version: z.number().int() }).nullable(),
  pauseSeconds: z.number().int().positive(),
  again: BreakerAgain.optional(),
});
export type BreakerFacts = z.infer<typeof BreakerFacts>;

/** Breaker is one circuit breaker as it stands: open until `probeAt`, then half-open until it closes or opens again. `times`: how often it opened without closing in between. */
export const Breaker = z.object({
  agentId: z.string(),
  actionType: z.string(),
  state: z.enum(['open', 'closed']),
  cause: BreakerCause,
  facts: BreakerFacts,
  openedAt: z.date(),
  probeAt: z.date(),
  probes: z.number().int().positive(),
  times: z.number().int().positive(),
  closedAt: z.date().nullable(),
  closedBy: z.string().nullable(),
});
export type Breaker = z.infer<typeof Breaker>;

/** Where a breaker stands at an instant. */
export const BreakerState = z.enum(['closed', 'open', 'half_open']);
export type BreakerState = z.infer<typeof BreakerState>;

/** The one name under which everything counts that nobody registered: no action type can have it. */
export const undeclaredActions = '(undeclared)';

/** ResetBreaker is a person's word that an agent may do this again, and why. */
export const ResetBreaker = z.strictObject({ agent: SubjectId, actionType: SubjectId, reason: Reason });
export type ResetBreaker = z.infer<typeof ResetBreaker>;

/** Most breakers that are listed, and most events of one agent's history. */
export const breakersListMax = 500;
export const breakerHistoryMax = 200;

const Named = z.object({ id: z.string(), name: z.string() });

/** BreakerItem is one breaker that is open or half-open, as people read it. Instants are RFC 3339. `used`: how many of its probes went ahead. */
export const BreakerItem = z.object({
  agent: Named,
  process: Named,
  actionType: z.string(),
  title: z.string(),
  state: BreakerState.exclude(['closed']),
  cause: BreakerCause,
  /** What was seen: `13 of 20 outcomes did not succeed`. */
  observed: z.string(),
  /** From where it opens: `50 % within 5 minutes`. */
  threshold: z.string(),
  again: BreakerAgain.nullable(),
  policy: z.object({ id: z.string(), version: z.number(), name: z.string() }).nullable(),
  openedAt: z.string(),
  probeAt: z.string(),
  probes: z.number(),
  used: z.number(),
  times: z.number(),
  /** Whether the person who looks may reset it. */
  mayReset: z.boolean(),
});
export type BreakerItem = z.infer<typeof BreakerItem>;

/** BreakerEvent is one opening or closing of an agent's breakers, from the ledger. `by` is null when it closed by itself; `seq` is the ledger's row. */
export const BreakerEvent = z.object({
  seq: z.string(),
  at: z.string(),
  actionType: z.string(),
  change: z.enum(['opened', 'opened_again', 'recovered', 'reset']),
  cause: BreakerCause.nullable(),
  observed: z.string().nullable(),
  threshold: z.string().nullable(),
  by: Named.nullable(),
});
export type BreakerEvent = z.infer<typeof BreakerEvent>;

export const BreakerQuery = z.object({ agent: SubjectId.optional() });
export const BreakerList = z.object({ open: z.array(BreakerItem), history: z.array(BreakerEvent) });
export type BreakerList = z.infer<typeof BreakerList>;
