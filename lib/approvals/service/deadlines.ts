import { appendEvent } from '@/lib/ledger/service';
import type { Tx } from '@/lib/people/service';
import type { PrismaClient } from '@/lib/platform/db/generated/client';
import { callsFor, dueStep, stepShares } from '../domain/deadlines';
import type { ApprovalRow } from '../store';
import { claimStep, findCircle, insertCalls, lockDue } from '../store/deadlines';

/** Most requests whose escalation one transaction brings on; the order lock is held while their events are chained. */
export const escalationBatchMax = 20;

/**
 * escalateApprovals brings the escalation of waiting requests to the step that is due by database time (reminder, backups, accountable owner), each
 * with its calls and one event; returns how many, at most `limit`. A request that somebody decides at this moment is left to them; several processes
 * may run it at once, and call each person once.
 */
export async function escalateApprovals(db: PrismaClient, limit = escalationBatchMax): Promise<number> {
  return db.$transaction(async (tx) => {
    let moved = 0;
    for (const request of await lockDue(tx, Object.values(stepShares), limit)) if (await escalate(tx, request)) moved += 1;
    return moved;
  });
}

async function escalate(tx: Tx, request: ApprovalRow): Promise<boolean> {
  const step = dueStep(request, request.now);
  if (step === 0 || (await claimStep(tx, request.id, step)) !== 1) return false;
  const responsible = request.routedTo.flatMap(({ how, userId }) => (how === 'responsible' ? [userId] : []));
  const calls = callsFor(request.step, step, request, await findCircle(tx, request.agentId, responsible));
  await insertCalls(tx, request.id, calls);
  await appendEvent(tx, {
    kind: step === 1 ? 'approval.reminded' : 'approval.escalated',
    actor: { type: 'system', id: 'jobs' },
    subject: { type: 'approval', id: request.id },
    data: { decision: request.decisionId, step, called: [...new Set(calls.map(({ userId }) => userId))] },
  });
  return true;
}
