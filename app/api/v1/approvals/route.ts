import { ApprovalQuery } from '@/lib/approvals/schema';
import { ApprovalPage } from '@/lib/check/reading/schema';
import { listApprovals } from '@/lib/check/reading';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/approvals', {
  query: ApprovalQuery,
  answer: ApprovalPage,
  run: ({ person, query }) => listApprovals(person, query),
});
