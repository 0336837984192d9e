import { readKill } from '@/lib/containment/reading';
import { KillView } from '@/lib/containment/schema';
import { KillParams, refusedKill } from '@/lib/http/containment';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/kills/[id]', {
  params: KillParams,
  answer: KillView,
  run: async ({ person, params }) => (await readKill(person, params.id)) ?? refusedKill('NOT_FOUND'),
});
