/** What a chart's numbers are: shares of 0 to 1, seconds, or plain numbers with names for some of them. */
export type ChartUnit = 'share' | 'seconds' | 'number';
/** A number that has a name on the axis, in the table and in the file. */
export type NamedValue = { value: number; label: string };

/** chartNumber writes one value as people read it; empty where there is none. */
export function chartNumber(value: number | null | undefined, unit: ChartUnit, names: readonly NamedValue[] = []): string {
  if (value === null || value === undefined) return '';
  const named = names.find((name) => name.value === value);
  if (named) return named.label;
  if (unit === 'share') return `${shortened(value * 100)} %`;
  if (unit === 'number') return value.toLocaleString('en');
  if (value < 60) return `${shortened(value)} s`;
  if (value < 3_600) return `${shortened(value / 60)} m`;
  return value < 86_400 ? `${shortened(value / 3_600)} h` : `${shortened(value / 86_400)} d`;
}

const shortened = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: value < 1 ? 2 : 1 });

/** One column of what is drawn: `drawn` as a line, or only told beside it. */
export type ChartSeries = { key: string; label: string; unit: ChartUnit; drawn: boolean };
/** `x` is a day of the calendar, in UTC. */
export type ChartRow = { x: string; values: Readonly<Record<string, number | null>> };

const cell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** chartCsv writes exactly the rows and columns that are drawn: RFC 4180, numbers unrounded, nothing where there is no value. */
export function chartCsv(xLabel: string, series: readonly ChartSeries[], rows: readonly ChartRow[]): string {
  const lines = [
    [xLabel, ...series.map(({ label, unit }) => (unit === 'seconds' ? `${label} (s)` : label))],
    ...rows.map(({ x, values }) => [x, ...series.map(({ key }) => String(values[key] ?? ''))]),
  ];
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}
