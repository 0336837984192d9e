import { readDrill, readDrills } from '@/lib/containment/reading';
import { DrillPage, DrillQuery, DrillView, NewDrill } from '@/lib/containment/schema';
import { runDrill } from '@/lib/containment/service';
import { refusedDrill } from '@/lib/http/drills';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/drills', {
  query: DrillQuery,
  answer: DrillPage,
  run: ({ person, query }) => readDrills(person, query),
});

export const POST = route('POST /api/v1/containment/drills', {
  body: NewDrill,
  answer: DrillView,
  run: async ({ person, body }) => {
    const outcome = await runDrill({ type: 'user', id: person.id }, body);
    return outcome.ok ? ((await readDrill(outcome.drill.id)) ?? refusedDrill('NOT_FOUND')) : refusedDrill(outcome.code);
  },
});
