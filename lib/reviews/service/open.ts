import { newId } from '@/lib/kernel/ids';
import type { Actor as LedgerActor } from '@/lib/ledger/schema';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, inTransaction, type PersonActor, type Refused, type Tx } from '@/lib/people/service';
import { cadences, chooseReviewer, plan, type Cadence, type Occasion, type Planned } from '../domain';
import { BeginReview, type BeginRefusal } from '../schema';
import * as store from '../store';

/** Most items that one transaction makes. */
export const openBatchMax = 200;
/** Countersign's own worker, as events name it. */
export const jobs = { type: 'system', id: 'jobs' } as const satisfies LedgerActor;

/**
 * openReviews begins every campaign whose time has come and puts into it what is to be reviewed, each with a reviewer; what fell due at once comes too.
 * Returns how many items it made. Several workers may run it at once; running it again makes nothing twice.
 */
export async function openReviews(keepGoing: () => boolean = () => true): Promise<number> {
  let made = 0;
  for (const cadence of cadences)
    for (const occasion of ['period', 'due'] as const)
      while (keepGoing()) {
        const batch = await inTransaction((tx) => openBatch(tx, cadence, occasion));
        made += batch;
        if (batch < openBatchMax) break;
      }
  return made;
}

async function openBatch(tx: Tx, cadence: Cadence, occasion: Occasion): Promise<number> {
  await store.lockOpening(tx);
  const planned = plan(cadence, occasion, await store.findToday(tx));
  return planned ? ((await fill(tx, jobs, { cadence, occasion, planned }))?.items ?? 0) : 0;
}

type Filling = { cadence: Cadence; occasion: Occasion; planned: Planned };

/** fill makes the next items of a campaign, and the campaign with its first; undefined when there is nothing to review, or it has ended. */
async function fill(
  tx: Tx,
  actor: LedgerActor,
  { cadence, occasion, planned }: Filling,
): Promise<{ id: string; items: number } | undefined> {
  const { subject, categories } = cadence;
  const key = { subject, categories, period: planned.period };
  const ids = await store.listUnreviewed(tx, { ...key, opensOn: planned.opensOn, occasion }, openBatchMax);
  if (ids.length === 0) return undefined;
  const { title, dueOn } = planned;
  const campaign = await store.claimCampaign(tx, { ...key, id: newId('rvc'), title, dueOn, openedBy: actor.id });
  if (campaign.closed) return undefined;
  const items = await store.insertItems(tx, await itemsFor(tx, cadence, campaign.id, ids));
  if (campaign.made)
    await appendEvent(tx, {
      kind: 'review.opened',
      actor,
      subject: { type: 'review', id: campaign.id },
      data: { about: subject, risk: [...categories], period: planned.period, due_on: dueOn, occasion, items },
    });
  return { id: campaign.id, items };
}

/** Who reviews what; whoever was just given an item counts as having it, so that the next goes to somebody else. */
async function itemsFor(tx: Tx, { subject }: Cadence, campaignId: string, ids: readonly string[]): Promise<store.NewItem[]> {
  const facts = await store.listFacts(tx, subject, ids);
  const people = await store.listPeople(tx);
  const load = await store.listLoad(tx);
  return ids.flatMap((subjectId): store.NewItem[] => {
    const about = facts.get(subjectId);
    if (!about) return [];
    const reviewerId = chooseReviewer(about, people, load);
    if (reviewerId !== null) load.set(reviewerId, (load.get(reviewerId) ?? 0) + 1);
    return [{ id: newId('rvi'), campaignId, subjectId, processId: about.processId, reviewerId }];
  });
}

export type BeginOutcome = { ok: true; id: string; items: number } | Refused<BeginRefusal>;

/**
 * beginReview begins a campaign of one cadence today, due in 30 days, with everything of it that is in no open review; what came since one was begun
 * today is added to it. At most `openBatchMax` items are a commit: cut off half way, beginning it again adds the rest. Throws when `input` is not a
 * BeginReview.
 */
export async function beginReview(actor: PersonActor, input: BeginReview): Promise<BeginOutcome> {
  const { cadence: name } = BeginReview.parse(input);
  const cadence = cadences.find((one) => one.name === name);
  if (!cadence) throw new Error(`there is no cadence ${name}`);
  const begun = await beginBatch(actor, cadence);
  if (!begun.ok) return begun;
  let { items } = begun;
  for (let batch = items; batch === openBatchMax; items += batch) {
    const more = await beginBatch(actor, cadence, begun.planned);
    batch = more.ok ? more.items : 0;
  }
  return { ok: true, id: begun.id, items };
}

type Begun = { ok: true; id: string; items: number; planned: Planned } | Refused<BeginRefusal>;

/** The next items of a campaign of today, or of the day on which it was begun. */
function beginBatch(actor: PersonActor, cadence: Cadence, begun?: Planned): Promise<Begun> {
  return actAs<Begun>(actor, 'reviews:manage', async (tx) => {
    await store.lockOpening(tx);
    const planned = begun ?? plan(cadence, 'begun', await store.findToday(tx));
    if (!planned) throw new Error('a review can begin on any day');
    const filled = await fill(tx, actor, { cadence, occasion: 'begun', planned });
    return filled ? { ok: true, ...filled, planned } : { ok: false, code: 'NOTHING_TO_REVIEW' };
  });
}
