import { z } from 'zod';
import { Named } from '@/lib/approvals/schema';

/** Supervised actions on one page: those of a busy day, so that the newest is mostly on it though the first deadline is in front. */
export const supervisedPageMax = 200;

/** `process`, `agent` and `tier` narrow the list; without a process it holds those the person answers for. `after` is the last row seen. */
export const SupervisedQuery = z.object({
  process: z.string().max(80).optional(),
  agent: z.string().max(80).optional(),
  action: z.string().max(200).optional(),
  after: z
    .string()
    .regex(/^[0-9]{1,20}-[1-9][0-9]{0,18}$/)
    .optional(),
});
export type SupervisedQuery = z.infer<typeof SupervisedQuery>;

/** One action that went ahead and can still be undone until `until`. */
export const SupervisedItem = z.object({
  decisionId: z.string(),
  seq: z.string(),
  at: z.string(),
  until: z.string(),
  action: z.string(),
  sentence: z.string(),
  amount: z.string().nullable(),
  agent: Named,
  process: Named,
  compensation: z.string().nullable(),
});
export type SupervisedItem = z.infer<typeof SupervisedItem>;

/** A page, the deadline that comes first in front. `answersFor` counts the processes whoever asks answers for. */
export const SupervisedPage = z.object({
  items: z.array(SupervisedItem),
  next: z.string().nullable(),
  count: z.number(),
  answersFor: z.number(),
});
export type SupervisedPage = z.infer<typeof SupervisedPage>;
