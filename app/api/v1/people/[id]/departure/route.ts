import { foundOr404 } from '@/lib/http/approvals';
import { PersonParams } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { readDeparture } from '@/lib/people/reading';
import { Departure } from '@/lib/people/schema';

export const GET = route('GET /api/v1/people/[id]/departure', {
  params: PersonParams,
  answer: Departure,
  run: async ({ params }) => foundOr404(await readDeparture(params.id)),
});
