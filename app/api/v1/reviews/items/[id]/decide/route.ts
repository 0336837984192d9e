import { DecidedAnswer, ItemParams, refusedReview } from '@/lib/http/reviews';
import { route } from '@/lib/http/route';
import { Decide } from '@/lib/reviews/schema';
import { decideReviewItem } from '@/lib/reviews/service';

export const POST = route('POST /api/v1/reviews/items/[id]/decide', {
  params: ItemParams,
  body: Decide,
  bodyBytesMax: 128 * 1024,
  answer: DecidedAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await decideReviewItem({ type: 'user', id: person.id }, params.id, body);
    return outcome.ok ? { id: params.id, changes: outcome.changes } : refusedReview(outcome);
  },
});
