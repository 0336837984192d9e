import { z } from 'zod';
import { FindingId, FindingStatus, snoozeDaysMax, type FindingRefusalCode } from '@/lib/findings/schema';
import type { ProblemCode } from '@/lib/kernel/problem';
import { Refused } from './answers';

export const FindingParams = z.object({ id: FindingId });
export const ChangedAnswer = z.object({ changed: z.int() });
type ChangedAnswer = z.infer<typeof ChangedAnswer>;
export const LookedAnswer = z.object({ status: FindingStatus });
type LookedAnswer = z.infer<typeof LookedAnswer>;
/** Ids of a hundred findings, and a reason. */
export const findingsBodyBytesMax = 32 * 1024;

type Saying = { code: ProblemCode; detail: string; pointer?: string };

/** One table from a refusal about findings to its problem: what happened, what was kept, what to do. */
const sayings: Record<FindingRefusalCode, Saying> = {
  NOT_ALLOWED: {
    code: 'FORBIDDEN',
    detail: 'Security and risk look after findings, process owners after those of their own processes. Nothing was changed.',
  },
  NOT_FOUND: { code: 'NOT_FOUND', detail: 'There is nothing here that you may see.' },
  CLOSED: { code: 'CONFLICT', detail: 'One of these is closed by now: its cause is gone. Nothing was changed; look again.' },
  NOT_SNOOZED: { code: 'CONFLICT', detail: 'This is open already. Nothing was changed; look again.' },
  PERSON_INACTIVE: { code: 'UNPROCESSABLE', detail: 'Choose a person who is active here. Nothing was changed.', pointer: '/to' },
  DAY_PAST: { code: 'UNPROCESSABLE', detail: 'Choose a day after today. Nothing was changed.', pointer: '/until' },
  DAY_TOO_FAR: {
    code: 'UNPROCESSABLE',
    detail: `A finding can be put off for ${snoozeDaysMax} days at most. Nothing was changed.`,
    pointer: '/until',
  },
  NOT_SETTLED_HERE: {
    code: 'CONFLICT',
    detail: 'This closes when its cause is gone, not by saying so. Nothing was changed.',
  },
};

/** changedFindings turns the outcome of a change of findings into the answer. */
export function changedFindings(outcome: { ok: true; changed: number } | { ok: false; code: FindingRefusalCode }): ChangedAnswer | Refused {
  return outcome.ok ? { changed: outcome.changed } : refused(outcome.code);
}

/** lookedAt turns the outcome of another look into the answer. */
export const lookedAt = (
  outcome: { ok: true; status: FindingStatus } | { ok: false; code: 'NOT_ALLOWED' | 'NOT_FOUND' },
): LookedAnswer | Refused => (outcome.ok ? { status: outcome.status } : refused(outcome.code));

function refused(of: FindingRefusalCode): Refused {
  const { code, detail, pointer } = sayings[of];
  return new Refused(code, detail, pointer === undefined ? undefined : [{ pointer, detail }]);
}

export const noFinding = (): Refused => new Refused('NOT_FOUND', 'There is nothing here that you may see.');
