import { foundOr404 } from '@/lib/http/approvals';
import {
  ActionParams,
  ActionTypeAnswer,
  ActionTypeBody,
  actionTypeBodyBytesMax,
  otherName,
  recordedAnswer,
} from '@/lib/http/registry-actions';
import { route } from '@/lib/http/route';
import { readActionView } from '@/lib/registry/reading/actions';
import { ActionView } from '@/lib/registry/schema/catalogue';
import { proposeActionType } from '@/lib/registry/service';

export const GET = route('GET /api/v1/registry/actions/[name]', {
  params: ActionParams,
  answer: ActionView,
  run: async ({ params }) => foundOr404(await readActionView(params.name)),
});

export const PUT = route('PUT /api/v1/registry/actions/[name]', {
  params: ActionParams,
  body: ActionTypeBody,
  bodyBytesMax: actionTypeBodyBytesMax,
  answer: ActionTypeAnswer,
  run: async ({ person, params, body }) =>
    body.record.name === params.name
      ? recordedAnswer(await proposeActionType({ type: 'user', id: person.id }, body.record, body.seen))
      : otherName(),
});
