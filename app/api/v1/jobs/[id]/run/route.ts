import { z } from 'zod';
import { AskedAnswer, JobParams, refusedAsk } from '@/lib/http/jobs';
import { actorOf } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { askJob } from '@/lib/jobs/service';

export const POST = route('POST /api/v1/jobs/[id]/run', {
  params: JobParams,
  body: z.strictObject({}),
  answer: AskedAnswer,
  run: async ({ person, params }) => {
    const asked = await askJob(actorOf(person), params.id);
    return asked.ok ? { id: params.id, first: asked.first } : refusedAsk(asked);
  },
});
