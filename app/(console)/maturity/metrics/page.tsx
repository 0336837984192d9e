import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { MaturityFilters } from '@/components/maturity/filters';
import { Metrics } from '@/components/maturity/metrics';
import { MaturityTabs } from '@/components/maturity/tabs';
import { Print } from '@/components/ui/print';
import { Page } from '@/components/ui/page';
import { listOptions } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { readMetrics } from '@/lib/maturity/reading';
import { MetricQuery } from '@/lib/maturity/schema';

export const metadata: Metadata = { title: 'Metrics' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function MetricsPage({ searchParams }: { searchParams: Search }) {
  await requirePermission('maturity:read');
  const asked = MetricQuery.safeParse(await searchParams);
  const query = asked.success ? asked.data : MetricQuery.parse({});
  const [page, options] = await Promise.all([readMetrics(query), listOptions()]);
  if (!page) notFound();
  return (
    <Page
      title="Metrics"
      intro={`${page.scope.name}, the last ${page.days} days. Each number opens what it is made of, and that opens the rows.`}
      actions={<Print />}
    >
      <MaturityTabs query={query} here="metrics" />
      <MaturityFilters query={query} options={options} ranged />
      <Metrics metrics={page.metrics} query={query} />
    </Page>
  );
}
