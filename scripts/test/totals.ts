import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export const Totals = z.object({
  passed: z.number(),
  failed: z.number(),
  /** One "name: reason" each. */
  skipped: z.array(z.string()),
});
export type Totals = z.infer<typeof Totals>;

/** readTotals reads what our vitest reporter wrote; undefined when the run ended before it could. */
export function readTotals(file: string): Totals | undefined {
  return existsSync(file) ? Totals.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

type PlaywrightSuite = { suites?: PlaywrightSuite[] | undefined; specs?: PlaywrightSpec[] | undefined };
type PlaywrightSpec = z.infer<typeof Spec>;
const Spec = z.object({
  title: z.string(),
  tests: z.array(
    z.object({ status: z.string(), annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })) }),
  ),
});
const Suite: z.ZodType<PlaywrightSuite> = z.lazy(() => z.object({ suites: z.array(Suite).optional(), specs: z.array(Spec).optional() }));
const Report = z.object({ suites: z.array(Suite) });

/** readPlaywrightTotals reads Playwright's JSON report; a flaky test counts as failed. */
export function readPlaywrightTotals(file: string): Totals | undefined {
  if (!existsSync(file)) return undefined;
  const totals: Totals = { passed: 0, failed: 0, skipped: [] };
  const count = (suite: PlaywrightSuite): void => {
    suite.suites?.forEach(count);
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') totals.passed += 1;
        else if (test.status !== 'skipped') totals.failed += 1;
        else
          totals.skipped.push(`${spec.title}: ${test.annotations.find((note) => note.type === 'skip')?.description ?? 'no reason given'}`);
      }
    }
  };
  Report.parse(JSON.parse(readFileSync(file, 'utf8'))).suites.forEach(count);
  return totals;
}

/** lastLine is the one line a run ends with. */
export function lastLine(all: readonly Totals[]): string {
  const sum = (count: (totals: Totals) => number) => all.reduce((total, each) => total + count(each), 0);
  const skipped = sum((totals) => totals.skipped.length);
  return `${sum((totals) => totals.passed)} passed, ${sum((totals) => totals.failed)} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
