import { AgentParams, MovedAnswer, moved } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { activateAgent } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/agents/[id]/activate', {
  params: AgentParams,
  answer: MovedAnswer,
  run: async ({ person, params }) => moved(await activateAgent({ type: 'user', id: person.id }, params.id)),
});
