import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { findToday } from '../store';
import { campaignOf, rowOf } from './rows';
import {
  campaignsPageMax,
  itemsPageMax,
  mineMax,
  type CampaignQuery,
  type CampaignView,
  type ReviewsPage,
  type ReviewsQuery,
} from './schema';
import * as store from './store';

/** readReviews answers a person's open items, the most pressing first, and one page of campaigns with their progress and results. */
export async function readReviews(person: User, { after }: ReviewsQuery): Promise<ReviewsPage> {
  const db = prisma();
  const [today, mine, total, found] = await Promise.all([
    findToday(db),
    store.listOwn(db, person.personId, mineMax),
    store.countOwn(db, person.personId),
    store.listCampaigns(db, after, campaignsPageMax + 1),
  ]);
  const page = found.slice(0, campaignsPageMax);
  return {
    today,
    mine: { items: mine.map(rowOf), total },
    campaigns: page.map(campaignOf),
    next: found.length > campaignsPageMax ? (page.at(-1)?.id ?? null) : null,
  };
}

/** readCampaign answers one campaign with the progress of each process and one page of its items; undefined when there is none. */
export async function readCampaign(id: string, query: CampaignQuery): Promise<CampaignView | undefined> {
  const db = prisma();
  const campaign = await store.findCampaign(db, id);
  if (!campaign) return undefined;
  const [today, processes, found] = await Promise.all([
    findToday(db),
    store.countByProcess(db, id),
    store.listItems(db, id, query, itemsPageMax + 1),
  ]);
  const page = found.slice(0, itemsPageMax);
  return {
    today,
    campaign: campaignOf(campaign),
    processes: processes.map(({ id: processId, name, ...counts }) => ({
      process: processId === null ? null : { id: processId, name: name ?? processId },
      ...counts,
    })),
    items: page.map(rowOf),
    next: found.length > itemsPageMax ? (page.at(-1)?.id ?? null) : null,
  };
}

export type MyReviewItem = { id: string; title: string; href: string; dueOn: string };

/** listMyReviewItems answers what a person is to review, the soonest due first, and how much it is in all. */
export async function listMyReviewItems(person: User, limit: number): Promise<{ items: MyReviewItem[]; total: number }> {
  const [rows, total] = await Promise.all([store.listOwn(prisma(), person.personId, limit), store.countOwn(prisma(), person.personId)]);
  const items = rows.map(rowOf).map(({ id, subject, dueOn }) => ({
    id,
    title: subject.type === 'policy' ? `Review the policy ${subject.name}` : `Review ${subject.name}`,
    href: `/reviews/items/${id}`,
    dueOn,
  }));
  return { items, total };
}
