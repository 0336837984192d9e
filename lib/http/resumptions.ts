import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { Refused } from './answers';

export const ResumptionParams = z.object({ id: z.string().regex(/^rsm_[0-9a-z]{26}$/) });

type AskRefusal = 'NOT_ALLOWED' | 'NOT_LOCKED' | 'ALREADY_RESUMED';
type SignRefusal = 'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_RESUMED' | 'SAME_PERSON' | 'ASKER_GONE' | 'OPERATOR_TWICE';

/** One table from a refused resumption to its problem. */
const refusals: Record<AskRefusal | SignRefusal, { code: ProblemCode; text: string }> = {
  NOT_ALLOWED: { code: 'FORBIDDEN', text: 'Resuming takes two people, each a leader or security. The gateways stay locked.' },
  NOT_LOCKED: {
    code: 'CONFLICT',
    text: 'No gateway is locked by this checkpoint now, or none has found out yet what is kept. Nothing was asked; load the page again.',
  },
  ALREADY_RESUMED: { code: 'CONFLICT', text: 'Two people have signed this already. Nothing was changed; load the page again.' },
  NOT_FOUND: { code: 'NOT_FOUND', text: 'There is no such resumption.' },
  SAME_PERSON: {
    code: 'FORBIDDEN',
    text: 'Whoever asked cannot sign, with no account of theirs. The gateways stay locked: ask a second person.',
  },
  ASKER_GONE: {
    code: 'CONFLICT',
    text: 'Who asked for this has left, or is no leader or security any more, so their word does not count. Somebody else asks anew.',
  },
  OPERATOR_TWICE: { code: 'FORBIDDEN', text: 'Asked at the command line, where nobody signs in: the second person signs in the console.' },
};

/** refusedResumption is the problem of a resumption that was refused. */
export function refusedResumption(refusal: AskRefusal | SignRefusal): Refused {
  const { code, text } = refusals[refusal];
  return new Refused(code, text);
}
