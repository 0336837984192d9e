import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { CampaignId, ItemId, ReviewChanges, type BeginRefusal, type GiveRefusal, type ReviewRefusal } from '@/lib/reviews/schema';
import { Refused } from './answers';

export const CampaignParams = z.object({ id: CampaignId });
export const ItemParams = z.object({ id: ItemId });
export const DecidedAnswer = z.object({ id: z.string(), changes: ReviewChanges });
export const GivenAnswer = z.object({ id: z.string(), reviewerId: z.string() });
export const BegunAnswer = z.object({ id: z.string(), items: z.int() });

type Saying = { code: ProblemCode; detail: string; pointer?: string };

/** One table from a refusal about a review to its problem: what happened, what was kept, what to do. */
const sayings: Record<ReviewRefusal | GiveRefusal | BeginRefusal, Saying> = {
  NOT_ALLOWED: { code: 'FORBIDDEN', detail: 'Your roles do not let you manage reviews. Nothing was changed.' },
  NOT_FOUND: { code: 'NOT_FOUND', detail: 'There is nothing here that you may see.' },
  ALREADY_DECIDED: {
    code: 'ALREADY_DECIDED',
    detail: 'Somebody decided this review first. Nothing of yours was changed; load the page again to see it.',
  },
  VOID: { code: 'CONFLICT', detail: 'What was to be reviewed has ended meanwhile, so there is nothing to decide.' },
  OWN_WORK: {
    code: 'FORBIDDEN',
    detail: 'You built, wrote or run what is reviewed here, so another person reviews it. Nothing was changed.',
  },
  NOT_YOURS: {
    code: 'FORBIDDEN',
    detail: 'This review is somebody else’s. Its reviewer, or who it was escalated to, decides it. Nothing was changed.',
  },
  REASON_MISSING: { code: 'UNPROCESSABLE', detail: 'Say why; it stays with the decision. Nothing was changed.', pointer: '/note' },
  NOT_FOR_THIS: { code: 'UNPROCESSABLE', detail: 'That cannot be decided of this. Nothing was changed.', pointer: '/decision' },
  RIGHT_MISSING: {
    code: 'FORBIDDEN',
    detail: 'Only the reviewer, or somebody whose roles allow it anyway, decides that. Nothing was changed.',
    pointer: '/decision',
  },
  NOTHING_CHOSEN: {
    code: 'UNPROCESSABLE',
    detail: 'Choose at least one permission to take away, or keep it as it is.',
    pointer: '/permissions',
  },
  NOT_HELD: {
    code: 'CONFLICT',
    detail: 'The agent does not have one of these permissions any more. Nothing was changed; load the page again to see what it has.',
    pointer: '/permissions',
  },
  SAME_OWNER: {
    code: 'UNPROCESSABLE',
    detail: 'This person owns the agent already. Choose another, or keep it as it is.',
    pointer: '/ownerId',
  },
  OWNER_NOT_ALLOWED: { code: 'UNPROCESSABLE', detail: 'The new owner must be an active person. Nothing was changed.', pointer: '/ownerId' },
  OWNER_IS_BUILDER: {
    code: 'UNPROCESSABLE',
    detail: 'This person wrote the agent’s record, so somebody else answers for it. Nothing was changed.',
    pointer: '/ownerId',
  },
  SAME_REVIEWER: { code: 'UNPROCESSABLE', detail: 'This person is the reviewer already.', pointer: '/reviewerId' },
  REVIEWER_NOT_ALLOWED: {
    code: 'UNPROCESSABLE',
    detail:
      'Choose somebody who is here, whose roles let them review, and who did not build or write what is reviewed. Nothing was changed.',
    pointer: '/reviewerId',
  },
  NOTHING_TO_REVIEW: {
    code: 'UNPROCESSABLE',
    detail: 'There is nothing of this kind that is not being reviewed already. Nothing was begun.',
    pointer: '/cadence',
  },
};

/** refusedReview puts a refusal about a review into words. */
export function refusedReview({ code }: { code: ReviewRefusal | GiveRefusal | BeginRefusal }): Refused {
  const { code: problem, detail, pointer } = sayings[code];
  return new Refused(problem, detail, pointer === undefined ? undefined : [{ pointer, detail }]);
}
