'use client';

import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Table } from '@/components/ui/table';
import { chartCsv, chartNumber, type ChartRow, type ChartSeries, type NamedValue } from './format';
import { Lines } from './lines';
import { markStroke, strokes } from './strokes';

export type ChartProps = {
  /** What is drawn, for who cannot see it and for the file’s name. */
  title: string;
  /** What is to be seen, in a sentence. */
  summary: string;
  xLabel: string;
  series: readonly ChartSeries[];
  rows: readonly ChartRow[];
  /** A range of values that is shaded, with its name. */
  band?: { from: number; to: number; label: string } | undefined;
  /** Values that are called by a name; the axis has exactly these. */
  names?: readonly NamedValue[];
  /** Each value holds until the next. */
  stepped?: boolean;
  /** Values that are drawn as lines across, with their names. */
  marks?: readonly Mark[];
  /** Steps of ten times as much: for values that differ by orders of magnitude. */
  logarithmic?: boolean;
};

/** A value to compare with. `name` stands at its line. */
export type Mark = { value: number; name: string };

/** Chart draws lines, and the same rows as a table; its file holds exactly what is drawn. */
export function Chart(props: ChartProps) {
  const { title, summary, xLabel, series, rows, names = [] } = props;
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="min-w-0" aria-label={title}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <Legend series={series} band={props.band} marks={props.marks} />
        <div className="flex gap-2 print:hidden">
          <Button onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
            View as table
          </Button>
          <Button onClick={() => download(`${fileName(title)}.csv`, chartCsv(xLabel, series, rows))}>
            <Download size={14} aria-hidden /> CSV
          </Button>
        </div>
      </div>
      {asTable ? (
        <div>
          <Table
            caption={title}
            rows={rows}
            keyOf={({ x }) => x}
            columns={[
              { key: 'x', title: xLabel, className: 'tabular', cell: ({ x }) => x },
              ...series.map(({ key, label, unit }) => ({
                key,
                title: label,
                align: 'right' as const,
                className: 'tabular',
                cell: ({ values }: ChartRow) => chartNumber(values[key], unit, names) || '–',
              })),
            ]}
          />
        </div>
      ) : (
        <Lines {...props} />
      )}
      <figcaption className="mt-1 text-sm text-ink-2">{summary}</figcaption>
    </figure>
  );
}

function Legend({ series, band, marks = [] }: { series: ChartProps['series']; band: ChartProps['band']; marks: ChartProps['marks'] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-2">
      {series
        .filter(({ drawn }) => drawn)
        .map(({ key, label }, index) => (
          <li key={key} className="flex items-center gap-1.5">
            <svg width="22" height="8" aria-hidden>
              <line x1="0" y1="4" x2="22" y2="4" stroke={strokes[index]?.colour} strokeWidth="2" strokeDasharray={strokes[index]?.dash} />
            </svg>
            {label}
          </li>
        ))}
      {band ? (
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="h-3 w-5 border-y border-dashed border-live bg-live/15" />
          {band.label}
        </li>
      ) : null}
      {marks.map(({ name }, index) => (
        <li key={name} className="flex items-center gap-1.5">
          <svg width="22" height="8" aria-hidden>
            <line x1="0" y1="4" x2="22" y2="4" {...markStroke(index)} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

const fileName = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

function download(name: string, text: string) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(address);
}
