import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { StoredStatus } from './schema';

type Reader = PrismaClient | Prisma.TransactionClient;

/** A request as its row says it, with the owner of its process, the person it was asked for, and the database's own time. */
export type ApprovalRow = {
  id: string;
  decisionId: string;
  decisionSeq: bigint;
  agentId: string;
  processId: string;
  processOwnerId: string | null;
  workflowId: string;
  action: string;
  asker: string | null;
  askerPersonId: string | null;
  digest: Uint8Array;
  tier: number;
  deciding: string[];
  status: StoredStatus;
  requestedAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
  reasonCode: string | null;
  reason: string | null;
  usedAt: Date | null;
  usedBy: string | null;
  now: Date;
};

type Raw = Omit<ApprovalRow, 'status'> & { status: string };

// An asker is an e-mail or a user id; e-mails are kept in lower case.
const columns = `a.id, a.decision_id AS "decisionId", a.decision_seq AS "decisionSeq", a.agent_id AS "agentId", a.process_id AS "processId", p.owner_id AS "processOwnerId",
  a.workflow_id AS "workflowId", a.action_type AS "action", a.asker, u.person_id AS "askerPersonId", a.digest, a.tier, a.deciding, a.status,
  a.requested_at AS "requestedAt", a.expires_at AS "expiresAt", a.decided_at AS "decidedAt", a.decided_by AS "decidedBy", a.reason_code AS "reasonCode", a.reason,
  a.used_at AS "usedAt", a.used_by AS "usedBy", clock_timestamp() AS now
  FROM approvals a LEFT JOIN processes p ON p.id = a.process_id
  LEFT JOIN LATERAL (SELECT person_id FROM users WHERE id = a.asker OR email = lower(btrim(a.asker)) ORDER BY id = a.asker DESC LIMIT 1) u ON true`;

const parse = (rows: Raw[]): ApprovalRow[] => rows.map((row) => ({ ...row, status: StoredStatus.parse(row.status) }));

export async function findApproval(db: Reader, id: string): Promise<ApprovalRow | undefined> {
  return parse(await db.$queryRawUnsafe<Raw[]>(`SELECT ${columns} WHERE a.id = $1`, id))[0];
}

/** listWaiting gives what waits, the most pressing first: time left divided by the tier. */
export async function listWaiting(db: Reader, limit: number): Promise<ApprovalRow[]> {
  return parse(
    await db.$queryRawUnsafe<Raw[]>(
      `SELECT ${columns} WHERE a.status = 'pending' AND a.expires_at > clock_timestamp()
       ORDER BY extract(epoch FROM a.expires_at - clock_timestamp()) / a.tier, a.id LIMIT $1`,
      limit,
    ),
  );
}

export async function countWaiting(db: Reader): Promise<number> {
  const rows = await db.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM approvals WHERE status = 'pending' AND expires_at > clock_timestamp()`;
  return rows[0]?.count ?? 0;
}

/** listDecided gives what waits no more, newest request first; ids sort by the time of the request. */
export async function listDecided(db: Reader, before: string | undefined, limit: number): Promise<ApprovalRow[]> {
  return parse(
    await db.$queryRawUnsafe<Raw[]>(
      `SELECT ${columns} WHERE (a.status <> 'pending' OR a.expires_at <= clock_timestamp()) AND ($1::text IS NULL OR a.id < $1) ORDER BY a.id DESC LIMIT $2`,
      before ?? null,
      limit,
    ),
  );
}

export type Verdict = {
  id: string;
  status: 'approved' | 'rejected';
  decidedBy: string;
  reasonCode: string | null;
  reason: string | null;
  digest: Uint8Array;
};

/**
 * claimVerdict writes a verdict where the request still waits, counting the rows. It waits for whoever holds the row; the clock is read after the
 * wait, so that a verdict which waited past the deadline is late.
 */
export async function claimVerdict(tx: Prisma.TransactionClient, verdict: Verdict): Promise<number> {
  return tx.$executeRaw`
    UPDATE approvals SET status = ${verdict.status}, decided_at = clock_timestamp(), decided_by = ${verdict.decidedBy}, reason_code = ${verdict.reasonCode}, reason = ${verdict.reason}
    WHERE id = ${verdict.id} AND status = 'pending' AND expires_at > clock_timestamp() AND digest = ${verdict.digest}`;
}

/** claimExpired turns up to `limit` pending requests whose deadline has passed into expired ones, and passes over those that somebody holds. */
export async function claimExpired(db: Reader, limit: number): Promise<{ id: string; decisionId: string }[]> {
  // Materialized: as a plain subquery the limit would be applied anew for every row.
  return db.$queryRaw`
    WITH due AS MATERIALIZED (
      SELECT id FROM approvals WHERE status = 'pending' AND expires_at <= now() ORDER BY expires_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE approvals a SET status = 'expired', decided_at = now() FROM due WHERE a.id = due.id AND a.status = 'pending'
    RETURNING a.id, a.decision_id AS "decisionId"`;
}
