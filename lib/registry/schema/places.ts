import { z } from 'zod';
import { recordId, RecordName } from './records';

/** Process is a business process; its owner is the one person accountable for its outcomes. */
export const Process = z.object({ id: z.string(), name: z.string(), ownerId: z.string() });
export type Process = z.infer<typeof Process>;
export const NewProcess = z.object({ id: recordId('prc').optional(), name: RecordName, ownerId: z.string() });
export type NewProcess = z.input<typeof NewProcess>;

/** System is something agents act on. */
export const System = z.object({ id: z.string(), name: z.string() });
export type System = z.infer<typeof System>;
export const NewSystem = z.object({ id: recordId('sys').optional(), name: RecordName });
export type NewSystem = z.input<typeof NewSystem>;
