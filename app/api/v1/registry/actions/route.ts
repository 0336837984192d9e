import { ActionTypeAnswer, NewActionTypeBody, actionTypeBodyBytesMax, recordedAnswer } from '@/lib/http/registry-actions';
import { route } from '@/lib/http/route';
import { listCatalogue } from '@/lib/registry/reading/actions';
import { CataloguePage, CatalogueQuery } from '@/lib/registry/schema/catalogue';
import { proposeActionType } from '@/lib/registry/service';

export const GET = route('GET /api/v1/registry/actions', {
  query: CatalogueQuery,
  answer: CataloguePage,
  run: ({ query }) => listCatalogue(query),
});

export const POST = route('POST /api/v1/registry/actions', {
  body: NewActionTypeBody,
  bodyBytesMax: actionTypeBodyBytesMax,
  answer: ActionTypeAnswer,
  run: async ({ person, body }) => recordedAnswer(await proposeActionType({ type: 'user', id: person.id }, body.record, body.seen)),
});
