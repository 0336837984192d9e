import { z } from 'zod';
import { Named } from '@/lib/approvals/schema';
import { Verdict } from '@/lib/policy/schema';

/** How far back a view of what agents did may look, in days. */
export const activityDays = [1, 7, 30, 90] as const;
export const activityDaysDefault = 30;
export const ActivityDays = z.coerce.number().pipe(z.literal(activityDays)).catch(activityDaysDefault);

/** What the requests for approval came to. `secondsMedian` and `secondsP95` are from asking to a person's verdict. */
const Asked = z.object({
  asked: z.number(),
  waiting: z.number(),
  approved: z.number(),
  rejected: z.number(),
  expired: z.number(),
  cancelled: z.number(),
  secondsMedian: z.number().nullable(),
  secondsP95: z.number().nullable(),
});

/** What the decisions came to. Money is decimal text in the base currency, of actions that went ahead; `signed` are those a person had approved. */
const Counted = z.object({
  alone: z.number(),
  supervised: z.number(),
  signed: z.number(),
  halted: z.number(),
  denied: z.number(),
  moneyAlone: z.string(),
  moneySupervised: z.string(),
  moneySigned: z.string(),
});

export const ActionActivity = Asked.extend(Counted.shape).extend({
  action: z.string(),
  title: z.string(),
  /** The newest one in a sentence, as far as this person may see it. */
  example: z.object({ decisionId: z.string(), sentence: z.string() }).nullable(),
});
export type ActionActivity = z.infer<typeof ActionActivity>;

/** What agents did, what waited and what it cost, since `since`. */
export const Activity = z.object({
  days: z.number(),
  since: z.string(),
  currency: z.string(),
  /** More decisions than are counted at once: only the newest are in these numbers. */
  cut: z.boolean(),
  total: Asked.extend(Counted.shape),
  actions: z.array(ActionActivity),
  outcomes: z.object({
    reported: z.number(),
    missing: z.number(),
    succeeded: z.number(),
    failed: z.number(),
    partial: z.number(),
    ambiguous: z.number(),
    tokens: z.string(),
    costUsd: z.string(),
    costed: z.number(),
  }),
  biggest: z.array(
    z.object({ decisionId: z.string(), at: z.string(), sentence: z.string(), money: z.string(), verdict: Verdict, signed: z.boolean() }),
  ),
  waits: z.array(z.object({ action: z.string(), title: z.string(), count: z.number(), deciding: z.array(z.string()), text: z.string() })),
  stops: z.array(
    z.object({
      action: z.string(),
      title: z.string(),
      verdict: z.enum(['halt', 'deny']),
      count: z.number(),
      text: z.string(),
      newest: z.string(),
    }),
  ),
  deciders: z.array(z.object({ person: Named, approved: z.number(), rejected: z.number(), secondsMedian: z.number().nullable() })),
});
export type Activity = z.infer<typeof Activity>;
