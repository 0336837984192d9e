import { agentBodyBytesMax, refuseAgent } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { answerOf, readInventory } from '@/lib/registry/reading';
import { AgentAnswer, InventoryPage, InventoryQuery } from '@/lib/registry/reading/schema';
import { NewAgent } from '@/lib/registry/schema';
import { registerAgent } from '@/lib/registry/service';

export const GET = route('GET /api/v1/registry/agents', {
  query: InventoryQuery,
  answer: InventoryPage,
  run: ({ query }) => readInventory(query),
});

export const POST = route('POST /api/v1/registry/agents', {
  body: NewAgent,
  bodyBytesMax: agentBodyBytesMax,
  answer: AgentAnswer,
  run: async ({ person, body }) => {
    const outcome = await registerAgent({ type: 'user', id: person.id }, body);
    return outcome.ok ? answerOf(outcome.agent) : refuseAgent(outcome);
  },
});
