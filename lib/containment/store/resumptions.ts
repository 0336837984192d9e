import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Resumption } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;
type Row = Prisma.ResumptionGetPayload<object>;

/** Most resumptions a list answers, newest first. */
const listMax = 200;

const resumptionOf = (row: Row): Resumption => Resumption.parse({ ...row, outsideRoot: Buffer.from(row.outsideRoot).toString('hex') });

/** lockResumptions holds every resumption of one outside checkpoint until the transaction ends, in id order, and answers them. */
export async function lockResumptions(tx: Tx, size: bigint, root: string): Promise<Resumption[]> {
  const held = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM resumptions
    WHERE outside_size = ${size} AND outside_root = ${Buffer.from(root, 'hex')} ORDER BY id FOR UPDATE`;
  const rows = await tx.resumption.findMany({ where: { id: { in: held.map(({ id }) => id) } }, orderBy: { id: 'asc' } });
  return rows.map(resumptionOf);
}

export type NewRow = Omit<Resumption, 'askedAt' | 'signedBy' | 'signedAt' | 'signedReason'>;

/** insertResumption writes down who asks; false when this person asked for the same checkpoint before. */
export async function insertResumption(tx: Tx, row: NewRow): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO resumptions (id, outside_origin, outside_size, outside_root, kept_size, head_size, refused, asked_by, asked_as_operator, reason)
    VALUES (${row.id}, ${row.outsideOrigin}, ${row.outsideSize}, ${Buffer.from(row.outsideRoot, 'hex')}, ${row.keptSize}, ${row.headSize},
      ${row.refused}, ${row.askedBy}, ${row.askedAsOperator}, ${row.reason})
    ON CONFLICT (outside_size, outside_root, asked_by) DO NOTHING`;
  return count === 1;
}

export async function findResumption(db: Reader, id: string): Promise<Resumption | undefined> {
  const row = await db.resumption.findUnique({ where: { id } });
  return row ? resumptionOf(row) : undefined;
}

/** signResumptionRow puts a resumption in force if nobody signed it before. */
export async function signResumptionRow(tx: Tx, id: string, by: string, reason: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE resumptions SET signed_by = ${by}, signed_at = clock_timestamp(), signed_reason = ${reason} WHERE id = ${id} AND signed_by IS NULL`;
  return count === 1;
}

export async function listResumptions(db: Reader): Promise<Resumption[]> {
  return (await db.resumption.findMany({ orderBy: [{ askedAt: 'desc' }, { id: 'desc' }], take: listMax })).map(resumptionOf);
}
