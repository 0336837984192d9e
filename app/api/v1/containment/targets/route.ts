import { readTargets } from '@/lib/containment/reading';
import { TargetList, TargetQuery } from '@/lib/containment/schema';
import { route } from '@/lib/http/route';
import { ownProcessOnly } from '@/lib/people/permissions';

export const GET = route('GET /api/v1/containment/targets', {
  query: TargetQuery,
  answer: TargetList,
  run: ({ person, query }) => readTargets(ownProcessOnly(person, 'kill:set') ? person.personId : undefined, query.scope, query.search),
});
