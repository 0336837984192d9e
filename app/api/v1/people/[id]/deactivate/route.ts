import { z } from 'zod';
import { actorOf, PersonParams, refusedPeople, SessionsEndedAnswer } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { deactivateUser } from '@/lib/people/service';

export const POST = route('POST /api/v1/people/[id]/deactivate', {
  params: PersonParams,
  body: z.strictObject({}),
  answer: SessionsEndedAnswer,
  run: async ({ person, params }) => {
    const done = await deactivateUser(actorOf(person), params.id);
    return done.ok ? { sessionsEnded: done.sessionsEnded } : refusedPeople(done);
  },
});
