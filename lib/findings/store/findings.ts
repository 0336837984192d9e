import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import { lockObserving } from '../observations/store';
import { Finding, type Found, type FindingStatus } from '../schema';

type Tx = Prisma.TransactionClient;
export type Reader = PrismaClient | Tx;

/** Columns of a finding as the program names them. */
export const columns = Prisma.sql`f.id, f.detector, f.key, jsonb_build_object('type', f.subject_type, 'id', f.subject_id) AS subject, f.process_id AS "processId",
  f.severity, f.facts, f.status, f.opened_at AS "openedAt", f.seen_at AS "seenAt", f.times_opened AS "timesOpened", f.assigned_to AS "assignedTo",
  f.assigned_by AS "assignedBy", f.snoozed_until AS "snoozedUntil", f.snoozed_by AS "snoozedBy", f.snooze_reason AS "snoozeReason",
  f.closed_at AS "closedAt", f.grace_until AS "graceUntil"`;

export const toFinding = (row: unknown): Finding => Finding.parse(row);

export async function findFinding(db: Reader, id: string): Promise<Finding | undefined> {
  const rows = await db.$queryRaw<unknown[]>`SELECT ${columns} FROM findings f WHERE f.id = ${id}`;
  return rows[0] === undefined ? undefined : toFinding(rows[0]);
}

/** lockFindings takes the findings that a change is about, in id order. */
export async function lockFindings(tx: Tx, ids: readonly string[]): Promise<Finding[]> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT ${columns} FROM findings f WHERE f.id = ANY (${[...ids]}) ORDER BY f.id FOR UPDATE`;
  return rows.map(toFinding);
}

/**
 * claimRun notes that a detector looked at a snapshot of this instant, and keeps others from reconciling until the transaction ends; false when a
 * newer snapshot was reconciled already, so that an older look undoes nothing.
 */
export async function claimRun(tx: Tx, detector: string, at: Date, found: number): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO detector_runs (detector, ran_at, ok_at, found, error) VALUES (${detector}, ${at}, ${at}, ${found}, NULL)
    ON CONFLICT (detector) DO UPDATE SET ran_at = excluded.ran_at, ok_at = excluded.ok_at, found = excluded.found, error = NULL
      WHERE detector_runs.ran_at <= excluded.ran_at`;
  return count === 1;
}

/** lockRun keeps every look with a detector from changing anything until the transaction ends. */
export async function lockRun(tx: Tx, detector: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM detector_runs WHERE detector = ${detector} FOR UPDATE`;
}

/** noteFailure says that a detector failed; what it found before stays as it is. */
export async function noteFailure(tx: Tx, detector: string, at: Date, error: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO detector_runs (detector, ran_at, found, error) VALUES (${detector}, ${at}, 0, ${error})
    ON CONFLICT (detector) DO UPDATE SET ran_at = excluded.ran_at, error = excluded.error WHERE detector_runs.ran_at <= excluded.ran_at`;
}

/** lockKnown takes what a detector has open or put off, and what was closed and is found again, in id order. */
export async function lockKnown(
  tx: Tx,
  detector: string,
  keys: readonly string[],
): Promise<{ id: string; key: string; status: FindingStatus; due: boolean; finding: Finding }[]> {
  const rows = await tx.$queryRaw<{ due: boolean }[]>`
    SELECT ${columns}, coalesce(f.snoozed_until <= clock_timestamp(), false) AS due FROM findings f
    WHERE f.detector = ${detector} AND (f.status <> 'closed' OR f.key = ANY (${[...keys]})) ORDER BY f.id FOR UPDATE`;
  return rows.map((row) => {
    const finding = toFinding(row);
    return { id: finding.id, key: finding.key, status: finding.status, due: row.due, finding };
  });
}

type Written = { id: string; found: Found; graceDays: number | null };

const written = ({ id, found, graceDays }: Written) => ({
  id,
  key: found.key,
  subject_type: found.subject.type,
  subject_id: found.subject.id,
  process_id: found.processId,
  severity: found.severity,
  facts: found.facts,
  grace_until: found.graceUntil?.toISOString() ?? null,
  grace_days: graceDays,
});

const given = (rows: readonly Written[]) => Prisma.sql`jsonb_to_recordset(${JSON.stringify(rows.map(written))}::jsonb)
  AS g(id text, key text, subject_type text, subject_id text, process_id text, severity text, facts jsonb, grace_until timestamptz, grace_days int)`;

/** Until when something without an owner may stand: as its succession says, else from now on. */
const grace = Prisma.sql`coalesce(g.grace_until, clock_timestamp() + make_interval(days => g.grace_days))`;

/** insertFindings records causes that were never found before; answers the ids of those that nobody else recorded first. */
export async function insertFindings(tx: Tx, detector: string, rows: readonly Written[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const inserted = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO findings (id, detector, key, subject_type, subject_id, process_id, severity, facts, grace_until)
    SELECT g.id, ${detector}, g.key, g.subject_type, g.subject_id, g.process_id, g.severity, g.facts, ${grace} FROM ${given(rows)}
    ON CONFLICT (detector, key) DO NOTHING RETURNING id`;
  return inserted.map(({ id }) => id);
}

/** touchFindings notes that causes are still there, and what they are now. */
export async function touchFindings(tx: Tx, rows: readonly Written[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE findings f SET seen_at = clock_timestamp(), severity = g.severity, facts = g.facts, process_id = g.process_id,
      grace_until = coalesce(g.grace_until, f.grace_until)
    FROM ${given(rows)} WHERE f.id = g.id`;
}

/** reopenFindings opens again what was closed and came back; whoever had it has it again, unless they have left. */
export async function reopenFindings(tx: Tx, rows: readonly Written[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    UPDATE findings f SET status = 'open', closed_at = NULL, opened_at = clock_timestamp(), seen_at = clock_timestamp(), times_opened = f.times_opened + 1,
      severity = g.severity, facts = g.facts, process_id = g.process_id, grace_until = ${grace},
      assigned_to = (SELECT u.id FROM users u WHERE u.id = f.assigned_to AND u.status = 'active')
    FROM ${given(rows)} WHERE f.id = g.id AND f.status = 'closed'`;
}

/** wakeRows opens what was put off. */
export async function wakeRows(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    UPDATE findings SET status = 'open', snoozed_until = NULL, snoozed_by = NULL, snooze_reason = NULL WHERE id = ANY (${[...ids]}) AND status = 'snoozed'`;
}

export async function closeRows(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    UPDATE findings SET status = 'closed', closed_at = clock_timestamp(), snoozed_until = NULL, snoozed_by = NULL, snooze_reason = NULL, grace_until = NULL
    WHERE id = ANY (${[...ids]}) AND status <> 'closed'`;
}

export async function assignRows(tx: Tx, ids: readonly string[], to: string | null, by: string | null): Promise<number> {
  return tx.$executeRaw`
    UPDATE findings SET assigned_to = ${to}, assigned_by = ${to === null ? null : by}
    WHERE id = ANY (${[...ids]}) AND status <> 'closed' AND assigned_to IS DISTINCT FROM ${to}`;
}

export async function snoozeRows(tx: Tx, ids: readonly string[], until: string, by: string | null, reason: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE findings SET status = 'snoozed', snoozed_until = ${until}::date::timestamp AT TIME ZONE 'UTC', snoozed_by = ${by}, snooze_reason = ${reason}
    WHERE id = ANY (${[...ids]}) AND status <> 'closed'`;
}

/** findDaysUntil counts the days from today (the database's, UTC) to a day. */
export async function findDaysUntil(tx: Tx, day: string): Promise<number> {
  const rows = await tx.$queryRaw<{ days: number }[]>`SELECT ${day}::date - (clock_timestamp() AT TIME ZONE 'UTC')::date AS days`;
  return rows[0]?.days ?? 0;
}

/** lockAssigned takes what is open and assigned to an account. */
export async function lockAssigned(tx: Tx, userId: string): Promise<Finding[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT ${columns} FROM findings f WHERE f.assigned_to = ${userId} AND f.status <> 'closed' ORDER BY f.id FOR UPDATE`;
  return rows.map(toFinding);
}

/**
 * deleteObservations forgets what was noticed of one subject, up to now; what is noticed again counts again. Gateways write what they notice before it
 * or after the transaction ends.
 */
export async function deleteObservations(tx: Tx, kind: string, subject: string): Promise<number> {
  await lockObserving(tx);
  return tx.$executeRaw`DELETE FROM observations WHERE kind = ${kind} AND subject = ${subject}`;
}

/** listNoticed answers those of these subjects that something is known to have noticed now. */
export async function listNoticed(tx: Tx, kind: string, subjects: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ subject: string }[]>`
    SELECT DISTINCT subject FROM observations WHERE kind = ${kind} AND subject = ANY (${[...subjects]})`;
  return new Set(rows.map(({ subject }) => subject));
}
