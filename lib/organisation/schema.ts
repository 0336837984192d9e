import { z } from 'zod';
import { Email, NewPassword, PersonName } from '@/lib/people/schema';

export const organisationNameLengthMax = 120;
const claimTokenLengthMax = 200;

/** OrganisationName is what the installation's house is called: one line, nothing invisible. */
export const OrganisationName = z
  .string()
  .trim()
  .min(1, 'say whose installation this is')
  .max(organisationNameLengthMax, `at most ${organisationNameLengthMax} characters`)
  .regex(/^\P{C}*$/u, 'holds characters that cannot be seen');

/** Organisation is whose installation this is. `sample`: made to be tried; `leaving`: an administrator has asked to leave the sample. */
export const Organisation = z.object({ name: z.string(), sample: z.boolean(), leaving: z.boolean() });
export type Organisation = z.infer<typeof Organisation>;

/** Claim is the first administrator of an empty installation, with the token that the start command printed. */
export const Claim = z.strictObject({
  token: z.string().trim().min(1, 'copy it from the terminal').max(claimTokenLengthMax),
  organisation: OrganisationName,
  name: PersonName,
  email: Email,
  password: NewPassword,
});
export type Claim = z.infer<typeof Claim>;
