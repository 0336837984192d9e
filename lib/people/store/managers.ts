import type { User } from '../schema';
import type { Reader, Tx } from './reader';
import { toUser } from './users';

/** Longest line of managers that is followed upwards; a longer one is refused as a circle. */
export const managersAboveMax = 100;
const accountsMax = 10_000;

export async function findManagerId(db: Reader, id: string): Promise<string | null> {
  return (await db.user.findUnique({ where: { id }, select: { managerId: true } }))?.managerId ?? null;
}

/** setManager writes whose manager it is; counts. */
export async function setManager(tx: Tx, id: string, managerId: string | null): Promise<number> {
  return tx.$executeRaw`UPDATE users SET manager_id = ${managerId} WHERE id = ${id}`;
}

/** listPersonsAbove answers the persons over an account, nearest first: a manager of any account of a person stands over all of them. */
export async function listPersonsAbove(db: Reader, id: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ personId: string }[]>`
    WITH RECURSIVE above (person_id, depth) AS (
      SELECT m.person_id, 1 FROM users u JOIN users o ON o.person_id = u.person_id JOIN users m ON m.id = o.manager_id WHERE u.id = ${id}
      UNION
      SELECT m.person_id, a.depth + 1 FROM above a JOIN users o ON o.person_id = a.person_id JOIN users m ON m.id = o.manager_id
        WHERE a.depth < ${managersAboveMax}::int)
    SELECT person_id AS "personId" FROM above GROUP BY person_id ORDER BY min(depth)`;
  return rows.map(({ personId }) => personId);
}

/** listAccounts answers these accounts and every account of one person, deactivated ones too. */
export async function listAccounts(db: Reader, ids: readonly string[], personId: string): Promise<User[]> {
  const rows = await db.user.findMany({
    where: { OR: [{ id: { in: [...new Set(ids)] } }, { personId }] },
    orderBy: { id: 'asc' },
    take: accountsMax,
  });
  return rows.map(toUser);
}

/** countReports answers how many active people have this account as their manager. */
export const countReports = (db: Reader, id: string): Promise<number> => db.user.count({ where: { managerId: id, status: 'active' } });
