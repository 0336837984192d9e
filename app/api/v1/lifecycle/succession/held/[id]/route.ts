import { foundOr404 } from '@/lib/http/approvals';
import { PersonParams } from '@/lib/http/people';
import { route } from '@/lib/http/route';
import { readHeld } from '@/lib/lifecycle/reading';
import { HeldPage } from '@/lib/lifecycle/schema/succession';

export const GET = route('GET /api/v1/lifecycle/succession/held/[id]', {
  params: PersonParams,
  answer: HeldPage,
  run: async ({ params }) => foundOr404(await readHeld(params.id)),
});
