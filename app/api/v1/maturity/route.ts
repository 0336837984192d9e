import { foundOr404 } from '@/lib/http/approvals';
import { route } from '@/lib/http/route';
import { readMaturity } from '@/lib/maturity/reading';
import { MaturityView, scopeOf, ScopeQuery } from '@/lib/maturity/schema';

export const GET = route('GET /api/v1/maturity', {
  query: ScopeQuery,
  answer: MaturityView,
  run: async ({ person, query }) => foundOr404(await readMaturity(person, scopeOf(query))),
});
