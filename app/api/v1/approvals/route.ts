import { ApprovalPage, ApprovalQuery } from '@/lib/approvals/schema';
import { listApprovals } from '@/lib/approvals/service';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/approvals', {
  query: ApprovalQuery,
  answer: ApprovalPage,
  run: ({ person, query }) => listApprovals(person, query),
});
