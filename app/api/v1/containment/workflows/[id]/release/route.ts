import { Release } from '@/lib/containment/schema';
import { releaseWorkflow } from '@/lib/containment/service';
import { ReleasedAnswer, released, WorkflowParams } from '@/lib/http/containment';
import { route } from '@/lib/http/route';

export const POST = route('POST /api/v1/containment/workflows/[id]/release', {
  params: WorkflowParams,
  body: Release,
  answer: ReleasedAnswer,
  run: async ({ person, params, body }) =>
    released(params.id, await releaseWorkflow({ type: 'user', id: person.id }, { workflowId: params.id, reason: body.reason })),
});
