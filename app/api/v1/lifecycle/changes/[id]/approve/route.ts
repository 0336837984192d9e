import { ChangeParams, ApproveBody, refuseChange } from '@/lib/http/lifecycle-changes';
import { route } from '@/lib/http/route';
import { ChangeAnswer } from '@/lib/lifecycle/schema';
import { approveChange } from '@/lib/lifecycle/service';

export const POST = route('POST /api/v1/lifecycle/changes/[id]/approve', {
  params: ChangeParams,
  body: ApproveBody,
  answer: ChangeAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await approveChange({ type: 'user', id: person.id }, params.id, body.digest);
    return outcome.ok ? { id: outcome.request.id, status: outcome.request.status } : refuseChange(outcome);
  },
});
