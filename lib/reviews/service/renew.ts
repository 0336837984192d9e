import type { Actor } from '@/lib/ledger/schema';
import { appendEvent } from '@/lib/ledger/service';
import type { Tx } from '@/lib/people/service';
import { chooseReviewer } from '../domain';
import type { ReviewSubject } from '../schema';
import * as store from '../store';

/** renew names for each of these items whoever reviews it as things are now, each with its event; returns how many went to somebody else, or to nobody. */
export async function renew(tx: Tx, actor: Actor, items: readonly store.ItemRow[]): Promise<number> {
  const around = await aroundOf(tx, items);
  let changed = 0;
  for (const item of items) {
    const about = around.facts.get(item.subjectId);
    const to = about ? chooseReviewer(about, around.people, around.load) : null;
    if (to === item.reviewerId || !(await store.claimReviewer(tx, item.id, item.reviewerId, to))) continue;
    await appendEvent(tx, {
      kind: 'review.reassigned',
      actor,
      subject: { type: item.subject, id: item.subjectId },
      data: { review: item.id, campaign: item.campaignId, from: item.reviewerId, to, process: about?.processId },
    });
    changed += 1;
  }
  return changed;
}

type Around = { facts: Map<string, store.SubjectFacts>; people: Map<string, store.PersonFacts>; load: Map<string, number> };

/** aroundOf is what choosing a person for items needs: what they are about, who there is, and how much each has to do. */
export async function aroundOf(tx: Tx, items: readonly store.ItemRow[]): Promise<Around> {
  if (items.length === 0) return { facts: new Map(), people: new Map(), load: new Map() };
  const of = (subject: ReviewSubject) => items.filter((item) => item.subject === subject).map(({ subjectId }) => subjectId);
  const [agents, policies] = [await store.listFacts(tx, 'agent', of('agent')), await store.listFacts(tx, 'policy', of('policy'))];
  return { facts: new Map([...agents, ...policies]), people: await store.listPeople(tx), load: await store.listLoad(tx) };
}
