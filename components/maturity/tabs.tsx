import { Tabs } from '@/components/ui/tabs';
import type { MetricQuery } from '@/lib/maturity/schema';
import { maturityHref, metricsHref } from './address';

/** MaturityTabs leads between the stage, the metrics and the checklist, keeping the scope. */
export function MaturityTabs({ query, here }: { query: Partial<MetricQuery>; here: 'stage' | 'metrics' | 'checklist' }) {
  return (
    <div className="mb-4 print:hidden">
      <Tabs
        label="Maturity"
        tabs={[
          { href: maturityHref(query), label: 'Stage', active: here === 'stage' },
          { href: metricsHref(query), label: 'Metrics', active: here === 'metrics' },
          { href: '/maturity/checklist', label: 'Checklist', active: here === 'checklist' },
        ]}
      />
    </div>
  );
}
