import { foundOr404 } from '@/lib/http/approvals';
import { ItemParams } from '@/lib/http/reviews';
import { route } from '@/lib/http/route';
import { readItem } from '@/lib/reviews/reading';
import { ItemView } from '@/lib/reviews/reading/schema';

export const GET = route('GET /api/v1/reviews/items/[id]', {
  params: ItemParams,
  answer: ItemView,
  run: async ({ person, params }) => foundOr404(await readItem(person, params.id)),
});
