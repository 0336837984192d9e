import { z } from 'zod';
import { Role, roles } from './roles';

/** Longest password accepted: a bound on the work of hashing, far above any real one. */
export const passwordLengthMax = 1024;
/** Shortest password a new account may have. */
export const passwordLengthMin = 12;
/** Longest name of a person or a team. */
export const nameLengthMax = 120;

/** Email is an address of a person in lower case: what differs only in case is one account. */
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
export type Email = z.infer<typeof Email>;

export const UserStatus = z.enum(['active', 'deactivated']);
export type UserStatus = z.infer<typeof UserStatus>;

/** User is an account as the rest of the house sees it: never with its password hash. */
export const User = z.object({
  id: z.string(),
  personId: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(Role),
  status: UserStatus,
});
export type User = z.infer<typeof User>;

/** SignIn is what a sign-in form sends; `address` is the client's network address as the server saw it. */
export const SignIn = z.object({
  email: z.string().max(1024),
  password: z.string().max(passwordLengthMax),
  address: z.string().min(1).max(64),
});
export type SignIn = z.infer<typeof SignIn>;

/** SignedIn is a live session and whose it is; while `mustChangePassword`, it opens nothing but the choice of a password. */
export const SignedIn = z.object({ sessionId: z.string(), expiresAt: z.date(), mustChangePassword: z.boolean(), user: User });
export type SignedIn = z.infer<typeof SignedIn>;

export const UserId = z.string().regex(/^usr_[0-9a-z]{1,26}$/);
const PersonId = z.string().regex(/^per_[0-9a-z]{1,26}$/);

/** PersonName is a name as people read it: nothing in it is invisible. */
export const PersonName = z
  .string()
  .trim()
  .min(1, 'say who this is')
  .max(nameLengthMax, `at most ${nameLengthMax} characters`)
  .regex(/^\P{C}*$/u, 'holds characters that cannot be seen');

/** NewPassword is a password as it may be chosen. */
export const NewPassword = z
  .string()
  .min(passwordLengthMin, `at least ${passwordLengthMin} characters`)
  .max(passwordLengthMax, `at most ${passwordLengthMax} characters`);

/** Roles are those of one account, each once, in the order of the closed list; an account without any could do nothing. */
export const Roles = z
  .array(Role)
  .min(1, 'choose at least one role')
  .max(roles.length)
  .transform((given) => roles.filter((role) => given.includes(role)));

/** NewUser is an account to create. A second account of one human names the same `personId`, since duties are separated between persons. */
export const NewUser = z.object({
  id: UserId.optional(),
  personId: PersonId.optional(),
  email: Email,
  name: PersonName,
  password: NewPassword,
  roles: Roles,
});
export type NewUser = z.input<typeof NewUser>;

/**
 * Actor is who does something on the people plane: a signed-in person, the same person at the server's command line, or Countersign itself
 * where no person acts (first set-up, replaying an example, rotating keys, jobs). An agent can never be one.
 */
export type Actor = PersonActor | SystemActor;
export type SystemActor = { type: 'system'; id: 'setup' | 'replay' | 'keys' | 'jobs' };
export type PersonActor = { type: 'user' | 'operator'; id: string };

/** Refused is an expected "no" as a value; `code` is from the closed list of the function that answers it. */
export type Refused<Code extends string> = { ok: false; code: Code };
