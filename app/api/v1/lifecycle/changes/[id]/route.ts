import { foundOr404 } from '@/lib/http/approvals';
import { ChangeParams } from '@/lib/http/lifecycle-changes';
import { route } from '@/lib/http/route';
import { readChange } from '@/lib/lifecycle/reading';
import { ChangeCard } from '@/lib/lifecycle/schema';

export const GET = route('GET /api/v1/lifecycle/changes/[id]', {
  params: ChangeParams,
  answer: ChangeCard,
  run: async ({ person, params }) => foundOr404(await readChange(person, params.id)),
});
