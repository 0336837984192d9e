import { foundOr404 } from '@/lib/http/approvals';
import { PolicyParams } from '@/lib/http/policy';
import { route } from '@/lib/http/route';
import { readPolicy } from '@/lib/policy/reading';
import { PolicyPage } from '@/lib/policy/reading/schema';

export const GET = route('GET /api/v1/policy/[id]', {
  params: PolicyParams,
  answer: PolicyPage,
  run: async ({ person, params }) => foundOr404(await readPolicy(person, params.id)),
});
