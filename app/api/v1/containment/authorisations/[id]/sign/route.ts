import { AuthorisationAnswer, SignAuthorisation } from '@/lib/containment/schema';
import { signAuthorisation } from '@/lib/containment/service';
import { authorised, AuthorisationParams } from '@/lib/http/authorisations';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/authorisations/[id]/sign', {
  params: AuthorisationParams,
  body: SignAuthorisation,
  answer: AuthorisationAnswer,
  run: async ({ person, params, body }) => authorised(await signAuthorisation({ type: 'user', id: person.id }, params.id, body)),
});
