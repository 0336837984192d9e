import { AuthorisationAnswer, WithdrawAuthorisation } from '@/lib/containment/schema';
import { withdrawAuthorisation } from '@/lib/containment/service';
import { authorised, AuthorisationParams } from '@/lib/http/authorisations';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/authorisations/[id]/withdraw', {
  params: AuthorisationParams,
  body: WithdrawAuthorisation,
  answer: AuthorisationAnswer,
  run: async ({ person, params }) => authorised(await withdrawAuthorisation({ type: 'user', id: person.id }, params.id)),
});
