import { foundOr404 } from '@/lib/http/approvals';
import { ProcessAnswer, ProcessParams, refusedProcess } from '@/lib/http/raci';
import { route } from '@/lib/http/route';
import { readMatrix } from '@/lib/raci/reading';
import { MatrixView } from '@/lib/raci/schema';
import { ProcessChange } from '@/lib/registry/schema';
import { changeProcess } from '@/lib/registry/service';

export const GET = route('GET /api/v1/raci/[id]', {
  params: ProcessParams,
  answer: MatrixView,
  run: async ({ params }) => foundOr404(await readMatrix(params.id)),
});

export const PUT = route('PUT /api/v1/raci/[id]', {
  params: ProcessParams,
  body: ProcessChange,
  answer: ProcessAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await changeProcess({ type: 'user', id: person.id }, params.id, body);
    return outcome.ok ? { id: params.id } : refusedProcess(outcome);
  },
});
