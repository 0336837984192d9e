import { z } from 'zod';
import { actorOf, PersonParams, refusedPeople } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { OneTimePassword } from '@/lib/people/schema';
import { resetPassword } from '@/lib/people/service';

export const POST = route('POST /api/v1/people/[id]/reset-password', {
  params: PersonParams,
  body: z.strictObject({}),
  answer: OneTimePassword,
  run: async ({ person, params }) => {
    const done = await resetPassword(actorOf(person), params.id);
    return done.ok ? { id: params.id, oneTimePassword: done.oneTimePassword } : refusedPeople(done);
  },
});
