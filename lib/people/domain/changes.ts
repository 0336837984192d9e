import { heldPartsMax, heldProcessesMax, type Role, type User } from '../schema';

// The same functions answer the button and the server. `actorPersonId` is undefined for Countersign itself, at set-up.

type Target = Pick<User, 'personId' | 'status'>;
type ActorPerson = string | undefined;

export type DeactivationRefusal = 'OWN_ACCOUNT' | 'ALREADY_DEACTIVATED';

/** whyNotDeactivate says why an account stays: nobody removes themselves, so one administrator always remains. */
export function whyNotDeactivate(actorPersonId: ActorPerson, target: Target): DeactivationRefusal | undefined {
  if (actorPersonId === target.personId) return 'OWN_ACCOUNT';
  if (target.status !== 'active') return 'ALREADY_DEACTIVATED';
  return undefined;
}

/** holdsTooMuch tells whether an account holds more than its deactivation can move in one commit. */
export const holdsTooMuch = ({ parts, processes }: { parts: number; processes: number }): boolean =>
  parts > heldPartsMax || processes > heldProcessesMax;

export type RolesRefusal = 'OWN_ROLES' | 'DEACTIVATED';

/** whyNotGiveRoles says why an account keeps its roles: nobody chooses their own, under whichever of their accounts. */
export function whyNotGiveRoles(actorPersonId: ActorPerson, target: Target): RolesRefusal | undefined {
  if (target.status !== 'active') return 'DEACTIVATED';
  if (actorPersonId === target.personId) return 'OWN_ROLES';
  return undefined;
}

export type ResetRefusal = 'OWN_ACCOUNT' | 'DEACTIVATED';

/** whyNotReset says why no one-time password is given: one's own is changed with the present one instead. */
export function whyNotReset(actorPersonId: ActorPerson, target: Target): ResetRefusal | undefined {
  if (target.status !== 'active') return 'DEACTIVATED';
  if (actorPersonId === target.personId) return 'OWN_ACCOUNT';
  return undefined;
}

export type ReactivationRefusal = 'OWN_ACCOUNT' | 'ALREADY_ACTIVE';

/** whyNotReactivate says why an account is not opened again: nobody brings back an account of their own, since it would come with its roles. */
export function whyNotReactivate(actorPersonId: ActorPerson, target: Target): ReactivationRefusal | undefined {
  if (target.status === 'active') return 'ALREADY_ACTIVE';
  if (actorPersonId === target.personId) return 'OWN_ACCOUNT';
  return undefined;
}

/** sameRoles tells whether two lists give the same roles, in whatever order. */
export const sameRoles = (a: readonly Role[], b: readonly Role[]): boolean =>
  new Set([...a, ...b]).size === new Set(a).size && new Set(a).size === new Set(b).size;

export type ManagerRefusal = 'MANAGER_UNKNOWN' | 'MANAGER_SELF' | 'MANAGER_CYCLE';

/**
 * whyNotManager says why somebody is not made the manager of an account: they left, they are the same human, or the account already stands above
 * them. `above` are the persons over the manager, nearest first, the manager left out.
 */
export function whyNotManager(
  target: Pick<User, 'personId'>,
  manager: Target | undefined,
  above: readonly string[],
): ManagerRefusal | undefined {
  if (manager?.status !== 'active') return 'MANAGER_UNKNOWN';
  if (manager.personId === target.personId) return 'MANAGER_SELF';
  return above.includes(target.personId) ? 'MANAGER_CYCLE' : undefined;
}
