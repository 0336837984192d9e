import { readKill } from '@/lib/containment/reading';
import { KillView, Release } from '@/lib/containment/schema';
import { liftKill } from '@/lib/containment/service';
import { KillParams, refusedKill } from '@/lib/http/containment';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/kills/[id]/lift', {
  params: KillParams,
  body: Release,
  answer: KillView,
  run: async ({ person, params, body }) => {
    const outcome = await liftKill({ type: 'user', id: person.id }, { id: params.id, reason: body.reason });
    return outcome.ok ? ((await readKill(person, params.id)) ?? refusedKill('NOT_FOUND')) : refusedKill(outcome.code);
  },
});
