import { metricDaysDefault, type MetricId, type MetricQuery, type ScopeQuery } from '@/lib/maturity/schema';

function withQuery(path: string, { agent, process, days }: Partial<MetricQuery>): string {
  const query = new URLSearchParams();
  if (agent !== undefined) query.set('agent', agent);
  else if (process !== undefined) query.set('process', process);
  if (days !== undefined && days !== metricDaysDefault) query.set('days', String(days));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** maturityHref is the page of a scope's stage. */
export const maturityHref = (scope: ScopeQuery): string => withQuery('/maturity', { agent: scope.agent, process: scope.process });

/** metricsHref is the page of a scope's metrics, or of one of them. */
export const metricsHref = (query: Partial<MetricQuery>, id?: MetricId): string =>
  withQuery(id === undefined ? '/maturity/metrics' : `/maturity/metrics/${id}`, query);
