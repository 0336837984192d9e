import type { Prisma } from '@/lib/platform/db/generated/client';
import type { CancellationCode } from '../schema';

type Tx = Prisma.TransactionClient;

/** Which open requests: those an account signed (of a halted action, as the first or the second of two), those made on somebody's behalf (named by id, or by e-mail in any case), or those of an agent. */
export type Cancellable = { signedBy: string } | { askedFor: { id: string; email: string } } | { agent: string };

// An action that was halted is let happen by two people; the word of each counts for as long as they are here.
const askedToHappen = `(tier = 4 AND EXISTS (SELECT 1 FROM release_requests r WHERE r.approval_id = approvals.id AND r.asked_by = $1))`;

type Found = { id: string; decisionId: string };

/** lockCancellable holds up to `limit` open requests in id order and answers them as they are once they are held; `skipHeld` waits for nobody. */
export async function lockCancellable(tx: Tx, which: Cancellable, limit: number, skipHeld: boolean): Promise<Found[]> {
  const signedBy = 'signedBy' in which ? which.signedBy : null;
  const askedFor = 'askedFor' in which ? which.askedFor : null;
  const agent = 'agent' in which ? which.agent : null;
  return tx.$queryRawUnsafe<Found[]>(
    `SELECT id, decision_id AS "decisionId" FROM approvals
     WHERE status IN ('pending', 'approved') AND expires_at > clock_timestamp()
       AND ((status = 'approved' AND (decided_by = $1 OR ${askedToHappen})) OR asker = $2 OR lower(btrim(asker)) = $3 OR agent_id = $4)
     ORDER BY id LIMIT ${limit} FOR UPDATE ${skipHeld ? 'SKIP LOCKED' : ''}`,
    signedBy,
    askedFor?.id ?? null,
    askedFor?.email ?? null,
    agent,
  );
}

/** cancelRequests cancels those of the held requests that are still open; counts. Who approved one stays written. */
export async function cancelRequests(tx: Tx, ids: readonly string[], reasonCode: CancellationCode): Promise<number> {
  return tx.$executeRaw`
    UPDATE approvals SET status = 'cancelled', decided_at = clock_timestamp(), reason_code = ${reasonCode}
    WHERE id = ANY (${[...ids]}) AND status IN ('pending', 'approved')`;
}

/** waitForGateways takes the order lock: what gateways committed until now can be read, and they commit nothing before this transaction ends. */
export async function waitForGateways(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(4850196113911168833)`;
}
