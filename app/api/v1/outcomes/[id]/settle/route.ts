import { OutcomeParams, settled, SettledAnswer } from '@/lib/http/outcomes';
import { route } from '@/lib/http/route';
import { Settle } from '@/lib/outcomes/schema';
import { settleOutcome } from '@/lib/outcomes/service/settle';

export const POST = route('POST /api/v1/outcomes/[id]/settle', {
  params: OutcomeParams,
  body: Settle,
  answer: SettledAnswer,
  run: async ({ person, params, body }) =>
    settled(params.id, await settleOutcome({ type: 'user', id: person.id }, params.id, body.status, body.reason)),
});
