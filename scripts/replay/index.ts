import { randomBytes } from 'node:crypto';
import { closeClients } from '@/lib/platform/db';
import { webEnv } from '@/lib/platform/env';
import { askInConsole, decideHere } from './deciders';
import { CommandFailure } from './failure';
import { readNamed } from './files';
import { Gate } from './gate';
import { parseMap, type ReplayMap } from './map';
import { parseOptions, resumeCommand, usage, type ReplayOptions } from './options';
import { ReplayProgress } from './progress';
import { parseRecording, unmappedTools, type RecordedCall } from './recording';
import { register } from './register';
import { replay } from './run';
import { isComplete, summarise, tableOf, type Outcome } from './tally';

const replayIdBytes = 8;
const interruptedCode = 130;
const interrupts = ['SIGINT', 'SIGTERM'] as const;

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** `npm run replay`: sends an agent's recorded tool calls through the gate, as that agent, and prints what it was let do. Answers the exit code. */
async function main(args: string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (!parsed.ok) throw new CommandFailure(`${parsed.problem}\n${usage}`);
  const { options } = parsed;
  const map = mapOf(options);
  const calls = callsOf(options);
  const { GATEWAY_URL, PUBLIC_URL } = configured();
  const gateway = options.gateway ?? GATEWAY_URL;
  const id = options.resume ?? randomBytes(replayIdBytes).toString('hex');
  const progress = new ReplayProgress(calls.length, process.stderr);
  const say = (line: string): void => progress.say(line);

  const began = Date.now();
  for (const [tool, times] of unmappedTools(calls, map))
    say(`The map says nothing of ${tool} (${times} calls): the gate will meet it as undeclared.`);
  const registered = await register(map, options.agent ?? map.agent.id);
  say(`${registered.agent}: ${registered.changes.join(', ') || 'registered as the map says'}`);
  say(`Replay ${id}: ${calls.length.toLocaleString('en-US')} calls to ${gateway}`);

  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort(new CommandFailure('Stopped.'));
  for (const signal of interrupts) process.once(signal, onInterrupt);
  const gate = new Gate(gateway, registered.credential, (why) => say(`trying again: ${why}`), interrupt.signal);
  const decide = options.decide === 'ask' ? askInConsole(PUBLIC_URL, say) : decideHere(options.as ?? map.process.owner, options.decide);
  try {
    const outcomes = await replay({ id, agent: registered.agent, map, calls, gate, decide, onOutcome: () => progress.step() });
    return print(options, { replay: id, agent: registered.agent, seconds: (Date.now() - began) / 1000 }, outcomes, calls.length);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\nWhat was decided is kept. Go on with:\n  ${resumeCommand(options, id)}\n`);
    return interrupt.signal.aborted ? interruptedCode : 1;
  } finally {
    for (const signal of interrupts) process.off(signal, onInterrupt);
    await registered
      .revoke()
      .catch((error: unknown) => say(`The replay's secret was not revoked and ends within a day: ${sentenceOf(error)}`));
  }
}

function print(
  { json }: ReplayOptions,
  about: { replay: string; agent: string; seconds: number },
  outcomes: Outcome[],
  calls: number,
): number {
  const summary = summarise(outcomes);
  const complete = isComplete(summary, calls);
  console.log(json ? JSON.stringify({ ...about, complete, ...summary, outcomes }) : `\n${tableOf(summary, about.seconds)}`);
  if (!complete) process.stderr.write('Not every call got a decision of its own.\n');
  return complete ? 0 : 1;
}

function mapOf({ map: name }: ReplayOptions): ReplayMap {
  const parsed = parseMap(readNamed(name, 'The map'));
  if (!parsed.ok)
    throw new CommandFailure(`The map ${name} cannot be used:\n${parsed.problems.map((problem) => `  ${problem}`).join('\n')}`);
  return parsed.map;
}

function callsOf({ file, limit }: ReplayOptions): readonly RecordedCall[] {
  const parsed = parseRecording(readNamed(file, 'The recording'));
  if (!parsed.ok)
    throw new CommandFailure(`The recording ${file} cannot be used:\n${parsed.problems.map((problem) => `  ${problem}`).join('\n')}`);
  return parsed.calls.slice(0, limit);
}

function configured(): ReturnType<typeof webEnv> {
  try {
    return webEnv();
  } catch (error) {
    throw new CommandFailure(sentenceOf(error));
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(
    `${error instanceof CommandFailure ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
} finally {
  await closeClients();
}
