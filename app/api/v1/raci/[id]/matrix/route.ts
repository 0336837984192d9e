import { matrixBodyBytesMax, MatrixAnswer, ProcessParams, refusedMatrix } from '@/lib/http/raci';
import { route } from '@/lib/http/route';
import { MatrixChange } from '@/lib/raci/schema';
import { changeMatrix } from '@/lib/raci/service';

export const PUT = route('PUT /api/v1/raci/[id]/matrix', {
  params: ProcessParams,
  body: MatrixChange,
  bodyBytesMax: matrixBodyBytesMax,
  answer: MatrixAnswer,
  run: async ({ person, params, body }) => {
    const outcome = await changeMatrix({ type: 'user', id: person.id }, params.id, body);
    return outcome.ok ? { changes: outcome.changes } : refusedMatrix(outcome, body.rows);
  },
});
