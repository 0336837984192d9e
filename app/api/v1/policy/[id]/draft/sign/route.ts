import { doneOr, SignedAnswer, PolicyParams } from '@/lib/http/policy';
import { route } from '@/lib/http/route';
import { SignDraft } from '@/lib/policy/schema';
import { signDraft } from '@/lib/policy/service';

export const POST = route('POST /api/v1/policy/[id]/draft/sign', {
  params: PolicyParams,
  body: SignDraft,
  answer: SignedAnswer,
  run: async ({ person, params, body }) => doneOr(await signDraft({ type: 'user', id: person.id }, params.id, body.digest)),
});
