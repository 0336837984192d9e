import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { DecisionId, FinalStatus, type SettleRefusalCode } from '@/lib/outcomes/schema';
import { Refused } from './answers';

export const OutcomeParams = z.object({ id: DecisionId });
export const SettledAnswer = z.object({ decision: z.string(), status: FinalStatus });
type SettledAnswer = z.infer<typeof SettledAnswer>;

/** One table from a refused settlement to its problem. */
const refusals: Record<SettleRefusalCode, { code: ProblemCode; detail: string }> = {
  NOT_FOUND: { code: 'NOT_FOUND', detail: 'There is no such outcome.' },
  NOT_ALLOWED: {
    code: 'FORBIDDEN',
    detail: 'This action belongs to a process you do not own. Nothing was changed; its owner, a leader or security can settle it.',
  },
  NOT_AMBIGUOUS: {
    code: 'CONFLICT',
    detail:
      'Its outcome is known by now: the agent reported it, or somebody settled it first. Nothing was changed; load the page again to see it.',
  },
};

/** settled turns the outcome of a settlement into the answer. */
export function settled(
  decision: string,
  outcome: { ok: true; status: SettledAnswer['status'] } | { ok: false; code: SettleRefusalCode },
): SettledAnswer | Refused {
  if (outcome.ok) return { decision, status: outcome.status };
  const { code, detail } = refusals[outcome.code];
  return new Refused(code, detail);
}
