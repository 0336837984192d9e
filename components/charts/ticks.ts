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
