import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { ActionType, type ClassificationStatus, type RecordedActionType } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most records a list answers. */
const listMax = 10_000;

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

export async function findActionType(db: Reader, name: string): Promise<RecordedActionType | undefined> {
  const row = await db.actionType.findUnique({ where: { name } });
  return row ? { type: toActionType(row), changedAt: row.changedAt } : undefined;
}

export async function listActionTypes(db: Reader): Promise<ActionType[]> {
  return (await db.actionType.findMany({ orderBy: { name: 'asc' }, take: listMax })).map(toActionType);
}

/** lockActionType takes the type that a change is about; undefined when there is none. */
export async function lockActionType(tx: Tx, name: string): Promise<RecordedActionType | undefined> {
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

/** updateActionType writes the type; it was changed when this statement ran, so that two changes never carry one time. */
export async function updateActionType(tx: Tx, type: ActionType): Promise<void> {
  await tx.$executeRaw`UPDATE action_types SET system_id = ${type.system}, title = ${type.title}, status = ${type.status}, schema_version = ${type.version},
    document = ${toDocument(type)}::jsonb, changed_at = clock_timestamp() WHERE name = ${type.name}`;
}
