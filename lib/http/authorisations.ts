import { z } from 'zod';
import type { AskAuthorisationRefusal, Authorisation, AuthorisationAnswer, SignAuthorisationRefusal } from '@/lib/containment/schema';
import type { ProblemCode } from '@/lib/kernel/problem';
import { Refused } from './answers';

export const AuthorisationParams = z.object({ id: z.string().regex(/^rlr_[0-9a-z]{26}$/) });

type Refusal = 'NOT_FOUND' | AskAuthorisationRefusal | SignAuthorisationRefusal;

/** One table from a refused authorisation to its problem. */
const refusals: Record<Refusal, { code: ProblemCode; text: string }> = {
  NOT_FOUND: { code: 'NOT_FOUND', text: 'There is no such halted action, or nobody asked for this.' },
  NOT_ALLOWED: {
    code: 'FORBIDDEN',
    text: 'Letting a halted action happen takes two people: a leader and somebody of security, each under their own role. Nothing was changed.',
  },
  OWN_REQUEST: {
    code: 'OWN_REQUEST',
    text: 'The action was asked for on your behalf, so two others let it happen, or nobody. Nothing was changed.',
  },
  AUTHOR: {
    code: 'FORBIDDEN',
    text: 'You are one of those who built this agent, so you cannot let happen what was halted. Nothing was changed.',
  },
  NOT_AUTHORISABLE: {
    code: 'CONFLICT',
    text: 'This action is not the agent’s at all, or nobody classified it: that is given by a permission or a classification, with their reviews. Release the workflow instead.',
  },
  ARGUMENTS_GONE: {
    code: 'CONFLICT',
    text: 'Its arguments have been erased or cannot be read, so nobody can see what they would let happen. Release the workflow instead.',
  },
  AGENT_GONE: { code: 'CONFLICT', text: 'The agent was decommissioned, so nothing of it is let happen. Nothing was changed.' },
  ASKED_FOR_GONE: { code: 'CONFLICT', text: 'The person it was asked for is no longer here, so it does not happen. Nothing was changed.' },
  ALREADY_AUTHORISED: {
    code: 'CONFLICT',
    text: 'This action was let happen once already. Asked again, it halts again, and that halt is decided by itself.',
  },
  DIGEST_CHANGED: {
    code: 'DIGEST_CHANGED',
    text: 'What you were shown is not the action that was halted. Nothing was signed; load the page again and read it anew.',
  },
  ALREADY_ASKED: {
    code: 'CONFLICT',
    text: 'Somebody has asked already: it waits for its second person. Nothing was changed; load the page again.',
  },
  NOT_OPEN: { code: 'CONFLICT', text: 'This was signed or taken back first. Nothing was changed; load the page again.' },
  SAME_PERSON: {
    code: 'FORBIDDEN',
    text: 'Whoever asked cannot sign, with no account of theirs. Nothing happens yet: ask a second person.',
  },
  OTHER_ROLE: {
    code: 'FORBIDDEN',
    text: 'The second signature is under the other of the two roles, leader or security, and you do not hold it. Nothing was changed.',
  },
  ASKER_GONE: {
    code: 'CONFLICT',
    text: 'Who asked has left, or could not ask any more, so their word does not count. Take it back, and somebody asks anew.',
  },
};

type Outcome = { ok: true; authorisation: Authorisation } | { ok: false; code: Refusal };

/** authorised turns the outcome of a question, a signature or a withdrawal into the answer. */
export function authorised(outcome: Outcome): AuthorisationAnswer | Refused {
  if (outcome.ok) return { id: outcome.authorisation.id, status: outcome.authorisation.status, approval: outcome.authorisation.approvalId };
  const { code, text } = refusals[outcome.code];
  return new Refused(code, text);
}
