import { AuthorisationAnswer, NewAuthorisation } from '@/lib/containment/schema';
import { askAuthorisation } from '@/lib/containment/service';
import { authorised } from '@/lib/http/authorisations';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/authorisations', {
  body: NewAuthorisation,
  answer: AuthorisationAnswer,
  run: async ({ person, body }) => authorised(await askAuthorisation({ type: 'user', id: person.id }, body)),
});
