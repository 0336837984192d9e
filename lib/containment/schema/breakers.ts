import { z } from 'zod';

/** Why a breaker opened. */
export const BreakerCause = z.enum(['errors', 'refusals', 'spend']);
export type BreakerCause = z.infer<typeof BreakerCause>;

/** What was seen and what was allowed, over a window: counts, or money in the base currency as a decimal. `policy` says whose threshold it was; none: the default. */
export const BreakerFacts = z.object({
  observed: z.string(),
  threshold: z.string(),
  of: z.number().int().nonnegative(),
  windowSeconds: z.number().int().positive(),
  policy: z.object({ id: z.string(), version: z.number().int() }).nullable(),
});
export type BreakerFacts = z.infer<typeof BreakerFacts>;

/** Breaker is one circuit breaker as it stands: open until `probeAt`, then half-open until it closes or opens again. */
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
