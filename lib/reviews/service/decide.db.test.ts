import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventsAbout, person, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { decommissionAgent } from '@/lib/registry/service';
import {
  active,
  admin,
  agentOf,
  closeOffice,
  engineer,
  kinds,
  leader,
  openOffice,
  owner,
  risk,
  security,
} from '@/lib/registry/testdata/office';
import type { Decide } from '../schema';
import { dueIn, itemOf, putAside, reviewDue } from '../testdata/reviews';
import { decideReviewItem, followReviews, openReviews, beginReview } from '.';

beforeAll(openOffice);
afterAll(closeOffice);
beforeEach(putAside);

const both = ['invoices.list', 'invoices.read'];
async function reviewed(changes: Parameters<typeof active>[0] = {}): Promise<{ agent: string; item: string }> {
  const agent = await active({ permissions: both, ...changes });
  await reviewDue(agent);
  await openReviews();
  return { agent, item: (await itemOf(agent)).id };
}
const told = async (agent: string) => (await eventsAbout(agent)).filter(({ kind }) => kind === 'review.decided');
const keep: Decide = { decision: 'keep', note: '' };

describe('a decision makes true what it says, in one commit', () => {
  test('keeping an agent as it is sets when it is reviewed next', async () => {
    const { agent, item } = await reviewed();
    const outcome = await decideReviewItem(owner.actor, item, keep);
    const { nextReviewOn, permissions } = await agentOf(agent);
    expect(outcome).toEqual({ ok: true, changes: { next_review_on: nextReviewOn } });
    expect(nextReviewOn).toMatch(/-(03-31|06-30|09-30|12-31)$/);
    expect(permissions).toEqual(both);
    expect(await itemOf(agent)).toMatchObject({ status: 'decided', decision: 'keep' });
    expect((await told(agent)).map(({ data }) => data['decision'])).toEqual(['keep']);
  });
  test('reducing takes away what was chosen and nothing else', async () => {
    const { agent, item } = await reviewed();
    const outcome = await decideReviewItem(owner.actor, item, { decision: 'reduce', permissions: ['invoices.list'], note: 'Never used' });
    expect(outcome).toMatchObject({ ok: true, changes: { permissions_removed: ['invoices.list'] } });
    expect((await agentOf(agent)).permissions).toEqual(['invoices.read']);
    const events = await eventsAbout(agent);
    expect(
      events
        .slice(-2)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['agent.changed', 'review.decided']);
    expect(events.find(({ kind, data }) => kind === 'agent.changed' && data['review'] === item)).toBeDefined();
    expect((await itemOf(agent)).changes).toMatchObject({ permissions_removed: ['invoices.list'] });
  });
  test.each<[string, Decide]>([
    ['kept', keep],
    ['reduced', { decision: 'reduce', permissions: ['invoices.list'], note: '' }],
    ['ended', { decision: 'decommission', note: 'Over' }],
  ])('the item and the agent that is %s are written by the same transaction', async (_, wanted) => {
    const { agent, item } = await reviewed();
    await decideReviewItem(owner.actor, item, wanted);
    const rows = await prisma().$queryRaw<{ same: boolean }[]>`
      SELECT i.xmin::text = a.xmin::text AS same FROM review_items i JOIN agents a ON a.id = i.subject_id WHERE i.id = ${item} AND a.id = ${agent}`;
    expect(rows).toEqual([{ same: true }]);
  });
  test('reassigning gives the agent another owner', async () => {
    const { agent, item } = await reviewed();
    const outcome = await decideReviewItem(owner.actor, item, { decision: 'reassign', ownerId: leader.id, note: '' });
    expect(outcome).toMatchObject({ ok: true, changes: { owner_before: owner.id, owner_after: leader.id } });
    expect((await agentOf(agent)).ownerId).toBe(leader.id);
    expect(await itemOf(agent)).toMatchObject({ status: 'decided', reviewerId: owner.id });
  });
  test('decommissioning ends the agent, and its other open items', async () => {
    const { agent, item } = await reviewed();
    const outcome = await decideReviewItem(owner.actor, item, { decision: 'decommission', note: 'The project ended' });
    expect(outcome).toEqual({ ok: true, changes: { decommissioned: true } });
    expect((await agentOf(agent)).status).toBe('decommissioned');
    expect(await itemOf(agent)).toMatchObject({ status: 'decided', decision: 'decommission' });
    expect((await kinds(agent)).filter((kind) => kind === 'agent.decommissioned' || kind === 'credential.revoked')).toHaveLength(2);
  });
  test('a policy is marked to be revised, by version', async () => {
    await beginReview(risk.actor, { cadence: 'policies' });
    const [row] = await prisma().$queryRaw<{ id: string }[]>`SELECT id FROM review_items WHERE status = 'open' ORDER BY id LIMIT 1`;
    const outcome = await decideReviewItem(risk.actor, row?.id ?? '', { decision: 'revise', note: 'The threshold is too low' });
    expect(outcome).toEqual({ ok: true, changes: { version: 1 } });
  });
  test('whoever it was escalated to decides it as well', async () => {
    const { agent, item } = await reviewed();
    await dueIn((await itemOf(agent)).campaignId, -1);
    await followReviews();
    const { escalatedTo } = await itemOf(agent);
    expect(await decideReviewItem({ type: 'user', id: escalatedTo ?? '' }, item, keep)).toMatchObject({ ok: true });
  });
  test('an account of the same person as the reviewer decides it', async () => {
    const { item } = await reviewed();
    const second = await person(['process_owner'], owner.personId);
    expect(await decideReviewItem(second.actor, item, keep)).toMatchObject({ ok: true });
  });
  test('who manages reviews decides in the reviewer’s place, with a reason', async () => {
    const { item } = await reviewed();
    const outcome = await decideReviewItem(risk.actor, item, { decision: 'reduce', permissions: ['invoices.list'], note: 'He is away' });
    expect(outcome).toMatchObject({ ok: true });
  });
});

describe('a decision is refused', () => {
  const rows: [string, () => TestPerson, Decide, string][] = [
    ['from somebody else', () => leader, keep, 'NOT_YOURS'],
    ['from security, who does not review', () => security, keep, 'NOT_YOURS'],
    ['from the engineer', () => engineer, keep, 'OWN_WORK'],
    ['in the reviewer’s place without a reason', () => risk, keep, 'REASON_MISSING'],
    ['when nothing was chosen to take away', () => owner, { decision: 'reduce', permissions: [], note: '' }, 'NOTHING_CHOSEN'],
    ['when the agent has no such permission', () => owner, { decision: 'reduce', permissions: ['payments.create'], note: '' }, 'NOT_HELD'],
    ['when it ends an agent without saying why', () => owner, { decision: 'decommission', note: '' }, 'REASON_MISSING'],
    [
      'when it ends an agent in the reviewer’s place without the right to',
      () => admin,
      { decision: 'decommission', note: 'x' },
      'RIGHT_MISSING',
    ],
    ['when it would revise an agent', () => owner, { decision: 'revise', note: 'x' }, 'NOT_FOR_THIS'],
    ['when nobody of that name is here', () => owner, { decision: 'reassign', ownerId: 'usr_nobody', note: '' }, 'OWNER_NOT_ALLOWED'],
  ];
  test.each(rows)('%s, and nothing is changed', async (_, who, wanted, code) => {
    const { agent, item } = await reviewed();
    const before = await agentOf(agent);
    expect(await decideReviewItem(who().actor, item, wanted)).toEqual({ ok: false, code });
    expect(await agentOf(agent)).toEqual(before);
    expect(await itemOf(agent)).toMatchObject({ status: 'open', decision: null });
    expect(await told(agent)).toEqual([]);
  });
  test('from a second account of the engineer, even one that reviews', async () => {
    const second = await person(['risk', 'leader'], engineer.personId);
    const { item } = await reviewed();
    expect(await decideReviewItem(second.actor, item, { decision: 'keep', note: 'Fine' })).toEqual({ ok: false, code: 'OWN_WORK' });
  });
  test('when the new owner wrote the agent, or owns it already', async () => {
    const { item } = await reviewed();
    const to = (ownerId: string) => decideReviewItem(owner.actor, item, { decision: 'reassign', ownerId, note: '' });
    expect(await to(engineer.id)).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
    expect(await to(owner.id)).toEqual({ ok: false, code: 'SAME_OWNER' });
  });
  test('when the agent ended meanwhile', async () => {
    const { agent, item } = await reviewed();
    await decommissionAgent(owner.actor, agent, 'Not needed');
    expect(await itemOf(agent)).toMatchObject({ status: 'void', decision: null });
    expect(await decideReviewItem(owner.actor, item, keep)).toEqual({ ok: false, code: 'VOID' });
  });
  test('when there is no such item', async () => {
    expect(await decideReviewItem(owner.actor, 'rvi_none', keep)).toEqual({ ok: false, code: 'NOT_FOUND' });
  });
});

describe('two who decide at once', () => {
  test('leave one decision and one event; the other is told', async () => {
    const second = await person(['process_owner'], owner.personId);
    for (let round = 0; round < 5; round++) {
      const { agent, item } = await reviewed();
      const outcomes = await Promise.all([
        decideReviewItem(owner.actor, item, { decision: 'reduce', permissions: ['invoices.list'], note: '' }),
        decideReviewItem(second.actor, item, { decision: 'decommission', note: 'Over' }),
      ]);
      expect(outcomes.map((outcome) => (outcome.ok ? 'done' : outcome.code)).toSorted()).toEqual(['ALREADY_DECIDED', 'done']);
      expect(await told(agent)).toHaveLength(1);
    }
  });
  test('and one who ends the agent meanwhile do not wait for each other', async () => {
    for (let round = 0; round < 5; round++) {
      const { agent, item } = await reviewed();
      const [decided, ended] = await Promise.all([
        decideReviewItem(owner.actor, item, keep),
        decommissionAgent(leader.actor, agent, 'Over'),
      ]);
      expect(ended).toMatchObject({ ok: true });
      const { status } = await itemOf(agent);
      expect([decided.ok, status]).toEqual(decided.ok ? [true, 'decided'] : [false, 'void']);
    }
  });
});
