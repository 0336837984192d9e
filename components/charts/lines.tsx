'use client';

import { CartesianGrid, Line, LineChart, ReferenceArea, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useAwake } from '@/components/text/awake';
import type { ChartProps } from './chart';
import { chartNumber } from './format';
import { markStroke, strokes } from './strokes';
import { dayRange, dayTicks, decadeTicks, valueTicks } from './ticks';

type Props = Pick<ChartProps, 'series' | 'rows' | 'band' | 'names' | 'stepped' | 'title' | 'xLabel' | 'marks' | 'logarithmic'>;

const axis = { stroke: 'var(--line-strong)', tick: { fill: 'var(--ink-2)', fontSize: 12 } } as const;

const dayTicksMost = 10;

/** Room above the highest value, and at least this much of a share. */
const shareTopMin = 0.1;

const valuesOf = ({ series, rows, marks = [] }: Props): number[] => [
  ...rows.flatMap((row) => series.filter(({ drawn }) => drawn).map(({ key }) => row.values[key] ?? 0)),
  ...marks.map(({ value }) => value),
];

function topOf(props: Props): number {
  const { series, band } = props;
  const share = series[0]?.unit === 'share';
  const highest = Math.max(0, ...valuesOf(props), band ? band.to : 0);
  return share ? Math.min(1, Math.max(shareTopMin, highest * 1.15)) : Math.max(1, highest * 1.1);
}

/** Lines draws the series of a chart in a place of fixed height, without motion. */
export function Lines(props: Props) {
  const { series, rows, band, names = [], stepped = false, title, marks = [], logarithmic = false } = props;
  const drawn = series.filter((one) => one.drawn);
  const unit = drawn[0]?.unit ?? 'number';
  const ends = names.map(({ value }) => value);
  const top = topOf(props);
  const ticks = names.length > 0 ? ends : logarithmic ? decadeTicks(valuesOf(props), unit) : valueTicks(top, unit);
  const lowest = logarithmic ? (ticks[0] ?? 0) : 0;
  const domain: [number, number] = names.length > 0 ? [Math.min(...ends), Math.max(...ends)] : [lowest, ticks.at(-1) ?? top];
  const days = rows.map(({ x }) => Date.parse(x));
  const locale = useAwake() ? undefined : 'en';
  const dayText = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <div className="h-64 min-w-0">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 256 }}>
        <LineChart
          data={rows.map(({ x, values }) => ({ day: Date.parse(x), ...values }))}
          margin={{ top: 8, right: 24, bottom: 0, left: 0 }}
          title={title}
        >
          <CartesianGrid stroke="var(--line)" vertical={false} />
          {/* To scale: where days are missing, so is their width. */}
          <XAxis
            {...axis}
            dataKey="day"
            type="number"
            domain={dayRange(days)}
            ticks={dayTicks(days, dayTicksMost)}
            tickFormatter={(day: number) => dayText.format(day)}
            interval="equidistantPreserveStart"
            minTickGap={16}
          />
          <YAxis
            {...axis}
            width={names.length > 0 ? 76 : 56}
            domain={domain}
            ticks={ticks}
            {...(logarithmic ? { scale: 'log' as const, allowDataOverflow: true } : {})}
            tickFormatter={(value: number) => chartNumber(value, unit, names)}
          />
          {band ? (
            <ReferenceArea
              y1={band.from}
              y2={band.to}
              fill="var(--live)"
              fillOpacity={0.1}
              stroke="var(--live)"
              strokeDasharray="4 3"
              ifOverflow="hidden"
            />
          ) : null}
          {marks.map(({ value, name }, index) => (
            <ReferenceLine key={name} y={value} {...markStroke(index)} ifOverflow="extendDomain" />
          ))}
          <Tooltip isAnimationActive={false} content={tellOf(props)} />
          {drawn.map(({ key, label }, index) => (
            <Line
              key={key}
              dataKey={key}
              name={label}
              type={stepped ? 'stepAfter' : 'linear'}
              stroke={strokes[index]?.colour ?? 'var(--ink)'}
              strokeDasharray={strokes[index]?.dash ?? '0'}
              strokeWidth={2}
              dot={{ r: rows.length > 31 ? 1.5 : 2.5, strokeDasharray: '0' }}
              connectNulls={false}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

/** What a day says where the pointer, or the keyboard, stands on it. */
const tellOf = (props: Props) =>
  function tell({ active, label }: { active?: boolean; label?: string | number | undefined }) {
    return active ? <Told {...props} day={Number(label)} /> : null;
  };

function Told({ series, rows, names = [], day }: Props & { day: number }) {
  const row = rows.find(({ x }) => Date.parse(x) === day);
  if (!row) return null;
  return (
    <div className="rounded-md bg-raised px-2.5 py-1.5 text-sm text-ink shadow-float">
      <p className="tabular font-medium">{row.x}</p>
      <dl className="tabular grid grid-cols-[auto_auto] gap-x-3">
        {series.map(({ key, label, unit }) => (
          <div key={key} className="contents">
            <dt className="text-ink-2">{label}</dt>
            <dd className="text-right">{chartNumber(row.values[key], unit, names) || '–'}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
