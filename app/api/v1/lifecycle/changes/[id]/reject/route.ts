import { ChangeParams, RejectBody, refuseChange } from '@/lib/http/lifecycle-changes';
import { route } from '@/lib/http/route';
import { ChangeAnswer } from '@/lib/lifecycle/schema';
import { rejectChange } from '@/lib/lifecycle/service';

export const POST = route('POST /api/v1/lifecycle/changes/[id]/reject', {
  params: ChangeParams,
  body: RejectBody,
  answer: ChangeAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await rejectChange({ type: 'user', id: person.id }, params.id, body.reason);
    return outcome.ok ? { id: outcome.request.id, status: outcome.request.status } : refuseChange(outcome);
  },
});
