import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { ActionType, Agent, type AgentStatus, type ClassificationStatus, type Process, type System } from './schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most records a list answers; the spine has no paging for the inventory. */
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

export async function findActionStatuses(db: Reader, names: readonly string[]): Promise<Map<string, ClassificationStatus>> {
  const rows = await db.actionType.findMany({ where: { name: { in: [...names] } }, select: { name: true, status: true } });
  return new Map(rows.map(({ name, status }) => [name, ActionType.shape.status.parse(status)]));
}

type ActionRow = { name: string; systemId: string; title: string; status: string; schemaVersion: number; document: Prisma.JsonValue };

function toActionType(row: ActionRow): ActionType {
  const document = typeof row.document === 'object' && row.document !== null && !Array.isArray(row.document) ? row.document : {};
  const { parameters, classification, sentence } = document;
  const { name, title, status } = row;
  return ActionType.parse({
    name,
    title,
    system: row.systemId,
    version: row.schemaVersion,
    status,
    parameters,
    classification,
    ...(sentence === undefined ? {} : { sentence }),
  });
}

export async function findActionType(db: Reader, name: string): Promise<ActionType | undefined> {
  const row = await db.actionType.findUnique({ where: { name } });
  return row ? toActionType(row) : undefined;
}

export async function listActionTypes(db: Reader): Promise<ActionType[]> {
  return (await db.actionType.findMany({ orderBy: { name: 'asc' }, take: listMax })).map(toActionType);
}

/** lockActionType takes the type that a change is about; undefined when there is none. */
export async function lockActionType(tx: Tx, name: string): Promise<ActionType | undefined> {
  const locked = await tx.$queryRaw<{ name: string }[]>`SELECT name FROM action_types WHERE name = ${name} FOR UPDATE`;
  return locked.length === 1 ? findActionType(tx, name) : undefined;
}

const toDocument = ({ parameters, classification, sentence }: Pick<ActionType, 'parameters' | 'classification' | 'sentence'>): string =>
  JSON.stringify({ parameters, classification, sentence });

/** insertActionType answers false when someone was faster. */
export async function insertActionType(tx: Tx, type: ActionType): Promise<boolean> {
  const count = await tx.$executeRaw`INSERT INTO action_types (name, system_id, title, status, schema_version, document)
    VALUES (${type.name}, ${type.system}, ${type.title}, ${type.status}, ${type.version}, ${toDocument(type)}::jsonb) ON CONFLICT DO NOTHING`;
  return count === 1;
}

export async function updateActionType(tx: Tx, type: ActionType): Promise<void> {
  await tx.$executeRaw`UPDATE action_types SET system_id = ${type.system}, title = ${type.title}, status = ${type.status}, schema_version = ${type.version},
    document = ${toDocument(type)}::jsonb, changed_at = now() WHERE name = ${type.name}`;
}

export async function findProcess(db: Reader, id: string): Promise<Process | undefined> {
  const row = await db.process.findUnique({ where: { id }, select: { id: true, name: true, ownerId: true } });
  return row ?? undefined;
}

export async function listProcesses(db: Reader): Promise<Process[]> {
  return db.process.findMany({ select: { id: true, name: true, ownerId: true }, orderBy: { id: 'asc' }, take: listMax });
}

export async function insertProcess(tx: Tx, process: Process): Promise<boolean> {
  return (await tx.process.createMany({ data: [process], skipDuplicates: true })).count === 1;
}

export async function findSystem(db: Reader, id: string): Promise<System | undefined> {
  const row = await db.system.findUnique({ where: { id }, select: { id: true, name: true } });
  return row ?? undefined;
}

export async function listSystems(db: Reader): Promise<System[]> {
  return db.system.findMany({ select: { id: true, name: true }, orderBy: { id: 'asc' }, take: listMax });
}

export async function insertSystem(tx: Tx, system: System): Promise<boolean> {
  return (await tx.system.createMany({ data: [system], skipDuplicates: true })).count === 1;
}
