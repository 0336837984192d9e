import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { Refused } from './answers';

export const WorkflowParams = z.object({ id: z.string().regex(/^wfl_[0-9a-z]{26}$/) });
export const ReleasedAnswer = z.object({ workflow: z.string(), decisions: z.array(z.string()) });
type ReleasedAnswer = z.infer<typeof ReleasedAnswer>;

type ReleaseRefusal = 'NOT_ALLOWED' | 'NOT_HALTED';

/** One table from a refused release to its problem. */
const refusals: Record<ReleaseRefusal, { code: ProblemCode; text: string }> = {
  NOT_ALLOWED: { code: 'FORBIDDEN', text: 'Releasing a workflow takes a leader or security. It stays halted; ask one of them.' },
  NOT_HALTED: {
    code: 'CONFLICT',
    text: 'This workflow is not halted now: somebody may have released it first. Nothing was changed; load the page again.',
  },
};

export const ResetAnswer = z.object({ agent: z.string(), actionType: z.string() });
type ResetAnswer = z.infer<typeof ResetAnswer>;

type ResetRefusal = 'NOT_ALLOWED' | 'NOT_OPEN';

/** One table from a refused reset to its problem. */
const resetRefusals: Record<ResetRefusal, { code: ProblemCode; text: string }> = {
  NOT_ALLOWED: {
    code: 'FORBIDDEN',
    text: 'Resetting a circuit breaker takes a leader, security, or the owner of the agent’s process. It stays as it is; ask one of them.',
  },
  NOT_OPEN: {
    code: 'CONFLICT',
    text: 'This circuit breaker is not open now: it may have recovered, or somebody reset it first. Nothing was changed; load the page again.',
  },
};

type ResetOutcome = { ok: true; breaker: { agentId: string; actionType: string } } | { ok: false; code: ResetRefusal };

/** wasReset turns the outcome of a reset into the answer. */
export function wasReset(outcome: ResetOutcome): ResetAnswer | Refused {
  if (outcome.ok) return { agent: outcome.breaker.agentId, actionType: outcome.breaker.actionType };
  const { code, text } = resetRefusals[outcome.code];
  return new Refused(code, text);
}

type Outcome = { ok: true; decisions: string[] } | { ok: false; code: ReleaseRefusal };

/** released turns the outcome of a release into the answer. */
export function released(workflow: string, outcome: Outcome): ReleasedAnswer | Refused {
  if (outcome.ok) return { workflow, decisions: outcome.decisions };
  const { code, text } = refusals[outcome.code];
  return new Refused(code, text);
}

export const KillParams = z.object({ id: z.string().regex(/^kil_[0-9a-z]{26}$/) });

type SetRefusal = 'NOT_ALLOWED' | 'TARGET_UNKNOWN' | 'SOURCE_UNKNOWN';
type LiftRefusal = 'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_LIFTED' | 'SAME_PERSON';

/** One table from a refused stop, or a refused lifting, to its problem. */
const killRefusals: Record<SetRefusal | LiftRefusal, { code: ProblemCode; text: string }> = {
  NOT_ALLOWED: {
    code: 'FORBIDDEN',
    text: 'You may not do this here: a process owner stops their own processes and agents, a leader or security anything, and lifting takes a leader or security. Nothing was changed.',
  },
  TARGET_UNKNOWN: { code: 'NOT_FOUND', text: 'There is no such thing to stop, so nothing was stopped. Choose it from the list.' },
  SOURCE_UNKNOWN: {
    code: 'UNPROCESSABLE',
    text: 'What you name as the reason to look cannot be found, or the report lies in the future or too far back. Nothing was stopped: press again without it.',
  },
  NOT_FOUND: { code: 'NOT_FOUND', text: 'There is no such stop.' },
  ALREADY_LIFTED: { code: 'CONFLICT', text: 'Somebody lifted this stop first. Nothing was changed; load the page again.' },
  SAME_PERSON: { code: 'FORBIDDEN', text: 'Whoever set a stop cannot lift it. It stays in force: ask a second person.' },
};

/** refusedKill is the problem of a refused stop or lifting. */
export function refusedKill(code: SetRefusal | LiftRefusal): Refused {
  const { code: problem, text } = killRefusals[code];
  return new Refused(problem, text);
}
