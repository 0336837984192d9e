import { z } from 'zod';
import { ApprovalId, type DecideRefusalCode, type Refusal } from '@/lib/approvals/schema';
import type { ProblemCode } from '@/lib/kernel/problem';
import { Refused } from './answers';

export const ApprovalParams = z.object({ id: ApprovalId });
export const DecidedAnswer = z.object({ id: z.string(), status: z.enum(['approved', 'rejected']) });
type DecidedAnswer = z.infer<typeof DecidedAnswer>;

/** One table from a refused verdict to its problem. */
const refusalProblems: Record<DecideRefusalCode, ProblemCode> = {
  NOT_FOUND: 'NOT_FOUND',
  OWN_REQUEST: 'OWN_REQUEST',
  AUTHOR: 'FORBIDDEN',
  NOT_ALLOWED: 'FORBIDDEN',
  ALREADY_DECIDED: 'ALREADY_DECIDED',
  EXPIRED: 'EXPIRED',
  DIGEST_CHANGED: 'DIGEST_CHANGED',
};

type Outcome = { ok: true; status: DecidedAnswer['status'] } | { ok: false; refusal: Refusal };

/** decided turns the outcome of a verdict into the answer. */
export const decided = (id: string, outcome: Outcome): DecidedAnswer | Refused =>
  outcome.ok ? { id, status: outcome.status } : new Refused(refusalProblems[outcome.refusal.code], outcome.refusal.text);

export const SeenAnswer = z.object({ first: z.boolean() });
type SeenAnswer = z.infer<typeof SeenAnswer>;
type Seen = { ok: true; first: boolean } | { ok: false; code: 'NOT_FOUND' | 'NOT_ROUTED' };

/** seen turns the outcome of a look into the answer. */
export function seen(outcome: Seen): SeenAnswer | Refused {
  if (outcome.ok) return { first: outcome.first };
  return outcome.code === 'NOT_FOUND'
    ? foundOr404<SeenAnswer>(undefined)
    : new Refused('FORBIDDEN', 'This request does not wait for you, so your look at it is not recorded. Nothing was changed.');
}

/** foundOr404 answers what was found, or the 404 that forbidden and missing share. */
export const foundOr404 = <Value>(value: Value | undefined): Value | Refused =>
  value ?? new Refused('NOT_FOUND', 'There is nothing here that you may see.');
