import { z } from 'zod';
import { AmountText } from '@/lib/registry/schema';
import type { CheckRequest } from '@/lib/check/schema';
import type { ReplayMap } from './map';

/** Longest recording read, in calls. */
export const callsMax = 100_000;

/** RecordedCall is one line of a recording: what a model asked its tool to do, in which run, and the money that is known to have moved. */
export const RecordedCall = z.object({
  run: z
    .string()
    .max(96)
    .regex(/^[^\p{C}\p{Z}]+$/u, 'must be printable, without spaces'),
  seq: z.int().min(0),
  tool: z
    .string()
    .max(200)
    .regex(/^[^\p{C}]+$/u, 'must be printable'),
  arguments: z.record(z.string(), z.unknown()),
  request: z.string().max(16_384).optional(),
  value_usd: z
    .number()
    .refine((value) => AmountText.safeParse(String(value)).success, 'is not a plain amount of money')
    .optional(),
});
export type RecordedCall = z.infer<typeof RecordedCall>;

export type ParsedRecording = { ok: true; calls: RecordedCall[] } | { ok: false; problems: string[] };

const problemsShownMax = 10;

/** parseRecording reads JSON lines in order; each run counts its own calls upwards, so that no call can be meant twice. */
export function parseRecording(text: string): ParsedRecording {
  const calls: RecordedCall[] = [];
  const problems: string[] = [];
  const lastSeq = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const json = jsonOf(line);
    const parsed = RecordedCall.safeParse(json);
    if (json === undefined) {
      problems.push(`line ${index + 1}: this is not JSON`);
    } else if (!parsed.success) {
      problems.push(...parsed.error.issues.map((issue) => `line ${index + 1}: ${issue.path.join('.') || 'call'}: ${issue.message}`));
    } else {
      const { run, seq } = parsed.data;
      const last = lastSeq.get(run);
      if (last !== undefined && seq <= last) problems.push(`line ${index + 1}: call ${seq} of run ${run} comes after call ${last}`);
      lastSeq.set(run, seq);
      calls.push(parsed.data);
    }
    if (problems.length >= problemsShownMax) break;
  }
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, problemsShownMax) };
  if (calls.length === 0) return { ok: false, problems: ['there is no call in it'] };
  if (calls.length > callsMax) return { ok: false, problems: [`it holds more than ${callsMax} calls`] };
  return { ok: true, calls };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** unmappedTools lists the tools a map says nothing of, with how often they are called: the gate meets them as undeclared, Tier 4. */
export function unmappedTools(calls: readonly RecordedCall[], map: ReplayMap): [tool: string, calls: number][] {
  const counts = new Map<string, number>();
  for (const { tool } of calls) if (!Object.hasOwn(map.tools, tool)) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  return [...counts];
}

/** requestsByRun is what the customer asked for in each run: the agent's own summary of why it acts. */
export function requestsByRun(calls: readonly RecordedCall[]): ReadonlyMap<string, string> {
  return new Map(calls.flatMap((call) => (call.request === undefined ? [] : [[call.run, call.request] as const])));
}

/**
 * checkOf is the AuthZEN evaluation a recorded call becomes. The arguments go as the model wrote them. An approval is offered by its id.
 * The same call always becomes the same body, so that a resumed replay is answered from the first one's decisions.
 */
export function checkOf(
  map: ReplayMap,
  call: RecordedCall,
  said: { agent: string; summary?: string | undefined; approval?: string | undefined },
): z.input<typeof CheckRequest> {
  const tool = Object.hasOwn(map.tools, call.tool) ? map.tools[call.tool] : undefined;
  const money = tool?.declares?.money;
  return {
    subject: { type: 'agent', id: said.agent },
    action: { name: tool?.action ?? call.tool },
    context: {
      arguments: call.arguments,
      ...(money === undefined || call.value_usd === undefined
        ? {}
        : { risk: { money: { amount: String(call[money.field]), currency: money.currency } } }),
      ...(said.summary === undefined ? {} : { summary: said.summary }),
      ...(map.agent.model === undefined ? {} : { model: map.agent.model }),
      supported_obligations: ['report_outcome'],
      ...(said.approval === undefined ? {} : { approval: { id: said.approval } }),
    },
  };
}
