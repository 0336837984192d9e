import { ActionParams, DisableBody, DisabledAnswer, disabledAnswer } from '@/lib/http/registry-actions';
import { route } from '@/lib/http/route';
import { disableActionType } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/actions/[name]/disable', {
  params: ActionParams,
  body: DisableBody,
  answer: DisabledAnswer,
  run: async ({ person, params, body }) =>
    disabledAnswer(params.name, await disableActionType({ type: 'user', id: person.id }, params.name, body.reason, body.seen)),
});
