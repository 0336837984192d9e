import { z } from 'zod';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most agents and processes of one holder that are looked at. */
const holdingMax = 10_000;

export type AgentPart = 'owner' | 'sponsor' | 'technical_owner';
export type AgentHolding = {
  id: string;
  name: string;
  status: string;
  version: number;
  ownerId: string;
  sponsorId: string | null;
  technicalOwnerId: string | null;
  successorIds: string[];
  /** The persons who built it. */
  editors: string[];
  processId: string;
  processOwnerId: string;
};
export type ProcessHolding = {
  id: string;
  name: string;
  ownerId: string;
  /** The persons who built an agent of it that may still act. */
  editors: string[];
};

const ended = ['decommissioned', 'rejected'];

/** lockHoldings holds all that an account holds, in id order, until the transaction ends. What refers to it anew waits for its row, which is held. */
export async function lockHoldings(tx: Tx, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM processes WHERE owner_id = ${userId} OR id IN (
    SELECT process_id FROM raci_cells WHERE role = 'accountable' AND user_id = ${userId}) ORDER BY id FOR NO KEY UPDATE`;
  await tx.$queryRaw`SELECT 1 FROM agents WHERE status <> 'decommissioned' AND ${userId} IN (owner_id, sponsor_id, technical_owner_id)
    ORDER BY id FOR NO KEY UPDATE`;
}

const agentShown = {
  id: true,
  name: true,
  status: true,
  version: true,
  ownerId: true,
  sponsorId: true,
  technicalOwnerId: true,
  successorIds: true,
  editors: true,
  processId: true,
  process: { select: { ownerId: true } },
} as const;
type AgentRow = Prisma.AgentGetPayload<{ select: typeof agentShown }>;
const toAgent = ({ process, ...agent }: AgentRow): AgentHolding => ({ ...agent, processOwnerId: process.ownerId });

/** listHeldAgents answers the agents of which an account is owner, sponsor or technical owner, by id; not decommissioned ones. */
export async function listHeldAgents(db: Reader, userId: string): Promise<AgentHolding[]> {
  const rows = await db.agent.findMany({
    where: { status: { not: 'decommissioned' }, OR: [{ ownerId: userId }, { sponsorId: userId }, { technicalOwnerId: userId }] },
    select: agentShown,
    orderBy: { id: 'asc' },
    take: holdingMax,
  });
  return rows.map(toAgent);
}

export async function findAgentHolding(db: Reader, id: string): Promise<AgentHolding | undefined> {
  const row = await db.agent.findUnique({ where: { id }, select: agentShown });
  return row ? toAgent(row) : undefined;
}

const processShown = {
  id: true,
  name: true,
  ownerId: true,
  agents: { where: { status: { notIn: ended } }, select: { editors: true } },
} as const;
type ProcessRow = Prisma.ProcessGetPayload<{ select: typeof processShown }>;
const toProcess = ({ agents, ...process }: ProcessRow): ProcessHolding => ({
  ...process,
  editors: [...new Set(agents.flatMap(({ editors }) => editors))],
});

/** listHoldings answers processes by id with who built in them. */
export async function listProcessHoldings(db: Reader, where: { ownedBy: string } | { ids: readonly string[] }): Promise<ProcessHolding[]> {
  const rows = await db.process.findMany({
    where: 'ownedBy' in where ? { ownerId: where.ownedBy } : { id: { in: [...where.ids] } },
    select: processShown,
    orderBy: { id: 'asc' },
    take: holdingMax,
  });
  return rows.map(toProcess);
}

export type AgentHandOver = { agentId: string; part: AgentPart; from: string; to: string };

/**
 * moveAgentParts gives parts of agents to other people in one statement, where each is still held by whom it is taken from, and counts one edit for
 * each agent; answers the ids of the agents it changed.
 */
export async function moveAgentParts(tx: Tx, moves: readonly AgentHandOver[]): Promise<string[]> {
  const rows = await tx.$queryRaw<unknown>`
    WITH moved AS (
      SELECT agent_id, max(to_user) FILTER (WHERE part = 'owner') AS owner_to, max(from_user) FILTER (WHERE part = 'owner') AS owner_from,
        max(to_user) FILTER (WHERE part = 'sponsor') AS sponsor_to, max(from_user) FILTER (WHERE part = 'sponsor') AS sponsor_from,
        max(to_user) FILTER (WHERE part = 'technical_owner') AS technical_to, max(from_user) FILTER (WHERE part = 'technical_owner') AS technical_from
      FROM unnest(${moves.map(({ agentId }) => agentId)}::text[], ${moves.map(({ part }) => part)}::text[],
        ${moves.map(({ from }) => from)}::text[], ${moves.map(({ to }) => to)}::text[]) AS given (agent_id, part, from_user, to_user)
      GROUP BY agent_id)
    UPDATE agents a SET owner_id = coalesce(m.owner_to, a.owner_id), sponsor_id = coalesce(m.sponsor_to, a.sponsor_id),
      technical_owner_id = coalesce(m.technical_to, a.technical_owner_id), version = a.version + 1, changed_at = now()
    FROM moved m WHERE a.id = m.agent_id AND a.status <> 'decommissioned' AND (m.owner_from IS NULL OR a.owner_id = m.owner_from)
      AND (m.sponsor_from IS NULL OR a.sponsor_id = m.sponsor_from) AND (m.technical_from IS NULL OR a.technical_owner_id = m.technical_from)
    RETURNING a.id`;
  return z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map(({ id }) => id);
}

/** moveProcessOwner gives a process to another owner where it is still owned by whom it is taken from; counts. */
export async function moveProcessOwner(tx: Tx, id: string, from: string, to: string): Promise<number> {
  return tx.$executeRaw`UPDATE processes SET owner_id = ${to} WHERE id = ${id} AND owner_id = ${from}`;
}
