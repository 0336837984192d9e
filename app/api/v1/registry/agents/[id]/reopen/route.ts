import { AgentParams, MovedAnswer, moved } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { reopenAgent } from '@/lib/registry/service';

export const POST = route('POST /api/v1/registry/agents/[id]/reopen', {
  params: AgentParams,
  answer: MovedAnswer,
  run: async ({ person, params }) => moved(await reopenAgent({ type: 'user', id: person.id }, params.id)),
});
