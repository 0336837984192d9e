'use client';

import { usePathname, useRouter } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { Select, type Option } from '@/components/ui/select';
import { metricDays, MetricDays, metricDaysDefault, type MetricQuery } from '@/lib/maturity/schema';

type Named = { id: string; name: string };
type Props = {
  query: Partial<MetricQuery>;
  options: { agents: readonly Named[]; processes: readonly Named[] };
  /** Whether the page looks back over a number of days. */
  ranged: boolean;
};

const any = 'any';

/** MaturityFilters hold scope and range in the address. */
export function MaturityFilters({ query, options, ranged }: Props) {
  const router = useRouter();
  const pathname = usePathname();
  const go = (change: Partial<MetricQuery>) => {
    const next = { ...query, ...change };
    const search = new URLSearchParams();
    for (const name of ['process', 'agent', 'days'] as const) if (next[name] !== undefined) search.set(name, String(next[name]));
    router.push(search.size === 0 ? pathname : `${pathname}?${search.toString()}`, { scroll: false });
  };
  const chosen = (value: string) => (value === any ? undefined : value);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2 print:hidden" role="group" aria-label="Filters">
      <Select
        label="Process"
        value={query.process ?? any}
        options={offered(options.processes, query.process)}
        onChange={(value) => go({ process: chosen(value), agent: undefined })}
      />
      <Select
        label="Agent"
        value={query.agent ?? any}
        options={offered(options.agents, query.agent)}
        onChange={(value) => go({ agent: chosen(value), process: undefined })}
      />
      {ranged ? (
        <Select
          label="Looking back"
          value={String(query.days ?? metricDaysDefault)}
          options={metricDays.map((days) => ({ value: String(days), label: `${days} days` }))}
          onChange={(value) => go({ days: MetricDays.parse(value) })}
        />
      ) : null}
      {query.process === undefined && query.agent === undefined ? null : (
        <Button tone="quiet" onClick={() => go({ process: undefined, agent: undefined })}>
          Show everything
        </Button>
      )}
    </div>
  );
}

const offered = (list: readonly Named[], chosen: string | undefined): Option[] => [
  { value: any, label: 'All' },
  ...list.map(({ id, name }) => ({ value: id, label: name })),
  // A value that came by URL stays visible even when it is not among the offered ones.
  ...(chosen === undefined || list.some(({ id }) => id === chosen) ? [] : [{ value: chosen, label: chosen }]),
];
