import { z } from 'zod';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Authorisation, WorkflowHalt, type SeniorRole } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

const columns = `r.id, r.workflow_id AS "workflowId", r.decision_id AS "decisionId", r.agent_id AS "agentId", r.valid_minutes AS "validMinutes", r.reason, r.status,
  r.asked_by AS "askedBy", r.asked_as AS "askedAs", r.asked_at AS "askedAt", r.signed_by AS "signedBy", r.signed_as AS "signedAs", r.signed_at AS "signedAt",
  r.signed_reason AS "signedReason", r.approval_id AS "approvalId"`;

export async function findHalt(db: Reader, decisionId: string): Promise<WorkflowHalt | undefined> {
  const row = await db.workflowHalt.findUnique({ where: { decisionId } });
  return row ? WorkflowHalt.parse(row) : undefined;
}

export async function findAuthorisation(db: Reader, id: string): Promise<Authorisation | undefined> {
  const rows = await db.$queryRawUnsafe<unknown[]>(`SELECT ${columns} FROM release_requests r WHERE r.id = $1`, id);
  return rows.map((row) => Authorisation.parse(row))[0];
}

/** lockAuthorisation holds one until the transaction ends, and answers it as it is then. */
export async function lockAuthorisation(tx: Tx, id: string): Promise<Authorisation | undefined> {
  const rows = await tx.$queryRawUnsafe<unknown[]>(`SELECT ${columns} FROM release_requests r WHERE r.id = $1 FOR UPDATE`, id);
  return rows.map((row) => Authorisation.parse(row))[0];
}

/** insertAuthorisation writes down who asks; false when somebody has asked for the same action already. */
export async function insertAuthorisation(
  tx: Tx,
  row: Pick<Authorisation, 'id' | 'workflowId' | 'decisionId' | 'agentId' | 'validMinutes' | 'reason' | 'askedBy' | 'askedAs'>,
): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO release_requests (id, workflow_id, decision_id, agent_id, valid_minutes, reason, asked_by, asked_as)
    VALUES (${row.id}, ${row.workflowId}, ${row.decisionId}, ${row.agentId}, ${row.validMinutes}, ${row.reason}, ${row.askedBy}, ${row.askedAs})
    ON CONFLICT (decision_id) WHERE status = 'open' DO NOTHING`;
  return count === 1;
}

/** withdrawAuthorisation ends one that is open; counts. */
export const withdrawAuthorisation = (tx: Tx, id: string): Promise<number> =>
  tx.$executeRaw`UPDATE release_requests SET status = 'withdrawn' WHERE id = ${id} AND status = 'open'`;

type Signature = { id: string; by: string; as: SeniorRole; reason: string; approvalId: string };

/** signAuthorisationRow signs one that is open; counts. */
export const signAuthorisationRow = (tx: Tx, { id, by, as, reason, approvalId }: Signature): Promise<number> =>
  tx.$executeRaw`
    UPDATE release_requests SET status = 'signed', signed_by = ${by}, signed_as = ${as}, signed_reason = ${reason}, approval_id = ${approvalId}
    WHERE id = ${id} AND status = 'open'`;

type NewApproval = {
  requestId: string;
  seq: bigint;
  processId: string;
  action: string;
  asker: string | null;
  digest: Uint8Array;
  deciding: string[];
};

/** insertApproval makes the approval of a request signed in this transaction, for as long as was asked; answers until when it is good. */
export async function insertApproval(tx: Tx, { requestId, seq, processId, action, asker, digest, deciding }: NewApproval): Promise<Date> {
  const [row] = await tx.$queryRaw<{ expiresAt: Date }[]>`
    INSERT INTO approvals (id, decision_id, decision_seq, agent_id, process_id, workflow_id, action_type, asker, digest, tier, deciding, status, requested_at, expires_at,
      decided_at, decided_by, reason)
    SELECT r.approval_id, r.decision_id, ${seq}, r.agent_id, ${processId}, r.workflow_id, ${action}, ${asker}, ${Buffer.from(digest)}, 4, ${deciding}, 'approved', r.asked_at,
      r.signed_at + make_interval(mins => r.valid_minutes), r.signed_at, r.signed_by, r.signed_reason
    FROM release_requests r WHERE r.id = ${requestId} RETURNING expires_at AS "expiresAt"`;
  if (!row) throw new Error('what was signed cannot be read');
  return row.expiresAt;
}

const Subject = z.object({ status: z.string(), editors: z.array(z.string()) });
const AskedFor = z.object({ personId: z.string(), status: z.string() });

/**
 * holdParties keeps the agent and the account an action is asked for as they are until the transaction ends, and answers them: the agent before its
 * requests, as who decommissions it holds them.
 */
export async function holdParties(tx: Tx, agentId: string, asker: string | null) {
  const agents = await tx.$queryRaw<unknown[]>`SELECT status, editors FROM agents WHERE id = ${agentId} FOR SHARE`;
  const accounts =
    asker === null
      ? []
      : await tx.$queryRaw<
          unknown[]
        >`SELECT person_id AS "personId", status FROM users WHERE id = ${asker} OR email = lower(btrim(${asker}))
          ORDER BY id = ${asker} DESC LIMIT 1 FOR SHARE`;
  return { agent: agents.map((row) => Subject.parse(row))[0], askedFor: accounts.map((row) => AskedFor.parse(row))[0] };
}

/** wasAuthorised tells whether the action of a decision was let happen: done, or still good. */
export async function wasAuthorised(db: Reader, decisionId: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`SELECT 1 FROM approvals WHERE decision_id = ${decisionId} AND tier = 4
    AND (status = 'used' OR (status = 'approved' AND expires_at > clock_timestamp())) LIMIT 1`;
  return rows.length > 0;
}

const Told = Authorisation.extend({
  approvalStatus: z.string().nullable(),
  expiresAt: z.date().nullable(),
  expired: z.boolean().nullable(),
  usedBy: z.string().nullable(),
});
export type ToldAuthorisation = z.infer<typeof Told>;

/** listAuthorisations gives what was asked and signed of these decisions, newest first, each with what became of its approval. */
export async function listAuthorisations(db: Reader, decisionIds: readonly string[]): Promise<ToldAuthorisation[]> {
  if (decisionIds.length === 0) return [];
  const rows = await db.$queryRawUnsafe<unknown[]>(
    `SELECT ${columns}, a.status AS "approvalStatus", a.expires_at AS "expiresAt", a.expires_at <= clock_timestamp() AS expired, a.used_by AS "usedBy"
     FROM release_requests r LEFT JOIN approvals a ON a.id = r.approval_id WHERE r.decision_id = ANY ($1) ORDER BY r.asked_at DESC, r.id DESC`,
    [...decisionIds],
  );
  return rows.map((row) => Told.parse(row));
}

/** listOpen gives what waits for its second person, the oldest first. */
export async function listOpen(db: Reader, limit: number): Promise<Authorisation[]> {
  const rows = await db.$queryRawUnsafe<unknown[]>(
    `SELECT ${columns} FROM release_requests r WHERE r.status = 'open' ORDER BY r.asked_at, r.id LIMIT $1`,
    limit,
  );
  return rows.map((row) => Authorisation.parse(row));
}

/** listParties gives agents and the accounts that actions are asked for, as they stand. */
export async function listParties(db: Reader, agentIds: readonly string[], askers: readonly string[]) {
  const agents = await db.$queryRaw<{ id: string; status: string; editors: string[] }[]>`
    SELECT id, status, editors FROM agents WHERE id = ANY (${[...agentIds]})`;
  const accounts = await db.$queryRaw<{ asker: string; personId: string; status: string }[]>`
    SELECT DISTINCT ON (w.asker) w.asker, u.person_id AS "personId", u.status FROM unnest(${[...askers]}::text[]) AS w(asker)
      JOIN users u ON u.id = w.asker OR u.email = lower(btrim(w.asker)) ORDER BY w.asker, u.id = w.asker DESC`;
  return { agents: new Map(agents.map((row) => [row.id, row])), askedFor: new Map(accounts.map((row) => [row.asker, row])) };
}
