import { foundOr404 } from '@/lib/http/approvals';
import { PersonParams } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { readDeparturePlan } from '@/lib/lifecycle/reading';
import { DeparturePlan } from '@/lib/lifecycle/schema/succession';

export const GET = route('GET /api/v1/lifecycle/succession/plan/[id]', {
  params: PersonParams,
  answer: DeparturePlan,
  run: async ({ params }) => foundOr404(await readDeparturePlan(params.id)),
});
