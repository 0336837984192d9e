import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { findDetector, mayTend } from '../domain';
import type { FindingStatus } from '../schema';
import { findFinding } from '../store/findings';
import { managerOf } from './manager';
import { sweepFindings } from './sweep';

type Asked = { ok: true; detector: string } | Refused<'NOT_ALLOWED' | 'NOT_FOUND'>;
export type LookOutcome = { ok: true; status: FindingStatus } | Refused<'NOT_ALLOWED' | 'NOT_FOUND'>;

/**
 * lookAgain looks with a finding's own detector now, for whoever has just removed the cause, and answers what the finding is then. A look reads the
 * whole inventory, so it is for those who look after the finding and for whom it was given to.
 */
export async function lookAgain(actor: Actor, id: string): Promise<LookOutcome> {
  const asked = await actAs(actor, 'findings:read', async (tx, doer): Promise<Asked> => {
    const finding = await findFinding(tx, id);
    if (!finding) return { ok: false, code: 'NOT_FOUND' };
    if (!mayTend(await managerOf(tx, doer), finding)) return { ok: false, code: 'NOT_ALLOWED' };
    return { ok: true, detector: finding.detector };
  });
  if (!asked.ok) return asked;
  const detector = findDetector(asked.detector);
  if (detector) await sweepFindings([detector]);
  const looked = await findFinding(prisma(), id);
  return looked ? { ok: true, status: looked.status } : { ok: false, code: 'NOT_FOUND' };
}
