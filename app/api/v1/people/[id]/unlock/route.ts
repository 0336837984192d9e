import { z } from 'zod';
import { actorOf, DoneAnswer, PersonParams, refusedPeople } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { unlockSignIn } from '@/lib/people/service';

export const POST = route('POST /api/v1/people/[id]/unlock', {
  params: PersonParams,
  body: z.strictObject({}),
  answer: DoneAnswer,
  run: async ({ person, params }) => {
    const done = await unlockSignIn(actorOf(person), params.id);
    return done.ok ? { id: params.id } : refusedPeople(done);
  },
});
