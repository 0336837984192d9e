import { z } from 'zod';

/** SubjectId names what is stopped or reset: an id or an action type's name, without anything a database cannot keep. */
export const SubjectId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}]+$/u, 'holds characters that cannot be shown');
