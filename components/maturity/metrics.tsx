import Link from 'next/link';
import { Table, type Column } from '@/components/ui/table';
import type { MetricQuery, MetricView } from '@/lib/maturity/schema';
import { metricsHref } from './address';
import { standings, valueText } from './words';

/** Metrics is every metric of a scope: its value, of how many, and how it stands to its band. */
export function Metrics({ metrics, query }: { metrics: readonly MetricView[]; query: MetricQuery }) {
  return <Table caption="Operating metrics" columns={columnsFor(query)} rows={metrics} keyOf={({ id }) => id} />;
}

function columnsFor(query: MetricQuery): Column<MetricView>[] {
  return [
    {
      key: 'title',
      title: 'Metric',
      cell: ({ id, title, reading, sensor, standing, bandText }) => (
        <>
          <Link href={metricsHref(query, id)} className="font-medium after:absolute after:inset-0">
            {title}
          </Link>
          <span className="block max-w-[72ch] text-ink-2">{sensor ?? reading}</span>
          <span className="block text-xs md:hidden">
            <Stands standing={standing} sensor={sensor !== null} />
            {standing === 'unbanded' ? null : <span className="text-ink-2"> · {bandText}</span>}
          </span>
        </>
      ),
    },
    {
      key: 'value',
      title: 'Value',
      align: 'right',
      className: 'tabular whitespace-nowrap font-medium',
      cell: (metric) => valueText(metric),
    },
    {
      key: 'n',
      title: 'n',
      align: 'right',
      className: 'tabular',
      cell: ({ n, sensor }) => (sensor === null ? n.toLocaleString('en') : '–'),
    },
    { key: 'band', title: 'Band', hide: 'phone', className: 'whitespace-nowrap', cell: ({ bandText }) => bandText },
    {
      key: 'standing',
      title: 'Standing',
      hide: 'phone',
      className: 'whitespace-nowrap',
      cell: ({ standing, sensor }) => <Stands standing={standing} sensor={sensor !== null} />,
    },
  ];
}

/** Stands is where a value stands to its band, in a shape and a word. */
export function Stands({ standing, sensor }: { standing: MetricView['standing']; sensor: boolean }) {
  if (sensor) return <span className="text-ink-2">◌ Sensor to come</span>;
  const { shape, word, tone } = standings[standing];
  return (
    <span className={tone} data-standing={standing}>
      {shape} {word}
    </span>
  );
}
