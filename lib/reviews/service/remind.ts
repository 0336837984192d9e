import { appendEvent } from '@/lib/ledger/service';
import { may } from '@/lib/people/permissions';
import { roles } from '@/lib/people/schema';
import { inTransaction, type Tx } from '@/lib/people/service';
import { chooseEscalation, escalation, nextStep, openDays, reminderDays } from '../domain';
import * as store from '../store';
import { jobs } from './open';
import { aroundOf, renew } from './renew';

/** Most items that one transaction of a sweep looks at. */
export const remindBatchMax = 50;

/**
 * followReviews looks after open items: it names another reviewer where the one named has left or may not review any more, reminds 14, 7 and 0 days
 * before an item is due, calls somebody above once after it, and ends campaigns of which nothing is open. Returns how many rows it changed. Several
 * workers may run it at once; running it again changes nothing.
 */
export async function followReviews(keepGoing: () => boolean = () => true): Promise<number> {
  let changed = await renewReviewers(keepGoing);
  for (const sweep of [remindOfItems, endCampaigns])
    while (keepGoing()) {
      const done = await inTransaction(sweep);
      changed += done;
      if (done < remindBatchMax) break;
    }
  return changed;
}

/** Those of the roles that let somebody review. */
const reviewing = roles.filter((role) => may({ roles: [role] }, 'reviews:decide'));

/** Goes through all of them: a batch in which nothing changes is no reason to stop. */
async function renewReviewers(keepGoing: () => boolean): Promise<number> {
  let changed = 0;
  let after: string | undefined = '';
  while (after !== undefined && keepGoing()) {
    const batch: Renewed = await inTransaction((tx) => renewBatch(tx, after ?? ''));
    changed += batch.changed;
    after = batch.last;
  }
  return changed;
}

/** `last`: the item to go on after; undefined: there are no more. */
type Renewed = { changed: number; last: string | undefined };

async function renewBatch(tx: Tx, after: string): Promise<Renewed> {
  const items = await store.listWithoutReviewer(tx, reviewing, after, remindBatchMax);
  return { changed: await renew(tx, jobs, items), last: items.length < remindBatchMax ? undefined : items.at(-1)?.id };
}

async function remindOfItems(tx: Tx): Promise<number> {
  const items = await store.listDueSteps(tx, [...reminderDays, escalation], remindBatchMax);
  const around = await aroundOf(tx, items);
  let changed = 0;
  for (const item of items) {
    const step = nextStep(item.daysLeft, item.reminded);
    if (step === undefined) continue;
    const about = around.facts.get(item.subjectId);
    const to = step === escalation && about ? chooseEscalation(about, item.reviewerId, around.people, around.load) : null;
    if (!(await store.claimStep(tx, item, step, to))) continue;
    const said = step === escalation ? { to } : { days: step };
    await appendEvent(tx, {
      kind: step === escalation ? 'review.escalated' : 'review.reminded',
      actor: jobs,
      subject: { type: item.subject, id: item.subjectId },
      data: { review: item.id, campaign: item.campaignId, reviewer: item.reviewerId, process: about?.processId, ...said },
    });
    changed += 1;
  }
  return changed;
}

async function endCampaigns(tx: Tx): Promise<number> {
  // With nobody putting anything in meanwhile.
  await store.lockOpening(tx);
  const ended = await store.claimEnded(tx, openDays, remindBatchMax);
  for (const { id, decided, voided } of ended)
    await appendEvent(tx, { kind: 'review.closed', actor: jobs, subject: { type: 'review', id }, data: { decided, void: voided } });
  return ended.length;
}
