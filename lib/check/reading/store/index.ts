import type { PrismaClient } from '@/lib/platform/db/generated/client';

/** Reader is what every query of this folder runs on. */
export type Reader = Pick<PrismaClient, '$queryRaw' | '$queryRawUnsafe'>;

/** listSeqsBefore gives the newest decisions of an agent that stand before a row. */
export async function listSeqsBefore(db: Reader, agentId: string, seq: bigint, limit: number): Promise<bigint[]> {
  const rows = await db.$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM ledger_entries WHERE agent_id = ${agentId} AND seq < ${seq} AND kind = 'decision.made' ORDER BY seq DESC LIMIT ${limit}`;
  return rows.map((row) => row.seq);
}

/** findOutcomeEvent finds the event that last said what came of a decision. */
export async function findOutcomeEvent(db: Reader, decisionId: string): Promise<string | undefined> {
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT event_id AS id FROM outcomes WHERE decision_id = ${decisionId}`;
  return rows[0]?.id;
}

/** listAnsweredProcesses gives the processes a person answers for: those they own, and where they are Accountable or Responsible for acting or for escalation. */
export async function listAnsweredProcesses(db: Reader, personId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM processes p JOIN users u ON u.id = p.owner_id WHERE u.person_id = ${personId} AND u.status = 'active'
    UNION SELECT c.process_id FROM raci_cells c LEFT JOIN team_members m ON m.team_id = c.team_id JOIN users u ON u.id = coalesce(c.user_id, m.user_id)
      WHERE u.person_id = ${personId} AND u.status = 'active' AND c.stage IN ('action_execution', 'escalation') AND c.role IN ('accountable', 'responsible')
    ORDER BY 1`;
  return rows.map((row) => row.id);
}
