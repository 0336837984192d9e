import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { JobId } from '@/lib/jobs/schema';
import { Refused } from './answers';

/** JobParams is the job that an address names. */
export const JobParams = z.object({ id: JobId });
/** `first`: false while an earlier ask of the same job waits. */
export const AskedAnswer = z.object({ id: z.string(), first: z.boolean() });

/** One table from a refused ask to its problem. */
const sayings = {
  NOT_ALLOWED: { code: 'FORBIDDEN', detail: 'Only an active administrator may do this. Nothing was changed.' },
  NOT_FOUND: { code: 'NOT_FOUND', detail: 'There is nothing here that you may see.' },
} as const satisfies Record<string, { code: ProblemCode; detail: string }>;

/** refusedAsk puts a refused ask for a job into words. */
export const refusedAsk = ({ code }: { code: keyof typeof sayings }): Refused => new Refused(sayings[code].code, sayings[code].detail);
