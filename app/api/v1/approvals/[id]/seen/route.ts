import { z } from 'zod';
import { seeRequest } from '@/lib/approvals/service/seen';
import { ApprovalParams, SeenAnswer, seen } from '@/lib/http/approvals';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/approvals/[id]/seen', {
  params: ApprovalParams,
  body: z.strictObject({}),
  answer: SeenAnswer,
  run: async ({ person, params }) => seen(await seeRequest({ type: 'user', id: person.id }, params.id)),
});
