import { User } from '../schema';
import type { Reader, Tx } from './reader';

type UserRow = { id: string; personId: string; email: string; name: string; roles: string[]; status: string };

export const toUser = ({ id, personId, email, name, roles, status }: UserRow): User =>
  User.parse({ id, personId, email, name, roles, status });

export async function findUser(db: Reader, id: string): Promise<User | undefined> {
  const row = await db.user.findUnique({ where: { id } });
  return row ? toUser(row) : undefined;
}

export async function findUserByEmail(db: Reader, email: string): Promise<(User & { passwordHash: string }) | undefined> {
  const row = await db.user.findUnique({ where: { email } });
  return row ? { ...toUser(row), passwordHash: row.passwordHash } : undefined;
}

export async function listUsers(db: Reader): Promise<User[]> {
  return (await db.user.findMany({ orderBy: { id: 'asc' }, take: usersMax })).map(toUser);
}
const usersMax = 10_000;

/** lockUserShared holds a person's row until the transaction ends, so that nobody acts after the commit that removed them. */
export async function lockUserShared(tx: Tx, id: string): Promise<User | undefined> {
  const rows = await tx.$queryRaw<
    UserRow[]
  >`SELECT id, person_id AS "personId", email, name, roles, status FROM users WHERE id = ${id} FOR SHARE`;
  return rows[0] ? toUser(rows[0]) : undefined;
}

/** lockUserForChange takes the row that a change is about. */
export async function lockUserForChange(tx: Tx, id: string): Promise<User | undefined> {
  const rows = await tx.$queryRaw<
    UserRow[]
  >`SELECT id, person_id AS "personId", email, name, roles, status FROM users WHERE id = ${id} FOR UPDATE`;
  return rows[0] ? toUser(rows[0]) : undefined;
}

type NewAccount = Omit<User, 'status'> & { passwordHash: string; mustChangePassword: boolean };

/** insertUser answers false when the e-mail or the id is taken. */
export async function insertUser(tx: Tx, user: NewAccount): Promise<boolean> {
  const { count } = await tx.user.createMany({ data: [user], skipDuplicates: true });
  return count === 1;
}

/**
 * lockAdministrators is held by every change that could take away the last administrator, before any row: two of them, each leaving the other's
 * administrator, would otherwise leave none.
 */
export async function lockAdministrators(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(4850196113911168834)`;
}

/** deactivateUserRow writes where the account is active and another administrator remains; counts. */
export async function deactivateUserRow(tx: Tx, id: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE users u SET status = 'deactivated', deactivated_at = now() WHERE u.id = ${id} AND u.status = 'active'
      AND ('admin' <> ALL (u.roles) OR EXISTS (SELECT 1 FROM users o WHERE o.id <> u.id AND o.status = 'active' AND 'admin' = ANY (o.roles)))`;
}

/** reactivateUserRow opens a deactivated account under another password; counts. */
export async function reactivateUserRow(tx: Tx, id: string, passwordHash: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE users SET status = 'active', deactivated_at = NULL, password_hash = ${passwordHash}, must_change_password = true
    WHERE id = ${id} AND status = 'deactivated'`;
}

/** updateUserRow writes name and roles where the account is active and some administrator remains; counts. */
export async function updateUserRow(tx: Tx, id: string, name: string, roles: readonly string[]): Promise<number> {
  return tx.$executeRaw`
    UPDATE users u SET name = ${name}, roles = ${roles} WHERE u.id = ${id} AND u.status = 'active'
      AND ('admin' <> ALL (u.roles) OR 'admin' = ANY (${roles}::text[])
        OR EXISTS (SELECT 1 FROM users o WHERE o.id <> u.id AND o.status = 'active' AND 'admin' = ANY (o.roles)))`;
}

/** replacePassword writes a new hash where the account is active; with `from`, only over that one, so that a reset in between wins. Counts. */
export async function replacePassword(
  tx: Tx,
  id: string,
  to: { hash: string; mustChange: boolean; from: string | undefined },
): Promise<number> {
  return tx.$executeRaw`
    UPDATE users SET password_hash = ${to.hash}, must_change_password = ${to.mustChange}
    WHERE id = ${id} AND status = 'active' AND (${to.from ?? null}::text IS NULL OR password_hash = ${to.from ?? null})`;
}

/** findPasswordHash answers the hash of an active account. */
export async function findPasswordHash(db: Reader, id: string): Promise<string | undefined> {
  return (await db.user.findFirst({ where: { id, status: 'active' }, select: { passwordHash: true } }))?.passwordHash;
}

/** mustChangePassword tells whether an account still has a password that an administrator saw. */
export async function mustChangePassword(db: Reader, id: string): Promise<boolean> {
  return (await db.user.findUnique({ where: { id }, select: { mustChangePassword: true } }))?.mustChangePassword ?? false;
}
