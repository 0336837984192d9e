'use client';

import { Chart } from '@/components/charts/chart';
import type { ChartSeries } from '@/components/charts/format';
import type { MetricView } from '@/lib/maturity/schema';

/** MetricTrend is a metric day by day, with its band. */
export function MetricTrend({ metric }: { metric: MetricView }) {
  const { title, unit, band, bandText, trend } = metric;
  const latency = unit === 'seconds';
  const series: ChartSeries[] = [
    { key: 'value', label: latency ? 'Median' : title, unit, drawn: true },
    ...(latency ? [{ key: 'second', label: '95th percentile', unit, drawn: true }] : []),
    ...(latency ? [] : [{ key: 'numerator', label: 'Numerator', unit: 'number' as const, drawn: false }]),
    { key: 'n', label: 'n', unit: 'number', drawn: false },
  ];
  const measured = trend.filter(({ value }) => value !== null).length;
  return (
    <section aria-label="Trend">
      <h2 className="mb-2">Day by day</h2>
      <Chart
        title={`${title} by day`}
        summary={`${measured} of ${trend.length} days (UTC) have something to measure. The first and the last day are in it in part.`}
        xLabel="Day (UTC)"
        series={series}
        rows={trend.map(({ day, value, second, numerator, n }) => ({ x: day, values: { value, second, numerator, n } }))}
        band={band === null ? undefined : { ...band, label: `Band: ${bandText}` }}
      />
    </section>
  );
}
