import { AgentParams, MovedAnswer, moved } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { submitAgent } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/agents/[id]/submit', {
  params: AgentParams,
  answer: MovedAnswer,
  run: async ({ person, params }) => moved(await submitAgent({ type: 'user', id: person.id }, params.id)),
});
