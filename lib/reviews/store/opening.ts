import { Prisma } from '@/lib/platform/db/generated/client';
import type { ReviewSubject } from '../schema';
import { decidedBefore, todayUtc, type Tx } from './shared';

/** lockOpening lets one transaction at a time open campaigns or end them, so that nothing is put into two at once. */
export async function lockOpening(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('reviews.opening', 0))`;
}

/** Which campaign: at most one of these together. */
export type CampaignKey = { subject: ReviewSubject; categories: readonly string[]; period: string };
export type NewCampaign = CampaignKey & { id: string; title: string; dueOn: string; openedBy: string };

/** claimCampaign answers the id of a campaign, making it when there is none yet; `closed` when it has ended. */
export async function claimCampaign(tx: Tx, wanted: NewCampaign): Promise<{ id: string; made: boolean; closed: boolean }> {
  const { subject, categories, period } = wanted;
  const made = await tx.$executeRaw`
    INSERT INTO review_campaigns (id, subject_type, risk_categories, period, title, opened_at, opened_by, due_on)
    VALUES (${wanted.id}, ${subject}, ${[...categories]}::text[], ${period}, ${wanted.title}, clock_timestamp(), ${wanted.openedBy}, ${wanted.dueOn}::date)
    ON CONFLICT (subject_type, risk_categories, period) DO NOTHING`;
  const [row] = await tx.$queryRaw<{ id: string; closed: boolean }[]>`
    SELECT id, closed_at IS NOT NULL AS closed FROM review_campaigns
    WHERE subject_type = ${subject} AND risk_categories = ${[...categories]}::text[] AND period = ${period}`;
  if (!row) throw new Error('a campaign that was just made is gone');
  return { ...row, made: made === 1 };
}

/** What may become an item: in its campaign, not in any open one, and by what its occasion asks. */
export type Wanted = CampaignKey & {
  /** The day on which its period's reviews begin: what was reviewed or began to act since then is not asked about again. */
  opensOn: string;
  occasion: 'period' | 'due' | 'begun';
};

const notIn = ({ subject, categories, period }: CampaignKey, id: Prisma.Sql): Prisma.Sql => Prisma.sql`
  NOT EXISTS (SELECT 1 FROM review_items i JOIN review_campaigns c ON c.id = i.campaign_id WHERE i.subject_id = ${id} AND (i.status = 'open'
    OR (c.subject_type = ${subject} AND c.risk_categories = ${[...categories]}::text[] AND c.period = ${period})))`;

const occasions = (wanted: Wanted, id: Prisma.Sql, began: Prisma.Sql, dueOn: Prisma.Sql): Prisma.Sql =>
  ({
    period: Prisma.sql`(${began} IS NULL OR (${began} AT TIME ZONE 'UTC')::date < ${wanted.opensOn}::date)
      AND NOT EXISTS (SELECT 1 FROM review_items d WHERE d.subject_id = ${id} AND d.status = 'decided' AND NOT ${decidedBefore(wanted.opensOn)})`,
    due: Prisma.sql`${dueOn} <= ${todayUtc}`,
    begun: Prisma.sql`true`,
  })[wanted.occasion];

/** listUnreviewed answers what is to be reviewed and is in no open item, held as it is until the transaction ends. */
export async function listUnreviewed(tx: Tx, wanted: Wanted, limit: number): Promise<string[]> {
  const rows =
    wanted.subject === 'agent'
      ? await tx.$queryRaw<{ id: string }[]>`
          SELECT a.id FROM agents a WHERE a.status IN ('active', 'suspended') AND a.risk_category = ANY (${[...wanted.categories]}::text[])
            AND ${notIn(wanted, Prisma.sql`a.id`)} AND ${occasions(wanted, Prisma.sql`a.id`, Prisma.sql`a.activated_at`, Prisma.sql`a.next_review_on`)}
          ORDER BY a.id LIMIT ${limit}::int FOR SHARE`
      : await tx.$queryRaw<{ id: string }[]>`
          SELECT p.id FROM policies p WHERE p.status = 'active'
            AND ${notIn(wanted, Prisma.sql`p.id`)} AND ${occasions(wanted, Prisma.sql`p.id`, Prisma.sql`p.published_at`, Prisma.sql`NULL::date`)}
          ORDER BY p.id LIMIT ${limit}::int FOR SHARE`;
  return rows.map(({ id }) => id);
}

export type NewItem = { id: string; campaignId: string; subjectId: string; processId: string | null; reviewerId: string | null };

/** insertItems answers how many there were not yet. */
export async function insertItems(tx: Tx, items: readonly NewItem[]): Promise<number> {
  return (await tx.reviewItem.createMany({ data: [...items], skipDuplicates: true })).count;
}
