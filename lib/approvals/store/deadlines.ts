import { z } from 'zod';
import { Role } from '@/lib/people/schema';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { CallStep } from '../schema';
import { listApprovals, type ApprovalRow } from '.';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/**
 * lockDue holds up to `limit` waiting requests whose escalation is behind, the first deadline first, and passes over those that somebody holds.
 * `shares` are the shares of a request's time at which steps 1, 2, … are due.
 */
export async function lockDue(tx: Tx, shares: readonly number[], limit: number): Promise<ApprovalRow[]> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM approvals a WHERE status = 'pending' AND expires_at > clock_timestamp() AND step <
      (SELECT count(*) FROM unnest(${[...shares]}::float8[]) AS s(share) WHERE clock_timestamp() >= a.requested_at + (a.expires_at - a.requested_at) * s.share)
    ORDER BY expires_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  return listApprovals(
    tx,
    due.map(({ id }) => id),
  );
}

const Callable = z.object({ userId: z.string(), personId: z.string(), roles: z.array(Role), active: z.boolean() });
const CircleRow = z.object({
  successors: z.array(Callable),
  managers: z.array(Callable),
  owner: Callable.nullable(),
});
export type CircleRow = z.infer<typeof CircleRow>;

const callable = `json_build_object('userId', u.id, 'personId', u.person_id, 'roles', u.roles, 'active', u.status = 'active')`;

/** findCircle answers whom a request of an agent could be brought to: its successors in their order, the managers of these people, its owner. */
export async function findCircle(tx: Tx, agentId: string, reportIds: readonly string[]): Promise<CircleRow> {
  const rows = await tx.$queryRawUnsafe<unknown[]>(
    `SELECT (SELECT coalesce(json_agg(${callable} ORDER BY s.place), '[]') FROM agents g, unnest(g.successor_ids) WITH ORDINALITY AS s(id, place)
        JOIN users u ON u.id = s.id WHERE g.id = $1) AS successors,
      (SELECT coalesce(json_agg(${callable} ORDER BY u.id), '[]') FROM users u WHERE u.id IN (SELECT r.manager_id FROM users r WHERE r.id = ANY ($2))) AS managers,
      (SELECT ${callable} FROM agents g JOIN users u ON u.id = g.owner_id WHERE g.id = $1) AS owner`,
    agentId,
    [...reportIds],
  );
  return CircleRow.parse(rows[0]);
}

/** claimStep brings the escalation of a waiting request to a step, where it is not there yet; counts. */
export const claimStep = (tx: Tx, id: string, step: CallStep): Promise<number> =>
  tx.$executeRaw`UPDATE approvals SET step = ${step} WHERE id = ${id} AND status = 'pending' AND expires_at > clock_timestamp() AND step < ${step}`;

/** insertCalls keeps who was called; counts those that were not known. */
export const insertCalls = (tx: Tx, id: string, calls: readonly { step: CallStep; userId: string }[]): Promise<number> =>
  tx.$executeRaw`
    INSERT INTO approval_calls (approval_id, step, user_id)
    SELECT ${id}, step, user_id FROM unnest(${calls.map(({ step }) => step)}::smallint[], ${calls.map(({ userId }) => userId)}::text[]) AS c(step, user_id)
    ON CONFLICT DO NOTHING`;

export type CallRow = { step: CallStep; userId: string; at: Date };

/** listCalls gives who was called to a request, the first one first. */
export async function listCalls(db: Reader, id: string): Promise<CallRow[]> {
  const rows = await db.approvalCall.findMany({
    where: { approvalId: id },
    orderBy: [{ step: 'asc' }, { calledAt: 'asc' }, { userId: 'asc' }],
  });
  return rows.map(({ step, userId, calledAt }) => ({ step: CallStep.parse(step), userId, at: calledAt }));
}
