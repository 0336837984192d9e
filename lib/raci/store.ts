import { z } from 'zod';
import { Role } from '@/lib/people/schema';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Cell, type CellChange, type Holder, type RaciRole, type Stage } from './schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

type CellRow = { processId: string; agentId: string | null; stage: string; role: string; userId: string | null; teamId: string | null };
export type ProcessCell = Cell & { processId: string };

const toCell = ({ processId, agentId, stage, role, userId, teamId }: CellRow): ProcessCell => ({
  processId,
  ...Cell.parse({ stage, role, agentId, holder: userId === null ? { type: 'team', id: teamId } : { type: 'user', id: userId } }),
});
const column = ({ type, id }: Holder): { userId: string | null; teamId: string | null } => ({
  userId: type === 'user' ? id : null,
  teamId: type === 'team' ? id : null,
});

export async function insertCells(tx: Tx, processId: string, cells: readonly Cell[]): Promise<void> {
  await tx.raciCell.createMany({
    data: cells.map(({ stage, role, holder, agentId }) => ({ processId, agentId, stage, role, ...column(holder) })),
  });
}

/** listCells answers the cells of one process or of all, in the order in which they were named. */
export async function listCells(db: Reader, processId?: string): Promise<ProcessCell[]> {
  const rows = await db.raciCell.findMany({
    where: processId === undefined ? {} : { processId },
    select: { processId: true, agentId: true, stage: true, role: true, userId: true, teamId: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(toCell);
}

/** writeChanges takes holders out of cells and puts others in; the constraint triggers look at the whole when the transaction commits. */
export async function writeChanges(tx: Tx, processId: string, agentId: string | null, changes: readonly CellChange[]): Promise<void> {
  for (const { stage, role, removed } of changes)
    for (const holder of removed) await tx.raciCell.deleteMany({ where: { processId, agentId, stage, role, ...column(holder) } });
  await insertCells(
    tx,
    processId,
    changes.flatMap(({ stage, role, added }) => added.map((holder): Cell => ({ stage, role, holder, agentId }))),
  );
}

/** moveAccountable gives every stage that one person is Accountable for to another, exceptions too (or only `cells`), and answers which. */
export async function moveAccountable(
  tx: Tx,
  processId: string,
  from: string,
  to: string,
  cells?: readonly { stage: string; agentId: string | null }[],
): Promise<{ stage: Stage; agentId: string | null }[]> {
  const rows = await tx.$queryRaw<{ stage: string; agentId: string | null }[]>`
    UPDATE raci_cells SET user_id = ${to} WHERE process_id = ${processId} AND role = 'accountable' AND user_id = ${from}
      AND (${cells === undefined}::boolean OR (stage, coalesce(agent_id, '')) IN (
        SELECT * FROM unnest(${(cells ?? []).map(({ stage }) => stage)}::text[], ${(cells ?? []).map(({ agentId }) => agentId ?? '')}::text[])))
    RETURNING stage, agent_id AS "agentId"`;
  const role: RaciRole = 'accountable';
  return rows.map(({ stage, agentId }) => {
    const cell = Cell.parse({ stage, role, agentId, holder: { type: 'user', id: to } });
    return { stage: cell.stage, agentId: cell.agentId };
  });
}

/** listAccountable answers who is Accountable where: in these processes, or wherever one account is. */
export async function listAccountable(
  db: Reader,
  which: { processIds: readonly string[] } | { userId: string },
): Promise<{ processId: string; userId: string; stage: string; agentId: string | null }[]> {
  const rows = await db.raciCell.findMany({
    where: { role: 'accountable', ...('userId' in which ? { userId: which.userId } : { processId: { in: [...which.processIds] } }) },
    select: { processId: true, userId: true, stage: true, agentId: true },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ userId, ...cell }) => (userId === null ? [] : [{ ...cell, userId }]));
}

/** lockPeople holds these accounts as they are until the transaction ends, so that nobody is named after the commit that removed them. */
export async function lockPeople(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.$queryRaw`SELECT 1 FROM users WHERE id = ANY (${[...ids]}) ORDER BY id FOR SHARE`;
}

/** listPeople answers every account, those who left too: a matrix may still name them. */
export async function listPeople(db: Reader): Promise<{ id: string; personId: string; name: string; roles: Role[]; active: boolean }[]> {
  const rows = await db.user.findMany({
    select: { id: true, personId: true, name: true, roles: true, status: true },
    orderBy: { name: 'asc' },
  });
  return rows.map(({ roles, status, ...person }) => ({ ...person, roles: z.array(Role).parse(roles), active: status === 'active' }));
}

export async function listTeams(db: Reader): Promise<{ id: string; name: string; members: string[] }[]> {
  const rows = await db.team.findMany({
    select: { id: true, name: true, members: { select: { userId: true } } },
    orderBy: { name: 'asc' },
  });
  return rows.map(({ members, ...team }) => ({ ...team, members: members.map(({ userId }) => userId) }));
}

/** listAgents answers the agents of one process or of all, with the persons who built each. */
export const listAgents = (
  db: Reader,
  processId?: string,
): Promise<{ id: string; name: string; status: string; processId: string; editors: string[] }[]> =>
  db.agent.findMany({
    where: processId === undefined ? {} : { processId },
    select: { id: true, name: true, status: true, processId: true, editors: true },
    orderBy: { name: 'asc' },
  });

/** listHistory answers the ledger's rows about a process and its matrix, newest first. */
export async function listHistory(db: Reader, processId: string, limit: number): Promise<bigint[]> {
  const rows = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM ledger_entries WHERE process_id = ${processId} AND kind IN ('process.created', 'process.changed', 'raci.changed')
    ORDER BY seq DESC LIMIT ${limit}`;
  return rows.map(({ seq }) => seq);
}
