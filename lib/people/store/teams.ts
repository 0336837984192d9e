import type { Team } from '../schema';
import { UserStatus } from '../schema';
import type { Reader, Tx } from './reader';

const withMembers = {
  members: { include: { user: { select: { id: true, name: true, status: true } } }, orderBy: { user: { name: 'asc' } } },
} as const;

type TeamRow = { id: string; name: string; members: { user: { id: string; name: string; status: string } }[] };
const toTeam = ({ id, name, members }: TeamRow): Team => ({
  id,
  name,
  members: members.map(({ user }) => ({ id: user.id, name: user.name, status: UserStatus.parse(user.status) })),
});

/** Most teams a list answers. */
const teamsMax = 1_000;

export async function listTeams(db: Reader): Promise<Team[]> {
  return (await db.team.findMany({ include: withMembers, orderBy: { name: 'asc' }, take: teamsMax })).map(toTeam);
}

export async function findTeam(db: Reader, id: string): Promise<Team | undefined> {
  const row = await db.team.findUnique({ where: { id }, include: withMembers });
  return row ? toTeam(row) : undefined;
}

/** lockTeam takes the row that a change is about; false when there is none. */
export async function lockTeam(tx: Tx, id: string): Promise<boolean> {
  return (await tx.$queryRaw<unknown[]>`SELECT 1 FROM teams WHERE id = ${id} FOR UPDATE`).length === 1;
}

/** insertTeam answers false when the id or the name is taken. */
export async function insertTeam(tx: Tx, team: { id: string; name: string }): Promise<boolean> {
  const { count } = await tx.team.createMany({ data: [team], skipDuplicates: true });
  return count === 1;
}

/** renameTeamRow answers false when another team has the name. A concurrent one that takes it meanwhile makes the transaction fail. */
export async function renameTeamRow(tx: Tx, id: string, name: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE teams SET name = ${name} WHERE id = ${id} AND NOT EXISTS (SELECT 1 FROM teams o WHERE o.name = ${name} AND o.id <> ${id})`;
  return count === 1;
}

export async function addMembers(tx: Tx, teamId: string, userIds: readonly string[]): Promise<void> {
  await tx.teamMember.createMany({ data: userIds.map((userId) => ({ teamId, userId })) });
}

export async function removeMembers(tx: Tx, teamId: string, userIds: readonly string[]): Promise<void> {
  await tx.teamMember.deleteMany({ where: { teamId, userId: { in: [...userIds] } } });
}

/** countActive answers how many of these accounts are active. */
export async function countActive(tx: Tx, userIds: readonly string[]): Promise<number> {
  return tx.user.count({ where: { id: { in: [...userIds] }, status: 'active' } });
}
