import { z } from 'zod';
import { readPlan } from '@/lib/containment/reading';
import { DrillPlanView } from '@/lib/containment/schema';
import { endDrillPlan } from '@/lib/containment/service';
import { DrillPlanParams, refusedDrill } from '@/lib/http/drills';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/drills/plans/[id]/end', {
  params: DrillPlanParams,
  body: z.strictObject({}),
  answer: DrillPlanView,
  run: async ({ person, params }) => {
    const outcome = await endDrillPlan({ type: 'user', id: person.id }, params.id);
    return outcome.ok ? ((await readPlan(params.id)) ?? refusedDrill('NOT_FOUND')) : refusedDrill(outcome.code);
  },
});
