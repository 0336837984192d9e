import { foundOr404 } from '@/lib/http/approvals';
import { JobParams } from '@/lib/http/jobs';
import { route } from '@/lib/http/route';
import { readRuns } from '@/lib/jobs/reading';
import { RunPage, RunQuery } from '@/lib/jobs/schema';

export const GET = route('GET /api/v1/jobs/[id]/runs', {
  params: JobParams,
  query: RunQuery,
  answer: RunPage,
  run: async ({ params, query }) => foundOr404(await readRuns(params.id, query)),
});
