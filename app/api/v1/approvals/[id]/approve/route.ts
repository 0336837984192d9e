import { Approve } from '@/lib/approvals/schema';
import { approveRequest } from '@/lib/approvals/service';
import { ApprovalParams, DecidedAnswer, decided } from '@/lib/http/approvals';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/approvals/[id]/approve', {
  params: ApprovalParams,
  body: Approve,
  answer: DecidedAnswer,
  run: async ({ person, params, body }) => decided(params.id, await approveRequest({ type: 'user', id: person.id }, params.id, body)),
});
