import type { ClientBase } from 'pg';

/** One row of the explorer's table; its time is taken from the ledger row. */
export type EntryRow = {
  seq: bigint;
  kind: string;
  eventId: string;
  agentId: string | null;
  workflowId: string | null;
  actionType: string | null;
  verdict: string | null;
  tier: number | null;
  approvalId: string | null;
  actorId: string | null;
  processId: string | null;
  money: string | null;
  reversibleUntil: Date | null;
  decisionId: string | null;
  findingId: string | null;
};

const cursorName = 'entries';

/** claimEntriesCursor locks the projection's cursor until the transaction ends and returns where it stands; undefined while another process has it. */
export async function claimEntriesCursor(client: ClientBase): Promise<bigint | undefined> {
  await client.query('INSERT INTO ledger_cursors (name, seq) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING', [cursorName]);
  const { rows } = await client.query<{ seq: string }>('SELECT seq FROM ledger_cursors WHERE name = $1 FOR UPDATE SKIP LOCKED', [
    cursorName,
  ]);
  const seq = rows[0]?.seq;
  return seq === undefined ? undefined : BigInt(seq);
}

/** listRowsAfter returns up to `limit` ledger rows that follow `seq`, in order. */
export async function listRowsAfter(client: ClientBase, seq: bigint, limit: number): Promise<{ seq: bigint; at: Date; bytes: Buffer }[]> {
  const { rows } = await client.query<{ seq: string; at: Date; bytes: Buffer }>(
    'SELECT seq, at, bytes FROM ledger WHERE seq > $1 ORDER BY seq LIMIT $2',
    [seq.toString(), limit],
  );
  return rows.map((row) => ({ ...row, seq: BigInt(row.seq) }));
}

/** insertEntries writes entries and moves the cursor to `seq`. The time is the ledger row's own, to the microsecond. */
export async function insertEntries(client: ClientBase, entries: readonly EntryRow[], seq: bigint): Promise<void> {
  const column = (name: keyof EntryRow) => entries.map((entry) => entry[name]);
  await client.query(
    `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, workflow_id, action_type, verdict, tier, approval_id, actor_id, process_id, money,
       reversible_until, decision_id, finding_id)
     SELECT e.seq, l.at, e.kind, e.event_id, e.agent_id, e.workflow_id, e.action_type, e.verdict, e.tier, e.approval_id, e.actor_id, e.process_id, e.money,
       e.reversible_until, e.decision_id, e.finding_id
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::text[], $10::text[],
       $11::text[], $12::numeric[], $13::timestamptz[], $14::text[], $15::text[])
       AS e(seq, kind, event_id, agent_id, workflow_id, action_type, verdict, tier, approval_id, actor_id, process_id, money, reversible_until, decision_id,
         finding_id)
     JOIN ledger l ON l.seq = e.seq
     ON CONFLICT (seq) DO NOTHING`,
    [
      entries.map((entry) => entry.seq.toString()),
      column('kind'),
      column('eventId'),
      column('agentId'),
      column('workflowId'),
      column('actionType'),
      column('verdict'),
      column('tier'),
      column('approvalId'),
      column('actorId'),
      column('processId'),
      column('money'),
      column('reversibleUntil'),
      column('decisionId'),
      column('findingId'),
    ],
  );
  await client.query('UPDATE ledger_cursors SET seq = $2, moved_at = now() WHERE name = $1', [cursorName, seq.toString()]);
}
