import { SettleFinding } from '@/lib/findings/schema';
import { settleFinding } from '@/lib/findings/service';
import { ChangedAnswer, changedFindings, FindingParams } from '@/lib/http/findings';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/findings/[id]/settle', {
  params: FindingParams,
  body: SettleFinding,
  answer: ChangedAnswer,
  run: async ({ person, params, body }) => changedFindings(await settleFinding({ type: 'user', id: person.id }, params.id, body)),
});
