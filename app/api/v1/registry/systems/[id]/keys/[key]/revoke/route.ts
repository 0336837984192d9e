import { z } from 'zod';
import { route } from '@/lib/http/route';
import { refuseToolKey, RevokedToolKeyAnswer, ToolKeyParams } from '@/lib/http/tool-keys';
import { revokeToolKey } from '@/lib/registry/service/tool-keys';

export const POST = route('POST /api/v1/registry/systems/[id]/keys/[key]/revoke', {
  params: ToolKeyParams,
  body: z.strictObject({}),
  answer: RevokedToolKeyAnswer,
  run: async ({ person, params }) => {
    const outcome = await revokeToolKey({ type: 'user', id: person.id }, params.id, params.key);
    return outcome.ok ? { id: params.key, system: params.id } : refuseToolKey(outcome);
  },
});
