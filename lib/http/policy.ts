import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { PolicyId, type DraftRefusal, type DraftRefusalCode, type StartRefusal } from '@/lib/policy/schema';
import { Refused } from './answers';

export const PolicyParams = z.object({ id: PolicyId });
export const StartedAnswer = z.object({ id: z.string(), version: z.int() });
export const DraftAnswer = z.object({ version: z.int(), revision: z.string() });
export const SignedAnswer = z.object({ version: z.int(), published: z.boolean(), missing: z.int() });

/** One table from a refused change of a policy to its problem and its sentence. */
const refusals: Record<Exclude<DraftRefusalCode, 'INVALID' | 'VERSION_CAME' | 'NO_DRAFT'>, [ProblemCode, string]> = {
  NOT_ALLOWED: ['FORBIDDEN', 'Policies are changed by people with the role risk or admin. Nothing was changed.'],
  NOT_FOUND: ['NOT_FOUND', 'There is nothing here that you may see.'],
  ID_TAKEN: ['CONFLICT', 'There is a policy with this id already. Nothing was changed; choose another.'],
  DRAFT_EXISTS: ['CONFLICT', 'This policy has a draft already. Open it, or discard it first.'],
  STALE: [
    'CONFLICT',
    'Somebody changed this draft since you opened it. Nothing of yours was saved; what you typed is still here. Open the draft in another tab, and bring the two together.',
  ],
  IN_REVIEW: ['CONFLICT', 'This draft is with its reviewers. Take it back first; nothing was saved, and what you typed is still here.'],
  NOT_IN_REVIEW: [
    'CONFLICT',
    'This draft is not in review any more: it was taken back, or never sent. Nothing was changed; look at it again.',
  ],
  NOTE_MISSING: ['GAPS', 'Say why it is changed, so that whoever signs knows. The draft is kept as it was saved.'],
  NOTHING_CHANGED: ['UNPROCESSABLE', 'The draft says what is in force already, so there is nothing to sign.'],
  EDITED_IT: ['OWN_REQUEST', 'You edited this draft, with this account or another. Somebody else has to sign it; nothing was changed.'],
  SIGNED_ALREADY: ['ALREADY_DECIDED', 'You signed this already. It waits for somebody else.'],
  DIGEST_CHANGED: [
    'DIGEST_CHANGED',
    'This is not the document you were shown: it changed meanwhile. Nothing was signed; look at it again.',
  ],
};

/** refused turns what did not happen to a policy into the answer. Problems of a document are pointed at below `/document`. */
export function refused(refusal: DraftRefusal | StartRefusal): Refused {
  switch (refusal.code) {
    case 'INVALID':
      return new Refused(
        'UNPROCESSABLE',
        refusal.problems.map(({ detail }) => detail).join(' '),
        refusal.problems.map(({ pointer, detail }) => ({ pointer: `/document${pointer}`, detail })),
      );
    case 'VERSION_CAME':
      return new Refused(
        'CONFLICT',
        refusal.inForce === null
          ? 'The version this draft was begun from is no longer in force. The draft is kept; save it again to carry it over.'
          : `Version ${refusal.inForce} came into force since this draft was begun. The draft is kept; look at what changes now, and save it again to carry it over.`,
      );
    case 'NO_DRAFT':
      return new Refused(
        'CONFLICT',
        refusal.inForce === null
          ? 'There is no draft of this policy any more. Nothing was changed.'
          : `There is no draft any more: version ${refusal.inForce} is in force, or the draft was discarded. Nothing was changed.`,
      );
    default: {
      const [code, detail] = refusals[refusal.code];
      return new Refused(code, detail);
    }
  }
}

/** doneOr answers what was done, or why not. */
export const doneOr = <Done extends { ok: true }>(outcome: Done | DraftRefusal | StartRefusal): Done | Refused =>
  outcome.ok ? outcome : refused(outcome);
