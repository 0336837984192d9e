import { SnoozeFindings } from '@/lib/findings/schema';
import { snoozeFindings } from '@/lib/findings/service';
import { ChangedAnswer, changedFindings, findingsBodyBytesMax } from '@/lib/http/findings';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/findings/snooze', {
  body: SnoozeFindings,
  bodyBytesMax: findingsBodyBytesMax,
  answer: ChangedAnswer,
  run: async ({ person, body }) => changedFindings(await snoozeFindings({ type: 'user', id: person.id }, body)),
});
