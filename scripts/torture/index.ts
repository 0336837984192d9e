import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Ground } from './ground';
import type { Result } from './scenario';
import { scenarios } from './scenarios';

const usage = `npm run torture -- [--seed SEED] [--only NAME,…] [--ci]

  --seed SEED   draws the same moments, calls and choices again (default: a new one, printed)
  --only NAMES  ${scenarios.map(({ name }) => name).join(', ')}
  --ci          the sizes of the test run instead of the full ones

Exit code: 0 every promise held, 1 one did not, 2 it could not be tried.`;

/** Runs every scenario at full size on an installation of its own, and prints what each tried and found. */
async function main(): Promise<number> {
  const options = {
    seed: { type: 'string' },
    only: { type: 'string' },
    ci: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const names = values.only?.split(',');
  const unknown = names?.find((name) => scenarios.every((one) => one.name !== name));
  if (unknown !== undefined) throw new Error(`There is no scenario ${unknown} (--help lists them).`);
  const seed = values.seed ?? randomBytes(6).toString('hex');
  console.log(`seed ${seed}`);
  const ground = await Ground.open();
  const results: Result[] = [];
  try {
    for (const one of scenarios) {
      if (names && !names.includes(one.name)) continue;
      const result = await one.run(ground, values.ci ? 'ci' : 'full', seed);
      results.push(result);
      console.log(`\n${one.name}: ${result.detail}`);
      for (const example of result.examples) console.log(`  VIOLATION ${example}`);
    }
  } finally {
    await ground.close();
  }
  console.log(`\n${table(results)}`);
  return results.every(({ violations }) => violations === 0) ? 0 : 1;
}

function table(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ promise }) => promise.length), 'promise'.length);
  const line = (promise: string, ...rest: string[]): string => promise.padEnd(width) + rest.map((cell) => cell.padStart(14)).join('');
  return [
    line('promise', 'cases tried', 'violations', 'seconds'),
    ...results.map(({ promise, cases, violations, seconds }) =>
      line(promise, cases.toLocaleString('en'), String(violations), seconds.toFixed(1)),
    ),
  ].join('\n');
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 2;
}
