import { z } from 'zod';
import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import { MovedCell, Part, SuccessionEnd, SuccessionWay, HeldType, type SuccessionList } from '../schema/succession';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

export type NewSuccession = {
  id: string;
  subjectType: HeldType;
  subjectId: string;
  part: Part;
  fromUser: string;
  toUser: string | null;
  how: SuccessionWay;
  by: string;
  cells: MovedCell[];
  graceUntil: Date | null;
};

/** insertSuccessions writes what became of each thing, in one statement; when it happened is the database's clock. */
export async function insertSuccessions(tx: Tx, rows: readonly NewSuccession[]): Promise<void> {
  const given = rows.map((row) => ({ ...row, graceUntil: row.graceUntil?.toISOString() ?? null }));
  await tx.$executeRaw`
    INSERT INTO successions (id, subject_type, subject_id, part, from_user, to_user, how, by, cells, grace_until)
    SELECT id, "subjectType", "subjectId", part, "fromUser", "toUser", how, by, cells, "graceUntil" FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      AS given (id text, "subjectType" text, "subjectId" text, part text, "fromUser" text, "toUser" text, how text, by text, cells jsonb, "graceUntil" timestamptz)`;
}

const Row = z.object({
  id: z.string(),
  subjectType: HeldType,
  subjectId: z.string(),
  part: Part,
  fromUser: z.string(),
  toUser: z.string().nullable(),
  how: SuccessionWay,
  at: z.date(),
  graceUntil: z.date().nullable(),
  endedAt: z.date().nullable(),
  endedAs: SuccessionEnd.nullable(),
  cells: z.array(MovedCell),
  subjectName: z.string(),
  status: z.string().nullable(),
  processId: z.string(),
  holder: z.string().nullable(),
});
/** SuccessionRow is a succession and its thing as it is now: `holder` has the part now, `processId` is the process it belongs to. */
export type SuccessionRow = z.infer<typeof Row>;

// For stages, whoever left still holds them as long as one names them.
const holder = Prisma.sql`CASE
    WHEN s.subject_type = 'agent' THEN CASE s.part WHEN 'owner' THEN a.owner_id WHEN 'sponsor' THEN a.sponsor_id ELSE a.technical_owner_id END
    WHEN s.part = 'owner' THEN p.owner_id
    ELSE (SELECT c.user_id FROM raci_cells c WHERE c.process_id = s.subject_id AND c.role = 'accountable'
      AND c.user_id IN (s.from_user, s.to_user) ORDER BY c.user_id <> s.from_user LIMIT 1) END`;
const things = Prisma.sql`successions s
  LEFT JOIN agents a ON s.subject_type = 'agent' AND a.id = s.subject_id
  LEFT JOIN processes p ON p.id = coalesce(a.process_id, s.subject_id)`;
const shown = Prisma.sql`s.id, s.subject_type AS "subjectType", s.subject_id AS "subjectId", s.part, s.from_user AS "fromUser", s.to_user AS "toUser",
  s.how, s.at, s.grace_until AS "graceUntil", s.ended_at AS "endedAt", s.ended_as AS "endedAs", s.cells,
  CASE WHEN s.subject_type = 'agent' THEN a.name ELSE p.name END AS "subjectName", a.status, p.id AS "processId", ${holder} AS holder`;
// Suspension ends the grace and leaves it without anybody all the same.
const orphaned = Prisma.sql`s.to_user IS NULL AND (s.ended_at IS NULL OR s.ended_as = 'suspended') AND ${holder} = s.from_user
  AND coalesce(a.status, '') <> 'decommissioned' AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = s.from_user AND u.status = 'active')`;

const inProcesses = (processIds: readonly string[] | undefined) =>
  processIds === undefined ? Prisma.sql`true` : Prisma.sql`p.id = ANY (${[...processIds]})`;

export async function findSuccession(db: Reader, id: string): Promise<SuccessionRow | undefined> {
  return z.array(Row).parse(await db.$queryRaw<unknown>`SELECT ${shown} FROM ${things} WHERE s.id = ${id}`)[0];
}

type Listing = { before: string | undefined; limit: number; processIds?: readonly string[] | undefined };

/** listOrphans answers what has nobody now, the soonest to be suspended first; `before` is the last id of the page before. */
export async function listOrphans(db: Reader, { before, limit, processIds }: Listing): Promise<SuccessionRow[]> {
  const due = Prisma.sql`coalesce(s.ended_at, s.grace_until, 'infinity'::timestamptz)`;
  const after =
    before === undefined
      ? Prisma.sql`true`
      : Prisma.sql`(${due}, s.id) > (SELECT coalesce(l.ended_at, l.grace_until, 'infinity'::timestamptz), l.id FROM successions l WHERE l.id = ${before})`;
  return z.array(Row).parse(
    await db.$queryRaw<unknown>`SELECT ${shown} FROM ${things} WHERE ${orphaned} AND ${inProcesses(processIds)} AND ${after}
        ORDER BY ${due}, s.id LIMIT ${limit}::int`,
  );
}

/** listMoved answers what changed hands, newest first. */
export async function listMoved(db: Reader, { before, limit }: Listing): Promise<SuccessionRow[]> {
  const after =
    before === undefined ? Prisma.sql`true` : Prisma.sql`(s.at, s.id) < (SELECT l.at, l.id FROM successions l WHERE l.id = ${before})`;
  return z
    .array(Row)
    .parse(
      await db.$queryRaw<unknown>`SELECT ${shown} FROM ${things} WHERE s.to_user IS NOT NULL AND ${after} ORDER BY s.at DESC, s.id DESC LIMIT ${limit}::int`,
    );
}

export async function countSuccessions(db: Reader, list: SuccessionList, processIds?: readonly string[]): Promise<number> {
  const which = list === 'orphans' ? orphaned : Prisma.sql`s.to_user IS NOT NULL`;
  const rows = await db.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM ${things} WHERE ${which} AND ${inProcesses(processIds)}`;
  return rows[0]?.count ?? 0;
}

const mineDays = 30;

/** listMine answers what came to these accounts in the last 30 days because somebody left, or by a person, and is still theirs, newest first. */
export async function listMine(db: Reader, accounts: readonly string[], limit: number): Promise<{ rows: SuccessionRow[]; total: number }> {
  const mine = Prisma.sql`s.to_user = ANY (${[...accounts]}) AND s.ended_at IS NULL AND ${holder} = s.to_user
    AND s.at > now() - make_interval(days => ${mineDays}::int)`;
  const rows = await db.$queryRaw<unknown>`SELECT ${shown} FROM ${things} WHERE ${mine} ORDER BY s.at DESC, s.id DESC LIMIT ${limit}::int`;
  const counts = await db.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM ${things} WHERE ${mine}`;
  return { rows: z.array(Row).parse(rows), total: counts[0]?.count ?? 0 };
}

/** endSuccession ends one that is open; counts. */
export async function endSuccession(tx: Tx, id: string, as: SuccessionEnd, by: string): Promise<number> {
  return tx.$executeRaw`UPDATE successions SET ended_at = clock_timestamp(), ended_as = ${as}, ended_by = ${by} WHERE id = ${id} AND ended_at IS NULL`;
}

/** settleOrphans ends the open orphans of one thing that somebody else holds by now; counts. */
export async function settleOrphans(tx: Tx, type: HeldType, id: string, by: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE successions SET ended_at = clock_timestamp(), ended_as = 'settled', ended_by = ${by} WHERE ended_at IS NULL AND id IN (
      SELECT s.id FROM ${things} WHERE s.subject_type = ${type} AND s.subject_id = ${id} AND s.to_user IS NULL AND s.ended_at IS NULL
        AND (a.status = 'decommissioned' OR ${holder} IS DISTINCT FROM s.from_user))`;
}

/** settleReturned ends the open orphans of somebody who is back, and answers them. */
export async function settleReturned(
  tx: Tx,
  userId: string,
  by: string,
): Promise<{ id: string; subjectType: HeldType; subjectId: string; part: Part }[]> {
  const rows = await tx.$queryRaw<unknown>`
    UPDATE successions SET ended_at = clock_timestamp(), ended_as = 'settled', ended_by = ${by}
    WHERE from_user = ${userId} AND to_user IS NULL AND ended_at IS NULL
    RETURNING id, subject_type AS "subjectType", subject_id AS "subjectId", part`;
  return z.array(Row.pick({ id: true, subjectType: true, subjectId: true, part: true })).parse(rows);
}

const due = Prisma.sql`s.subject_type = 'agent' AND s.part = 'owner' AND s.to_user IS NULL AND s.ended_at IS NULL AND s.grace_until <= clock_timestamp()
  AND EXISTS (SELECT 1 FROM agents a JOIN users u ON u.id = a.owner_id WHERE a.id = s.subject_id AND a.owner_id = s.from_user
    AND a.status = 'active' AND u.status <> 'active')`;

/** listDueOrphans answers active agents whose owner left and whose grace is over, oldest first. */
export async function listDueOrphans(db: Reader, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ subjectId: string }[]>`
    SELECT s.subject_id AS "subjectId" FROM successions s WHERE ${due} GROUP BY s.subject_id ORDER BY min(s.grace_until), s.subject_id LIMIT ${limit}::int`;
  return rows.map(({ subjectId }) => subjectId);
}

/** claimDueOrphan ends the orphans of an agent that are due, while they still are; counts. */
export async function claimDueOrphan(tx: Tx, agentId: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE successions s SET ended_at = clock_timestamp(), ended_as = 'suspended', ended_by = 'jobs' WHERE s.subject_id = ${agentId} AND ${due}`;
}

/** readGrace answers the organisation's setting as it stands, and the database's clock. */
export async function readGrace(db: Reader): Promise<{ setting: unknown; now: Date }> {
  const rows = await db.$queryRaw<
    { setting: unknown; now: Date }[]
  >`SELECT (SELECT settings->'graceDays' FROM organisation WHERE id = 1) AS setting, clock_timestamp() AS now`;
  return rows[0] ?? { setting: undefined, now: new Date() };
}

/** lockBriefly bounds how long this transaction waits for any row from here on; undefined: as the server says. */
export async function lockBriefly(tx: Tx, milliseconds: number | undefined): Promise<void> {
  if (milliseconds === undefined) await tx.$executeRaw`SET LOCAL lock_timeout TO DEFAULT`;
  else await tx.$queryRaw`SELECT set_config('lock_timeout', ${`${milliseconds}ms`}, true)`;
}
