import { ImpactQuery, ImpactView } from '@/lib/containment/schema';
import { impactOf } from '@/lib/containment/service';
import { refusedKill } from '@/lib/http/containment';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/impact', {
  query: ImpactQuery,
  answer: ImpactView,
  run: async ({ person, query }) => (await impactOf(person, query.scope, query.target)) ?? refusedKill('TARGET_UNKNOWN'),
});
