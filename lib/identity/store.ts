import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import { Credential, type SigningKeyRow } from './schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** What people may see of a row: never the hash. */
const visible = Prisma.sql`id, agent_id AS "agentId", label, hint, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"`;
/** Most credentials of one agent that are answered. */
const listMax = 1_000;

export async function insertCredential(
  tx: Tx,
  credential: { id: string; agentId: string; label: string; createdBy: string | null; secretHash: Buffer; hint: string; days: number },
): Promise<Credential> {
  const { id, agentId, label, createdBy, secretHash, hint, days } = credential;
  const rows = await tx.$queryRaw<unknown[]>`INSERT INTO credentials (id, agent_id, label, created_by, secret_hash, hint, expires_at)
    VALUES (${id}, ${agentId}, ${label}, ${createdBy}, ${secretHash}, ${hint}, now() + make_interval(days => ${days}::int)) RETURNING ${visible}`;
  return Credential.parse(rows[0]);
}

export async function listCredentials(db: Reader, agentId: string): Promise<Credential[]> {
  const rows = await db.$queryRaw<
    unknown[]
  >`SELECT ${visible} FROM credentials WHERE agent_id = ${agentId} ORDER BY created_at, id LIMIT ${listMax}::int`;
  return rows.map((row) => Credential.parse(row));
}

export async function findCredential(db: Reader, id: string): Promise<Credential | undefined> {
  const rows = await db.$queryRaw<unknown[]>`SELECT ${visible} FROM credentials WHERE id = ${id}`;
  return rows[0] ? Credential.parse(rows[0]) : undefined;
}

/** lockCredential takes the row that a change is about. */
export async function lockCredential(tx: Tx, id: string): Promise<Credential | undefined> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT ${visible} FROM credentials WHERE id = ${id} FOR UPDATE`;
  return rows[0] ? Credential.parse(rows[0]) : undefined;
}

/** revokeAllOf ends every secret of an agent that is not ended, and answers which. */
export async function revokeAllOf(tx: Tx, agentId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<
    { id: string }[]
  >`UPDATE credentials SET revoked_at = now() WHERE agent_id = ${agentId} AND revoked_at IS NULL RETURNING id`;
  return rows.map(({ id }) => id).sort();
}

export async function isUsableNow(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM credentials WHERE id = ${id} AND revoked_at IS NULL AND expires_at > now()`;
  return rows.length === 1;
}

export async function revokeCredentialRow(tx: Tx, id: string): Promise<boolean> {
  const count = await tx.$executeRaw`UPDATE credentials SET revoked_at = now() WHERE id = ${id} AND revoked_at IS NULL`;
  return count === 1;
}

/** shortenCredential lets a replaced secret end after the overlap, never later than it would have. */
export async function shortenCredential(tx: Tx, id: string, overlapSeconds: number): Promise<void> {
  await tx.$executeRaw`UPDATE credentials SET expires_at = least(expires_at, now() + make_interval(secs => ${overlapSeconds}::int)) WHERE id = ${id}`;
}

/** lockSigningKeys makes rotations one after the other; reading goes on. */
export async function lockSigningKeys(tx: Tx): Promise<void> {
  await tx.$executeRaw`LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE`;
}

export async function listSigningKeys(db: Reader): Promise<(SigningKeyRow & { createdAt: Date })[]> {
  return db.signingKey.findMany({ orderBy: { signsFrom: 'asc' } });
}

export async function insertSigningKey(
  tx: Tx,
  key: { kid: string; publicJwk: Prisma.InputJsonObject; privateSealed: Buffer; signsFrom: Date },
): Promise<void> {
  const { kid, publicJwk, privateSealed, signsFrom } = key;
  await tx.signingKey.create({ data: { kid, publicJwk, privateSealed: new Uint8Array(privateSealed), signsFrom } });
}

export async function retireSigningKey(tx: Tx, key: { kid: string; signsUntil: Date; verifiesUntil: Date }): Promise<void> {
  const { kid, signsUntil, verifiesUntil } = key;
  await tx.$executeRaw`UPDATE signing_keys SET signs_until = ${signsUntil}, verifies_until = ${verifiesUntil} WHERE kid = ${kid}`;
}
