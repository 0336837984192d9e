import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { metricsHref } from '@/components/maturity/address';
import { MaturityFilters } from '@/components/maturity/filters';
import { Metric } from '@/components/maturity/metric';
import { Print } from '@/components/ui/print';
import { Page } from '@/components/ui/page';
import { listOptions } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { MetricParams } from '@/lib/http/maturity';
import { readMetrics } from '@/lib/maturity/reading';
import { MetricQuery } from '@/lib/maturity/schema';

export const metadata: Metadata = { title: 'Metric' };

type Props = { params: Promise<{ metric: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function MetricPage({ params, searchParams }: Props) {
  await requirePermission('maturity:read');
  const named = MetricParams.safeParse(await params);
  if (!named.success) notFound();
  const asked = MetricQuery.safeParse(await searchParams);
  const query = asked.success ? asked.data : MetricQuery.parse({});
  const [page, options] = await Promise.all([readMetrics(query, named.data.metric), listOptions()]);
  const metric = page?.metrics[0];
  if (!page || !metric) notFound();
  return (
    <Page
      title={metric.title}
      up={{ href: metricsHref(query), label: 'Metrics' }}
      intro={`${metric.how} ${page.scope.name}, the last ${page.days} days.`}
      actions={<Print />}
    >
      <MaturityFilters query={query} options={options} ranged />
      <Metric page={page} metric={metric} />
    </Page>
  );
}
