import { z } from 'zod';
import { AgentParams, MovedAnswer, moved } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { Reason } from '@/lib/registry/schema';
import { suspendAgent } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/agents/[id]/suspend', {
  params: AgentParams,
  body: z.object({ reason: Reason.optional() }),
  answer: MovedAnswer,
  run: async ({ person, params, body }) => moved(await suspendAgent({ type: 'user', id: person.id }, params.id, body.reason)),
});
