import { z } from 'zod';

/** Longest reason a person gives. */
export const reasonLengthMax = 2_000;

/** Reason is why, in a person's words: readable text, not empty. */
export const Reason = z
  .string()
  .trim()
  .min(1)
  .max(reasonLengthMax)
  .regex(/^(?:\P{C}|[\n\t])+$/u);
export type Reason = z.infer<typeof Reason>;
