import { sweepFindings } from '@/lib/findings/service';
import { suspendOrphans } from '@/lib/lifecycle/service/succession';
import { recordMaturity } from '@/lib/maturity/service';
import { prisma } from '@/lib/platform/db/prisma';
import type { Decide } from '@/lib/reviews/schema';
import { decideReviewItem, followReviews, openReviews } from '@/lib/reviews/service';
import { Random } from './random';
import { dayMs, hourMs, minuteMs, type Stage } from './stage';

const nightHour = 2;
const everyNights = 4;
const lastNights = 7;
/** Days within which a reviewer decides, mostly. */
const reviewDays = [1, 24] as const;
/** HR's owner lets reviews lie, and of the others some are late. */
const slow = 'usr_jonas';
const lateShare = 0.06;
/** What a review took away, since it was never used; and the policy that is to be written anew. */
const unused: Readonly<Record<string, string>> = { agt_lead_research: 'deals.update', agt_watcher: 'services.restart' };
const outgrown = 'pol_freight';
const notes = ['Works as it should; nothing to change.', 'Looked at its last month with the team.', 'Needed, and used as meant.'] as const;

/** planNights plans what the jobs process does in a history: reviews, findings, graces, maturity; every few nights, and every one of the last. */
export function planNights(stage: Stage): void {
  const planned = new Set<string>();
  const random = new Random('reviews');
  const first = stage.beginMs - (stage.beginMs % dayMs) + dayMs + nightHour * hourMs;
  for (let night = first, n = 0; night < stage.endMs; night += dayMs, n++)
    if (n % everyNights === 0 || night > stage.endMs - lastNights * dayMs) stage.timeline.at(night, () => sweep(stage, planned, random));
  // And once more at the end, so that what is shown is of now.
  stage.timeline.at(stage.endMs - 5_000, () => sweep(stage, planned, random));
}

async function sweep(stage: Stage, planned: Set<string>, random: Random): Promise<void> {
  await stage.gateway.settle();
  await openReviews();
  await followReviews();
  await suspendOrphans(prisma());
  await sweepFindings();
  await recordMaturity(prisma());
  await planReviews(stage, planned, random);
}

async function planReviews(stage: Stage, planned: Set<string>, random: Random): Promise<void> {
  const items = await prisma().reviewItem.findMany({ where: { status: 'open' }, orderBy: { subjectId: 'asc' } });
  for (const { id, subjectId, reviewerId } of items) {
    if (planned.has(id) || reviewerId === null) continue;
    planned.add(id);
    const [from, to] = reviewDays;
    const late = random.chance(lateShare);
    const days = from + (to - from) * random.next();
    // What its first review takes away, a second one does not find.
    const told = (subjectId in unused || subjectId === outgrown) && !planned.has(subjectId);
    planned.add(subjectId);
    if (!told && (reviewerId === slow || late)) continue;
    const at = stage.timeline.now + (told ? from : days) * dayMs + random.between(6, 14) * hourMs + random.between(0, 59) * minuteMs;
    const note = random.pick(notes);
    const decision = told ? decisionOn(subjectId) : ({ decision: 'keep', note } as const);
    stage.timeline.at(at, async () => {
      const outcome = await decideReviewItem({ type: 'operator', id: reviewerId }, id, decision);
      // The agent may have ended, or its reviewer left, since.
      if (!outcome.ok && !['ALREADY_DECIDED', 'VOID', 'NOT_YOURS', 'NOT_ALLOWED', 'NOT_FOUND'].includes(outcome.code))
        throw new Error(`The sample's review ${id} could not be decided: ${outcome.code}`);
    });
  }
}

function decisionOn(subjectId: string): Decide {
  const permission = unused[subjectId];
  return permission === undefined
    ? { decision: 'revise', note: 'Freight costs more than when this was written.' }
    : { decision: 'reduce', permissions: [permission], note: 'Never used: it can have it again when it is needed.' };
}
