import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { retirePolicy } from '@/lib/policy/service';
import { decommissionAgent, editAgent, suspendAgent } from '@/lib/registry/service';
import { agentsOf } from '@/lib/lifecycle/testdata/succession';
import { active, closeOffice, draft, edited, engineer, leader, openOffice, owner, risk, security } from '@/lib/registry/testdata/office';
import { reviewNumbers } from '../reading';
import { listUnreviewed } from '../store';
import { dueIn, itemOf, itemsOf, managedBy, nobodys, putAside, reviewDue } from '../testdata/reviews';
import { openBatchMax } from './open';
import { remindBatchMax } from './remind';
import { beginReview, decideReviewItem, followReviews, giveReview, openReviews } from '.';

beforeAll(openOffice);
afterAll(closeOffice);
// Each test has the agents and campaigns it makes; nothing of the others is open.
beforeEach(putAside);

const kindsOf = async (subject: string, kind: string) => (await eventsAbout(subject)).filter((event) => event.kind === kind);
const opened = async (agent: string) => {
  await reviewDue(agent);
  await openReviews();
  return itemOf(agent);
};

describe('an agent whose own review date has come', () => {
  test('is given to its owner at once, with a campaign of this week and one event', async () => {
    const agent = await active();
    const item = await opened(agent);
    expect(item).toMatchObject({ status: 'open', reviewerId: owner.id, reminded: null });
    expect(item.period).toMatch(/^\d{4}-W\d{2}$/);
    const events = await kindsOf(item.campaignId, 'review.opened');
    expect(events).toHaveLength(1);
    expect(events[0]?.data).toMatchObject({ occasion: 'due', risk: ['high', 'prohibited', 'unassessed'] });
  });
  test('is reviewed while it is suspended too', async () => {
    const agent = await active();
    expect(await suspendAgent(owner.actor, agent)).toMatchObject({ ok: true });
    expect((await opened(agent)).status).toBe('open');
  });
  test('is not opened twice by two workers at once, nor by a later run', async () => {
    const agents = await Promise.all([active(), active(), active()]);
    for (const agent of agents) await reviewDue(agent);
    const made = await Promise.all([openReviews(), openReviews(), openReviews()]);
    expect(made.toSorted()).toEqual([0, 0, 3]);
    expect(await openReviews()).toBe(0);
    for (const agent of agents) expect(await itemsOf(agent)).toHaveLength(1);
    const { campaignId } = await itemOf(agents[0] ?? '');
    expect(await kindsOf(campaignId, 'review.opened')).toHaveLength(1);
  });
  test('is not reviewed as a draft, and not once it has ended', async () => {
    const [unborn, ended] = [await draft(), await active()];
    for (const agent of [unborn, ended]) await reviewDue(agent);
    expect(await decommissionAgent(owner.actor, ended, 'Not needed')).toMatchObject({ ok: true });
    expect(await openReviews()).toBe(0);
  });
  test('does not come a second time while its review is open', async () => {
    const agent = await active();
    expect(await beginReview(risk.actor, { cadence: 'high' })).toMatchObject({ ok: true });
    await reviewDue(agent);
    expect(await openReviews()).toBe(0);
    expect(await itemsOf(agent)).toHaveLength(1);
  });
});

describe('the campaign of a period', () => {
  const ask = (opensOn: string) =>
    prisma().$transaction((tx) =>
      listUnreviewed(tx, { subject: 'agent', categories: ['limited'], period: 'test', opensOn, occasion: 'period' }, 100),
    );
  test('asks about every agent of its class that acted before it began', async () => {
    const agent = await active({ riskCategory: 'limited' });
    expect(await ask('2999-12-01')).toContain(agent);
  });
  test('does not ask about an agent that was activated since, or reviewed since, or is of another class', async () => {
    const [fresh, other] = [await active({ riskCategory: 'limited' }), await active({ riskCategory: 'minimal' })];
    expect(await ask('2020-12-01')).toEqual([]);
    expect(await ask('2999-12-01')).not.toContain(other);
    const item = await opened(fresh);
    expect(await decideReviewItem(owner.actor, item.id, { decision: 'keep', note: '' })).toMatchObject({ ok: true });
    await prisma().$executeRaw`UPDATE review_items SET decided_at = '2999-12-02' WHERE id = ${item.id}`;
    expect(await ask('2999-12-01')).not.toContain(fresh);
  });
});

describe('a review that is begun by a person', () => {
  test('holds every policy in force, each with a risk officer who did not write it', async () => {
    const begun = await beginReview(risk.actor, { cadence: 'policies' });
    expect(begun).toMatchObject({ ok: true });
    const rows = await prisma().$queryRaw<{ reviewer_id: string }[]>`SELECT reviewer_id FROM review_items WHERE status = 'open'`;
    expect(new Set(rows.map((row) => row.reviewer_id))).toEqual(new Set([risk.id]));
    expect(await beginReview(risk.actor, { cadence: 'policies' })).toEqual({ ok: false, code: 'NOTHING_TO_REVIEW' });
  });
  test('takes in what came since, and what is reviewed already only once', async () => {
    const first = await active({ riskCategory: 'limited' });
    const begun = await beginReview(risk.actor, { cadence: 'limited' });
    const second = await active({ riskCategory: 'limited' });
    expect(await beginReview(risk.actor, { cadence: 'limited' })).toEqual({ ...begun, items: 1 });
    expect([await itemsOf(first), await itemsOf(second)].map((items) => items.length)).toEqual([1, 1]);
  });
  test('of more than one commit holds is begun in several, so that none is long, with every agent in it once', async () => {
    const agents = await agentsOf({ process: 'prc_payables', owner }, openBatchMax + 1);
    const begun = await beginReview(risk.actor, { cadence: 'high' });
    const campaign = begun.ok ? begun.id : '';
    const items = await prisma().$queryRaw<{ agent: string; commit: string }[]>`
      SELECT subject_id AS agent, xmin::text AS commit FROM review_items WHERE campaign_id = ${campaign}`;
    expect(begun).toMatchObject({ ok: true, items: items.length });
    expect(new Set(items.map(({ commit }) => commit)).size).toBe(Math.ceil(items.length / openBatchMax));
    expect(items.map(({ agent }) => agent)).toEqual(expect.arrayContaining(agents));
    expect(new Set(items.map(({ agent }) => agent)).size).toBe(items.length);
    expect(await kindsOf(campaign, 'review.opened')).toHaveLength(1);
  });
  test('is refused to who does not manage reviews', async () => {
    for (const { actor } of [owner, engineer, leader, security])
      expect(await beginReview(actor, { cadence: 'high' })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
  });
  test('loses the item of a policy that is retired', async () => {
    await beginReview(risk.actor, { cadence: 'policies' });
    const open = () =>
      prisma().$queryRaw<{ subject_id: string }[]>`SELECT subject_id FROM review_items WHERE status = 'open' ORDER BY subject_id`;
    const [first, ...rest] = await open();
    expect(await retirePolicy(setup, first?.subject_id ?? '')).toMatchObject({ ok: true });
    expect(await open()).toEqual(rest);
  });
});

describe('a reminder', () => {
  test.each([14, 7, 0])('comes once, %i days before the item is due, whoever runs it and how often', async (days) => {
    const agent = await active();
    const item = await opened(agent);
    await dueIn(item.campaignId, days);
    const changed = await Promise.all([followReviews(), followReviews(), followReviews()]);
    expect(changed.toSorted()).toEqual([0, 0, 1]);
    expect(await followReviews()).toBe(0);
    const events = await kindsOf(agent, 'review.reminded');
    expect(events.map(({ data }) => [data['days'], data['reviewer']])).toEqual([[days, owner.id]]);
    expect((await itemOf(agent)).reminded).toBe(days);
  });
  test('does not come while there is time, nor for what is decided', async () => {
    const agent = await active();
    const item = await opened(agent);
    await dueIn(item.campaignId, 15);
    expect(await followReviews()).toBe(0);
    await decideReviewItem(owner.actor, item.id, { decision: 'keep', note: '' });
    await dueIn(item.campaignId, 3);
    await followReviews();
    expect(await kindsOf(agent, 'review.reminded')).toEqual([]);
  });
});

describe('an item that nobody decided in time', () => {
  const overdue = async () => {
    const agent = await active();
    const item = await opened(agent);
    await dueIn(item.campaignId, -1);
    return agent;
  };
  test('goes once to the manager of the process’s owner', async () => {
    const boss = await person(['leader']);
    await managedBy(owner.id, boss.id);
    const agent = await overdue();
    await Promise.all([followReviews(), followReviews()]);
    await followReviews();
    expect(await itemOf(agent)).toMatchObject({ reviewerId: owner.id, escalatedTo: boss.id, reminded: -1, status: 'open' });
    expect((await kindsOf(agent, 'review.escalated')).map(({ data }) => data['to'])).toEqual([boss.id]);
  });
  test('goes to a leader when that manager may not review', async () => {
    await managedBy(owner.id, engineer.id);
    const agent = await overdue();
    await followReviews();
    const { escalatedTo } = await itemOf(agent);
    expect((await prisma().user.findUniqueOrThrow({ where: { id: escalatedTo ?? '' } })).roles).toEqual(['leader']);
  });
  test('is late in the numbers', async () => {
    const days = [new Date(Date.now() - 3 * 86_400_000), new Date(Date.now() + 86_400_000)].map((day) => day.toISOString().slice(0, 10));
    const range = { from: days[0] ?? '', to: days[1] ?? '' };
    const before = await reviewNumbers(range);
    await overdue();
    const after = await reviewNumbers(range);
    expect([after.n - before.n, after.onTime - before.onTime]).toEqual([1, 0]);
  });
});

describe('a reviewer', () => {
  test('who has left is followed by another, once and told', async () => {
    const leaving = await person(['process_owner']);
    const agent = await active({ ownerId: leaving.id });
    expect((await opened(agent)).reviewerId).toBe(leaving.id);
    // Succession may move the agent in the same commit; the review follows whoever answers for it now.
    await deactivateUser(setup, leaving.id);
    await Promise.all([followReviews(), followReviews()]);
    const { reviewerId } = await itemOf(agent);
    expect(reviewerId).not.toBe(leaving.id);
    expect((await kindsOf(agent, 'review.reassigned')).map(({ data }) => data['to'])).toEqual([reviewerId]);
  });
  test('is found for what comes after more items than one look takes, for which there is nobody', async () => {
    const agents = await agentsOf({ process: 'prc_payables', owner, author: engineer }, remindBatchMax + 11);
    for (const agent of agents) await reviewDue(agent);
    expect(await openReviews()).toBe(agents.length);
    const items = (await Promise.all(agents.map(itemOf))).sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ subjectId }) => subjectId);
    await nobodys(items, items.slice(0, -10));
    expect(await followReviews()).toBe(10);
    const given = (await Promise.all(items.map(itemOf))).filter(({ reviewerId }) => reviewerId !== null);
    expect(given.map(({ subjectId }) => subjectId)).toEqual(items.slice(-10));
    expect(await followReviews()).toBe(0);
  });
  test('follows the ownership of the agent in the same commit', async () => {
    const agent = await active();
    const item = await opened(agent);
    expect(await editAgent(setup, agent, await edited(agent, { ownerId: leader.id }))).toMatchObject({ ok: true });
    expect((await itemOf(agent)).reviewerId).toBe(leader.id);
    expect((await kindsOf(agent, 'review.reassigned')).map(({ data }) => [data['review'], data['to']])).toEqual([[item.id, leader.id]]);
  });
  test('who was chosen stays when the ownership changes', async () => {
    const agent = await active();
    const item = await opened(agent);
    await giveReview(risk.actor, item.id, { reviewerId: risk.id, reason: 'On leave' });
    await editAgent(setup, agent, await edited(agent, { ownerId: leader.id }));
    expect((await itemOf(agent)).reviewerId).toBe(risk.id);
  });
  test('is never the engineer, even as the owner’s second account', async () => {
    const second = await person(['process_owner'], engineer.personId);
    const agent = await active();
    const item = await opened(agent);
    expect(await giveReview(risk.actor, item.id, { reviewerId: second.id, reason: 'She knows it' })).toEqual({
      ok: false,
      code: 'REVIEWER_NOT_ALLOWED',
    });
  });
  test('is changed by who manages reviews, with an event', async () => {
    const agent = await active();
    const item = await opened(agent);
    expect(await giveReview(risk.actor, item.id, { reviewerId: leader.id, reason: 'On leave' })).toEqual({ ok: true });
    expect((await itemOf(agent)).reviewerId).toBe(leader.id);
    expect((await kindsOf(agent, 'review.reassigned')).map(({ data }) => [data['from'], data['to']])).toEqual([[owner.id, leader.id]]);
  });
  test.each([
    ['by who does not manage reviews', () => owner, () => leader, 'NOT_ALLOWED'],
    ['to somebody who may not review', () => risk, () => security, 'REVIEWER_NOT_ALLOWED'],
    ['to who has it already', () => risk, () => owner, 'SAME_REVIEWER'],
  ])('is not changed %s', async (_, who, to, code) => {
    const item = await opened(await active());
    expect(await giveReview(who().actor, item.id, { reviewerId: to().id, reason: 'Why not' })).toEqual({ ok: false, code });
  });
});

describe('a campaign', () => {
  test('ends once with the last of its items, and not before', async () => {
    const [decided, ended] = [await active({ riskCategory: 'minimal' }), await active({ riskCategory: 'minimal' })];
    const begun = await beginReview(risk.actor, { cadence: 'minimal' });
    if (!begun.ok) throw new Error(begun.code);
    for (const { id } of await prisma().$queryRaw<{ id: string }[]>`
      SELECT id FROM review_items WHERE campaign_id = ${begun.id} AND subject_id NOT IN (${decided}, ${ended})`)
      await prisma().$executeRaw`UPDATE review_items SET status = 'void' WHERE id = ${id}`;
    await decideReviewItem(owner.actor, (await itemOf(decided)).id, { decision: 'keep', note: '' });
    await followReviews();
    expect(await kindsOf(begun.id, 'review.closed')).toEqual([]);
    await decommissionAgent(owner.actor, ended, 'Not needed');
    await Promise.all([followReviews(), followReviews()]);
    const events = await kindsOf(begun.id, 'review.closed');
    expect(events.map(({ data }) => data['decided'])).toEqual([1]);
  });
});
