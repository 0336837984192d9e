import { z } from 'zod';
import { recordId, RecordName } from './records';

export const SYSTEM_DESCRIPTION_LENGTH_MAX = 1_000;

/** SystemDescription is what a system is for, in a few lines; empty when nobody has said. */
export const SystemDescription = z
  .string()
  .trim()
  .max(SYSTEM_DESCRIPTION_LENGTH_MAX)
  .regex(/^[^\p{Cs}\p{Co}\0]*$/u);

/** System is something agents act on. */
export const System = z.object({ id: z.string(), name: z.string(), description: z.string() });
export type System = z.infer<typeof System>;

export const NewSystem = z.object({ id: recordId('sys').optional(), name: RecordName, description: SystemDescription.default('') });
export type NewSystem = z.input<typeof NewSystem>;

/** SystemText is what people may change of a system. */
export const SystemText = z.strictObject({ name: RecordName, description: SystemDescription });
export type SystemText = z.infer<typeof SystemText>;
