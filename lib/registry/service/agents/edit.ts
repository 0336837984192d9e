import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Doer, type Refused, type Tx } from '@/lib/people/service';
import {
  changesOf,
  editedBy,
  fieldsOf,
  isMaterial,
  partsOf,
  told,
  whyNotEdit,
  type AgentChange,
  type AgentField,
  type EditedPart,
} from '../../domain/lifecycle';
import { AgentEdit, type Agent, type AgentFields, type MoveRefusal, type RecordRefusal } from '../../schema';
import * as store from '../../store/agents';
import { doerOf } from './doer';
import { whyNotRecord } from './fields';

type Why<Code extends string> = Refused<Code> & { text: string };
export type EditOutcome =
  | { ok: true; agent: Agent; changed: AgentField[] }
  | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | RecordRefusal>
  | Why<MoveRefusal>
  | (Refused<'STALE'> & { current: Agent });

/**
 * editAgent replaces what people wrote of an agent. Who may depends on its state and on which fields change (`whyNotEdit`). STALE when the form was
 * filled in from an older version: nothing is written, and `current` is what it says now. Throws when `input` is not an AgentEdit.
 */
export function editAgent(actor: Actor, agentId: string, input: AgentEdit): Promise<EditOutcome> {
  const { version, ...wanted } = AgentEdit.parse(input);
  return actAs(actor, 'agents:read', async (tx, doer): Promise<EditOutcome> => {
    const agent = await store.lockAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'NOT_FOUND' };
    if (agent.version !== version) return { ok: false, code: 'STALE', current: agent };
    const changes = changesOf(agent, wanted);
    const refused = await mayNot(tx, doer, agent, changes, wanted.processId);
    return refused ?? writeRecord(tx, { actor, agent, wanted, editors: editorsAfter(agent, doer, changes) });
  });
}

/** RecordWrite is a record as it shall be. `because`: ids and codes of what led to it, for the event. */
export type RecordWrite = { actor: Actor; agent: Agent; wanted: AgentFields; editors?: string[]; because?: Record<string, string> };
export type WriteOutcome =
  { ok: true; agent: Agent; changed: AgentField[] } | Refused<RecordRefusal | 'NOT_FOUND'> | (Refused<'STALE'> & { current: Agent });

/**
 * writeRecord writes a record whose change was decided already: by an edit, an approved request, an inheritance. It asks nobody's permission, only
 * whether what the record names is there. `agent` is held by `lockAgent` in this transaction; nothing is written when nothing differs.
 */
export async function writeRecord(
  tx: Tx,
  { actor, agent, wanted, editors = agent.editors, because = {} }: RecordWrite,
): Promise<WriteOutcome> {
  const fields: AgentFields = { ...fieldsOf(wanted), permissions: [...new Set(wanted.permissions)].sort() };
  const changes = changesOf(agent, fields);
  if (changes.length === 0) return { ok: true, agent, changed: [] };
  const refusal = await whyNotRecord(tx, fields, editors, agent);
  if (refusal) return { ok: false, code: refusal };
  if (!(await store.updateAgent(tx, agent.id, agent.version, fields, editors))) return { ok: false, code: 'STALE', current: agent };
  await replacePermissions(tx, agent, fields);
  await tellChange(tx, actor, agent, changes, because);
  const changed = await store.findAgent(tx, agent.id);
  return changed ? { ok: true, agent: changed, changed: changes.map(({ field }) => field) } : { ok: false, code: 'NOT_FOUND' };
}

/** A process owner who moves an agent answers for where it goes, too. */
async function mayNot(
  tx: Tx,
  doer: Doer,
  agent: Agent,
  changes: readonly AgentChange[],
  toProcess: string,
): Promise<Why<MoveRefusal> | undefined> {
  const parts = partsOf(changes);
  for (const processId of new Set([agent.processId, toProcess])) {
    const why = whyNotEdit(agent, await doerOf(tx, doer, processId), parts);
    if (why) return { ok: false, ...why };
  }
  return undefined;
}

/** Who writes what will be reviewed is one of its authors, whichever account they used. */
function editorsAfter(agent: Agent, doer: Doer, changes: readonly AgentChange[]): string[] {
  const writes = editedBy(agent.status) === 'agents:register' && changes.some(({ field }) => isMaterial(field));
  return writes ? editorsWith(agent, doer) : agent.editors;
}

/** editorsWith is who built an agent once this person did, too. */
export const editorsWith = ({ editors }: Pick<Agent, 'editors'>, person: { personId: string } | undefined): string[] =>
  person ? [...new Set([...editors, person.personId])] : editors;

async function replacePermissions(tx: Tx, before: Agent, after: AgentFields): Promise<void> {
  const removed = before.permissions.filter((name) => !after.permissions.includes(name));
  await store.deletePermissions(tx, before.id, removed);
  await store.insertPermissions(tx, before.id, after.permissions);
}

async function tellChange(
  tx: Tx,
  actor: Actor,
  agent: Agent,
  changes: readonly AgentChange[],
  because: Record<string, string> = {},
): Promise<void> {
  const { data, text } = told(changes);
  await appendEvent(tx, {
    kind: 'agent.changed',
    actor,
    subject: { type: 'agent', id: agent.id },
    data: { version: agent.version + 1, ...data, ...because },
    ...(text === undefined ? {} : { sealed: { text } }),
  });
}

type PermissionsRefusal = Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'OWNER_IS_BUILDER'> | Why<MoveRefusal>;
export type GrantOutcome = { ok: true; granted: number } | Refused<'ACTION_UNKNOWN'> | PermissionsRefusal;
export type RevokeOutcome = { ok: true; revoked: number } | PermissionsRefusal;

/** grantPermissions widens what a draft may ask for, by who may register agents. Of an agent that was reviewed it is asked for (NEEDS_REQUEST). */
export async function grantPermissions(actor: Actor, agentId: string, actionTypes: readonly string[]): Promise<GrantOutcome> {
  const outcome = await changePermissions(actor, agentId, 'permissions', (held) => [...new Set([...held, ...actionTypes])]);
  return outcome.ok ? { ok: true, granted: outcome.count } : outcome;
}

/** revokePermissions takes away what an agent may ask for: a draft's by who may register it, a reviewed one's by who may activate it and did not write it; at its commit no such call is allowed any more. */
export async function revokePermissions(actor: Actor, agentId: string, actionTypes: readonly string[]): Promise<RevokeOutcome> {
  const kept = (held: readonly string[]) => held.filter((name) => !actionTypes.includes(name));
  const outcome = await changePermissions(actor, agentId, 'fewer permissions', kept);
  if (outcome.ok) return { ok: true, revoked: outcome.count };
  // Nothing new was asked for, so nothing can be unknown.
  return outcome.code === 'ACTION_UNKNOWN' ? { ok: false, code: 'NOT_FOUND' } : outcome;
}

type PermissionsOutcome = { ok: true; count: number } | Refused<'ACTION_UNKNOWN'> | PermissionsRefusal;

function changePermissions(
  actor: Actor,
  agentId: string,
  part: EditedPart,
  next: (held: readonly string[]) => string[],
): Promise<PermissionsOutcome> {
  return actAs(actor, 'agents:read', async (tx, doer): Promise<PermissionsOutcome> => {
    const agent = await store.lockAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'NOT_FOUND' };
    const why = whyNotEdit(agent, await doerOf(tx, doer, agent.processId), [part]);
    if (why) return { ok: false, ...why };
    const fields = { ...agent, permissions: next(agent.permissions).sort() };
    const changes = changesOf(agent, fields);
    if (changes.length === 0) return { ok: true, count: 0 };
    const editors = editorsAfter(agent, doer, changes);
    const refusal = await whyNotRecord(tx, fields, editors, agent);
    if (refusal === 'ACTION_UNKNOWN' || refusal === 'OWNER_IS_BUILDER') return { ok: false, code: refusal };
    await replacePermissions(tx, agent, fields);
    await store.countEdit(tx, agentId, editors);
    await tellChange(tx, actor, agent, changes);
    return { ok: true, count: Math.abs(fields.permissions.length - agent.permissions.length) };
  });
}
