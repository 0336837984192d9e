import { readKill, readKills } from '@/lib/containment/reading';
import { KillPage, KillQuery, KillView, NewKill } from '@/lib/containment/schema';
import { setKill } from '@/lib/containment/service';
import { refusedKill } from '@/lib/http/containment';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/kills', {
  query: KillQuery,
  answer: KillPage,
  run: ({ person, query }) => readKills(person, query),
});

export const POST = route('POST /api/v1/containment/kills', {
  body: NewKill,
  answer: KillView,
  run: async ({ person, body }) => {
    const outcome = await setKill({ type: 'user', id: person.id }, body);
    return outcome.ok ? ((await readKill(person, outcome.kill.id)) ?? refusedKill('NOT_FOUND')) : refusedKill(outcome.code);
  },
});
