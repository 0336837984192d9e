import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Credential, type SigningKeyRow } from './schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

const visible = { id: true, agentId: true, hint: true, createdAt: true, expiresAt: true, revokedAt: true } as const;

export async function insertCredential(
  tx: Tx,
  credential: { id: string; agentId: string; secretHash: Buffer; hint: string; days: number },
): Promise<Credential> {
  const { id, agentId, secretHash, hint, days } = credential;
  const rows = await tx.$queryRaw<unknown[]>`INSERT INTO credentials (id, agent_id, secret_hash, hint, expires_at)
    VALUES (${id}, ${agentId}, ${secretHash}, ${hint}, now() + make_interval(days => ${days}::int))
    RETURNING id, agent_id AS "agentId", hint, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"`;
  return Credential.parse(rows[0]);
}

export async function listCredentials(db: Reader, agentId: string): Promise<Credential[]> {
  const rows = await db.credential.findMany({ where: { agentId }, select: visible, orderBy: { createdAt: 'asc' }, take: listMax });
  return rows.map((row) => Credential.parse(row));
}
const listMax = 1_000;

/** lockCredential takes the row that a change is about. */
export async function lockCredential(tx: Tx, id: string): Promise<Credential | undefined> {
  const rows = await tx.$queryRaw<
    unknown[]
  >`SELECT id, agent_id AS "agentId", hint, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"
    FROM credentials WHERE id = ${id} FOR UPDATE`;
  return rows[0] ? Credential.parse(rows[0]) : undefined;
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
