'use client';

import { Chart } from '@/components/charts/chart';
import { industrySharesYear, stageTexts, stageTrendDays, type MaturityStage, type StagePoint } from '@/lib/maturity/schema';

const stages = [1, 2, 3, 4] as const;
const names = stages.map((value) => ({ value, label: stageTexts[value].word }));

/** StageTrend is the stage of each recorded day. */
export function StageTrend({ points, name }: { points: readonly StagePoint[]; name: string }) {
  return (
    <section aria-label="Trend" className="min-w-0">
      <h2 className="mb-2">The last {stageTrendDays} days</h2>
      {points.length === 0 ? (
        <p className="text-ink-2">The stage is recorded once a day; the first day shows here as soon as it is.</p>
      ) : (
        <Chart
          title={`Stage of ${name} by day`}
          summary={`${points.length} ${points.length === 1 ? 'day is' : 'days are'} recorded, the last on ${points.at(-1)?.day ?? ''}.`}
          xLabel="Day (UTC)"
          series={[{ key: 'stage', label: 'Stage', unit: 'number', drawn: true }]}
          rows={points.map(({ day, stage }) => ({ x: day, values: { stage } }))}
          names={names}
          stepped
        />
      )}
    </section>
  );
}

/** IndustryShares sets a stage beside those of other organisations. */
export function IndustryShares({ stage }: { stage: MaturityStage }) {
  return (
    <section aria-label="Elsewhere" className="min-w-0">
      <h2 className="mb-2">Elsewhere, {industrySharesYear}</h2>
      <dl className="flex flex-col gap-1.5 text-sm">
        {stages.map((one) => {
          const { word, industryShare } = stageTexts[one];
          return (
            <div key={one} className="grid grid-cols-[120px_minmax(0,1fr)_44px] items-center gap-2">
              <dt className={one === stage ? 'font-semibold' : ''}>
                {one} {word}
                {one === stage ? <span className="block text-xs font-normal text-ink-2">here</span> : null}
              </dt>
              <dd aria-hidden className="h-3 rounded-[3px] bg-line">
                <span
                  className={`block h-3 rounded-[3px] ${one === stage ? 'bg-accent' : 'bg-control'}`}
                  style={{ width: `${industryShare * 100}%` }}
                />
              </dd>
              <dd className="tabular text-right">{industryShare * 100} %</dd>
            </div>
          );
        })}
      </dl>
      <p className="mt-2 max-w-[72ch] text-sm text-ink-2">
        The share of organisations at each stage in {industrySharesYear}, as Countersign’s own design states it. It is a comparison, not a
        measurement of this installation.
      </p>
    </section>
  );
}
