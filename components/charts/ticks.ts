import type { ChartUnit } from './format';

const dayMs = 86_400_000;
/** Steps of time that people count in, in seconds. */
const steps = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400] as const;
const ticksMost = 5;

/** valueTicks are where an axis is read: round steps from 0 to the first at or above `top`. */
export function valueTicks(top: number, unit: ChartUnit): number[] {
  const step = unit === 'seconds' ? timeStep(top) : decimalStep(top);
  // Twelve digits: three steps of 0.1 are 0.3.
  return Array.from({ length: Math.ceil(top / step - 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

const timeStep = (top: number): number => steps.find((each) => top / each <= ticksMost) ?? 86_400 * Math.ceil(top / 86_400 / ticksMost);

function decimalStep(top: number): number {
  const unit = 10 ** Math.floor(Math.log10(top / ticksMost));
  return ([1, 2, 5, 10].find((times) => top / (times * unit) <= ticksMost) ?? 10) * unit;
}

/** dayTicks are at most `most` days from the first to the last, equally far apart; the last is always one. */
export function dayTicks(days: readonly number[], most: number): number[] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const step = Math.max(1, Math.ceil((last - first) / dayMs / most)) * dayMs;
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => last - i * step).toReversed();
}

/** dayRange is the first and the last day; around a single one there is room. */
export function dayRange(days: readonly number[]): [number, number] {
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  return first === last ? [first - dayMs, last + dayMs] : [first, last];
}

const decades = Array.from({ length: 19 }, (_, i) => Number((10 ** (i - 6)).toPrecision(12)));
/** Much the same of time, as people count it, in seconds. */
const timeDecades = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3_600, 36_000, 86_400];

/** decadeTicks are steps of some ten times as much around values: from the one at or below the lowest above 0 to the one at or above the highest. */
export function decadeTicks(values: readonly number[], unit: ChartUnit): number[] {
  const steps = unit === 'seconds' ? timeDecades : decades;
  const above = values.filter((value) => value > 0);
  if (above.length === 0) return [1, 10];
  const [low, high] = [Math.min(...above), Math.max(...above)];
  const from = Math.max(
    0,
    steps.findLastIndex((step) => step <= low),
  );
  const to = steps.findIndex((step) => step >= high);
  return steps.slice(from, Math.max(from + 2, to === -1 ? steps.length : to + 1));
}
