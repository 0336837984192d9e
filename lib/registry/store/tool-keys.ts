import type pg from 'pg';
import type { ToolKey, ToolKeyFacts } from '../schema/tool-keys';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most keys of one system that are answered, the revoked ones among them. */
const listMax = 200;
/** Keys that one read takes; readWorkingKeys reads on until there are none left. */
export const workingKeysPage = 10_000;
const columns = { id: true, systemId: true, label: true, createdBy: true, createdAt: true, revokedAt: true } as const;

export async function insertToolKey(
  tx: Tx,
  key: { id: string; systemId: string; label: string; createdBy: string; secretHash: Buffer },
): Promise<ToolKey> {
  const { secretHash, ...rest } = key;
  return tx.toolKey.create({ data: { ...rest, secretHash: new Uint8Array(secretHash) }, select: columns });
}

/** listToolKeys answers a system's keys, newest first. */
export async function listToolKeys(db: Reader, systemId: string): Promise<ToolKey[]> {
  return db.toolKey.findMany({ where: { systemId }, select: columns, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: listMax });
}

export async function countWorkingKeys(tx: Tx, systemId: string): Promise<number> {
  return tx.toolKey.count({ where: { systemId, revokedAt: null } });
}

export async function hasToolKey(tx: Tx, systemId: string, id: string): Promise<boolean> {
  return (await tx.toolKey.count({ where: { id, systemId } })) === 1;
}

export async function revokeToolKeyRow(tx: Tx, id: string): Promise<boolean> {
  return (await tx.$executeRaw`UPDATE tool_keys SET revoked_at = now() WHERE id = ${id} AND revoked_at IS NULL`) === 1;
}

type KeyRow = { id: string; system_id: string; secret_hash: Uint8Array };

/** readWorkingKeys answers every key that is not revoked, as a gateway holds it: page after page, so that none is left out however many there are. */
export async function readWorkingKeys(db: pg.Pool): Promise<ToolKeyFacts[]> {
  const keys: ToolKeyFacts[] = [];
  let last: string | undefined = '';
  while (last !== undefined) {
    const { rows }: pg.QueryResult<KeyRow> = await db.query<KeyRow>(
      'SELECT id, system_id, secret_hash FROM tool_keys WHERE revoked_at IS NULL AND id > $1 ORDER BY id LIMIT $2',
      [last, workingKeysPage],
    );
    for (const row of rows) keys.push({ id: row.id, systemId: row.system_id, secretHash: row.secret_hash });
    last = rows.length < workingKeysPage ? undefined : rows.at(-1)?.id;
  }
  return keys;
}
