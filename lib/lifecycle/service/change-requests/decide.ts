import { appendEvent } from '@/lib/ledger/service';
import { actAs, findUser, type Actor, type Doer, type Refused, type Tx } from '@/lib/people/service';
import type { AgentDoer, AgentField } from '@/lib/registry/domain/lifecycle';
import { doerOf, gapsOfChange, lockAgent, writeRecord } from '@/lib/registry/service';
import type { ActivationGap, Agent, AgentFields, RecordRefusal } from '@/lib/registry/schema';
import { changesIn, collisionsOf, wantedOf, whyNotDecide } from '../../domain/change-requests';
import type { ChangeRequest } from '../../schema/change-requests';
import * as store from '../../store/change-requests';
import { editorsBy } from './ask';
import { digestOfChange } from './digest';

export type DecideOutcome =
  | { ok: true; request: ChangeRequest }
  | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'NOTHING_LEFT' | 'NOT_AS_SHOWN' | 'STALE' | RecordRefusal>
  | (Refused<'NOT_ALLOWED' | 'OWN_REQUEST' | 'OWN_AGENT' | 'CLOSED' | 'WRONG_STATE'> & { text: string })
  | (Refused<'COLLISION'> & { fields: AgentField[] })
  | (Refused<'GAPS'> & { gaps: ActivationGap[] });

type Held = { request: ChangeRequest; agent: Agent; wanted: AgentFields };

/** holdRequest takes the agent, then reads its request: whoever decides it holds the agent, so nothing of both moves until the transaction ends. */
export async function holdRequest(tx: Tx, id: string): Promise<Held | undefined> {
  const found = await store.findRequest(tx, id);
  const agent = found && (await lockAgent(tx, found.agentId));
  const request = agent && (await store.findRequest(tx, id));
  return request && { request, agent, wanted: wantedOf(request, agent) };
}

/** Who moves an agent answers for where it goes, too: a process owner owns both processes. */
async function deciderOf(tx: Tx, doer: Doer, { agent, wanted }: Held): Promise<AgentDoer> {
  const here = await doerOf(tx, doer, agent.processId);
  if (!here || wanted.processId === agent.processId) return here;
  const there = await doerOf(tx, doer, wanted.processId);
  return { ...here, ownsProcess: here.ownsProcess && there?.ownsProcess === true };
}

/**
 * approveChange makes a change hold, in one commit with its events: gateways decide the next check by it. By another person than those who asked for it
 * or wrote the agent. `digest` is what was shown (NOT_AS_SHOWN). When the record moved on, only the fields asked for change; COLLISION when
 * somebody changed one of them. What it would leave missing is refused (GAPS).
 */
export function approveChange(actor: Actor, id: string, digest: string): Promise<DecideOutcome> {
  return actAs(actor, 'changes:decide', async (tx, doer): Promise<DecideOutcome> => {
    const held = await holdRequest(tx, id);
    if (!held) return { ok: false, code: 'NOT_FOUND' };
    const { request, agent, wanted } = held;
    const why = whyNotDecide(request, agent, await deciderOf(tx, doer, held));
    if (why) return { ok: false, ...why };
    const fields = collisionsOf(request, agent);
    if (fields.length > 0) return { ok: false, code: 'COLLISION', fields };
    if (changesIn(request, agent).length === 0) return { ok: false, code: 'NOTHING_LEFT' };
    if (digest !== digestOfChange(request, agent)) return { ok: false, code: 'NOT_AS_SHOWN' };
    const gaps = await gapsOfChange(tx, agent, wanted);
    if (gaps.length > 0) return { ok: false, code: 'GAPS', gaps };
    const asker = await doerOf(tx, await findUser(request.requestedBy, tx), agent.processId);
    const written = await writeRecord(tx, { actor, agent, wanted, editors: editorsBy(agent, asker), because: { request: id } });
    if (!written.ok) return { ok: false, code: written.code };
    return end(tx, actor, held, { status: 'approved', data: { version: written.agent.version, fields: written.changed } });
  });
}

/** rejectChange says no to a change, with a reason for who asked; by those who could approve it. */
export function rejectChange(actor: Actor, id: string, reason: string): Promise<DecideOutcome> {
  return actAs(actor, 'changes:decide', async (tx, doer): Promise<DecideOutcome> => {
    const held = await holdRequest(tx, id);
    if (!held) return { ok: false, code: 'NOT_FOUND' };
    const why = whyNotDecide(held.request, held.agent, await deciderOf(tx, doer, held));
    if (why) return { ok: false, ...why };
    return end(tx, actor, held, { status: 'rejected', reason, data: { fields: held.request.changed } });
  });
}

type End = { status: 'approved' | 'rejected'; reason?: string; data: Record<string, unknown> };

async function end(tx: Tx, actor: Actor, { request }: Held, { status, reason, data }: End): Promise<DecideOutcome> {
  if (!(await store.closeRequest(tx, { id: request.id, status, by: actor.id, reason: reason ?? null })))
    throw new Error('a request of a held agent was closed by another');
  await appendEvent(tx, {
    kind: status === 'approved' ? 'change.approved' : 'change.rejected',
    actor,
    subject: { type: 'agent', id: request.agentId },
    data: { request: request.id, ...data },
    ...(reason === undefined ? {} : { sealed: { text: reason } }),
  });
  return { ok: true, request: { ...request, status } };
}
