import { z } from 'zod';
import { AgentParams, MovedAnswer, moved } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { SomeReason } from '@/lib/registry/schema';
import { rejectAgent } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/agents/[id]/reject', {
  params: AgentParams,
  body: z.object({ reason: SomeReason }),
  answer: MovedAnswer,
  run: async ({ person, params, body }) => moved(await rejectAgent({ type: 'user', id: person.id }, params.id, body.reason)),
});
