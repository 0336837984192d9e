import { foundOr404 } from '@/lib/http/approvals';
import { actorOf, DoneAnswer, PersonParams, refusedPeople } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { readPerson } from '@/lib/people/reading';
import { PersonRecord, PersonView } from '@/lib/people/schema';
import { changeUser } from '@/lib/people/service';

export const GET = route('GET /api/v1/people/[id]', {
  params: PersonParams,
  answer: PersonView,
  run: async ({ params }) => foundOr404(await readPerson(params.id)),
});

export const PUT = route('PUT /api/v1/people/[id]', {
  params: PersonParams,
  body: PersonRecord,
  answer: DoneAnswer,
  run: async ({ person, params, body }) => {
    const changed = await changeUser(actorOf(person), params.id, body);
    return changed.ok ? { id: params.id } : refusedPeople(changed);
  },
});
