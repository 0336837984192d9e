import { appendEvent } from '@/lib/ledger/service';
import { actAs, lockActor, type PersonActor, type Refused } from '@/lib/people/service';
import { canReview } from '../domain';
import { GiveReview, type GiveRefusal } from '../schema';
import * as store from '../store';

export type GiveOutcome = { ok: true } | Refused<GiveRefusal>;

/** giveReview hands an open item to another person who can review it and did not write what is reviewed. Throws when `input` is not a GiveReview. */
export function giveReview(actor: PersonActor, itemId: string, input: GiveReview): Promise<GiveOutcome> {
  const { reviewerId, reason } = GiveReview.parse(input);
  return actAs<GiveOutcome>(actor, 'reviews:manage', async (tx) => {
    // They stay here until this commits.
    const present = await lockActor(tx, reviewerId);
    const item = await store.lockItem(tx, itemId);
    if (!item) return { ok: false, code: 'NOT_FOUND' };
    if (item.status !== 'open') return { ok: false, code: item.status === 'void' ? 'VOID' : 'ALREADY_DECIDED' };
    if (item.reviewerId === reviewerId) return { ok: false, code: 'SAME_REVIEWER' };
    const facts = (await store.listFacts(tx, item.subject, [item.subjectId])).get(item.subjectId);
    const person = (await store.listPeople(tx)).get(reviewerId);
    if (!present || !canReview(person, facts?.authors ?? [])) return { ok: false, code: 'REVIEWER_NOT_ALLOWED' };
    if (!(await store.claimReviewer(tx, itemId, item.reviewerId, reviewerId))) throw new Error('a locked item changed its reviewer');
    await appendEvent(tx, {
      kind: 'review.reassigned',
      actor,
      subject: { type: item.subject, id: item.subjectId },
      data: { review: item.id, campaign: item.campaignId, from: item.reviewerId, to: reviewerId, process: facts?.processId },
      sealed: { text: reason },
    });
    return { ok: true };
  });
}
