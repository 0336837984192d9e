import { describe, expect, test } from 'vitest';
import { chartCsv, chartNumber, type ChartSeries } from './format';

describe('a value', () => {
  test.each([
    [0.0312, 'share', '3.1 %'],
    [0.0012, 'share', '0.12 %'],
    [1, 'share', '100 %'],
    [0, 'share', '0 %'],
    [4.25, 'seconds', '4.3 s'],
    [90, 'seconds', '1.5 m'],
    [7_200, 'seconds', '2 h'],
    [180_000, 'seconds', '2.1 d'],
    [1_234, 'number', '1,234'],
  ] as const)('of %d as %s is written %s', (value, unit, text) => {
    expect(chartNumber(value, unit)).toBe(text);
  });

  test('that there is none of is not written as nought', () => {
    expect(chartNumber(null, 'share')).toBe('');
  });

  test('that has a name is called by it', () => {
    expect(chartNumber(2, 'number', [{ value: 2, label: 'Two' }])).toBe('Two');
  });
});

describe('the file of a chart', () => {
  const series: ChartSeries[] = [
    { key: 'rate', label: 'Rate, "all"', unit: 'share', drawn: true },
    { key: 'n', label: 'n', unit: 'number', drawn: false },
  ];

  test('has the rows that are drawn, unrounded, and leaves a day without a value empty', () => {
    const rows = [
      { x: '2026-11-01', values: { rate: 1 / 3, n: 3 } },
      { x: '2026-11-02', values: { rate: null, n: 0 } },
    ];
    expect(chartCsv('Day', series, rows)).toBe('Day,"Rate, ""all""",n\r\n2026-11-01,0.3333333333333333,3\r\n2026-11-02,,0\r\n');
  });

  test('has a heading where there are no rows', () => {
    expect(chartCsv('Day', series.slice(1), [])).toBe('Day,n\r\n');
  });
});
