import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Criteria } from '@/components/maturity/criteria';
import { MaturityFilters } from '@/components/maturity/filters';
import { MissingList } from '@/components/maturity/missing';
import { Parts } from '@/components/maturity/parts';
import { MaturityTabs } from '@/components/maturity/tabs';
import { IndustryShares, StageTrend } from '@/components/maturity/trend';
import { Print } from '@/components/ui/print';
import { Exact } from '@/components/text/time';
import { Page } from '@/components/ui/page';
import { listOptions } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { readMaturity } from '@/lib/maturity/reading';
import { scopeOf, ScopeQuery, stageTexts } from '@/lib/maturity/schema';

export const metadata: Metadata = { title: 'Maturity' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function MaturityPage({ searchParams }: { searchParams: Search }) {
  const person = await requirePermission('maturity:read');
  const asked = ScopeQuery.safeParse(await searchParams);
  const query = asked.success ? asked.data : {};
  const [view, options] = await Promise.all([readMaturity(person, scopeOf(query)), listOptions()]);
  if (!view) notFound();
  const { stage, scope } = view;
  return (
    <Page
      title={
        <span data-stage={stage}>
          {stageTexts[stage].word} <span className="font-normal text-ink-2">· stage {stage} of 4</span>
        </span>
      }
      intro={
        <>
          {scope.name}. {stageTexts[stage].text} Computed from records as they stood at <Exact at={view.at} />, never declared.
        </>
      }
      actions={<Print />}
    >
      <MaturityTabs query={query} here="stage" />
      <MaturityFilters query={query} options={options} ranged={false} />
      <MissingList view={view} />
      <Parts view={view} />
      <div className="mb-6 grid gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <StageTrend points={view.trend} name={scope.name} />
        <IndustryShares stage={stage} />
      </div>
      <Criteria criteria={view.criteria} />
    </Page>
  );
}
