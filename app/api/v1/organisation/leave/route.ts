import { z } from 'zod';
import { LeaveAnswer, refusedOrganisation } from '@/lib/http/organisation';
import { actorOf } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { leaveSample } from '@/lib/organisation/service';

export const POST = route('POST /api/v1/organisation/leave', {
  body: z.strictObject({}),
  answer: LeaveAnswer,
  run: async ({ person }) => {
    const outcome = await leaveSample(actorOf(person));
    return outcome.ok ? { welcome: `/welcome?token=${outcome.token}` } : refusedOrganisation(outcome);
  },
});
