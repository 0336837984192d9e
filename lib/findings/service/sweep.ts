import { newId } from '@/lib/kernel/ids';
import { appendEvents } from '@/lib/ledger/service';
import type { EventKind } from '@/lib/ledger/schema';
import { inTransaction, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { createLog } from '@/lib/platform/log';
import { detectors as table, type Detector } from '../domain/detectors';
import type { Finding, Found, Snapshot } from '../schema';
import * as store from '../store/findings';
import { saidOf } from './said';
import { loadSnapshot } from './snapshot';

/** Findings of one detector that one look opens, and as many that it closes; the rest is for the next look, so that no commit is long. */
export const changesPerLookMax = 200;
const errorLengthMax = 500;
const snapshotLimits = { timeout: 5_000, maxWait: 5_000 } as const;

/**
 * sweepFindings looks with every detector (or those given) at one snapshot and makes the findings say what it shows: what is new is opened, what is
 * gone closed, what came back opened again, what was put off until now woken. Each detector has a transaction of its own, so one that fails is noted
 * and leaves its findings as they were. Several processes may look at once: a look that is older than the last one changes nothing. Answers how many
 * findings it changed.
 */
export async function sweepFindings(only: readonly Detector[] = table): Promise<number> {
  const snapshot = await prisma().$transaction(loadSnapshot, { ...snapshotLimits, isolationLevel: 'RepeatableRead' });
  let changed = 0;
  for (const detector of only) changed += await look(detector, snapshot);
  return changed;
}

async function look(detector: Detector, snapshot: Snapshot): Promise<number> {
  try {
    const found = unique(detector.find(snapshot));
    return await inTransaction((tx) => reconcile(tx, detector, found, snapshot));
  } catch (error) {
    const text = (error instanceof Error ? error.message : String(error)).slice(0, errorLengthMax);
    createLog('jobs').error({ detector: detector.id, err: text }, 'a detector failed');
    await inTransaction((tx) => store.noteFailure(tx, detector.id, snapshot.at, text));
    return 0;
  }
}

/** The same cause is one finding, though a detector may come to it twice. */
const unique = (found: readonly Found[]): Found[] => [...new Map(found.map((one) => [one.key, one])).values()];

async function reconcile(tx: Tx, detector: Detector, seen: readonly Found[], { at, settings }: Snapshot): Promise<number> {
  if (!(await store.claimRun(tx, detector.id, at, seen.length))) return 0;
  const found = await unsettled(tx, detector, seen);
  const known = await store.lockKnown(tx, detector.id, keysOf(found));
  const { fresh, back, still, gone, due } = planOf(known, found, detector.grace ? settings.graceDays : null);
  const inserted = new Set(await store.insertFindings(tx, detector.id, fresh));
  await store.touchFindings(tx, still);
  await store.reopenFindings(tx, back);
  await store.wakeRows(tx, idsOf(due));
  await store.closeRows(tx, idsOf(gone));
  const events = [
    ...fresh.filter(({ id }) => inserted.has(id)).map(({ id, found: one }) => eventOf('finding.opened', detector.id, id, one)),
    ...back.map(({ id, found: one }) => eventOf('finding.reopened', detector.id, id, one)),
    ...due.map(({ id, finding }) => eventOf('finding.woken', detector.id, id, finding)),
    ...gone.map(({ id, finding }) => eventOf('finding.closed', detector.id, id, finding)),
  ];
  await appendEvents(tx, events);
  return events.length;
}

/** What somebody said is dealt with while this look had begun already must not be opened by it: that is asked again, now that nobody else changes it. */
async function unsettled(tx: Tx, { settles }: Detector, seen: readonly Found[]): Promise<readonly Found[]> {
  if (settles === null || seen.length === 0) return seen;
  const noticed = await store.listNoticed(
    tx,
    settles,
    seen.map(({ subject }) => subject.id),
  );
  return seen.filter(({ subject }) => noticed.has(subject.id));
}

type Known = Awaited<ReturnType<typeof store.lockKnown>>[number];

/** What of the found is new, closed and back, or still there; and what of the known is gone, or put off until now. */
function planOf(known: readonly Known[], found: readonly Found[], graceDays: number | null) {
  const byKey = new Map(known.map((row) => [row.key, row]));
  const rows = found.map((one) => ({ id: byKey.get(one.key)?.id ?? newId('fnd'), found: one, graceDays }));
  const statusOf = (row: (typeof rows)[number]) => byKey.get(row.found.key)?.status;
  const present = new Set(keysOf(found));
  return {
    fresh: rows.filter((row) => statusOf(row) === undefined).slice(0, changesPerLookMax),
    back: rows.filter((row) => statusOf(row) === 'closed').slice(0, changesPerLookMax),
    still: rows.filter((row) => statusOf(row) === 'open' || statusOf(row) === 'snoozed'),
    gone: known.filter(({ key, status }) => status !== 'closed' && !present.has(key)).slice(0, changesPerLookMax),
    due: known.filter((row) => row.status === 'snoozed' && row.due && present.has(row.key)),
  };
}

const keysOf = (found: readonly Found[]): string[] => found.map(({ key }) => key);
const idsOf = (known: readonly Known[]): string[] => known.map(({ id }) => id);

const eventOf = (kind: EventKind, detector: string, id: string, about: Pick<Finding, 'subject' | 'processId' | 'severity' | 'facts'>) => ({
  kind,
  actor: { type: 'system' as const, id: 'jobs' },
  subject: { type: 'finding', id },
  data: saidOf(detector, about),
});
