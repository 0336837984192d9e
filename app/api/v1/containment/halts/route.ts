import { listHaltedWorkflows } from '@/lib/check/reading';
import { HaltPage, HaltQuery } from '@/lib/check/reading/schema';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/halts', {
  query: HaltQuery,
  answer: HaltPage,
  run: ({ person, query }) => listHaltedWorkflows(person, query),
});
