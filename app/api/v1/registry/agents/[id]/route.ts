import { foundOr404 } from '@/lib/http/approvals';
import { AgentParams, agentBodyBytesMax, refuseAgent } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { answerOf } from '@/lib/registry/reading';
import { AgentAnswer } from '@/lib/registry/reading/schema';
import { AgentEdit } from '@/lib/registry/schema';
import { editAgent, findAgent } from '@/lib/registry/service';

export const GET = route('GET /api/v1/registry/agents/[id]', {
  params: AgentParams,
  answer: AgentAnswer,
  run: async ({ params }) => {
    const agent = await findAgent(params.id);
    return foundOr404(agent && answerOf(agent));
  },
});

export const PUT = route('PUT /api/v1/registry/agents/[id]', {
  params: AgentParams,
  body: AgentEdit,
  bodyBytesMax: agentBodyBytesMax,
  answer: AgentAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await editAgent({ type: 'user', id: person.id }, params.id, body);
    return outcome.ok ? answerOf(outcome.agent) : refuseAgent(outcome);
  },
});
