import { z } from 'zod';
import { ChangeDigest, ChangeId, type AskRefusal, type DecideRefusal } from '@/lib/lifecycle/schema';
import type { ProblemCode } from '@/lib/kernel/problem';
import { SomeReason, type ActivationGap, type RecordRefusal } from '@/lib/registry/schema';
import { Refused } from './answers';
import { refuseAgent } from './registry-agents';

export const ChangeParams = z.object({ id: ChangeId });
export const ApproveBody = z.object({ digest: ChangeDigest });
export const RejectBody = z.object({ reason: SomeReason });
export const WithdrawBody = z.object({});

type Own = Exclude<AskRefusal | DecideRefusal, RecordRefusal | 'NEEDS_REQUEST' | 'STALE' | 'GAPS'>;

/** One table from a refusal of a change request to its problem: what happened, what was kept, what to do. */
const told: Record<Own, { problem: ProblemCode; text: string }> = {
  NOT_FOUND: { problem: 'NOT_FOUND', text: 'There is nothing here that you may see.' },
  NOT_ALLOWED: { problem: 'FORBIDDEN', text: 'Your roles do not allow this for this agent.' },
  OWN_REQUEST: { problem: 'OWN_REQUEST', text: 'You asked for this, so another person decides.' },
  OWN_AGENT: { problem: 'FORBIDDEN', text: 'You wrote this agent’s record, so another person decides.' },
  NOT_YOURS: { problem: 'FORBIDDEN', text: 'Whoever asked for a change withdraws it; you can reject it if you may decide it.' },
  CLOSED: { problem: 'ALREADY_DECIDED', text: 'This request was decided or withdrawn already.' },
  WRONG_STATE: { problem: 'CONFLICT', text: 'The agent is in another state by now; look again.' },
  OPEN_ALREADY: {
    problem: 'CONFLICT',
    text: 'A change of this agent waits for an answer already, and there is one at a time. What you typed is still here.',
  },
  NOTHING_ASKED: { problem: 'UNPROCESSABLE', text: 'Nothing of this needs another person. Save the record instead.' },
  COLLISION: { problem: 'CONFLICT', text: 'Somebody changed the same fields since this was asked for, so it has to be asked for again.' },
  NOTHING_LEFT: { problem: 'CONFLICT', text: 'The record says all of this already. Whoever asked can withdraw it.' },
  NOT_AS_SHOWN: {
    problem: 'DIGEST_CHANGED',
    text: 'The record has moved on since you opened this, so this is not what you were shown. Read it again, then decide.',
  },
};

type No = { ok: false; code: AskRefusal | DecideRefusal; text?: string; gaps?: ActivationGap[] };

const isOwn = (code: AskRefusal | DecideRefusal): code is Own => code in told;

/** refuseChange turns a refusal of a change request into its problem; what is wrong with the record itself is said as the registry says it. */
export function refuseChange({ code, text, gaps }: No): Refused {
  if (isOwn(code)) return new Refused(told[code].problem, `${text ?? told[code].text} Nothing was changed.`);
  return refuseAgent({ ok: false, code, ...(text === undefined ? {} : { text }), ...(gaps === undefined ? {} : { gaps }) });
}
