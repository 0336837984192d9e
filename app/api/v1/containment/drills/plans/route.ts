import { readPlan } from '@/lib/containment/reading';
import { DrillPlanView, NewDrillPlan } from '@/lib/containment/schema';
import { planDrills } from '@/lib/containment/service';
import { refusedDrill } from '@/lib/http/drills';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/drills/plans', {
  body: NewDrillPlan,
  answer: DrillPlanView,
  run: async ({ person, body }) => {
    const outcome = await planDrills({ type: 'user', id: person.id }, body);
    return outcome.ok ? ((await readPlan(outcome.plan.id)) ?? refusedDrill('NOT_FOUND')) : refusedDrill(outcome.code);
  },
});
