import { readDrill } from '@/lib/containment/reading';
import { DrillView } from '@/lib/containment/schema';
import { DrillParams, refusedDrill } from '@/lib/http/drills';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/containment/drills/[id]', {
  params: DrillParams,
  answer: DrillView,
  run: async ({ params }) => (await readDrill(params.id)) ?? refusedDrill('NOT_FOUND'),
});
