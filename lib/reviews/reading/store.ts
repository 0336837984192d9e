import { Prisma } from '@/lib/platform/db/generated/client';
import type { ReviewSubject } from '../schema';
import { todayUtc, type Reader } from '../store';
import type { CampaignQuery } from './schema';

export type CampaignRecord = {
  id: string;
  title: string;
  subject: string;
  openedAt: Date;
  dueOn: string;
  closedAt: Date | null;
  total: number;
  open: number;
  overdue: number;
  decided: number;
  voided: number;
  kept: number;
  permissionsRemoved: number;
  reduced: number;
  reassigned: number;
  decommissioned: number;
  revised: number;
  drafts: number;
};

const counted = (condition: Prisma.Sql): Prisma.Sql => Prisma.sql`(count(*) FILTER (WHERE ${condition}))::int`;
const late = Prisma.sql`i.status = 'open' AND c.due_on < ${todayUtc}`;

const campaigns = Prisma.sql`
  SELECT c.id, c.title, c.subject_type AS subject, c.opened_at AS "openedAt", c.due_on::text AS "dueOn", c.closed_at AS "closedAt",
    count(i.id)::int AS total, ${counted(Prisma.sql`i.status = 'open'`)} AS open, ${counted(late)} AS overdue,
    ${counted(Prisma.sql`i.status = 'decided'`)} AS decided, ${counted(Prisma.sql`i.status = 'void'`)} AS voided,
    ${counted(Prisma.sql`i.decision = 'keep'`)} AS kept,
    coalesce(sum(jsonb_array_length(coalesce(i.changes->'permissions_removed', '[]'))), 0)::int AS "permissionsRemoved",
    ${counted(Prisma.sql`i.changes ? 'permissions_removed'`)} AS reduced, ${counted(Prisma.sql`i.changes ? 'owner_after'`)} AS reassigned,
    ${counted(Prisma.sql`i.changes ? 'decommissioned'`)} AS decommissioned, ${counted(Prisma.sql`i.decision = 'revise'`)} AS revised,
    ${counted(
      Prisma.sql`i.decision = 'revise' AND EXISTS (SELECT 1 FROM policies p WHERE p.id = i.subject_id AND p.version > (i.changes->>'version')::int)`,
    )} AS drafts
  FROM review_campaigns c LEFT JOIN review_items i ON i.campaign_id = c.id`;

/** listCampaigns answers campaigns that go on first, the soonest due first; then those that ended, newest first. One more than a page. */
export async function listCampaigns(db: Reader, after: string | undefined, limit: number): Promise<CampaignRecord[]> {
  const key = Prisma.sql`(c.closed_at IS NOT NULL)::int, CASE WHEN c.closed_at IS NULL THEN c.due_on - date '2000-01-01' ELSE date '2000-01-01' - c.due_on END, c.id`;
  const from =
    after === undefined ? Prisma.sql`true` : Prisma.sql`(${key}) > (SELECT ${key} FROM review_campaigns c WHERE c.id = ${after})`;
  return db.$queryRaw<CampaignRecord[]>`${campaigns} WHERE ${from} GROUP BY c.id ORDER BY ${key} LIMIT ${limit}::int`;
}

export async function findCampaign(db: Reader, id: string): Promise<CampaignRecord | undefined> {
  return (await db.$queryRaw<CampaignRecord[]>`${campaigns} WHERE c.id = ${id} GROUP BY c.id`)[0];
}

export type ItemRecord = {
  id: string;
  campaignId: string;
  campaignTitle: string;
  subject: string;
  subjectId: string;
  subjectName: string | null;
  processId: string | null;
  processName: string | null;
  reviewerId: string | null;
  reviewerName: string | null;
  escalatedId: string | null;
  escalatedName: string | null;
  dueOn: string;
  overdue: boolean;
  status: string;
  decision: string | null;
  deciderId: string | null;
  deciderName: string | null;
  decidedAt: Date | null;
  note: string | null;
  changes: unknown;
};

const items = Prisma.sql`
  SELECT i.id, c.id AS "campaignId", c.title AS "campaignTitle", c.subject_type AS subject, i.subject_id AS "subjectId",
    coalesce(a.name, (SELECT p.name FROM policies p WHERE c.subject_type = 'policy' AND p.id = i.subject_id ORDER BY p.version DESC LIMIT 1)) AS "subjectName",
    i.process_id AS "processId", r.name AS "processName", i.reviewer_id AS "reviewerId", v.name AS "reviewerName",
    i.escalated_to AS "escalatedId", e.name AS "escalatedName", c.due_on::text AS "dueOn", (${late}) AS overdue, i.status, i.decision,
    i.decided_by AS "deciderId", d.name AS "deciderName", i.decided_at AS "decidedAt", i.note, i.changes
  FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id
  LEFT JOIN agents a ON c.subject_type = 'agent' AND a.id = i.subject_id LEFT JOIN processes r ON r.id = i.process_id
  LEFT JOIN users v ON v.id = i.reviewer_id LEFT JOIN users e ON e.id = i.escalated_to LEFT JOIN users d ON d.id = i.decided_by`;

export async function findItem(db: Reader, id: string): Promise<ItemRecord | undefined> {
  return (await db.$queryRaw<ItemRecord[]>`${items} WHERE i.id = ${id}`)[0];
}

/** Open items of a person, whichever of their accounts was named as reviewer or called later. */
const ofPerson = (personId: string): Prisma.Sql =>
  Prisma.sql`i.status = 'open' AND (v.person_id = ${personId} OR e.person_id = ${personId})`;

/** listOwn answers a person's open items, the soonest due first. */
export async function listOwn(db: Reader, personId: string, limit: number): Promise<ItemRecord[]> {
  return db.$queryRaw<ItemRecord[]>`${items} WHERE ${ofPerson(personId)} ORDER BY c.due_on, i.id LIMIT ${limit}::int`;
}

export async function countOwn(db: Reader, personId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM review_items i LEFT JOIN users v ON v.id = i.reviewer_id LEFT JOIN users e ON e.id = i.escalated_to
    WHERE ${ofPerson(personId)}`;
  return row?.count ?? 0;
}

/** listItems answers a page of a campaign's items and one more: open ones first, in id order. */
export async function listItems(db: Reader, campaignId: string, query: CampaignQuery, limit: number): Promise<ItemRecord[]> {
  const states = {
    all: Prisma.sql`true`,
    open: Prisma.sql`i.status = 'open'`,
    overdue: Prisma.sql`(${late})`,
    decided: Prisma.sql`i.status = 'decided'`,
    void: Prisma.sql`i.status = 'void'`,
  };
  const process = query.process === undefined ? Prisma.sql`true` : Prisma.sql`coalesce(i.process_id, 'none') = ${query.process}`;
  const after =
    query.after === undefined
      ? Prisma.sql`true`
      : Prisma.sql`(i.status <> 'open', i.id) > (SELECT b.status <> 'open', b.id FROM review_items b WHERE b.id = ${query.after})`;
  return db.$queryRaw<ItemRecord[]>`${items} WHERE i.campaign_id = ${campaignId} AND ${states[query.state]} AND ${process} AND ${after}
    ORDER BY i.status <> 'open', i.id LIMIT ${limit}::int`;
}

export async function countByProcess(
  db: Reader,
  campaignId: string,
): Promise<{ id: string | null; name: string | null; total: number; open: number; overdue: number }[]> {
  return db.$queryRaw`
    SELECT r.id, r.name, count(*)::int AS total, ${counted(Prisma.sql`i.status = 'open'`)} AS open, ${counted(late)} AS overdue
    FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id LEFT JOIN processes r ON r.id = i.process_id
    WHERE i.campaign_id = ${campaignId} AND i.status <> 'void' GROUP BY r.id, r.name ORDER BY r.name NULLS LAST`;
}

/** findLastDecided answers the newest decided review of a subject before an item. */
export async function findLastDecided(db: Reader, subject: ReviewSubject, subjectId: string, not: string): Promise<ItemRecord | undefined> {
  const rows = await db.$queryRaw<ItemRecord[]>`${items}
    WHERE i.subject_id = ${subjectId} AND c.subject_type = ${subject} AND i.status = 'decided' AND i.id <> ${not}
      AND i.decided_at <= coalesce((SELECT o.decided_at FROM review_items o WHERE o.id = ${not}), 'infinity')
    ORDER BY i.decided_at DESC LIMIT 1`;
  return rows[0];
}

/** listBeside answers the ids of a reviewer's open items in the order of their list. */
export async function listBeside(db: Reader, reviewerId: string, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id
    WHERE i.status = 'open' AND (i.reviewer_id = ${reviewerId} OR i.escalated_to = ${reviewerId}) ORDER BY c.due_on, i.id LIMIT ${limit}::int`;
  return rows.map(({ id }) => id);
}
