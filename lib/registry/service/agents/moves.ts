import { appendEvent } from '@/lib/ledger/service';
import { actAs, inTransaction, type Actor, type Doer, type Refused, type Tx } from '@/lib/people/service';
import { agentMoves, canMove, whyNotMove, type AgentMove } from '../../domain/lifecycle';
import type { ActivationGap, Agent, MoveRefusal } from '../../schema';
import * as store from '../../store/agents';
import { doerOf } from './doer';
import { gapsOf } from './gate';

export type MoveOutcome =
  | { ok: true; agent: Agent }
  | Refused<'NOT_ALLOWED' | 'NOT_FOUND'>
  | (Refused<MoveRefusal> & { text: string })
  | (Refused<'STALE'> & { current: Agent })
  | (Refused<'GAPS'> & { gaps: ActivationGap[] });

type More = {
  /** What the person says of it; kept encrypted beside the ledger. */
  reason?: string | undefined;
  /** The version that was read: a record that changed since is not moved. */
  version?: number | undefined;
};

/** submitAgent hands a draft over to be reviewed; until then its engineers may change it, and no longer. */
export const submitAgent = (actor: Actor, agentId: string): Promise<MoveOutcome> => move('submit', actor, agentId);
/** approveAgent says that what the record asks for is right; by another person than those who wrote it. STALE when they have read an older version. */
export const approveAgent = (actor: Actor, agentId: string, version?: number): Promise<MoveOutcome> =>
  move('approve', actor, agentId, { version });
/** rejectAgent sends a record back with a reason; it can be reopened. */
export const rejectAgent = (actor: Actor, agentId: string, reason: string): Promise<MoveOutcome> =>
  move('reject', actor, agentId, { reason });
/** reopenAgent takes a record back to draft, so that it can be changed; what a review said of it is over. */
export const reopenAgent = (actor: Actor, agentId: string): Promise<MoveOutcome> => move('reopen', actor, agentId);
/** activateAgent lets an approved agent act; GAPS lists all that is missing. */
export const activateAgent = (actor: Actor, agentId: string): Promise<MoveOutcome> => move('activate', actor, agentId);
/** suspendAgent stops an agent until it is resumed; no decision is made for it after this commits. */
export const suspendAgent = (actor: Actor, agentId: string, reason?: string): Promise<MoveOutcome> =>
  move('suspend', actor, agentId, { reason });
/** resumeAgent lets a suspended agent act again, if nothing is missing. */
export const resumeAgent = (actor: Actor, agentId: string, reason?: string): Promise<MoveOutcome> =>
  move('resume', actor, agentId, { reason });
/** decommissionAgent ends an agent for good: at its commit its credentials are revoked and its open approvals closed (lib/wiring.ts); the record stays. */
export const decommissionAgent = (actor: Actor, agentId: string, reason: string): Promise<MoveOutcome> =>
  move('decommission', actor, agentId, { reason });

function move(name: AgentMove, actor: Actor, agentId: string, { reason, version }: More = {}): Promise<MoveOutcome> {
  const { permission, gated } = agentMoves[name];
  return actAs(actor, permission, async (tx, doer): Promise<MoveOutcome> => {
    const agent = await store.lockAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'NOT_FOUND' };
    const why = whyNotMove(name, agent, await doerOf(tx, doer, agent.processId));
    if (why) return { ok: false, ...why };
    if (version !== undefined && version !== agent.version) return { ok: false, code: 'STALE', current: agent };
    const gaps = gated ? await gapsOf(tx, agent) : [];
    if (gaps.length > 0) return { ok: false, code: 'GAPS', gaps };
    await carryOut(tx, { name, actor, agent, doer, reason });
    const moved = await store.findAgent(tx, agentId);
    return moved ? { ok: true, agent: moved } : { ok: false, code: 'NOT_FOUND' };
  });
}

type Step = { name: AgentMove; actor: Actor; agent: Agent; doer: Doer; reason?: string | undefined; because?: string };

async function carryOut(tx: Tx, { name, actor, agent, doer, reason, because }: Step): Promise<void> {
  const { kind, to } = agentMoves[name];
  if (!(await store.moveAgent(tx, { id: agent.id, from: agent.status, to }))) throw new Error('a locked agent changed its state');
  await noteReview(tx, name, agent.id, doer);
  const sealed = reason ? { sealed: { text: reason } } : {};
  const data = { from: agent.status, to, version: agent.version, ...(because === undefined ? {} : { because }) };
  await appendEvent(tx, { kind, actor, subject: { type: 'agent', id: agent.id }, data, ...sealed });
}

/**
 * suspendByItself stops an active agent for a cause that no person pressed a button for, told as a code in its event. `claim` is asked while the
 * agent is held and takes what makes it due; false when it does not, or when the agent does not act. Then nothing is written.
 */
export function suspendByItself(agentId: string, because: string, claim: (tx: Tx) => Promise<boolean>): Promise<boolean> {
  return inTransaction(async (tx) => {
    const agent = await store.lockAgent(tx, agentId);
    if (!agent || !canMove('suspend', agent.status) || !(await claim(tx))) return false;
    await carryOut(tx, { name: 'suspend', actor: { type: 'system', id: 'jobs' }, agent, doer: undefined, because });
    return true;
  });
}

/** endAgent decommissions an agent that a decision of another feature ends, in that transaction; `agent` is held by `lockAgent`. It asks nobody's permission. */
export const endAgent = (tx: Tx, actor: Actor, doer: Doer, agent: Agent, reason: string): Promise<void> =>
  carryOut(tx, { name: 'decommission', actor, agent, doer, reason });

async function noteReview(tx: Tx, name: AgentMove, agentId: string, doer: Doer): Promise<void> {
  if (name === 'approve') await store.setReview(tx, agentId, doer?.id ?? null);
  if (name === 'reopen') await store.clearReview(tx, agentId);
}
