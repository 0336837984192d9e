import { actorOf, refusedPeople } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { readPeople } from '@/lib/people/reading';
import { NewPerson, OneTimePassword, PeoplePage, PeopleQuery } from '@/lib/people/schema';
import { addPerson } from '@/lib/people/service';

export const GET = route('GET /api/v1/people', { query: PeopleQuery, answer: PeoplePage, run: ({ query }) => readPeople(query) });

export const POST = route('POST /api/v1/people', {
  body: NewPerson,
  answer: OneTimePassword,
  run: async ({ person, body }) => {
    const added = await addPerson(actorOf(person), body);
    return added.ok ? { id: added.user.id, oneTimePassword: added.oneTimePassword } : refusedPeople(added);
  },
});
