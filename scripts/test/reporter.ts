import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { Totals } from '@/scripts/test/totals';

/** Counts what vitest ran, with the reasons of what it skipped (its JSON report leaves them out). */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const totals: Totals = { passed: 0, failed: unhandled.length, skipped: [] };
    for (const file of modules) {
      const tests = [...file.children.allTests()];
      // A file that could not be loaded, or whose hooks failed, may have no failed test to show for it.
      if (file.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) totals.failed += 1;
      for (const test of tests) {
        const result = test.result();
        if (result.state === 'passed') totals.passed += 1;
        else if (result.state === 'failed') totals.failed += 1;
        else totals.skipped.push(`${test.fullName}: ${('note' in result && result.note) || 'no reason given'}`);
      }
    }
    const report = process.env['COUNTERSIGN_TEST_TOTALS'];
    if (report) writeFileSync(report, JSON.stringify(totals));
  }
}
