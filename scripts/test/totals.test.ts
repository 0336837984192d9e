import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastLine, readPlaywrightTotals, readTotals } from '@/scripts/test/totals';

describe('totals', () => {
  it('end with one line, which names the skipped only when there are any', () => {
    const totals = { passed: 2, failed: 1, skipped: [] };
    expect(lastLine([totals, totals])).toBe('4 passed, 2 failed');
    expect(lastLine([{ ...totals, skipped: ['a: no data'] }])).toBe('2 passed, 1 failed, 1 skipped');
  });

  it('of a run that ended before its report are unknown, not zero', () => {
    expect(readTotals('/nowhere/totals.json')).toBeUndefined();
    expect(readPlaywrightTotals('/nowhere/totals.json')).toBeUndefined();
  });

  it('of browser tests count a flaky test as failed and give the reason of a skipped one', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-totals-'));
    const spec = (title: string, status: string, reason?: string) => ({
      title,
      tests: [{ status, annotations: reason ? [{ type: 'skip', description: reason }] : [] }],
    });
    const suites = [
      {
        suites: [{ specs: [spec('a', 'expected'), spec('b', 'flaky')] }],
        specs: [spec('c', 'unexpected'), spec('d', 'skipped', 'no data')],
      },
    ];
    writeFileSync(path.join(folder, 'report.json'), JSON.stringify({ suites }));
    expect(readPlaywrightTotals(path.join(folder, 'report.json'))).toEqual({ passed: 1, failed: 2, skipped: ['d: no data'] });
    rmSync(folder, { recursive: true });
  });
});
