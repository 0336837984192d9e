import { z } from 'zod';
import { AmountText, Currency } from '@/lib/registry/schema';

/** Shortest and longest time a threshold looks back over; gateways count in steps of ten seconds. */
export const BREAKER_WITHIN_SECONDS_MIN = 10;
export const BREAKER_WITHIN_SECONDS_MAX = 3_600;
export const BREAKER_AT_LEAST_MAX = 100_000;
/** Shortest and longest time a breaker stays open before it lets probes through. */
export const BREAKER_PAUSE_SECONDS_MIN = 10;
export const BREAKER_PAUSE_SECONDS_MAX = 86_400;
export const BREAKER_PROBES_MAX = 100;

/** BREAKER_DEFAULTS is when a circuit breaker opens where no policy says otherwise: half of what an agent does fails or is refused, or it spends far more than it should in an hour. */
export const BREAKER_DEFAULTS = {
  errors: { percent: 50, atLeast: 10, withinSeconds: 300 },
  refusals: { percent: 50, atLeast: 20, withinSeconds: 300 },
  spend: { amount: '1000000', currency: 'USD', atLeast: 5, withinSeconds: 3_600 },
  pauseSeconds: 60,
  probes: 3,
} as const;

const WithinSeconds = z.int().min(BREAKER_WITHIN_SECONDS_MIN).max(BREAKER_WITHIN_SECONDS_MAX);
/** With fewer than this in the time looked back over, nothing opens. */
const AtLeast = z.int().min(1).max(BREAKER_AT_LEAST_MAX);

/** BreakerShare opens when `percent` or more of at least so many within so long. */
export const BreakerShare = z.strictObject({ percent: z.int().min(1).max(100), atLeast: AtLeast, withinSeconds: WithinSeconds });
export type BreakerShare = z.infer<typeof BreakerShare>;

/** BreakerSpend opens when this much or more went ahead within so long, over at least so many checks. */
export const BreakerSpend = z.strictObject({ amount: AmountText, currency: Currency, atLeast: AtLeast, withinSeconds: WithinSeconds });
export type BreakerSpend = z.infer<typeof BreakerSpend>;

export const NEVER = 'never';
const orNever = <Shape extends z.ZodType>(shape: Shape) => z.union([z.literal(NEVER), shape]);

/**
 * BreakerSection is when the circuit breaker of an agent and an action type opens, each part supplied like any other: by the most specific default that
 * says it, and by every guardrail. `errors` is of outcomes that did not succeed, `refusals` of checks denied or halted for what was asked, `spend` of
 * money that went ahead; `never` says that a default does not open for it.
 */
export const BreakerSection = z
  .strictObject({
    errors: orNever(BreakerShare).optional(),
    refusals: orNever(BreakerShare).optional(),
    spend: orNever(BreakerSpend).optional(),
    pauseSeconds: z.int().min(BREAKER_PAUSE_SECONDS_MIN).max(BREAKER_PAUSE_SECONDS_MAX).optional(),
    /** How many actions go ahead, over all gateways, before it is known whether it closes. */
    probes: z.int().min(1).max(BREAKER_PROBES_MAX).optional(),
  })
  .refine((section) => Object.values(section).some((part) => part !== undefined), 'an empty breaker is left out instead');
export type BreakerSection = z.infer<typeof BreakerSection>;

/** neverSaid lists the parts of which a section says that nothing opens; a guardrail cannot say so, since it only tightens. */
export const neverSaid = (section: BreakerSection): ('errors' | 'refusals' | 'spend')[] =>
  (['errors', 'refusals', 'spend'] as const).filter((part) => section[part] === NEVER);
