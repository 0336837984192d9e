import { z } from 'zod';

export const TITLE_LENGTH_MAX = 120;

/** recordId is the shape of an id of one prefix: the ones Countersign makes, and readable ones such as `agt_invoices`. */
export const recordId = (prefix: 'agt' | 'prc' | 'sys') =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-z_]{1,60}$`), `Write ${prefix}_ and small letters, digits or _, such as ${prefix}_invoices.`);
/** RecordName is what a record is called: one line, nothing invisible. */
export const RecordName = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(TITLE_LENGTH_MAX, `At most ${TITLE_LENGTH_MAX} characters.`)
  .regex(/^[^\p{C}]*$/u, 'This has characters that cannot be shown.');
