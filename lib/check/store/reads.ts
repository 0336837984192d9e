import type pg from 'pg';
import type { ApprovalStatus } from '../schema';

/** A kept answer with the epoch it was decided at and the epoch now, read in one statement. */
export type KeptAnswer = { bodyHash: Buffer; answer: string; atMs: number; epochNow: number };

/** findKeptAnswer reads the answer to an idempotency key, or undefined when the key is free. */
export async function findKeptAnswer(
  client: Pick<pg.ClientBase, 'query'>,
  agent: string,
  keyHash: Uint8Array,
): Promise<KeptAnswer | undefined> {
  const { rows } = await client.query<{ body_hash: Buffer; answer: Buffer; at_ms: string; epoch_now: string }>({
    name: 'kept_answer',
    text: `SELECT body_hash, answer, floor(extract(epoch FROM at) * 1000)::bigint AS at_ms,
      (SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1) AS epoch_now
      FROM idempotency WHERE agent_id = $1 AND key_hash = $2`,
    values: [agent, keyHash],
  });
  const row = rows[0];
  return row && { bodyHash: row.body_hash, answer: row.answer.toString('utf8'), atMs: Number(row.at_ms), epochNow: Number(row.epoch_now) };
}

export type ApprovalRow = {
  id: string;
  decisionId: string;
  action: string;
  status: ApprovalStatus;
  digest: Buffer;
  requestedAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  reasonCode: string | null;
  usedAt: Date | null;
};

/** findApproval reads one approval of one agent; a pending one past its deadline is `expired`, whether or not the sweep has been there. */
export async function findApproval(client: Pick<pg.ClientBase, 'query'>, agent: string, id: string): Promise<ApprovalRow | undefined> {
  const { rows } = await client.query<{
    id: string;
    decision_id: string;
    action_type: string;
    status: ApprovalStatus;
    digest: Buffer;
    requested_at: Date;
    expires_at: Date;
    decided_at: Date | null;
    reason_code: string | null;
    used_at: Date | null;
  }>({
    name: 'approval',
    text: `SELECT id, decision_id, action_type, CASE WHEN status IN ('pending', 'approved') AND expires_at <= now() THEN 'expired' ELSE status END AS status,
      digest, requested_at, expires_at, decided_at, reason_code, used_at FROM approvals WHERE agent_id = $1 AND id = $2`,
    values: [agent, id],
  });
  const row = rows[0];
  return (
    row && {
      id: row.id,
      decisionId: row.decision_id,
      action: row.action_type,
      status: row.status,
      digest: row.digest,
      requestedAt: row.requested_at,
      expiresAt: row.expires_at,
      decidedAt: row.decided_at,
      reasonCode: row.reason_code,
      usedAt: row.used_at,
    }
  );
}

/** A halt of an agent's, and the newest approval that two people made of its action. */
export type HaltRow = { decisionId: string; haltedAt: Date; releasedAt: Date | null; approvalId: string | null };

/** findHalt reads the halt that one decision of an agent made. */
export async function findHalt(client: Pick<pg.ClientBase, 'query'>, agent: string, decision: string): Promise<HaltRow | undefined> {
  const { rows } = await client.query<{ halted_at: Date; released_at: Date | null; approval_id: string | null }>({
    name: 'halt',
    text: `SELECT h.halted_at, h.released_at, (SELECT a.id FROM approvals a WHERE a.decision_id = h.decision_id AND a.agent_id = h.agent_id AND a.tier = 4
        ORDER BY a.decided_at DESC LIMIT 1) AS approval_id
      FROM workflow_halts h WHERE h.agent_id = $1 AND h.decision_id = $2`,
    values: [agent, decision],
  });
  const row = rows[0];
  return row && { decisionId: decision, haltedAt: row.halted_at, releasedAt: row.released_at, approvalId: row.approval_id };
}

/** isWorkflowHalted tells whether a workflow waits for its release. */
export async function isWorkflowHalted(client: Pick<pg.ClientBase, 'query'>, workflow: string): Promise<boolean> {
  const { rows } = await client.query<{ halted: boolean }>({
    name: 'workflow_halted',
    text: 'SELECT EXISTS (SELECT 1 FROM workflow_halts WHERE workflow_id = $1 AND released_at IS NULL) AS halted',
    values: [workflow],
  });
  return rows[0]?.halted ?? true;
}

/** tellGateways wakes every gateway's long polls about an event that a gateway committed; what people commit is told by the ledger itself. A hint. */
export async function tellGateways(client: Pick<pg.ClientBase, 'query'>, kind: string, subject: string): Promise<void> {
  await client.query("SELECT pg_notify('ledger_event', $1)", [`${kind} ${subject}`]);
}

/** Head is the last row's seq, the epoch, and whether the next row could be written: months that have a partition, a server that takes writes. */
export type Head = { seq: number; epoch: number; monthsAhead: number; takesWrites: boolean };

/** currentHead reads where the ledger stands; throws when the database does not answer. */
export async function currentHead(client: Pick<pg.ClientBase, 'query'>): Promise<Head> {
  const { rows } = await client.query<{ seq: string; epoch: string; months: number; takes_writes: boolean }>(
    `SELECT coalesce(h.last_seq, 0) AS seq, coalesce(h.epoch, 0) AS epoch, ledger_months_ahead() AS months,
       current_setting('transaction_read_only') = 'off' AS takes_writes
     FROM (SELECT 1) one LEFT JOIN (SELECT last_seq, epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1) h ON true`,
  );
  const row = rows[0];
  return {
    seq: Number(row?.seq ?? 0),
    epoch: Number(row?.epoch ?? 0),
    monthsAhead: row?.months ?? -1,
    takesWrites: row?.takes_writes ?? false,
  };
}
