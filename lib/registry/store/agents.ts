import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Agent, type AgentFields, type AgentStatus } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most records a list answers. */
const listMax = 10_000;
/** Most policies looked at for one agent. */
const policiesMax = 10_000;

const withPermissions = { permissions: { select: { actionType: true } } } as const;
type AgentRow = Prisma.AgentGetPayload<{ include: typeof withPermissions }>;

const dayOf = (date: Date | null): string | null => date?.toISOString().slice(0, 10) ?? null;
const dateOf = (day: string | null): Date | null => (day === null ? null : new Date(`${day}T00:00:00Z`));

const toAgent = ({ permissions, endsOn, nextReviewOn, ...row }: AgentRow): Agent =>
  Agent.parse({
    ...row,
    endsOn: dayOf(endsOn),
    nextReviewOn: dayOf(nextReviewOn),
    permissions: permissions.map(({ actionType }) => actionType).sort(),
  });

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

/** holdAgent keeps the record as it is until the transaction ends, for a change that is not about it but depends on its state. */
export async function holdAgent(tx: Tx, id: string): Promise<Agent | undefined> {
  const locked = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM agents WHERE id = ${id} FOR SHARE`;
  return locked.length === 1 ? findAgent(tx, id) : undefined;
}

function columnsOf(fields: AgentFields) {
  const { permissions: _, endsOn, nextReviewOn, ...columns } = fields;
  return { ...columns, endsOn: dateOf(endsOn), nextReviewOn: dateOf(nextReviewOn) };
}

/** insertAgent answers false when the id is taken. */
export async function insertAgent(
  tx: Tx,
  agent: AgentFields & { id: string; registeredBy: string | null; editors: string[] },
): Promise<boolean> {
  const { id, registeredBy, editors, ...fields } = agent;
  const { count } = await tx.agent.createMany({ data: [{ id, registeredBy, editors, ...columnsOf(fields) }], skipDuplicates: true });
  if (count === 1) await insertPermissions(tx, id, fields.permissions);
  return count === 1;
}

/** updateAgent writes the whole record if it is still the version that was looked at; false when somebody was faster. */
export async function updateAgent(tx: Tx, id: string, version: number, fields: AgentFields, editors: string[]): Promise<boolean> {
  const { count } = await tx.agent.updateMany({
    where: { id, version },
    data: { ...columnsOf(fields), editors, version: version + 1, changedAt: new Date() },
  });
  return count === 1;
}

/** countEdit moves the version on, for a change that is kept in another table than the record. */
export async function countEdit(tx: Tx, id: string, editors: string[]): Promise<void> {
  await tx.$executeRaw`UPDATE agents SET version = version + 1, changed_at = now(), editors = ${editors} WHERE id = ${id}`;
}

export type Moved = { id: string; from: AgentStatus; to: AgentStatus };

/** moveAgent changes the state if it is still the one that was looked at. */
export async function moveAgent(tx: Tx, { id, from, to }: Moved): Promise<boolean> {
  const count = await tx.$executeRaw`UPDATE agents SET status = ${to}, changed_at = now(),
      activated_at = CASE WHEN ${to} = 'active' THEN coalesce(activated_at, now()) ELSE activated_at END
    WHERE id = ${id} AND status = ${from}`;
  return count === 1;
}

/** setReview notes who has reviewed the record; null for Countersign itself, at set-up. */
export async function setReview(tx: Tx, id: string, reviewedBy: string | null): Promise<void> {
  await tx.$executeRaw`UPDATE agents SET reviewed_by = ${reviewedBy}, reviewed_at = now() WHERE id = ${id}`;
}

/** clearReview takes back what a review said of a record that will be written anew. */
export async function clearReview(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`UPDATE agents SET reviewed_by = NULL, reviewed_at = NULL WHERE id = ${id}`;
}

export async function insertPermissions(tx: Tx, agentId: string, actionTypes: readonly string[]): Promise<number> {
  if (actionTypes.length === 0) return 0;
  const { count } = await tx.agentPermission.createMany({
    data: actionTypes.map((actionType) => ({ agentId, actionType })),
    skipDuplicates: true,
  });
  return count;
}

export async function deletePermissions(tx: Tx, agentId: string, actionTypes: readonly string[]): Promise<number> {
  if (actionTypes.length === 0) return 0;
  return (await tx.agentPermission.deleteMany({ where: { agentId, actionType: { in: [...actionTypes] } } })).count;
}

/** hasLiveCredential asks identity's table, since activation shares the answer's commit and identity is built on the registry. */
export async function hasLiveCredential(db: Reader, agentId: string): Promise<boolean> {
  const rows = await db.$queryRaw<
    unknown[]
  >`SELECT 1 FROM credentials WHERE agent_id = ${agentId} AND revoked_at IS NULL AND expires_at > now() LIMIT 1`;
  return rows.length > 0;
}

/** listAccountable answers who is accountable for each stage that somebody is: as the process says, or its exception for this agent. RACI's table, for the same reason. */
export async function listAccountable(db: Reader, processId: string, agentId: string): Promise<{ stage: string; userId: string }[]> {
  return db.$queryRaw<{ stage: string; userId: string }[]>`SELECT DISTINCT ON (stage) stage, user_id AS "userId" FROM raci_cells
    WHERE process_id = ${processId} AND role = 'accountable' AND (agent_id IS NULL OR agent_id = ${agentId}) ORDER BY stage, agent_id NULLS LAST`;
}

export type Covering = { level: string; baseline: boolean; actions: string[] };

/** listCovering answers whom and what the active policies are for that could reach this agent. Policy's table, for the same reason. */
export async function listCovering(db: Reader, processId: string, agentId: string): Promise<Covering[]> {
  return db.$queryRaw<
    Covering[]
  >`SELECT document->'selector'->>'level' AS level, coalesce((document->>'baseline')::boolean, false) AS baseline,
      ARRAY(SELECT jsonb_array_elements_text(document->'selector'->'actions')) AS actions
    FROM policies WHERE status = 'active' AND (document->'selector'->>'level' = 'organisation' OR document->'selector'->>'process' = ${processId}
      OR document->'selector'->>'agent' = ${agentId}) LIMIT ${policiesMax}::int`;
}
