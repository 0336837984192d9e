import { z } from 'zod';
import type { Problem, ProblemCode } from '@/lib/kernel/problem';
import { may } from '@/lib/people/permissions';
import { heldPartsMax, heldProcessesMax, TeamId, UserId, type PersonActor, type User } from '@/lib/people/schema';
import { listUsers } from '@/lib/people/service';
import { Refused } from './answers';

export const PersonParams = z.object({ id: UserId });
export const TeamParams = z.object({ id: TeamId });
export const DoneAnswer = z.object({ id: z.string() });
export const SessionsEndedAnswer = z.object({ sessionsEnded: z.int() });

/** actorOf is a signed-in person as the doer of something. */
export const actorOf = (person: Pick<User, 'id'>): PersonActor => ({ type: 'user', id: person.id });

type Saying = { code: ProblemCode; detail: string; errors?: NonNullable<Problem['errors']> };
const beside = (pointer: string, code: ProblemCode, detail: string): Saying => ({ code, detail, errors: [{ pointer, detail }] });

/** One table from a refusal of people's services to its problem: what happened, what was kept, what to do. */
const sayings = {
  NOT_ALLOWED: { code: 'FORBIDDEN', detail: 'Only an active administrator may do this. Nothing was changed.' },
  NOT_FOUND: { code: 'NOT_FOUND', detail: 'There is nothing here that you may see.' },
  EMAIL_TAKEN: beside('/email', 'CONFLICT', 'Somebody here has this e-mail already, perhaps deactivated. Nobody was added.'),
  ACCOUNT_UNKNOWN: beside('/samePersonAs', 'UNPROCESSABLE', 'That other account is not there. Nobody was added.'),
  OWN_ROLES: beside('/roles', 'FORBIDDEN', 'Nobody gives roles to themselves. Another administrator can. Nothing was changed.'),
  OWN_ACCOUNT: { code: 'FORBIDDEN', detail: 'This is your own account, so another administrator has to do this. Nothing was changed.' },
  LAST_ADMIN: {
    code: 'CONFLICT',
    detail: 'This is the last active administrator. Give the role to somebody else first. Nothing was changed.',
  },
  DEACTIVATED: { code: 'CONFLICT', detail: 'This account is deactivated. Reactivate it first. Nothing was changed.' },
  ALREADY_DEACTIVATED: { code: 'CONFLICT', detail: 'This account was deactivated already. Nothing was changed.' },
  HOLDS_TOO_MUCH: {
    code: 'CONFLICT',
    detail: `This person holds more than can change hands at once: at most ${heldPartsMax.toLocaleString('en')} parts of agents and ${heldProcessesMax} processes. Give some of it to others first, under Succession, and try again; to keep them out meanwhile, give them a one-time password, which ends their sessions. Nothing was changed.`,
  },
  ALREADY_ACTIVE: { code: 'CONFLICT', detail: 'This account is active already. Nothing was changed.' },
  NOT_LOCKED: { code: 'CONFLICT', detail: 'Sign-in is not closed for this person any more. Nothing was changed.' },
  MANAGER_UNKNOWN: beside('/managerId', 'UNPROCESSABLE', 'The manager must be a person who is active here. Nothing was saved.'),
  MANAGER_SELF: beside('/managerId', 'UNPROCESSABLE', 'Nobody is their own manager, under any of their accounts. Nothing was saved.'),
  MANAGER_CYCLE: beside(
    '/managerId',
    'UNPROCESSABLE',
    'This person already stands above the one you chose, so each would be the manager of the other. Nothing was saved.',
  ),
  NAME_TAKEN: beside('/name', 'CONFLICT', 'Another team has this name. Nothing was saved.'),
  MEMBER_UNKNOWN: beside('/memberIds', 'UNPROCESSABLE', 'Only active people can join a team. Nothing was saved; look at the list again.'),
  WRONG_PASSWORD: beside('/present', 'UNPROCESSABLE', 'This is not your present password. Nothing was changed.'),
  SAME_PASSWORD: beside('/next', 'UNPROCESSABLE', 'This is the password you have. Choose another. Nothing was changed.'),
  SIGNED_OUT: { code: 'SIGNED_OUT', detail: 'Your session has ended. Sign in again; nothing was changed.' },
} as const satisfies Record<string, Saying>;

type Refusal = { ok: false; code: keyof typeof sayings } | { ok: false; code: 'LOCKED'; retryAfterSeconds: number };

/** refusedPeople puts a refusal of people's services into words. */
export function refusedPeople(refusal: Refusal): Refused {
  if (refusal.code === 'LOCKED')
    return new Refused(
      'RATE_LIMITED',
      `Too many wrong tries. Your password cannot be changed for ${waiting(refusal.retryAfterSeconds)}, and you cannot sign in anew; nothing else was changed.`,
    );
  const { code, detail, errors }: Saying = sayings[refusal.code];
  return new Refused(code, detail, errors);
}

function waiting(seconds: number): string {
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
}

/** viewerOf is what pages about people know of who looks at them. */
export const viewerOf = (person: Pick<User, 'id' | 'personId' | 'roles'>): { id: string; personId: string; manages: boolean } => ({
  id: person.id,
  personId: person.personId,
  manages: may(person, 'people:manage'),
});

/** listAdmins names the active administrators: who can, where the viewer cannot. */
export async function listAdmins(): Promise<{ id: string; name: string }[]> {
  const users = await listUsers();
  return users.filter((user) => user.status === 'active' && may(user, 'people:manage')).map(({ id, name }) => ({ id, name }));
}
