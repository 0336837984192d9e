import { prisma } from '@/lib/platform/db/prisma';
import { readChecklist as answer } from '../domain/checklist';
import { organisationId, type ChecklistView } from '../schema';
import { loadFacts } from '../service/facts';
import * as store from '../store/facts';
import { countRecorded } from '../store/snapshots';

/** A detector that ran within this, in hours, has looked lately. */
const freshHours = 48;
/** A review decided within this, in days, stands for its quarter. */
const quarterDays = 100;
/** Days of which it is asked whether metrics were recorded. */
const recordedDays = 30;

/** readChecklist answers the twelve points as they stand now. */
export async function readChecklist(): Promise<ChecklistView> {
  const db = prisma();
  const [facts, findings, fresh, reviewed, recorded] = await Promise.all([
    loadFacts(db),
    store.countFindings(db),
    store.listFreshDetectors(db, freshHours),
    store.listPlannedReviews(db, quarterDays),
    countRecorded(db, organisationId, recordedDays),
  ]);
  const at = facts.now.toISOString();
  const points = answer({ facts, findings, fresh: new Set(fresh), reviewed: new Set(reviewed), recorded, today: at.slice(0, 10) });
  return { at, points };
}
