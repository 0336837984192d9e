import { Prisma } from '@/lib/platform/db/generated/client';
import { ReviewStatus, ReviewSubject, type DecisionName, type ReviewChanges } from '../schema';
import { dayOf, todayUtc, type Reader, type Tx } from './shared';

export type ItemRow = {
  id: string;
  campaignId: string;
  subject: ReviewSubject;
  subjectId: string;
  reviewerId: string | null;
  escalatedTo: string | null;
  reminded: number | null;
  status: ReviewStatus;
  dueOn: string;
  daysLeft: number;
};
type RawItem = Omit<ItemRow, 'subject' | 'status'> & { subject: string; status: string };

const columns = Prisma.sql`i.id, i.campaign_id AS "campaignId", c.subject_type AS subject, i.subject_id AS "subjectId", i.reviewer_id AS "reviewerId",
  i.escalated_to AS "escalatedTo", i.reminded, i.status, c.due_on::text AS "dueOn", c.due_on - ${todayUtc} AS "daysLeft"`;
const from = Prisma.sql`FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id`;
const toItem = (row: RawItem): ItemRow => ({ ...row, subject: ReviewSubject.parse(row.subject), status: ReviewStatus.parse(row.status) });

export async function findItem(db: Reader, id: string): Promise<ItemRow | undefined> {
  const rows = await db.$queryRaw<RawItem[]>`SELECT ${columns} ${from} WHERE i.id = ${id}`;
  return rows.map(toItem)[0];
}

/** lockItem takes an item for a change, until the transaction ends. What it is about is held before it. */
export async function lockItem(tx: Tx, id: string): Promise<ItemRow | undefined> {
  await tx.$queryRaw`SELECT 1 FROM review_items WHERE id = ${id} FOR UPDATE`;
  return findItem(tx, id);
}

export type Decided = { id: string; decision: DecisionName; by: string; note: string; changes: ReviewChanges };

/** claimDecided answers false when somebody was faster. */
export async function claimDecided(tx: Tx, { id, decision, by, note, changes }: Decided): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE review_items SET status = 'decided', decision = ${decision}, decided_by = ${by}, decided_at = clock_timestamp(),
      note = ${note === '' ? null : note}, changes = ${JSON.stringify(changes)}::jsonb
    WHERE id = ${id} AND status = 'open'`;
  return count === 1;
}

/** claimReviewer gives an open item to another reviewer (null: to nobody), if it is still with the one that was looked at. */
export async function claimReviewer(tx: Tx, id: string, before: string | null, to: string | null): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE review_items SET reviewer_id = ${to} WHERE id = ${id} AND status = 'open' AND reviewer_id IS NOT DISTINCT FROM ${before}`;
  return count === 1;
}

/** claimStep notes a reminder, or that somebody above was called, if no other worker did. */
export async function claimStep(
  tx: Tx,
  item: Pick<ItemRow, 'id' | 'reminded'>,
  step: number,
  escalatedTo: string | null,
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE review_items SET reminded = ${step}::smallint, escalated_to = coalesce(${escalatedTo}, escalated_to)
    WHERE id = ${item.id} AND status = 'open' AND reminded IS NOT DISTINCT FROM ${item.reminded}::smallint`;
  return count === 1;
}

/** listDueSteps takes open items of which the next of `steps` (days before the due day, most first; below zero: after it) was not taken yet. */
export async function listDueSteps(tx: Tx, steps: readonly number[], limit: number): Promise<ItemRow[]> {
  const last = Math.min(...steps);
  const rows = await tx.$queryRaw<RawItem[]>`
    SELECT ${columns} ${from}
    WHERE i.status = 'open' AND (SELECT min(s) FROM unnest(${[...steps]}::int[]) s WHERE s >= greatest(c.due_on - ${todayUtc}, ${last}::int)) < coalesce(i.reminded, 32767)
    ORDER BY c.due_on, i.id LIMIT ${limit}::int FOR UPDATE OF i SKIP LOCKED`;
  return rows.map(toItem);
}

/**
 * listWithoutReviewer takes open items that are nobody’s, or whose reviewer has left, may not review any more, or is by now one of the authors, in the
 * order of their ids after `after`: what nobody can be found for keeps none that comes after it waiting.
 */
export async function listWithoutReviewer(tx: Tx, reviewing: readonly string[], after: string, limit: number): Promise<ItemRow[]> {
  const rows = await tx.$queryRaw<RawItem[]>`
    SELECT ${columns} ${from} LEFT JOIN users u ON u.id = i.reviewer_id
    LEFT JOIN agents a ON a.id = i.subject_id AND c.subject_type = 'agent'
    WHERE i.status = 'open' AND i.id > ${after} AND (u.id IS NULL OR u.status <> 'active' OR NOT u.roles && ${[...reviewing]}::text[]
      OR u.person_id = ANY (a.editors) OR EXISTS (SELECT 1 FROM users t WHERE t.id = a.technical_owner_id AND t.person_id = u.person_id))
    ORDER BY i.id LIMIT ${limit}::int FOR UPDATE OF i SKIP LOCKED`;
  return rows.map(toItem);
}

/** listOpenWith takes the open items of an agent that one account reviews. */
export async function listOpenWith(tx: Tx, agentId: string, reviewerId: string): Promise<ItemRow[]> {
  const rows = await tx.$queryRaw<RawItem[]>`
    SELECT ${columns} ${from} WHERE i.subject_id = ${agentId} AND c.subject_type = 'agent' AND i.status = 'open' AND i.reviewer_id = ${reviewerId}
    ORDER BY i.id FOR UPDATE OF i`;
  return rows.map(toItem);
}

/** voidItemsOf takes back what was still to be reviewed of something that is no more; answers how many. */
export async function voidItemsOf(tx: Tx, subject: ReviewSubject, subjectId: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE review_items i SET status = 'void' FROM review_campaigns c
    WHERE c.id = i.campaign_id AND c.subject_type = ${subject} AND i.subject_id = ${subjectId} AND i.status = 'open'`;
}

export type Ended = { id: string; decided: number; voided: number };

/** claimEnded ends campaigns that have begun for all of their subjects and of which nothing is open any more. */
export async function claimEnded(tx: Tx, openDays: number, limit: number): Promise<Ended[]> {
  return tx.$queryRaw<Ended[]>`
    UPDATE review_campaigns c SET closed_at = clock_timestamp()
    FROM (SELECT n.id, count(*) FILTER (WHERE i.status = 'decided')::int AS decided, count(*) FILTER (WHERE i.status = 'void')::int AS voided
      FROM review_campaigns n JOIN review_items i ON i.campaign_id = n.id
      WHERE n.closed_at IS NULL AND n.due_on - ${openDays}::int <= ${todayUtc}
      GROUP BY n.id HAVING count(*) FILTER (WHERE i.status = 'open') = 0 ORDER BY n.id LIMIT ${limit}::int) e
    WHERE c.id = e.id AND c.closed_at IS NULL RETURNING c.id, e.decided, e.voided`;
}

/** findActiveVersion answers which version of a policy is in force. */
export async function findActiveVersion(db: Reader, policyId: string): Promise<number | undefined> {
  const rows = await db.$queryRaw<{ version: number }[]>`SELECT version FROM policies WHERE id = ${policyId} AND status = 'active'`;
  return rows[0]?.version;
}

export type OnTime = { n: number; onTime: number };

/** countOnTime counts the items that fell due in a time (days, the first included) and were not taken back, and those of them decided by their day. */
export async function countOnTime(db: Reader, first: string, before: string): Promise<OnTime> {
  const [row] = await db.$queryRaw<OnTime[]>`
    SELECT count(*)::int AS n, (count(*) FILTER (WHERE i.status = 'decided' AND ${dayOf(Prisma.sql`i.decided_at`)} <= c.due_on))::int AS "onTime"
    ${from} WHERE i.status <> 'void' AND c.due_on >= ${first}::date AND c.due_on < ${before}::date AND (i.status = 'decided' OR c.due_on < ${todayUtc})`;
  return row ?? { n: 0, onTime: 0 };
}
