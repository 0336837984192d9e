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
import { replay, taskOf } from './run';
import { isComplete, summarise, tableOf } from './tally';

const replayIdBytes = 8;
const interruptedCode = 130;

/** `npm run replay`: sends an agent's recorded tool calls through the gate, as that agent, and prints what it would have been let do. */
async function main(args: string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (!parsed.ok) throw new CommandFailure(`${parsed.problem}\n${usage}`);
  const { options } = parsed;
  const map = mapOf(options);
  const calls = callsOf(options);
  const environment = configured();
  const gateway = options.gateway ?? environment.GATEWAY_URL;

  const began = Date.now();
  const id = options.resume ?? randomBytes(replayIdBytes).toString('hex');
  const progress = new ReplayProgress(calls.length, process.stderr);
  for (const [tool, times] of unmappedTools(calls, map)) progress.say(`The map says nothing of ${tool} (${times} calls): the gate will meet it as undeclared.`);
  const registered = await register(map, options.agent ?? map.agent.id);
  progress.say(`${registered.agent}: ${registered.changes.join(', ') || 'registered as the map says'}`);
  progress.say(`Replay ${id}: ${calls.length.toLocaleString('en-US')} calls to ${gateway}`);

  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort(new CommandFailure('Stopped.'));
  process.once('SIGINT', onInterrupt);
  const gate = new Gate(gateway, registered.credential, (why) => progress.say(`trying again: ${why}`), interrupt.signal);
  const say = (line: string): void => progress.say(line);
  const decide = options.decide === 'ask' ? askInConsole(environment.PUBLIC_URL, say) : decideHere(options.as ?? map.process.owner, options.decide);
  try {
    const [first] = calls;
    if (first) await gate.ready(taskOf(id, first));
    const outcomes = await replay({ id, agent: registered.agent, map, calls, gate, decide, onOutcome: () => progress.step() });
    const summary = summarise(outcomes);
    const seconds = (Date.now() - began) / 1000;
    const complete = isComplete(summary, calls.length);
    console.log(options.json ? JSON.stringify({ replay: id, agent: registered.agent, complete, seconds, ...summary, outcomes }) : `\n${tableOf(summary, seconds)}`);
    if (!complete) process.stderr.write('Not every call got a decision of its own.\n');
    return complete ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nWhat was decided is kept. Go on with:\n  ${resumeCommand(options, id)}\n`);
    return interrupt.signal.aborted ? interruptedCode : 1;
  } finally {
    process.off('SIGINT', onInterrupt);
    await registered.revoke();
  }
}

function mapOf({ map: name }: ReplayOptions): ReplayMap {
  const parsed = parseMap(readNamed(name, 'The map'));
  if (!parsed.ok) throw new CommandFailure(`The map ${name} cannot be used:\n${parsed.problems.map((problem) => `  ${problem}`).join('\n')}`);
  return parsed.map;
}

function callsOf({ file, limit }: ReplayOptions): readonly RecordedCall[] {
  const parsed = parseRecording(readNamed(file, 'The recording'));
  if (!parsed.ok) throw new CommandFailure(`The recording ${file} cannot be used:\n${parsed.problems.map((problem) => `  ${problem}`).join('\n')}`);
  return parsed.calls.slice(0, limit);
}

function configured(): ReturnType<typeof webEnv> {
  try {
    return webEnv();
  } catch (error) {
    throw new CommandFailure(error instanceof Error ? error.message : String(error));
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof CommandFailure ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await closeClients();
}
