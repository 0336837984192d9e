import { keptDays, observationKinds } from '../schema';
import { deleteForgotten } from '../store';
import type { PrismaClient } from '@/lib/platform/db/generated/client';

/** Most rows of one kind that one sweep removes. */
export const observationSweepMax = 1_000;

/** sweepObservations removes what nobody noticed for so long that it says nothing any more, and so makes room for new names; answers how many. */
export async function sweepObservations(db: PrismaClient): Promise<number> {
  let removed = 0;
  for (const kind of observationKinds) removed += await deleteForgotten(db, kind, keptDays[kind], observationSweepMax);
  return removed;
}
