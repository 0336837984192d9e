import { z } from 'zod';
import { lookAgain } from '@/lib/findings/service';
import { FindingParams, LookedAnswer, noFinding } from '@/lib/http/findings';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/findings/[id]/look', {
  params: FindingParams,
  body: z.strictObject({}),
  answer: LookedAnswer,
  run: async ({ params }) => {
    const status = await lookAgain(params.id);
    return status === undefined ? noFinding() : { status };
  },
});
