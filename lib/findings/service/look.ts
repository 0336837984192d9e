import { prisma } from '@/lib/platform/db/prisma';
import { findDetector } from '../domain';
import type { FindingStatus } from '../schema';
import { findFinding } from '../store/findings';
import { sweepFindings } from './sweep';

/** lookAgain looks with a finding's own detector now, for whoever has just removed the cause; answers what the finding is then, undefined when there is none. */
export async function lookAgain(id: string): Promise<FindingStatus | undefined> {
  const finding = await findFinding(prisma(), id);
  if (!finding) return undefined;
  const detector = findDetector(finding.detector);
  if (detector) await sweepFindings([detector]);
  return (await findFinding(prisma(), id))?.status;
}
