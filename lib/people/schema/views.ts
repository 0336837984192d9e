import { z } from 'zod';
import { UserStatus } from './accounts';
import { Role } from './roles';

/** People on one page of the list. */
export const peoplePageMax = 50;
/** Most processes and agents that are named to who deactivates somebody; the rest is counted. */
export const ownedNamedMax = 20;

export const PeopleFilter = z.object({
  search: z.string().trim().max(120).optional(),
  role: Role.optional(),
  /** `locked`: active, and closed for sign-in after too many wrong passwords. */
  status: z.enum(['active', 'deactivated', 'locked']).optional(),
});
export type PeopleFilter = z.infer<typeof PeopleFilter>;

/** PeopleQuery is a filter and where to go on: `after` is the id of the last person of the page before. */
export const PeopleQuery = PeopleFilter.extend({ after: z.string().max(40).optional() });
export type PeopleQuery = z.infer<typeof PeopleQuery>;

const Named = z.object({ id: z.string(), name: z.string() });
const At = z.iso.datetime();

/** PersonRow is one account in the list of people. */
export const PersonRow = z.object({
  id: z.string(),
  personId: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(Role),
  status: UserStatus,
  teams: z.array(Named),
  lastSignInAt: At.nullable(),
  /** Until when sign-in is closed after too many wrong passwords; null when it is open. */
  lockedUntil: At.nullable(),
  mustChangePassword: z.boolean(),
});
export type PersonRow = z.infer<typeof PersonRow>;

export const PeoplePage = z.object({ people: z.array(PersonRow), next: z.string().nullable(), total: z.int() });
export type PeoplePage = z.infer<typeof PeoplePage>;

/** OtherAccount is another account of the same human. */
export const OtherAccount = z.object({ id: z.string(), name: z.string(), email: z.string(), status: UserStatus });
export type OtherAccount = z.infer<typeof OtherAccount>;

export const PersonView = PersonRow.extend({
  createdAt: At,
  deactivatedAt: At.nullable(),
  sessions: z.int(),
  otherAccounts: z.array(OtherAccount),
  /** Who inherits what nobody else was named for; null: nobody was chosen. */
  manager: Named.extend({ status: UserStatus }).nullable(),
  /** How many active people have this one as their manager. */
  reports: z.int(),
});
export type PersonView = z.infer<typeof PersonView>;

/** Departure is what ends when an account is deactivated, and what then needs a new owner. */
export const Departure = z.object({
  sessions: z.int(),
  /** Approvals this account signed that no agent has used yet. */
  signed: z.int(),
  /** Requests made on this person's behalf that are open. */
  onBehalf: z.int(),
  processes: z.array(Named),
  processCount: z.int(),
  agents: z.array(Named),
  agentCount: z.int(),
  raciCells: z.int(),
  teams: z.array(Named),
  otherAccounts: z.array(OtherAccount),
});
export type Departure = z.infer<typeof Departure>;

/** OwnSession is one place where a person is signed in. */
export const OwnSession = z.object({ current: z.boolean(), createdAt: At, expiresAt: At });
export type OwnSession = z.infer<typeof OwnSession>;

/** Closed is what sign-in is closed for beside accounts of people: e-mails nobody has, and network addresses. Only numbers are kept of them. */
export const Closed = z.object({ unknownEmails: z.int(), addresses: z.int(), until: At.nullable() });
export type Closed = z.infer<typeof Closed>;

/** OneTimePassword is shown once, to the administrator who asked for it. */
export const OneTimePassword = z.object({ id: z.string(), oneTimePassword: z.string() });
export type OneTimePassword = z.infer<typeof OneTimePassword>;
