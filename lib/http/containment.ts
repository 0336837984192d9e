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

type Outcome = { ok: true; decisions: string[] } | { ok: false; code: ReleaseRefusal };

/** released turns the outcome of a release into the answer. */
export function released(workflow: string, outcome: Outcome): ReleasedAnswer | Refused {
  if (outcome.ok) return { workflow, decisions: outcome.decisions };
  const { code, text } = refusals[outcome.code];
  return new Refused(code, text);
}
