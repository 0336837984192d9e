import { doneOr, DraftAnswer, PolicyParams } from '@/lib/http/policy';
import { route } from '@/lib/http/route';
import { SeenDraft } from '@/lib/policy/schema';
import { submitDraft } from '@/lib/policy/service';

export const POST = route('POST /api/v1/policy/[id]/draft/submit', {
  params: PolicyParams,
  body: SeenDraft,
  answer: DraftAnswer,
  run: async ({ person, params, body }) => doneOr(await submitDraft({ type: 'user', id: person.id }, params.id, body.revision)),
});
