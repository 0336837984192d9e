import { Prisma } from '@/lib/platform/db/generated/client';
import type { Finding, FindingFilter, FindingStatus } from '../schema';
import { columns, toFinding, type Reader } from './findings';

/** Worst first. */
const rank = Prisma.sql`array_position(ARRAY['critical', 'high', 'medium', 'low'], f.severity)`;

/** Whose findings `mine` means. `grave`: what is nobody's and grave waits for them too. */
export type Whose = { accounts: readonly string[]; grave: boolean };
export type Scope = Whose & { filter: FindingFilter };
type Facet = 'status' | 'detector' | 'severity' | 'process' | 'mine';

/** conditions of a filter, without those of one facet: what that facet's values would leave. */
function conditionsOf({ filter, ...whose }: Scope, without?: Facet): Prisma.Sql {
  const { status, detector, severity, process, subject, mine } = filter;
  const conditions = [Prisma.sql`true`];
  if (without !== 'status') conditions.push(Prisma.sql`f.status = ${status}`);
  if (detector !== undefined && without !== 'detector') conditions.push(Prisma.sql`f.detector = ${detector}`);
  if (severity !== undefined && without !== 'severity') conditions.push(Prisma.sql`f.severity = ${severity}`);
  if (process !== undefined && without !== 'process') conditions.push(Prisma.sql`f.process_id = ${process}`);
  if (subject !== undefined) conditions.push(about(subject));
  if (mine !== undefined && without !== 'mine') conditions.push(mine === 'yes' ? isMine(whose) : waitsFor(whose));
  return Prisma.join(conditions, ' AND ');
}

const about = (id: string): Prisma.Sql => Prisma.sql`(f.subject_id = ${id} OR f.facts->>'agent' = ${id})`;
const isMine = ({ accounts }: Whose): Prisma.Sql => Prisma.sql`f.assigned_to = ANY (${[...accounts]})`;
/** Given to them, nobody's and about what they own, and, where `grave`, all that is nobody's and grave. */
const waitsFor = (whose: Whose): Prisma.Sql => Prisma.sql`(${isMine(whose)} OR (f.assigned_to IS NULL AND (
  EXISTS (SELECT 1 FROM agents a WHERE a.id = f.facts->>'agent' AND a.owner_id = ANY (${[...whose.accounts]}))
  OR EXISTS (SELECT 1 FROM processes p WHERE p.id = f.process_id AND p.owner_id = ANY (${[...whose.accounts]}))
  OR (${whose.grave} AND f.severity IN ('critical', 'high')))))`;

/** Where a page begins: after this row; `at` in microseconds since 1970. */
export type Cursor = { rank: number; at: string; id: string };
export type Listed = { finding: Finding; cursor: Cursor };

/** listFindings gives what is open or put off worst and oldest first, and what is closed latest first. */
export async function listFindings(db: Reader, scope: Scope, after: Cursor | undefined, limit: number): Promise<Listed[]> {
  const closed = scope.filter.status === 'closed';
  const at = closed ? Prisma.sql`f.closed_at` : Prisma.sql`f.opened_at`;
  const from =
    after === undefined
      ? Prisma.sql`true`
      : closed
        ? Prisma.sql`(f.closed_at, f.id) < (${instant(after)}, ${after.id})`
        : Prisma.sql`(${rank}, f.opened_at, f.id) > (${after.rank}::int, ${instant(after)}, ${after.id})`;
  const order = closed ? Prisma.sql`f.closed_at DESC, f.id DESC` : Prisma.sql`${rank}, f.opened_at, f.id`;
  const rows = await db.$queryRaw<{ id: string; cursorRank: number; cursorAt: string }[]>`
    SELECT ${columns}, ${rank} AS "cursorRank", (extract(epoch FROM ${at}) * 1000000)::bigint::text AS "cursorAt" FROM findings f
    WHERE ${conditionsOf(scope)} AND ${from} ORDER BY ${order} LIMIT ${limit}`;
  return rows.map((row) => ({ finding: toFinding(row), cursor: { rank: row.cursorRank, at: row.cursorAt, id: row.id } }));
}

const instant = ({ at }: Cursor): Prisma.Sql => Prisma.sql`(timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond')`;

export type Counted = { facet: Facet; value: string; count: number };

/** countFindings counts, for each value of each facet, what it would leave under the other filters. */
export function countFindings(db: Reader, scope: Scope): Promise<Counted[]> {
  const where = (without: Facet) => conditionsOf(scope, without);
  return db.$queryRaw<Counted[]>`
    SELECT 'status' AS facet, f.status AS value, count(*)::int AS count FROM findings f WHERE ${where('status')} GROUP BY 2
    UNION ALL SELECT 'detector', f.detector, count(*)::int FROM findings f WHERE ${where('detector')} GROUP BY 2
    UNION ALL SELECT 'severity', f.severity, count(*)::int FROM findings f WHERE ${where('severity')} GROUP BY 2
    UNION ALL SELECT 'process', f.process_id, count(*)::int FROM findings f WHERE ${where('process')} AND f.process_id IS NOT NULL GROUP BY 2
    UNION ALL SELECT 'mine', 'yes', count(*)::int FROM findings f WHERE ${where('mine')} AND ${isMine(scope)}
    UNION ALL SELECT 'mine', 'waits', count(*)::int FROM findings f WHERE ${where('mine')} AND ${waitsFor(scope)}`;
}

/** listMine gives what is open and waits for a person. */
export async function listMine(db: Reader, whose: Whose, limit: number): Promise<{ findings: Finding[]; total: number }> {
  const rows = await db.$queryRaw<{ total: number }[]>`
    SELECT ${columns}, count(*) OVER ()::int AS total FROM findings f
    WHERE f.status = 'open' AND ${waitsFor(whose)} ORDER BY ${rank}, f.opened_at, f.id LIMIT ${limit}`;
  return { findings: rows.map(toFinding), total: rows[0]?.total ?? 0 };
}

/** listOpenOf gives what is open or put off about one agent, its credentials included. */
export async function listOpenOf(db: Reader, agentId: string, limit: number): Promise<Finding[]> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT ${columns} FROM findings f WHERE f.status <> 'closed' AND ${about(agentId)} ORDER BY ${rank}, f.opened_at, f.id LIMIT ${limit}`;
  return rows.map(toFinding);
}

/** listEventsOf gives the ledger's rows about one finding, newest first. */
export async function listEventsOf(db: Reader, id: string, limit: number): Promise<bigint[]> {
  const rows = await db.$queryRaw<
    { seq: bigint }[]
  >`SELECT seq FROM ledger_entries WHERE finding_id = ${id} ORDER BY seq DESC LIMIT ${limit}`;
  return rows.map(({ seq }) => seq);
}

export type RunRow = { detector: string; ranAt: Date; okAt: Date | null; found: number; error: string | null };

export const listRuns = (db: Reader): Promise<RunRow[]> =>
  db.$queryRaw<RunRow[]>`SELECT detector, ran_at AS "ranAt", ok_at AS "okAt", found, error FROM detector_runs`;

export const countByDetector = (db: Reader): Promise<{ detector: string; status: FindingStatus; count: number }[]> =>
  db.$queryRaw`SELECT detector, status, count(*)::int AS count FROM findings WHERE status <> 'closed' GROUP BY 1, 2`;

export type AnswersRow = { part: 'owner' | 'technical_owner' | 'process_owner'; id: string; name: string };

/** listAnswering gives who answers for an agent and for a process. */
export const listAnswering = (db: Reader, agentId: string | null, processId: string | null): Promise<AnswersRow[]> =>
  db.$queryRaw<AnswersRow[]>`
    SELECT 'owner' AS part, u.id, u.name FROM agents a JOIN users u ON u.id = a.owner_id WHERE a.id = ${agentId}
    UNION ALL SELECT 'technical_owner', u.id, u.name FROM agents a JOIN users u ON u.id = a.technical_owner_id WHERE a.id = ${agentId}
    UNION ALL SELECT 'process_owner', u.id, u.name FROM processes p JOIN users u ON u.id = p.owner_id WHERE p.id = ${processId}`;

/** listAssignable gives the active accounts a finding can be given to, by name. */
export const listAssignable = (db: Reader, limit: number): Promise<{ id: string; name: string }[]> =>
  db.$queryRaw`SELECT id, name FROM users WHERE status = 'active' ORDER BY lower(name), id LIMIT ${limit}`;
