import { metricIds, type Counted, type MetricCounts, type MetricId, type MetricView, type Standing, type TrendPoint } from '../../schema';
import { isReadDefinition, type Definition, type Part, type ReadDefinition, type Window } from './definition';
import { decisionMetrics } from './decisions';
import { requestMetrics } from './requests';
import { stopMetrics } from './stops';

export type { Window } from './definition';

/** Below this many, one more changes a rate a lot, and that is said. */
const fewMax = 50;

const definitions = new Map([...decisionMetrics, ...stopMetrics, ...requestMetrics].map((definition) => [definition.id, definition]));

/** definitionOf answers a metric's definition. */
export function definitionOf(id: MetricId): Definition {
  const found = definitions.get(id);
  if (!found) throw new Error(`there is no metric ${id}`);
  return found;
}

/** DayCounts are the counts of one day (UTC, ISO 8601). */
export type DayCounts = { day: string; counts: MetricCounts };

/** readMetric reads one metric from the counts of a window and of each of its days. */
export function readMetric(id: MetricId, window: Window, counts: MetricCounts, days: readonly DayCounts[]): MetricView {
  const definition = definitionOf(id);
  const { title, how, unit, bandText, band } = definition;
  const described = { id, title, how, unit, bandText, band };
  if (!isReadDefinition(definition))
    return { ...described, ...nothingRead(), sensor: definition.sensor, reading: definition.sensor, coverage: 'No sensor yet.' };
  const { value, second, n } = definition.value(counts);
  return {
    ...described,
    sensor: null,
    value,
    second,
    n,
    ...standingOf(definition, value, n, counts),
    numerator: definition.numerator.map((part) => countedOf(part, window, counts)),
    denominator: definition.denominator.map((part) => countedOf(part, window, counts)),
    coverage: definition.coverage(counts),
    trend: days.map((of): TrendPoint => {
      const read = definition.value(of.counts);
      return { day: of.day, value: read.value, second: read.second, numerator: read.numerator, n: read.n };
    }),
  };
}

/** readAllMetrics reads every metric, in the order of the list. */
export const readAllMetrics = (window: Window, counts: MetricCounts, days: readonly DayCounts[]): MetricView[] =>
  metricIds.map((id) => readMetric(id, window, counts, days));

const nothingRead = (): Pick<MetricView, 'value' | 'second' | 'n' | 'standing' | 'numerator' | 'denominator' | 'trend'> => ({
  value: null,
  second: null,
  n: 0,
  standing: 'none',
  numerator: [],
  denominator: [],
  trend: [],
});

function standingOf(
  definition: ReadDefinition,
  value: number | null,
  n: number,
  counts: MetricCounts,
): { standing: Standing; reading: string } {
  if (value === null) return { standing: 'none', reading: definition.nothing };
  const outside = definition.outside.find(({ when }) => when(value, counts));
  const text = outside?.text ?? definition.within;
  const few = n < fewMax ? ` ${n === 1 ? 'There is only one' : `There are only ${n}`}, so one more changes it a lot.` : '';
  return { standing: outside?.standing ?? (definition.band === null ? 'unbanded' : 'within'), reading: `${text}${few}` };
}

function countedOf({ label, count, href, why }: Part, window: Window, counts: MetricCounts): Counted {
  const address = href?.(window) ?? null;
  return { label, count: count(counts), href: address, why: address === null ? (why ?? null) : null };
}

/** daysOf lists the days (UTC) that a span touches, the first and the last of them perhaps in part. */
export function daysOf(since: Date, now: Date): string[] {
  const days: string[] = [];
  const dayMs = 86_400_000;
  for (let at = Math.floor(since.getTime() / dayMs) * dayMs; at <= now.getTime(); at += dayMs)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
