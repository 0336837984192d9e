import { z } from 'zod';
import { AgentParams } from '@/lib/http/registry-agents';
import { route } from '@/lib/http/route';
import { readHistory } from '@/lib/registry/reading';
import { HistoryPage } from '@/lib/registry/reading/schema';

export const GET = route('GET /api/v1/registry/agents/[id]/history', {
  params: AgentParams,
  query: z.object({
    before: z
      .string()
      .regex(/^[1-9][0-9]{0,17}$/)
      .optional(),
  }),
  answer: HistoryPage,
  run: ({ person, params, query }) => readHistory(person, params.id, query.before),
});
