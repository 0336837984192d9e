import { all, fast, type Stage } from '@/scripts/test/stages';
import { lastLine, type Totals } from '@/scripts/test/totals';
import { Progress } from '@/scripts/start/progress.mjs';

/** runTests runs the stages as they are planned, shows the output of those that failed, and ends with the one line of totals. */
export async function runTests(root: string, onlyFast: boolean): Promise<number> {
  const plan = onlyFast ? fast : all;
  const stages = plan.flat(2);
  const progress = new Progress(stages.length);
  const results: Totals[] = [];
  const run = async (stage: Stage): Promise<void> => {
    const index = stages.indexOf(stage);
    let output = '';
    await progress.step(index + 1, stage.name, async (say) => {
      const result = await stage.run(root, say).catch((error: unknown) => ({
        totals: { passed: 0, failed: 1, skipped: [] },
        output: error instanceof Error ? error.message : String(error),
      }));
      results[index] = result.totals;
      if (result.totals.failed > 0) output = result.output;
      return lastLine([result.totals]);
    });
    if (output) console.log(`\n${output.trim()}\n`);
  };
  const inTurn = async (lane: readonly Stage[]): Promise<void> => {
    for (const stage of lane) await run(stage);
  };
  for (const lanes of plan) await Promise.all(lanes.map(inTurn));
  const skipped = results.flatMap((totals) => totals.skipped);
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((each) => `  ${each}`).join('\n')}\n`);
  console.log(lastLine(results));
  return results.some((totals) => totals.failed > 0) ? 1 : 0;
}
