import { WakeFindings } from '@/lib/findings/schema';
import { wakeFindings } from '@/lib/findings/service';
import { ChangedAnswer, changedFindings, findingsBodyBytesMax } from '@/lib/http/findings';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/findings/wake', {
  body: WakeFindings,
  bodyBytesMax: findingsBodyBytesMax,
  answer: ChangedAnswer,
  run: async ({ person, body }) => changedFindings(await wakeFindings({ type: 'user', id: person.id }, body)),
});
