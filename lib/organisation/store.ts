import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import type { Organisation } from './schema';

type Reader = Prisma.TransactionClient | PrismaClient;
type Tx = Prisma.TransactionClient;

/** findOrganisation answers the one row. */
export async function findOrganisation(db: Reader): Promise<Organisation> {
  const { name, sample, leaveAskedAt } = await db.organisation.findUniqueOrThrow({ where: { id: 1 } });
  return { name, sample, leaving: leaveAskedAt !== null };
}

/** findClaimable answers the hash of the token that makes the first administrator; undefined once there are people, or before a start made one. */
export async function findClaimable(db: Reader): Promise<Uint8Array | undefined> {
  const rows = await db.$queryRaw<{ hash: Uint8Array | null }[]>`
    SELECT first_admin_hash AS hash FROM organisation WHERE NOT EXISTS (SELECT 1 FROM users)`;
  return rows[0]?.hash ?? undefined;
}

/** claimOrganisation takes the token and gives the organisation its name, while nobody is there; 1 for whoever is first. */
export function claimOrganisation(tx: Tx, hash: Uint8Array, name: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE organisation SET name = ${name}, first_admin_hash = NULL, changed_at = now()
    WHERE first_admin_hash = ${hash} AND NOT EXISTS (SELECT 1 FROM users)`;
}

/** claimLeave notes that a sample is to be left, and the token that begins what comes after it; 1 for whoever asks first. */
export function claimLeave(tx: Tx, userId: string, hash: Uint8Array): Promise<number> {
  return tx.$executeRaw`
    UPDATE organisation SET leave_asked_at = now(), leave_asked_by = ${userId}, first_admin_hash = ${hash}, changed_at = now()
    WHERE sample AND leave_asked_at IS NULL`;
}
