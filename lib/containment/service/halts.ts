import { appendEvent } from '@/lib/ledger/service';
import { actAs, type PersonActor, type Refused } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { Reason, type WorkflowHalt } from '../schema';
import * as store from '../store/halts';

export type ReleaseOutcome = { ok: true; decisions: string[] } | Refused<'NOT_ALLOWED' | 'NOT_HALTED'>;

/** releaseWorkflow lets a halted workflow go on: by a leader or security only. Answers the decisions whose halts it released. Throws when there is no reason. */
export function releaseWorkflow(actor: PersonActor, input: { workflowId: string; reason: string }): Promise<ReleaseOutcome> {
  const reason = Reason.parse(input.reason);
  const { workflowId } = input;
  return actAs(actor, 'workflow:release', async (tx): Promise<ReleaseOutcome> => {
    const decisions = await store.releaseHalts(tx, workflowId, actor.id, reason);
    if (decisions.length === 0) return { ok: false, code: 'NOT_HALTED' };
    await appendEvent(tx, {
      kind: 'workflow.released',
      actor,
      subject: { type: 'workflow', id: workflowId },
      data: { decisions },
      sealed: { text: reason },
    });
    return { ok: true, decisions };
  });
}

/** listHalts answers halted workflows, newest first; those in force only unless asked for all. */
export const listHalts = (all = false): Promise<WorkflowHalt[]> => store.listHalts(prisma(), !all);
