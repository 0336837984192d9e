import { ChangeParams, WithdrawBody, refuseChange } from '@/lib/http/lifecycle-changes';
import { route } from '@/lib/http/route';
import { ChangeAnswer } from '@/lib/lifecycle/schema';
import { withdrawChange } from '@/lib/lifecycle/service';

export const POST = route('POST /api/v1/lifecycle/changes/[id]/withdraw', {
  params: ChangeParams,
  body: WithdrawBody,
  answer: ChangeAnswer,
  run: async ({ person, params }) => {
    const outcome = await withdrawChange({ type: 'user', id: person.id }, params.id);
    return outcome.ok ? { id: outcome.request.id, status: outcome.request.status } : refuseChange(outcome);
  },
});
