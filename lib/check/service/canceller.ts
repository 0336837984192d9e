import type pg from 'pg';
import type { Principal } from '../domain';
import { ApprovalStatus } from '../schema';
import { findApproval, tellGateways, type ApprovalRow } from '../store/reads';
import type { RulesKeeper } from './rules-keeper';
import { newId } from '@/lib/kernel/ids';
import type { EventPayload } from '@/lib/ledger/schema';
import type { Committer } from '@/lib/ledger/service';

/** What taking a request back ends in. `over`: it had ended otherwise, and stays as it is. */
export type CancelResult =
  | { kind: 'cancelled'; row: ApprovalRow }
  | { kind: 'unknown' }
  | { kind: 'over'; status: ApprovalStatus }
  | { kind: 'unavailable'; why: string };

const reasonCode = 'CANCELLED_BY_AGENT';
const epochRetriesMax = 3;
/** How often the commit is tried again because a person decides at this moment. */
const roundsMax = 40;
const busyWaitMs = 10;

/** Canceller takes an agent's own requests back: what waits, or was approved and not used. An agent that was stopped may still do so. */
export class Canceller {
  constructor(private readonly options: { rules: RulesKeeper; committer: Committer; reads: pg.Pool }) {}

  /** cancel ends one request; one that was cancelled before stays so. Never throws. */
  async cancel(principal: Principal, id: string): Promise<CancelResult> {
    const { rules, committer, reads } = this.options;
    let epochMoves = 0;
    try {
      for (let round = 0; round < roundsMax; round++) {
        const row = await findApproval(reads, principal.agent, id);
        if (!row) return { kind: 'unknown' };
        if (row.status === 'cancelled') return { kind: 'cancelled', row };
        if (row.status !== 'pending' && row.status !== 'approved') return { kind: 'over', status: row.status };
        const outcome = await committer.submit(itemFor(principal, row), rules.snapshot.rules.epoch);
        switch (outcome.outcome) {
          case 'written':
            await tellGateways(reads, 'approval.cancelled', id).catch(() => undefined);
            return { kind: 'cancelled', row: { ...row, status: 'cancelled', decidedAt: new Date(outcome.atMs), reasonCode } };
          case 'approval_unusable': {
            // Somebody was faster; the next look tells what became of it, unless its deadline passed between the two clocks.
            if (outcome.why === 'expired') return { kind: 'over', status: 'expired' };
            break;
          }
          case 'approval_busy':
            await new Promise((resolve) => setTimeout(resolve, busyWaitMs));
            break;
          case 'epoch_moved':
            if (++epochMoves > epochRetriesMax || !(await rules.catchUp(outcome.epoch))) return unavailable('the rules are changing');
            break;
          default:
            return unavailable(outcome.outcome === 'unavailable' ? outcome.reason : 'it could not be recorded');
        }
      }
      return unavailable('a person is deciding it');
    } catch {
      return unavailable('the database did not answer');
    }
  }
}

const unavailable = (why: string): CancelResult => ({ kind: 'unavailable', why });

function itemFor({ agent, workflow }: Principal, row: ApprovalRow) {
  const id = newId('evt');
  const payload: EventPayload = {
    kind: 'approval.cancelled',
    id,
    actor: { type: 'agent', id: agent },
    subject: { type: 'approval', id: row.id },
    data: { decision: row.decisionId, agent, reason_code: reasonCode },
  };
  return {
    eventId: id,
    agent,
    workflow,
    payload: JSON.stringify(payload),
    cancel: row.id,
    refuseWhenHalted: false,
    haltsWorkflow: false,
  };
}
