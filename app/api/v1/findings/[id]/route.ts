import { readFinding } from '@/lib/findings/reading';
import { FindingView } from '@/lib/findings/schema';
import { FindingParams, noFinding } from '@/lib/http/findings';
import { route } from '@/lib/http/route';

export const GET = route('GET /api/v1/findings/[id]', {
  params: FindingParams,
  answer: FindingView,
  run: async ({ person, params }) => (await readFinding(person, params.id)) ?? noFinding(),
});
