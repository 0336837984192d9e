import { readOptions, usage } from './options';
import { reportJson, reportText } from './report';
import { verify } from './verify';

// Nothing of lib, app or workers is imported here or below: whoever verifies needs to trust neither the writer's code nor the database.
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    console.log(usage);
    return 0;
  }
  const verdict = await verify(options);
  console.log(options.json ? reportJson(verdict) : reportText(verdict));
  return exitCodes[verdict.result];
}

const exitCodes = { agrees: 0, agrees_as_resumed: 0, tampered: 1, resumed: 3 } as const;

try {
  process.exitCode = await main();
} catch (error) {
  const message =
    error instanceof AggregateError ? error.errors.map(String).join('; ') : error instanceof Error ? error.message : String(error);
  console.error(`Could not verify: ${message || 'the database does not answer'}`);
  process.exitCode = 2;
}
