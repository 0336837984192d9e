import { foundOr404 } from '@/lib/http/approvals';
import { MetricParams } from '@/lib/http/maturity';
import { route } from '@/lib/http/route';
import { readMetrics } from '@/lib/maturity/reading';
import { MetricPage, MetricQuery } from '@/lib/maturity/schema';

export const GET = route('GET /api/v1/maturity/metrics/[metric]', {
  params: MetricParams,
  query: MetricQuery,
  answer: MetricPage,
  run: async ({ params, query }) => foundOr404(await readMetrics(query, params.metric)),
});
