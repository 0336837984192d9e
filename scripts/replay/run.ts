import { createHash } from 'node:crypto';
import type { AccessRequest, CheckAnswer } from '@/lib/check/schema';
import { waitSeconds, type Gate } from './gate';
import type { ReplayMap } from './map';
import { checkOf, requestsByRun, type RecordedCall } from './recording';
import type { Answer, Asked, Outcome } from './tally';

/** How long past its deadline a request is still looked at: clocks differ a little. */
const expiryGraceMs = 60_000;

/** What waits for a person: the call, the gate's answer to it, and the request with the digest it is bound to. */
export type Waiting = { call: RecordedCall; answer: CheckAnswer; request: AccessRequest };

/** Decider sees to it that a waiting request is decided: by a person who is told where, or here and now. */
export type Decider = (waiting: Waiting) => Promise<void>;

export type Replay = {
  id: string;
  agent: string;
  map: ReplayMap;
  calls: readonly RecordedCall[];
  gate: Pick<Gate, 'ready' | 'check' | 'accessRequest'>;
  decide: Decider;
  onOutcome: (outcome: Outcome) => void;
};

/**
 * replay sends every call in order and returns one outcome for each. A call that waits for a person is waited for, and its approval redeemed by
 * one further check, before the next is sent. Calls in a halted workflow are sent too: each gets its own refusal, so that the verdicts are whole.
 */
export async function replay({ id, agent, map, calls, gate, decide, onOutcome }: Replay): Promise<Outcome[]> {
  const [first] = calls;
  if (first) await gate.ready(taskOf(id, first));
  const summaries = requestsByRun(calls);
  const outcomes: Outcome[] = [];
  for (const call of calls) {
    const task = taskOf(id, call);
    const said = { agent, summary: summaries.get(call.run) };
    const answer = await gate.check(task, checkOf(map, call, said), keyOf(id, call, 'ask'));
    const outcome: Outcome = { run: call.run, seq: call.seq, tool: call.tool, answer: answerOf(answer) };
    const request = answer.context.access_request;
    if (request !== undefined) {
      outcome.asked = await settled(gate, task, { call, answer, request }, decide);
      if (outcome.asked.status === 'approved') {
        const redeemed = await gate.check(task, checkOf(map, call, { ...said, approval: request.id }), keyOf(id, call, 'redeem'));
        outcome.asked.redeemed = answerOf(redeemed);
      }
    }
    outcomes.push(outcome);
    onOutcome(outcome);
  }
  return outcomes;
}

/** Waits until a person has decided or time ran out. An approval that was used already was used by this replay, before it was cut off. */
async function settled(gate: Replay['gate'], task: string, waiting: Waiting, decide: Decider): Promise<Asked> {
  const { id } = waiting.request;
  const overAt = Date.parse(waiting.request.expires_at) + expiryGraceMs;
  let { status } = await gate.accessRequest(task, id, 0);
  if (status === 'pending') await decide(waiting);
  while (status === 'pending' && Date.now() < overAt) ({ status } = await gate.accessRequest(task, id, waitSeconds));
  // Past its deadline nobody can approve it any more, whether or not the sweep has said so.
  if (status === 'pending') status = 'expired';
  // This agent takes nothing back, so cancelled means that a person or the agent is gone: it is refused like a rejection.
  return { id, status: status === 'used' ? 'approved' : status === 'cancelled' ? 'rejected' : status };
}

/** taskOf names the task a run's tokens are for: one workflow for each run of each replay, kept when the replay is resumed. */
const taskOf = (replay: string, { run }: RecordedCall): string => `${replay}/${run}`;

/** keyOf is the Idempotency-Key of a step of a call: the same for a step tried again or resumed, and for no other. */
function keyOf(replay: string, { run, seq }: RecordedCall, step: 'ask' | 'redeem'): string {
  return createHash('sha256')
    .update(JSON.stringify(['countersign replay', replay, run, seq, step]))
    .digest('hex');
}

const answerOf = ({ decision, context }: CheckAnswer): Answer => ({
  decision: context.id,
  allowed: decision,
  verdict: context.verdict,
  tier: context.tier,
  deciding: context.deciding,
  codes: context.reasons.map((reason) => reason.code),
});
