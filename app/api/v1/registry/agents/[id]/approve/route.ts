import { z } from 'zod';
import { AgentParams, MovedAnswer, moved } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { approveAgent } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/agents/[id]/approve', {
  params: AgentParams,
  /** The version that was read: a record that changed since is not approved. */
  body: z.object({ version: z.int().min(1) }),
  answer: MovedAnswer,
  run: async ({ person, params, body }) => moved(await approveAgent({ type: 'user', id: person.id }, params.id, body.version)),
});
