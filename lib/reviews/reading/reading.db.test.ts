import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { projectLedger } from '@/lib/ledger/service/projection';
import { findUser, type User } from '@/lib/people/service';
import { person } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { createLog } from '@/lib/platform/log';
import { active, closeOffice, engineer, leader, openOffice, owner, risk } from '@/lib/registry/testdata/office';
import { beginReview, decideReviewItem, openReviews } from '../service';
import { dueIn, itemOf, putAside, reviewDue } from '../testdata/reviews';
import { listMyReviewItems, readCampaign, readItem, readReviews } from '.';
import { CampaignQuery, ItemView, ReviewsPage, CampaignView } from './schema';

let pool: pg.Pool;
beforeAll(async () => {
  await openOffice();
  pool = new pg.Pool({ connectionString: process.env['DATABASE_URL_WEB'], max: 2 });
});
afterAll(async () => {
  await pool.end();
  await closeOffice();
});
beforeEach(putAside);

const userOf = async ({ id }: { id: string }): Promise<User> => {
  const user = await findUser(id);
  if (!user) throw new Error('nobody');
  return user;
};
const both = ['invoices.list', 'invoices.read'];
const reviewed = async () => {
  const agent = await active({ permissions: both });
  await reviewDue(agent);
  await openReviews();
  return { agent, item: await itemOf(agent) };
};
const itemFor = async (who: { id: string }, id: string): Promise<ItemView> => ItemView.parse(await readItem(await userOf(who), id));
const query = (change: Record<string, unknown> = {}) => CampaignQuery.parse(change);

let seq = 1_000_000_000_000;
/** A decision in the explorer's table, so many days ago. */
const ask = (agent: string, action: string, verdict: string, daysAgo = 1) =>
  prisma().$executeRaw`INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, action_type, verdict)
    VALUES (${++seq}, now() - make_interval(days => ${daysAgo}::int), 'decision.made', ${`dec_${seq}`}, ${agent}, ${action}, ${verdict})`;

describe('an item', () => {
  test('shows what the agent asked for in the last 90 days, and what it never used', async () => {
    const { agent, item } = await reviewed();
    for (const verdict of ['allow', 'allow_reversible', 'deny', 'halt', 'approval_required']) await ask(agent, 'invoices.read', verdict);
    await ask(agent, 'invoices.list', 'allow', 91);
    const { agent: shown } = await itemFor(owner, item.id);
    expect(shown?.permissions.map(({ action, uses }) => [action, uses])).toEqual([
      ['invoices.list', 0],
      ['invoices.read', 5],
    ]);
    expect(shown?.numbers).toMatchObject({ decisions: 5, supervised: 1, denied: 1, halted: 1, asked: 1, approved: 0, missing: 2 });
  });
  test('shows what people changed since the last review, and not what they changed before', async () => {
    const { agent, item } = await reviewed();
    await decideReviewItem(owner.actor, item.id, { decision: 'reduce', permissions: ['invoices.list'], note: 'Never used' });
    await prisma().$executeRaw`UPDATE review_campaigns SET period = id`;
    await projectLedger(pool, createLog('test'));
    const first = await itemFor(owner, item.id);
    expect(first.agent?.changes.length).toBeGreaterThan(3);
    expect(first.note).toEqual({ text: 'Never used', hidden: false });
    await reviewDue(agent);
    await openReviews();
    const [row] = await prisma().$queryRaw<{ id: string }[]>`SELECT id FROM review_items WHERE subject_id = ${agent} AND status = 'open'`;
    await projectLedger(pool, createLog('test'));
    const second = await itemFor(owner, row?.id ?? '');
    expect(second.last).toMatchObject({ id: item.id, decision: 'reduce', decidedBy: { id: owner.id } });
    // Only that its date was brought forward: neither its registration nor what the review itself took away.
    expect(second.agent?.changes.map(({ actor, words }) => [actor, words])).toEqual([['Countersign', 'changed it']]);
  });
  test('offers its decisions to its reviewer, and says to others why not', async () => {
    const { item } = await reviewed();
    expect(await itemFor(owner, item.id)).toMatchObject({
      may: ['keep', 'reduce', 'reassign', 'decommission'],
      sayWhy: ['decommission'],
      whyNot: null,
      reviewers: [],
    });
    expect(await itemFor(risk, item.id)).toMatchObject({ may: ['keep', 'reduce'], sayWhy: ['keep', 'reduce'], owners: [] });
    const theirs = await itemFor(leader, item.id);
    expect(theirs).toMatchObject({ may: [], owners: [], reviewers: [] });
    expect(theirs.whyNot).toMatch(/somebody else’s/);
    expect((await itemFor(engineer, item.id)).whyNot).toMatch(/You built/);
  });
  test('never offers the engineer as owner or reviewer, nor who has it', async () => {
    const { item } = await reviewed();
    const second = await person(['risk', 'process_owner'], engineer.personId);
    const [mine, managers] = [await itemFor(owner, item.id), await itemFor(risk, item.id)];
    const ids = (people: readonly { id: string }[]) => people.map(({ id }) => id);
    for (const id of [engineer.id, second.id, owner.id]) {
      expect(ids(mine.owners)).not.toContain(id);
      expect(ids(managers.reviewers)).not.toContain(id);
    }
    expect(ids(mine.owners)).toContain(leader.id);
    expect(ids(managers.reviewers)).toContain(leader.id);
  });
  test('hides what was written from whose roles do not show it', async () => {
    const { item } = await reviewed();
    await decideReviewItem(owner.actor, item.id, { decision: 'keep', note: 'Between us' });
    expect((await itemFor(engineer, item.id)).note).toEqual({ text: '', hidden: true });
  });
  test('leads to the reviewer’s other items, and on after it was decided', async () => {
    const items = [(await reviewed()).item.id, (await reviewed()).item.id].toSorted();
    const [first = '', second = ''] = items;
    expect(await itemFor(owner, first)).toMatchObject({ previous: null, next: second });
    expect(await itemFor(owner, second)).toMatchObject({ previous: first, next: null });
    await decideReviewItem(owner.actor, first, { decision: 'keep', note: '' });
    expect(await itemFor(owner, first)).toMatchObject({ previous: null, next: second });
  });
  test('of a policy shows its version and what may be decided of it', async () => {
    const begun = await beginReview(risk.actor, { cadence: 'policies' });
    if (!begun.ok) throw new Error(begun.code);
    const view = CampaignView.parse(await readCampaign(begun.id, query()));
    const [first] = view.items;
    const item = await itemFor(first?.reviewer ?? risk, first?.id ?? '');
    expect(item).toMatchObject({ agent: null, policy: { version: 1, draft: null }, may: ['keep', 'revise'], sayWhy: ['revise'] });
  });
  test('that is not there is not found', async () => {
    expect(await readItem(await userOf(owner), 'rvi_none')).toBeUndefined();
  });
});

describe('a person', () => {
  test('finds their open items, whichever account was named, the soonest due first', async () => {
    const [late, early] = [await reviewed(), await active({ riskCategory: 'limited' })];
    await reviewDue(early);
    await openReviews();
    await dueIn((await itemOf(early)).campaignId, 2);
    const second = await person(['process_owner'], owner.personId);
    const mine = await listMyReviewItems(await userOf(second), 10);
    expect(mine.total).toBe(2);
    expect(mine.items.map(({ href }) => href)).toEqual([
      `/reviews/items/${(await itemOf(early)).id}`,
      `/reviews/items/${(await itemOf(late.agent)).id}`,
    ]);
    expect((await listMyReviewItems(await userOf(second), 1)).items).toHaveLength(1);
  });
  test('finds nothing that is decided, and nothing of others', async () => {
    const { item } = await reviewed();
    expect(await listMyReviewItems(await userOf(leader), 10)).toEqual({ items: [], total: 0 });
    await decideReviewItem(owner.actor, item.id, { decision: 'keep', note: '' });
    expect((await listMyReviewItems(await userOf(owner), 10)).total).toBe(0);
  });
});

describe('a campaign', () => {
  test('tells what it changed, and a decision that changed nothing counts as none', async () => {
    const made = [await reviewed(), await reviewed(), await reviewed(), await reviewed()];
    const [a, b, c, d] = made.map(({ item }) => item.id);
    await decideReviewItem(owner.actor, a ?? '', { decision: 'keep', note: '' });
    await decideReviewItem(owner.actor, b ?? '', { decision: 'reduce', permissions: both, note: '' });
    await decideReviewItem(owner.actor, c ?? '', { decision: 'reassign', ownerId: leader.id, note: '' });
    await decideReviewItem(owner.actor, d ?? '', { decision: 'decommission', note: 'Over' });
    const view = CampaignView.parse(await readCampaign(made[0]?.item.campaignId ?? '', query()));
    expect(view.campaign).toMatchObject({ total: 4, open: 0, overdue: 0, decided: 4 });
    expect(view.campaign.results).toMatchObject({
      kept: 1,
      permissionsRemoved: 2,
      reduced: 1,
      reassigned: 1,
      decommissioned: 1,
      revised: 0,
    });
  });
  test('shows what is overdue, and narrows to a state and a process', async () => {
    const { item } = await reviewed();
    await reviewed();
    await dueIn(item.campaignId, -2);
    const of = async (change: Record<string, unknown>) => CampaignView.parse(await readCampaign(item.campaignId, query(change)));
    const all = await of({});
    expect(all.campaign).toMatchObject({ open: 2, overdue: 2 });
    expect(all.processes).toMatchObject([{ process: { id: 'prc_payables' }, total: 2, open: 2, overdue: 2 }]);
    expect((await of({ state: 'overdue', process: 'prc_payables' })).items).toHaveLength(2);
    expect((await of({ state: 'decided' })).items).toEqual([]);
    expect((await of({ process: 'none' })).items).toEqual([]);
    expect((await of({ after: all.items[0]?.id })).items.map(({ id }) => id)).toEqual([all.items[1]?.id]);
  });
  test('stands in the list before those that ended, and the list goes on where it stopped', async () => {
    const { item } = await reviewed();
    const page = ReviewsPage.parse(await readReviews(await userOf(leader), {}));
    expect(page.campaigns[0]).toMatchObject({ id: item.campaignId, closedAt: null });
    const ids = page.campaigns.map(({ id }) => id);
    const rest = await readReviews(await userOf(leader), { after: ids[0] });
    expect(rest.campaigns.map(({ id }) => id).slice(0, ids.length - 1)).toEqual(ids.slice(1));
  });
  test('that is not there is not found', async () => {
    expect(await readCampaign('rvc_none', query())).toBeUndefined();
  });
});
