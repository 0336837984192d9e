import { route } from '@/lib/http/route';
import { doneOr, StartedAnswer } from '@/lib/http/policy';
import { listPolicies } from '@/lib/policy/reading';
import { PolicyList } from '@/lib/policy/reading/schema';
import { NewPolicy } from '@/lib/policy/schema';
import { createPolicy } from '@/lib/policy/service';

export const GET = route('GET /api/v1/policy', {
  answer: PolicyList,
  run: async ({ person }) => ({ items: await listPolicies(person) }),
});

export const POST = route('POST /api/v1/policy', {
  body: NewPolicy,
  answer: StartedAnswer,
  run: async ({ person, body }) => doneOr(await createPolicy({ type: 'user', id: person.id }, body)),
});
