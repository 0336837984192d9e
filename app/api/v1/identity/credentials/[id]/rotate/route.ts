import { CredentialParams, refuseCredential } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { IssuedAnswer, Rotation } from '@/lib/identity/schema';
import { credentialAnswer, rotateCredential } from '@/lib/identity/service';

export const POST = route('POST /api/v1/identity/credentials/[id]/rotate', {
  params: CredentialParams,
  body: Rotation,
  answer: IssuedAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await rotateCredential({ type: 'user', id: person.id }, params.id, body);
    return outcome.ok ? { credential: credentialAnswer(outcome.credential), secret: outcome.secret } : refuseCredential(outcome);
  },
});
