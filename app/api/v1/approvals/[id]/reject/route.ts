import { Reject } from '@/lib/approvals/schema';
import { rejectRequest } from '@/lib/approvals/service';
import { ApprovalParams, DecidedAnswer, decided } from '@/lib/http/approvals';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/approvals/[id]/reject', {
  params: ApprovalParams,
  body: Reject,
  answer: DecidedAnswer,
  run: async ({ person, params, body }) => decided(params.id, await rejectRequest({ type: 'user', id: person.id }, params.id, body)),
});
