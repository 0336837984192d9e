import type { PeopleFilter } from '../schema';
import type { Reader } from './reader';

/** Filter of the list; `ids` narrows it to these accounts. */
export type ListFilter = { search: string | undefined; role: PeopleFilter['role']; status: string | undefined; ids: string[] | undefined };

const listed = {
  id: true,
  personId: true,
  email: true,
  name: true,
  roles: true,
  status: true,
  mustChangePassword: true,
  createdAt: true,
  deactivatedAt: true,
  teams: { select: { team: { select: { id: true, name: true } } }, orderBy: { team: { name: 'asc' } } },
} as const;

// Prisma writes ILIKE and leaves its signs as they are.
const holding = (text: string) => ({ contains: text.replaceAll(/[\\%_]/g, String.raw`\$&`), mode: 'insensitive' as const });

const where = ({ search, role, status, ids }: ListFilter) => ({
  ...(search ? { OR: [{ name: holding(search) }, { email: holding(search) }] } : {}),
  ...(role ? { roles: { has: role } } : {}),
  ...(status ? { status } : {}),
  ...(ids ? { id: { in: ids } } : {}),
});

/** listPeople answers accounts by name, from the one after `after`. */
export const listPeople = (db: Reader, filter: ListFilter, after: string | undefined, limit: number) =>
  db.user.findMany({
    where: where(filter),
    select: listed,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: limit,
    ...(after === undefined ? {} : { cursor: { id: after }, skip: 1 }),
  });
export type ListedRow = Awaited<ReturnType<typeof listPeople>>[number];

export const countPeople = (db: Reader, filter: ListFilter): Promise<number> => db.user.count({ where: where(filter) });

export const findListed = (db: Reader, id: string) =>
  db.user.findUnique({ where: { id }, select: { ...listed, manager: { select: { id: true, name: true, status: true } } } });

/** listAccountsOf answers the accounts of one human but this one. */
export const listOtherAccounts = (db: Reader, personId: string, except: string) =>
  db.user.findMany({
    where: { personId, id: { not: except } },
    select: { id: true, name: true, email: true, status: true },
    orderBy: { id: 'asc' },
    take: otherAccountsMax,
  });
const otherAccountsMax = 20;

/** lastSignIns answers when each of these accounts was last signed in. */
export async function lastSignIns(db: Reader, ids: readonly string[]): Promise<Map<string, Date>> {
  const rows = await db.session.groupBy({ by: ['userId'], where: { userId: { in: [...ids] } }, _max: { createdAt: true } });
  return new Map(rows.flatMap(({ userId, _max }) => (_max.createdAt ? [[userId, _max.createdAt] as const] : [])));
}

/** listEmails answers the address of every account. */
export const listEmails = (db: Reader): Promise<{ id: string; email: string }[]> =>
  db.user.findMany({ select: { id: true, email: true }, take: emailsMax });
const emailsMax = 10_000;
