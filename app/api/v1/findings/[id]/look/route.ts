import { z } from 'zod';
import { lookAgain } from '@/lib/findings/service';
import { FindingParams, lookedAt, LookedAnswer } from '@/lib/http/findings';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/findings/[id]/look', {
  params: FindingParams,
  body: z.strictObject({}),
  answer: LookedAnswer,
  run: async ({ person, params }) => lookedAt(await lookAgain({ type: 'user', id: person.id }, params.id)),
});
