import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Policy, PolicyStatus } from '../schema';

export type Tx = Prisma.TransactionClient;
export type Reader = PrismaClient | Tx;

/** Most active policies a list answers. */
const listMax = 100_000;

/** One version that is or was in force. */
export type VersionRow = {
  id: string;
  version: number;
  status: PolicyStatus;
  document: Policy;
  note: string;
  draftedBy: string | null;
  publishedBy: string | null;
  publishedAt: Date | null;
};

/** lockPolicy makes changes of one policy follow each other, also of one that has no row yet. */
export async function lockPolicy(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`policy ${id}`}, 0))`;
}

/** findLatestVersion answers the highest version there is, a draft's too; 0 for a policy nobody wrote. */
export async function findLatestVersion(tx: Tx, id: string): Promise<number> {
  const latest = await tx.policy.aggregate({ where: { id }, _max: { version: true } });
  return latest._max.version ?? 0;
}

/** retireActive retires the version in force, and answers which it was. */
export async function retireActive(tx: Tx, id: string): Promise<number | undefined> {
  const rows = await tx.$queryRaw<
    { version: number }[]
  >`UPDATE policies SET status = 'retired' WHERE id = ${id} AND status = 'active' RETURNING version`;
  return rows[0]?.version;
}

export async function insertActive(tx: Tx, policy: Policy): Promise<void> {
  await tx.$executeRaw`INSERT INTO policies (id, version, name, status, document, published_at)
    VALUES (${policy.id}, ${policy.version}, ${policy.name}, 'active', ${JSON.stringify(policy)}::jsonb, now())`;
}

export async function listActive(db: Reader): Promise<Policy[]> {
  const rows = await db.policy.findMany({
    where: { status: 'active' },
    orderBy: { id: 'asc' },
    take: listMax,
    select: { document: true },
  });
  return rows.map((row) => Policy.parse(row.document));
}

export async function findVersion(db: Reader, id: string, version: number): Promise<Policy | undefined> {
  const row = await db.policy.findUnique({ where: { id_version: { id, version } }, select: { document: true } });
  return row ? Policy.parse(row.document) : undefined;
}

const published = { in: ['active', 'retired'] };

/** findPublished answers the version in force, or the last that was. */
export async function findPublished(db: Reader, id: string): Promise<VersionRow | undefined> {
  const [row] = await db.policy.findMany({ where: { id, status: published }, orderBy: [{ status: 'asc' }, { version: 'desc' }], take: 1 });
  return row ? toVersion(row) : undefined;
}

export async function findPublishedVersion(db: Reader, id: string, version: number): Promise<VersionRow | undefined> {
  const row = await db.policy.findFirst({ where: { id, version, status: published } });
  return row ? toVersion(row) : undefined;
}

/** listVersions answers what is or was in force of one policy, newest first. */
export async function listVersions(db: Reader, id: string, take: number): Promise<VersionRow[]> {
  return (await db.policy.findMany({ where: { id, status: published }, orderBy: { version: 'desc' }, take })).map(toVersion);
}

/** listInForce answers every policy in force with when it came. */
export async function listInForce(db: Reader, take: number): Promise<VersionRow[]> {
  return (await db.policy.findMany({ where: { status: 'active' }, orderBy: { id: 'asc' }, take })).map(toVersion);
}

type Row = Omit<VersionRow, 'status' | 'document'> & { status: string; document: unknown };

const toVersion = ({ id, version, status, document, note, draftedBy, publishedBy, publishedAt }: Row): VersionRow => ({
  id,
  version,
  status: PolicyStatus.parse(status),
  document: Policy.parse(document),
  note,
  draftedBy,
  publishedBy,
  publishedAt,
});
