import { doneOr, DraftAnswer, PolicyParams } from '@/lib/http/policy';
import { route } from '@/lib/http/route';
import { ReturnDraft } from '@/lib/policy/schema';
import { returnDraft } from '@/lib/policy/service';

export const POST = route('POST /api/v1/policy/[id]/draft/return', {
  params: PolicyParams,
  body: ReturnDraft,
  answer: DraftAnswer,
  run: async ({ person, params, body }) => doneOr(await returnDraft({ type: 'user', id: person.id }, params.id, body)),
});
