import { ApprovalCard } from '@/lib/check/reading/schema';
import { readApproval } from '@/lib/check/reading';
import { ApprovalParams, foundOr404 } from '@/lib/http/approvals';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/approvals/[id]', {
  params: ApprovalParams,
  answer: ApprovalCard,
  run: async ({ person, params }) => foundOr404(await readApproval(person, params.id)),
});
