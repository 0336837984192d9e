import { AssignFindings } from '@/lib/findings/schema';
import { assignFindings } from '@/lib/findings/service';
import { ChangedAnswer, changedFindings, findingsBodyBytesMax } from '@/lib/http/findings';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/findings/assign', {
  body: AssignFindings,
  bodyBytesMax: findingsBodyBytesMax,
  answer: ChangedAnswer,
  run: async ({ person, body }) => changedFindings(await assignFindings({ type: 'user', id: person.id }, body)),
});
