import { listSupervisedActions } from '@/lib/check/reading';
import { SupervisedPage, SupervisedQuery } from '@/lib/check/reading/schema';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/approvals/supervised', {
  query: SupervisedQuery,
  answer: SupervisedPage,
  run: ({ person, query }) => listSupervisedActions(person, query),
});
