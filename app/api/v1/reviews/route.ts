import { BegunAnswer, refusedReview } from '@/lib/http/reviews';
import { route } from '@/lib/http/route';
import { readReviews } from '@/lib/reviews/reading';
import { ReviewsPage, ReviewsQuery } from '@/lib/reviews/reading/schema';
import { BeginReview } from '@/lib/reviews/schema';
import { beginReview } from '@/lib/reviews/service';

export const GET = route('GET /api/v1/reviews', {
  query: ReviewsQuery,
  answer: ReviewsPage,
  run: ({ person, query }) => readReviews(person, query),
});

export const POST = route('POST /api/v1/reviews', {
  body: BeginReview,
  answer: BegunAnswer,
  run: async ({ person, body }) => {
    const outcome = await beginReview({ type: 'user', id: person.id }, body);
    return outcome.ok ? { id: outcome.id, items: outcome.items } : refusedReview(outcome);
  },
});
