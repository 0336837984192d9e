import { z } from 'zod';
import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import { ChangeRequest, ChangeStatus, type ChangeQuery } from '../schema/change-requests';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** insertRequest answers false when the agent has an open one already. */
export async function insertRequest(
  tx: Tx,
  request: Pick<ChangeRequest, 'id' | 'agentId' | 'version' | 'before' | 'fields' | 'changed' | 'reason' | 'requestedBy' | 'editors'>,
): Promise<boolean> {
  return (await tx.changeRequest.createMany({ data: [request], skipDuplicates: true })).count === 1;
}

export async function findRequest(db: Reader, id: string): Promise<ChangeRequest | undefined> {
  const row = await db.changeRequest.findUnique({ where: { id } });
  return row ? ChangeRequest.parse(row) : undefined;
}

/** findOpen answers the one open request of an agent. */
export async function findOpen(db: Reader, agentId: string): Promise<ChangeRequest | undefined> {
  const row = await db.changeRequest.findFirst({ where: { agentId, status: 'open' } });
  return row ? ChangeRequest.parse(row) : undefined;
}

export type Closing = { id: string; status: Exclude<ChangeStatus, 'open'>; by: string; reason: string | null };

/** closeRequest ends a request if it is still open; false when somebody was faster. */
export async function closeRequest(tx: Tx, { id, status, by, reason }: Closing): Promise<boolean> {
  const count = await tx.$executeRaw`UPDATE change_requests
    SET status = ${status}, decided_by = ${by}, decided_at = clock_timestamp(), decision_reason = ${reason} WHERE id = ${id} AND status = 'open'`;
  return count === 1;
}

export type Ended = { id: string; agentId: string };

/** withdrawAll ends what is open for an agent or asked by an account, and answers it. */
export async function withdrawAll(tx: Tx, of: { agent: string } | { requester: string }, by: string): Promise<Ended[]> {
  const which = 'agent' in of ? Prisma.sql`agent_id = ${of.agent}` : Prisma.sql`requested_by = ${of.requester}`;
  return tx.$queryRaw<Ended[]>`UPDATE change_requests SET status = 'withdrawn', decided_by = ${by}, decided_at = clock_timestamp()
    WHERE status = 'open' AND ${which} RETURNING id, agent_id AS "agentId"`;
}

const ItemRow = z.object({
  id: z.string(),
  agent_id: z.string(),
  agent_name: z.string(),
  status: ChangeStatus,
  changed: z.array(z.string()),
  reason: z.string(),
  requested_by: z.string(),
  requested_at: z.date(),
  decided_by: z.string().nullable(),
  decided_at: z.date().nullable(),
});
export type ItemRow = z.infer<typeof ItemRow>;

const itemColumns = Prisma.sql`c.id, c.agent_id, a.name AS agent_name, c.status, c.changed, c.reason, c.requested_by, c.requested_at, c.decided_by, c.decided_at`;

/** listItems answers one page of requests, newest first. */
export async function listItems(db: Reader, { agent, status, after, limit }: ChangeQuery): Promise<ItemRow[]> {
  const rows = await db.$queryRaw<unknown[]>`SELECT ${itemColumns} FROM change_requests c JOIN agents a ON a.id = c.agent_id
    WHERE (${agent ?? null}::text IS NULL OR c.agent_id = ${agent ?? null}) AND (${status ?? null}::text IS NULL OR c.status = ${status ?? null})
      AND (${after ?? null}::text IS NULL OR (c.requested_at, c.id) < (SELECT p.requested_at, p.id FROM change_requests p WHERE p.id = ${after ?? null}))
    ORDER BY c.requested_at DESC, c.id DESC LIMIT ${limit + 1}::int`;
  return rows.map((row) => ItemRow.parse(row));
}

/** Whose list it is: what they asked for; and, when they decide, what others did. `ownOnly`: of processes they own alone. */
export type Mine = { personId: string; decides: boolean; ownOnly: boolean };

const MineRow = ItemRow.extend({ total: z.int(), mine: z.boolean() });
export type MineRow = z.infer<typeof MineRow>;

/** listOpenOf answers the open requests that a person asked for or may decide, oldest first, with how many there are. */
export async function listOpenOf(db: Reader, { personId, decides, ownOnly }: Mine, limit: number): Promise<MineRow[]> {
  const rows = await db.$queryRaw<
    unknown[]
  >`SELECT ${itemColumns}, coalesce(r.person_id = ${personId}, false) AS mine, (count(*) OVER ())::int AS total
    FROM change_requests c
      JOIN agents a ON a.id = c.agent_id
      LEFT JOIN users r ON r.id = c.requested_by
      LEFT JOIN processes p ON p.id = a.process_id LEFT JOIN users o ON o.id = p.owner_id
      LEFT JOIN processes q ON q.id = CASE WHEN 'processId' = ANY (c.changed) THEN c.fields->>'processId' ELSE a.process_id END
      LEFT JOIN users w ON w.id = q.owner_id
    WHERE c.status = 'open' AND (r.person_id = ${personId} OR (${decides} AND ${personId} <> ALL (c.editors) AND ${personId} <> ALL (a.editors)
      AND (NOT ${ownOnly} OR (o.person_id = ${personId} AND w.person_id = ${personId}))))
    ORDER BY c.requested_at, c.id LIMIT ${limit}::int`;
  return rows.map((row) => MineRow.parse(row));
}
