import { BreakerList, BreakerQuery } from '@/lib/containment/schema';
import { readBreakerHistory, readBreakers } from '@/lib/containment/reading';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/breakers', {
  query: BreakerQuery,
  answer: BreakerList,
  run: async ({ person, query }) => ({
    open: await readBreakers(person, query.agent),
    history: query.agent === undefined ? [] : await readBreakerHistory(query.agent),
  }),
});
