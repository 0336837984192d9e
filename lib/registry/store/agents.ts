import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Agent, type AgentStatus } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most records a list answers. */
const listMax = 10_000;

type AgentRow = Omit<Agent, 'status' | 'autonomyFloor' | 'permissions'> & {
  status: string;
  autonomyFloor: number;
  permissions: { actionType: string }[];
};

const toAgent = ({ permissions, ...row }: AgentRow): Agent =>
  Agent.parse({ ...row, permissions: permissions.map(({ actionType }) => actionType).sort() });
const withPermissions = { permissions: { select: { actionType: true } } } as const;

export async function findAgent(db: Reader, id: string): Promise<Agent | undefined> {
  const row = await db.agent.findUnique({ where: { id }, include: withPermissions });
  return row ? toAgent(row) : undefined;
}

export async function listAgents(db: Reader): Promise<Agent[]> {
  return (await db.agent.findMany({ include: withPermissions, orderBy: { id: 'asc' }, take: listMax })).map(toAgent);
}

/** lockAgent takes the record that a change is about; undefined when there is none. */
export async function lockAgent(tx: Tx, id: string): Promise<Agent | undefined> {
  const locked = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM agents WHERE id = ${id} FOR UPDATE`;
  return locked.length === 1 ? findAgent(tx, id) : undefined;
}

/** insertAgent answers false when the id is taken. */
export async function insertAgent(tx: Tx, agent: Omit<Agent, 'status' | 'createdAt' | 'activatedAt'>): Promise<boolean> {
  const { permissions, ...data } = agent;
  const { count } = await tx.agent.createMany({ data: [data], skipDuplicates: true });
  if (count === 1) await insertPermissions(tx, agent.id, permissions);
  return count === 1;
}

/** moveAgent changes the state if it is still the one that was looked at. */
export async function moveAgent(tx: Tx, id: string, from: AgentStatus, to: AgentStatus): Promise<boolean> {
  const count =
    await tx.$executeRaw`UPDATE agents SET status = ${to}, activated_at = CASE WHEN ${to} = 'active' THEN coalesce(activated_at, now()) ELSE activated_at END
    WHERE id = ${id} AND status = ${from}`;
  return count === 1;
}

export async function insertPermissions(tx: Tx, agentId: string, actionTypes: readonly string[]): Promise<number> {
  if (actionTypes.length === 0) return 0;
  const { count } = await tx.agentPermission.createMany({
    data: actionTypes.map((actionType) => ({ agentId, actionType })),
    skipDuplicates: true,
  });
  return count;
}

/** hasLiveCredential asks identity's table, since activation shares the answer's commit and identity is built on the registry. */
export async function hasLiveCredential(tx: Tx, agentId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<
    unknown[]
  >`SELECT 1 FROM credentials WHERE agent_id = ${agentId} AND revoked_at IS NULL AND expires_at > now() LIMIT 1`;
  return rows.length > 0;
}
