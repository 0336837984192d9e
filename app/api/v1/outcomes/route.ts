import { route } from '@/lib/http/route';
import { readOutcomes } from '@/lib/outcomes/reading';
import { OutcomePage, OutcomeQuery } from '@/lib/outcomes/schema';

export const GET = route('GET /api/v1/outcomes', {
  query: OutcomeQuery,
  answer: OutcomePage,
  run: ({ person, query }) => readOutcomes(person, query),
});
