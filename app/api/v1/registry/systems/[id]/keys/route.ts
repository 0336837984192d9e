import { z } from 'zod';
import { SystemParams } from '@/lib/http/registry-actions';
import { route } from '@/lib/http/route';
import { refuseToolKey } from '@/lib/http/tool-keys';
import { IssuedToolKeyAnswer, NewToolKey, ToolKeyAnswer } from '@/lib/registry/schema/tool-keys';
import { issueToolKey, listToolKeys, toolKeyAnswer } from '@/lib/registry/service/tool-keys';

export const GET = route('GET /api/v1/registry/systems/[id]/keys', {
  params: SystemParams,
  answer: z.object({ keys: z.array(ToolKeyAnswer) }),
  run: async ({ params }) => ({ keys: (await listToolKeys(params.id)).map((key) => toolKeyAnswer(key)) }),
});

export const POST = route('POST /api/v1/registry/systems/[id]/keys', {
  params: SystemParams,
  body: NewToolKey,
  answer: IssuedToolKeyAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await issueToolKey({ type: 'user', id: person.id }, params.id, body);
    return outcome.ok ? { key: toolKeyAnswer(outcome.key), secret: outcome.secret } : refuseToolKey(outcome);
  },
});
