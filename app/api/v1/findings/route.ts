import { readFindings } from '@/lib/findings/reading';
import { FindingPage, FindingQuery } from '@/lib/findings/schema';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/findings', {
  query: FindingQuery,
  answer: FindingPage,
  run: ({ person, query }) => readFindings(person, query),
});
