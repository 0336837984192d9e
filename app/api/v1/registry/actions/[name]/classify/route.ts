import {
  ActionParams,
  ActionTypeAnswer,
  ActionTypeBody,
  actionTypeBodyBytesMax,
  otherName,
  recordedAnswer,
} from '@/lib/http/registry-actions';
import { route } from '@/lib/http/route';
import { classifyActionType } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/actions/[name]/classify', {
  params: ActionParams,
  body: ActionTypeBody,
  bodyBytesMax: actionTypeBodyBytesMax,
  answer: ActionTypeAnswer,
  run: async ({ person, params, body }) =>
    body.record.name === params.name
      ? recordedAnswer(await classifyActionType({ type: 'user', id: person.id }, body.record, body.seen))
      : otherName(),
});
