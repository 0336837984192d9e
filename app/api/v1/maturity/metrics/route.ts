import { foundOr404 } from '@/lib/http/approvals';
import { route } from '@/lib/http/route';
import { readMetrics } from '@/lib/maturity/reading';
import { MetricPage, MetricQuery } from '@/lib/maturity/schema';

export const GET = route('GET /api/v1/maturity/metrics', {
  query: MetricQuery,
  answer: MetricPage,
  run: async ({ query }) => foundOr404(await readMetrics(query)),
});
