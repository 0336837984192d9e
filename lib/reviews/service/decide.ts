import { appendEvent } from '@/lib/ledger/service';
import { actAs, type PersonActor, type Refused, type Tx, type User } from '@/lib/people/service';
import { endAgent, lockAgent, writeRecord } from '@/lib/registry/service';
import type { Agent } from '@/lib/registry/schema';
import { cadenceOf, nextReviewOn, whyNotDecide } from '../domain';
import { Decide, type ReviewChanges, type ReviewRefusal } from '../schema';
import * as store from '../store';
import { decidableOf } from './standing';

export type DecideOutcome = { ok: true; changes: ReviewChanges } | Refused<ReviewRefusal>;

/**
 * decideReviewItem decides one item and makes what was decided true in the same commit: permissions go, the agent changes its owner, it ends; `changes`
 * says what really changed. The reviewer, or who was called after the due day, is the second person of such a change. Throws when `input` is not a
 * Decide.
 */
export function decideReviewItem(actor: PersonActor, itemId: string, input: Decide): Promise<DecideOutcome> {
  const wanted = Decide.parse(input);
  return actAs<DecideOutcome>(actor, 'reviews:read', async (tx, doer) => {
    const seen = doer ? await store.findItem(tx, itemId) : undefined;
    if (!doer || !seen) return { ok: false, code: 'NOT_FOUND' };
    // The agent before its item, as whoever ends an agent does: otherwise the two wait for each other.
    const agent = seen.subject === 'agent' ? await lockAgent(tx, seen.subjectId) : undefined;
    const item = await store.lockItem(tx, itemId);
    if (!item) return { ok: false, code: 'NOT_FOUND' };
    const refusal = whyNotDecide(await decidableOf(tx, item), doer, wanted, agent);
    if (refusal) return { ok: false, code: refusal };
    return agent ? decideAgent(tx, { actor, doer, item, wanted }, agent) : decidePolicy(tx, { actor, doer, item, wanted });
  });
}

type Deciding = { actor: PersonActor; doer: User; item: store.ItemRow; wanted: Decide };

async function decideAgent(tx: Tx, deciding: Deciding, agent: Agent): Promise<DecideOutcome> {
  const { actor, doer, item, wanted } = deciding;
  if (wanted.decision === 'decommission') {
    const changes = { decommissioned: true };
    // First, so that ending the agent takes back its other items and not this one.
    await settle(tx, deciding, changes, agent.processId);
    await endAgent(tx, actor, doer, agent, wanted.note);
    return { ok: true, changes };
  }
  const next = nextReviewOn(cadenceOf(agent.riskCategory), await store.findToday(tx));
  const after = { ...agent, nextReviewOn: next, ...wantedOf(wanted, agent) };
  const written = await writeRecord(tx, { actor, agent, wanted: after, because: { review: item.id } });
  if (!written.ok) {
    if (written.code === 'OWNER_NOT_ALLOWED' || written.code === 'OWNER_IS_BUILDER') return { ok: false, code: written.code };
    // Everything else it names was there before, and the record is held.
    throw new Error(`the reviewed agent ${agent.id} could not be written: ${written.code}`);
  }
  const changes = changesOf(agent, after);
  await settle(tx, deciding, changes, agent.processId);
  return { ok: true, changes };
}

function wantedOf(wanted: Decide, agent: Agent): Partial<Pick<Agent, 'permissions' | 'ownerId'>> {
  if (wanted.decision === 'reduce') return { permissions: agent.permissions.filter((name) => !wanted.permissions.includes(name)) };
  return wanted.decision === 'reassign' ? { ownerId: wanted.ownerId } : {};
}

function changesOf(before: Agent, after: Agent): ReviewChanges {
  const removed = before.permissions.filter((name) => !after.permissions.includes(name));
  return {
    ...(removed.length === 0 ? {} : { permissions_removed: removed }),
    ...(before.ownerId === after.ownerId ? {} : { owner_before: before.ownerId, owner_after: after.ownerId }),
    ...(after.nextReviewOn === null || after.nextReviewOn === before.nextReviewOn ? {} : { next_review_on: after.nextReviewOn }),
  };
}

/** A policy changes by a draft that others sign; the item says which version it is wanted of. */
async function decidePolicy(tx: Tx, deciding: Deciding): Promise<DecideOutcome> {
  const { item, wanted } = deciding;
  const version = wanted.decision === 'revise' ? await store.findActiveVersion(tx, item.subjectId) : undefined;
  const changes = version === undefined ? {} : { version };
  const facts = await store.listFacts(tx, 'policy', [item.subjectId]);
  await settle(tx, deciding, changes, facts.get(item.subjectId)?.processId ?? null);
  return { ok: true, changes };
}

async function settle(tx: Tx, { actor, doer, item, wanted }: Deciding, changes: ReviewChanges, process: string | null): Promise<void> {
  const { decision, note } = wanted;
  if (!(await store.claimDecided(tx, { id: item.id, decision, by: doer.id, note, changes })))
    throw new Error('a locked item changed its state');
  await appendEvent(tx, {
    kind: 'review.decided',
    actor,
    subject: { type: item.subject, id: item.subjectId },
    data: { review: item.id, campaign: item.campaignId, decision, ...(process === null ? {} : { process }), ...changes },
    ...(note === '' ? {} : { sealed: { text: note } }),
  });
}
