import { GivenAnswer, ItemParams, refusedReview } from '@/lib/http/reviews';
import { route } from '@/lib/http/route';
import { GiveReview } from '@/lib/reviews/schema';
import { giveReview } from '@/lib/reviews/service';

export const POST = route('POST /api/v1/reviews/items/[id]/give', {
  params: ItemParams,
  body: GiveReview,
  answer: GivenAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await giveReview({ type: 'user', id: person.id }, params.id, body);
    return outcome.ok ? { id: params.id, reviewerId: body.reviewerId } : refusedReview(outcome);
  },
});
