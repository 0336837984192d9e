import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { sameRoles, whyNotGiveRoles, type ManagerRefusal, type RolesRefusal } from '../domain';
import { NewPerson, NewUser, PersonRecord, type Actor, type Refused, type User } from '../schema';
import * as store from '../store';
import { findManagerId, setManager } from '../store/managers';
import { refuseManager } from './managers';
import { hashPassword, newOneTimePassword } from './passwords';
import { actAs, onAccount, type Doer } from './transactions';

export type NewUserOutcome = { ok: true; user: User } | Refused<'NOT_ALLOWED' | 'EMAIL_TAKEN' | 'OWN_ROLES'>;

/**
 * createUser makes an account with a given password, which its person must change at the first sign-in unless Countersign itself made it at
 * set-up. Throws when `input` is not a NewUser.
 */
export async function createUser(actor: Actor, input: NewUser): Promise<NewUserOutcome> {
  const { password, id = newId('usr'), personId = newId('per'), ...rest } = NewUser.parse(input);
  const passwordHash = await hashPassword(password);
  return actAs(actor, 'people:manage', (tx, doer) => insertAccount(tx, { actor, doer }, { id, personId, ...rest }, passwordHash));
}

export type NewPersonOutcome =
  | { ok: true; user: User; oneTimePassword: string }
  | Refused<'NOT_ALLOWED' | 'EMAIL_TAKEN' | 'OWN_ROLES' | 'ACCOUNT_UNKNOWN' | ManagerRefusal>;

/**
 * addPerson makes an account with a one-time password, which this answer alone holds. A second account of one human shares its person, so that
 * nobody signs twice. Throws when `input` is not a NewPerson.
 */
export async function addPerson(actor: Actor, input: NewPerson): Promise<NewPersonOutcome> {
  const { samePersonAs, managerId = null, ...rest } = NewPerson.parse(input);
  const oneTimePassword = newOneTimePassword();
  const passwordHash = await hashPassword(oneTimePassword);
  return actAs(actor, 'people:manage', async (tx, doer): Promise<NewPersonOutcome> => {
    const other = samePersonAs === undefined ? undefined : await store.findUser(tx, samePersonAs);
    if (samePersonAs !== undefined && !other) return { ok: false, code: 'ACCOUNT_UNKNOWN' };
    const user = { id: newId('usr'), personId: other?.personId ?? newId('per'), ...rest };
    const refusal = managerId === null ? undefined : await refuseManager(tx, user, managerId);
    if (refusal) return { ok: false, code: refusal };
    const made = await insertAccount(tx, { actor, doer }, user, passwordHash, managerId);
    return made.ok ? { ...made, oneTimePassword } : made;
  });
}

/** insertAccount makes an account in the caller's transaction, with its event; EMAIL_TAKEN or OWN_ROLES where one may not be made. */
export async function insertAccount(
  tx: store.Tx,
  by: { actor: Actor; doer: Doer },
  user: Omit<User, 'status'>,
  passwordHash: string,
  managerId: string | null = null,
): Promise<NewUserOutcome> {
  const { actor, doer } = by;
  // A second account of one's own would be roles one gives oneself.
  if (doer?.personId === user.personId) return { ok: false, code: 'OWN_ROLES' };
  const mustChangePassword = actor.type !== 'system';
  if (!(await store.insertUser(tx, { ...user, passwordHash, mustChangePassword }))) return { ok: false, code: 'EMAIL_TAKEN' };
  const { id, personId, roles } = user;
  if (managerId !== null) await setManager(tx, id, managerId);
  const data = { person: personId, roles, ...(managerId === null ? {} : { manager: managerId }) };
  await appendEvent(tx, { kind: 'user.created', actor, subject: { type: 'user', id }, data });
  return { ok: true, user: { ...user, status: 'active' } };
}

export type ChangeUserOutcome =
  { ok: true; user: User } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'LAST_ADMIN' | RolesRefusal | ManagerRefusal>;

/** changeUser gives an active account this name, these roles and this manager; throws when `input` is not a PersonRecord. */
export function changeUser(actor: Actor, userId: string, input: PersonRecord): Promise<ChangeUserOutcome> {
  const { name, roles, managerId } = PersonRecord.parse(input);
  return onAccount(actor, userId, async (tx, { doer, target }): Promise<ChangeUserOutcome> => {
    const rolesChange = !sameRoles(roles, target.roles);
    const refusal = whyNotGiveRoles(doer?.personId, target);
    if (refusal === 'DEACTIVATED' || (refusal && rolesChange)) return { ok: false, code: refusal };
    const before = await findManagerId(tx, userId);
    const manager = managerId === undefined ? before : managerId;
    const managerChange = manager !== before;
    const noManager = managerChange && manager !== null ? await refuseManager(tx, target, manager) : undefined;
    if (noManager) return { ok: false, code: noManager };
    const renamed = name !== target.name;
    if (!rolesChange && !renamed && !managerChange) return { ok: true, user: target };
    if ((await store.updateUserRow(tx, userId, name, roles)) !== 1) return { ok: false, code: 'LAST_ADMIN' };
    if (managerChange) await setManager(tx, userId, manager);
    await appendEvent(tx, {
      kind: 'user.changed',
      actor,
      subject: { type: 'user', id: userId },
      data: {
        renamed,
        ...(rolesChange ? { roles_before: target.roles, roles } : {}),
        ...(managerChange ? { manager_before: before, manager } : {}),
      },
    });
    return { ok: true, user: { ...target, name, roles } };
  });
}
