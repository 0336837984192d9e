import { z } from 'zod';
import { Email, NewPassword, passwordLengthMax, PersonName, Roles, UserId } from './accounts';

/** ManagerId names the person who inherits what nobody else was named for; null: nobody. */
const ManagerId = UserId.nullable();

/** NewPerson is an account that an administrator makes; `samePersonAs` names another account of the same human. */
export const NewPerson = z.strictObject({
  name: PersonName,
  email: Email,
  roles: Roles,
  samePersonAs: UserId.optional(),
  managerId: ManagerId.optional(),
});
export type NewPerson = z.input<typeof NewPerson>;

/** PersonRecord is the whole of what an administrator edits of an account; without `managerId` the manager stays. */
export const PersonRecord = z.strictObject({ name: PersonName, roles: Roles, managerId: ManagerId.optional() });
export type PersonRecord = z.input<typeof PersonRecord>;

/** PasswordChange is a person's own: the present password and the one to come. */
export const PasswordChange = z.strictObject({
  present: z.string().min(1, 'type your present password').max(passwordLengthMax),
  next: NewPassword,
});
export type PasswordChange = z.input<typeof PasswordChange>;

/**
 * Most that one deactivation moves, since it is one commit of at most 5 s: parts of agents (who owns, sponsors and runs one holds three), and processes
 * owned or answered for in a stage. Who holds more gives some of it to others first.
 */
export const heldPartsMax = 4_000;
export const heldProcessesMax = 200;
