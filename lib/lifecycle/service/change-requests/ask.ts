import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { changesOf, fieldsOf, partsOf, told, whyNotEdit, type AgentChange, type AgentDoer } from '@/lib/registry/domain/lifecycle';
import { doerOf, editorsWith, lockAgent, whyNotRecord } from '@/lib/registry/service';
import type { Agent, MoveRefusal, RecordRefusal } from '@/lib/registry/schema';
import { asksAsEngineer } from '../../domain/change-requests';
import { ChangeAsk } from '../../schema/change-requests';
import * as store from '../../store/change-requests';

export type AskOutcome =
  | { ok: true; id: string }
  | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'NOTHING_ASKED' | RecordRefusal>
  | (Refused<MoveRefusal> & { text: string })
  | (Refused<'OPEN_ALREADY'> & { id: string })
  | (Refused<'STALE'> & { current: Agent });

/**
 * requestChange asks for a change of an agent that was reviewed; it holds once another person approves it. Who asks is who could edit it. STALE when
 * the form was filled in from an older version; NOTHING_ASKED when nothing in it needs another person. Throws when `input` is not a ChangeAsk.
 */
export function requestChange(actor: Actor, agentId: string, input: ChangeAsk): Promise<AskOutcome> {
  const { version, fields, reason } = ChangeAsk.parse(input);
  const wanted = { ...fieldsOf(fields), permissions: [...new Set(fields.permissions)].sort() };
  return actAs(actor, 'changes:request', async (tx, doer): Promise<AskOutcome> => {
    const agent = await lockAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'NOT_FOUND' };
    const changes = changesOf(agent, wanted);
    const asker = await doerOf(tx, doer, agent.processId);
    const why = whyNotEdit(agent, asker, partsOf(changes));
    if (why && why.code !== 'NEEDS_REQUEST') return { ok: false, ...why };
    if (agent.version !== version) return { ok: false, code: 'STALE', current: agent };
    const open = await store.findOpen(tx, agentId);
    if (open) return { ok: false, code: 'OPEN_ALREADY', id: open.id };
    if (!why) return { ok: false, code: 'NOTHING_ASKED' };
    const refusal = await whyNotRecord(tx, wanted, editorsBy(agent, asker), agent);
    if (refusal) return { ok: false, code: refusal };
    const id = newId('chg');
    const editors = editorsWith(agent, doer);
    const changed = changes.map(({ field }) => field);
    const asked = { id, agentId, version, before: fieldsOf(agent), fields: wanted, changed, reason, requestedBy: actor.id, editors };
    if (!(await store.insertRequest(tx, asked))) throw new Error('a held agent was asked to change twice');
    await appendEvent(tx, {
      kind: 'change.requested',
      actor,
      subject: { type: 'agent', id: agentId },
      ...toldOf(id, version, changes, reason),
    });
    return { ok: true, id };
  });
}

/** editorsBy is who will have built an agent once a change that this person asked for holds. */
export const editorsBy = (agent: Pick<Agent, 'editors'>, asker: AgentDoer): string[] =>
  asksAsEngineer(asker) ? editorsWith(agent, asker) : agent.editors;

/** Ids, codes and numbers in the open; the reason, and what people wrote before and after, sealed. */
function toldOf(request: string, version: number, changes: readonly AgentChange[], reason: string) {
  const { data, text } = told(changes);
  return { data: { request, version, ...data }, sealed: { text: text === undefined ? reason : `${reason}\n\n${text}` } };
}
