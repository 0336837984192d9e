import { z } from 'zod';
import { recordId, RecordName } from './records';

/** ProcessId is an id such as `prc_payables`. */
export const ProcessId = recordId('prc');
export const PROCESS_DESCRIPTION_LENGTH_MAX = 1_000;
const Description = z
  .string()
  .trim()
  .max(PROCESS_DESCRIPTION_LENGTH_MAX)
  .regex(/^[^\p{Cs}\p{Co}\0]*$/u);

/** Process is a business process; its owner is the one person accountable for its outcomes. */
export const Process = z.object({ id: z.string(), name: z.string(), ownerId: z.string(), description: z.string() });
export type Process = z.infer<typeof Process>;

const OwnerId = z.string().min(1, 'choose one person').max(64);
export const NewProcess = z.object({
  id: ProcessId.optional(),
  name: RecordName,
  ownerId: OwnerId,
  description: Description.default(''),
});
export type NewProcess = z.input<typeof NewProcess>;

/** ProcessRecord is the whole of a process as it is edited. */
export const ProcessRecord = z.strictObject({ name: RecordName, description: Description, ownerId: OwnerId });
export type ProcessRecord = z.input<typeof ProcessRecord>;

/** ProcessChange is what a process shall be, and what it was shown as. */
export const ProcessChange = ProcessRecord.extend({
  shown: z.strictObject({ name: z.string(), description: z.string(), ownerId: z.string() }),
});
export type ProcessChange = z.input<typeof ProcessChange>;
