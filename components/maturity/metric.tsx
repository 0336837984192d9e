import Link from 'next/link';
import { chartNumber } from '@/components/charts/format';
import { Fact, Facts } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { link } from '@/components/ui/link';
import { Empty } from '@/components/ui/page';
import type { Counted, MetricPage, MetricView } from '@/lib/maturity/schema';
import { metricRowsMax } from '@/lib/maturity/schema';
import { MetricTrend } from './metric-trend';
import { Stands } from './metrics';
import { valueText } from './words';

/** Metric is one metric with everything it is made of, and the way to its rows. */
export function Metric({ page, metric }: { page: MetricPage; metric: MetricView }) {
  if (metric.sensor !== null)
    return (
      <Empty title="Sensor to come">
        {metric.sensor} Its band will be {metric.bandText}.
      </Empty>
    );
  return (
    <>
      <section aria-label="Now" className="mb-5 rounded-md border border-line bg-raised px-4 py-3">
        <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <strong className="tabular text-[28px] leading-9 font-semibold">{valueText(metric)}</strong>
          <Stands standing={metric.standing} sensor={false} />
          <span className="text-ink-2">
            n = {metric.n.toLocaleString('en')}
            {metric.band === null ? '' : ` · band: ${metric.bandText}`}
            {metric.second === null ? '' : ` · 95th percentile ${chartNumber(metric.second, metric.unit)}`}
          </span>
        </p>
        <p className="mt-1">{metric.reading}</p>
      </section>
      <div className="mb-6">
        <MetricTrend metric={metric} />
      </div>
      <section aria-label="What it is made of" className="mb-6">
        <h2 className="mb-2">What it is made of</h2>
        <Facts>
          {[...metric.numerator, ...metric.denominator].map((part) => (
            <Fact key={part.label} name={part.label}>
              <Part part={part} />
            </Fact>
          ))}
          <Fact name="Coverage">{metric.coverage}</Fact>
          <Fact name="From">
            <Exact at={page.since} />
          </Fact>
          <Fact name="To">
            <Exact at={page.now} />
          </Fact>
        </Facts>
      </section>
      {page.rows.length === 0 ? null : (
        <section aria-label="Rows">
          <h2 className="mb-1">The newest, at most {metricRowsMax}</h2>
          <ul className="divide-y divide-line border-y border-line text-sm">
            {page.rows.map((row) => (
              <li key={row.id} className="flex flex-wrap justify-between gap-x-4 py-1.5">
                <Link href={row.href} prefetch={false} className={link}>
                  {row.text}
                </Link>
                <Exact at={row.at} className="text-ink-2" />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Part({ part: { count, href, why } }: { part: Counted }) {
  const number = <span className="tabular">{count.toLocaleString('en')}</span>;
  if (href !== null)
    return (
      <Link href={href} prefetch={false} className={link}>
        {number}
        <span className="sr-only"> rows</span>
      </Link>
    );
  return (
    <>
      {number} {why === null ? null : <span className="text-sm text-ink-2">{why}</span>}
    </>
  );
}
