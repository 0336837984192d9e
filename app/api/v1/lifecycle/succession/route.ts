import { route } from '@/lib/http/route';
import { readSuccessions } from '@/lib/lifecycle/reading';
import { SuccessionPage, SuccessionQuery } from '@/lib/lifecycle/schema/succession';

export const GET = route('GET /api/v1/lifecycle/succession', {
  query: SuccessionQuery,
  answer: SuccessionPage,
  run: ({ query }) => readSuccessions(query),
});
