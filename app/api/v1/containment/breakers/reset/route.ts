import { ResetBreaker } from '@/lib/containment/schema';
import { resetBreaker } from '@/lib/containment/service';
import { ResetAnswer, wasReset } from '@/lib/http/containment';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/breakers/reset', {
  body: ResetBreaker,
  answer: ResetAnswer,
  run: async ({ person, body }) => wasReset(await resetBreaker({ type: 'user', id: person.id }, body)),
});
