import { describe, expect, test } from 'vitest';
import { dayRange, dayTicks, decadeTicks, valueTicks } from './ticks';

const day = (text: string): number => Date.parse(text);
const written = (ticks: readonly number[]): string[] => ticks.map((tick) => new Date(tick).toISOString().slice(5, 10));

describe('an axis', () => {
  test.each([
    [4, [0, 1, 2, 3, 4]],
    [50, [0, 10, 20, 30, 40, 50]],
    [12_240, [0, 3_600, 7_200, 10_800, 14_400]],
    [700_000, [0, 172_800, 345_600, 518_400, 691_200, 864_000]],
  ])('of time up to %d s is read at round steps', (top, ticks) => {
    expect(valueTicks(top, 'seconds')).toEqual(ticks);
  });

  test.each([
    [0.1, [0, 0.02, 0.04, 0.06, 0.08, 0.1]],
    [0.139, [0, 0.05, 0.1, 0.15]],
    [0.2, [0, 0.05, 0.1, 0.15, 0.2]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('of shares up to %d is read at round ones, and never past all', (top, ticks) => {
    expect(valueTicks(top, 'share')).toEqual(ticks);
  });
});

describe('days', () => {
  test('are equally far apart, however few were recorded, and the last is one of them', () => {
    const recorded = ['2026-09-03', '2026-10-03', '2026-11-20', '2026-11-21'].map(day);
    const ticks = dayTicks(recorded, 4);
    expect(new Set(ticks.slice(1).map((tick, i) => tick - (ticks[i] ?? 0))).size).toBe(1);
    expect(written(ticks)).toEqual(['09-22', '10-12', '11-01', '11-21']);
  });

  test('are all of them when they are few', () => {
    expect(written(dayTicks(['2026-11-20', '2026-11-21'].map(day), 8))).toEqual(['11-20', '11-21']);
  });

  test('that are one have room around it', () => {
    const [from, to] = dayRange([day('2026-11-21')]);
    expect(to - from).toBe(2 * 86_400_000);
    expect(dayTicks([], 8)).toEqual([]);
  });

  test.each([
    ['holds all of them', [0.3, 1, 30], 'seconds' as const, [0.1, 1, 10, 60]],
    ['counts in tens what is no time', [0.3, 1, 30], 'number' as const, [0.1, 1, 10, 100]],
    ['has two steps at least', [1], 'seconds' as const, [1, 10]],
    ['leaves out what is nothing', [0, 0.02], 'seconds' as const, [0.01, 0.1]],
    ['of nothing is there all the same', [], 'seconds' as const, [1, 10]],
  ])('of values orders of magnitude apart %s', (_, values, unit, ticks) => {
    expect(decadeTicks(values, unit)).toEqual(ticks);
  });
});
