import { formatDigest, sha256 } from '@/lib/kernel/hash';
import { canonicalJson } from '@/lib/kernel/canonical';
import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import type { EventKind } from '@/lib/ledger/schema';
import { samePerson } from '@/lib/people/domain';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { Permission } from '@/lib/people/schema';
import { actAs, findUser, lockActor, type Actor, type Doer, type Refused, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { classificationGaps, type Gap } from './domain/classification';
import { activationGaps, agentMoves, canMove, nextSchemaVersion, type ActivationGap, type AgentMove } from './domain/lifecycle';
import { ActionType, NewActionType, NewAgent, NewProcess, NewSystem, type Agent, type Process, type System } from './schema';
import * as store from './store';

/** createSystem records something agents act on; throws when `input` is not a NewSystem. */
export function createSystem(actor: Actor, input: NewSystem): Promise<{ ok: true; system: System } | Refused<'NOT_ALLOWED' | 'ID_TAKEN'>> {
  const { id = newId('sys'), name } = NewSystem.parse(input);
  return actAs(actor, 'systems:manage', async (tx): Promise<{ ok: true; system: System } | Refused<'ID_TAKEN'>> => {
    if (!(await store.insertSystem(tx, { id, name }))) return { ok: false, code: 'ID_TAKEN' };
    await appendEvent(tx, { kind: 'system.created', actor, subject: { type: 'system', id }, data: {} });
    return { ok: true, system: { id, name } };
  });
}

export type NewProcessOutcome = { ok: true; process: Process } | Refused<'NOT_ALLOWED' | 'ID_TAKEN' | 'OWNER_NOT_ALLOWED'>;

/** createProcess records a business process; its owner is an active person with the role process_owner. Throws when `input` is not a NewProcess. */
export function createProcess(actor: Actor, input: NewProcess): Promise<NewProcessOutcome> {
  const { id = newId('prc'), name, ownerId } = NewProcess.parse(input);
  return actAs(actor, 'processes:manage', async (tx): Promise<NewProcessOutcome> => {
    const owner = await lockActor(tx, ownerId);
    if (!owner?.roles.includes('process_owner')) return { ok: false, code: 'OWNER_NOT_ALLOWED' };
    if (!(await store.insertProcess(tx, { id, name, ownerId }))) return { ok: false, code: 'ID_TAKEN' };
    await appendEvent(tx, { kind: 'process.created', actor, subject: { type: 'process', id }, data: { owner: ownerId } });
    return { ok: true, process: { id, name, ownerId } };
  });
}

export type ClassifyOutcome =
  | { ok: true; actionType: ActionType }
  | Refused<'NOT_ALLOWED' | 'SYSTEM_UNKNOWN' | 'CHANGED_MEANWHILE'>
  | (Refused<'GAPS'> & { gaps: Gap[] });

/**
 * classifyActionType records one operation of a system and how its risk is read, as approved; with a null classification it is recorded as
 * unset, so out of everybody's scope. A changed parameter schema gets the next version. GAPS says what keeps it from being approved. Throws when
 * `input` is not a NewActionType.
 */
export function classifyActionType(actor: Actor, input: NewActionType): Promise<ClassifyOutcome> {
  const wanted = NewActionType.parse(input);
  return actAs(actor, 'actions:classify', async (tx): Promise<ClassifyOutcome> => {
    if (!(await store.findSystem(tx, wanted.system))) return { ok: false, code: 'SYSTEM_UNKNOWN' };
    const recorded = await store.lockActionType(tx, wanted.name);
    const status = wanted.classification === null ? 'unset' : 'approved';
    const actionType = ActionType.parse({ ...wanted, status, version: nextSchemaVersion(recorded, wanted.parameters) });
    const gaps = status === 'approved' ? classificationGaps(actionType) : [];
    if (gaps.length > 0) return { ok: false, code: 'GAPS', gaps };
    if (recorded) await store.updateActionType(tx, actionType);
    else if (!(await store.insertActionType(tx, actionType))) return { ok: false, code: 'CHANGED_MEANWHILE' };
    const { parameters, classification, sentence, version, system } = actionType;
    const document = formatDigest(sha256(canonicalJson({ parameters, classification, sentence })));
    const data = { status, schema_version: version, system, document };
    await appendEvent(tx, { kind: 'action_type.classified', actor, subject: { type: 'action_type', id: actionType.name }, data });
    return { ok: true, actionType };
  });
}

/** disableActionType puts an action type out of everybody's scope until it is classified again. */
export function disableActionType(
  actor: Actor,
  name: string,
): Promise<{ ok: true } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_DISABLED'>> {
  return actAs(actor, 'actions:classify', async (tx): Promise<{ ok: true } | Refused<'NOT_FOUND' | 'ALREADY_DISABLED'>> => {
    const recorded = await store.lockActionType(tx, name);
    if (!recorded) return { ok: false, code: 'NOT_FOUND' };
    if (recorded.status === 'disabled') return { ok: false, code: 'ALREADY_DISABLED' };
    await store.updateActionType(tx, { ...recorded, status: 'disabled' });
    await appendEvent(tx, {
      kind: 'action_type.disabled',
      actor,
      subject: { type: 'action_type', id: name },
      data: { schema_version: recorded.version },
    });
    return { ok: true };
  });
}

export type RegisterOutcome =
  | { ok: true; agent: Agent }
  | Refused<'NOT_ALLOWED' | 'ID_TAKEN' | 'PROCESS_UNKNOWN' | 'ACTION_UNKNOWN' | 'OWNER_NOT_ALLOWED' | 'OWNER_IS_BUILDER'>;

/**
 * registerAgent records a draft agent with all it may ever ask for. Its owner (the process's, unless named) answers for it, and is never the
 * person who registers it. Throws when `input` is not a NewAgent.
 */
export function registerAgent(actor: Actor, input: NewAgent): Promise<RegisterOutcome> {
  const { id = newId('agt'), ownerId: named, permissions, ...rest } = NewAgent.parse(input);
  return actAs(actor, 'agents:register', async (tx, doer): Promise<RegisterOutcome> => {
    const process = await store.findProcess(tx, rest.processId);
    if (!process) return { ok: false, code: 'PROCESS_UNKNOWN' };
    const owner = await lockActor(tx, named ?? process.ownerId);
    if (!owner) return { ok: false, code: 'OWNER_NOT_ALLOWED' };
    if (doer && samePerson(doer, owner)) return { ok: false, code: 'OWNER_IS_BUILDER' };
    const known = await store.findActionStatuses(tx, permissions);
    if (permissions.some((name) => !known.has(name))) return { ok: false, code: 'ACTION_UNKNOWN' };
    const agent = { id, ...rest, ownerId: owner.id, permissions: [...new Set(permissions)] };
    if (!(await store.insertAgent(tx, agent))) return { ok: false, code: 'ID_TAKEN' };
    const data = { process: process.id, owner: owner.id, autonomy_floor: rest.autonomyFloor, permissions: agent.permissions };
    await appendEvent(tx, { kind: 'agent.registered', actor, subject: { type: 'agent', id }, data });
    const created = await store.findAgent(tx, id);
    return created ? { ok: true, agent: created } : { ok: false, code: 'ID_TAKEN' };
  });
}

export type GrantOutcome = { ok: true; granted: number } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'ACTION_UNKNOWN' | 'WRONG_STATE'>;

/** grantPermissions widens what an agent may ask for: a draft's by who may register agents, a reviewed one's only by who may activate them. */
export function grantPermissions(actor: Actor, agentId: string, actionTypes: readonly string[]): Promise<GrantOutcome> {
  return actAs(actor, 'agents:read', async (tx, doer): Promise<GrantOutcome> => {
    const agent = await store.lockAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'NOT_FOUND' };
    const permission = agent.status === 'draft' ? 'agents:register' : 'agents:activate';
    if (!(await mayOn(tx, doer, permission, agent))) return { ok: false, code: 'NOT_ALLOWED' };
    if (agent.status === 'decommissioned' || agent.status === 'rejected') return { ok: false, code: 'WRONG_STATE' };
    const known = await store.findActionStatuses(tx, actionTypes);
    if (actionTypes.some((name) => !known.has(name))) return { ok: false, code: 'ACTION_UNKNOWN' };
    const granted = await store.insertPermissions(tx, agentId, [...actionTypes]);
    const data = { granted: [...new Set(actionTypes)].sort() };
    if (granted > 0) await appendEvent(tx, { kind: 'agent.changed', actor, subject: { type: 'agent', id: agentId }, data });
    return { ok: true, granted };
  });
}

export type MoveOutcome =
  { ok: true; agent: Agent } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'WRONG_STATE'> | (Refused<'GAPS'> & { gaps: ActivationGap[] });

const moves = {
  activate: { permission: 'agents:activate', kind: 'agent.activated', needsNoGaps: true },
  suspend: { permission: 'agents:suspend', kind: 'agent.suspended', needsNoGaps: false },
  resume: { permission: 'agents:resume', kind: 'agent.resumed', needsNoGaps: true },
} as const satisfies Record<AgentMove, { permission: Permission; kind: EventKind; needsNoGaps: boolean }>;

/** activateAgent lets a reviewed agent act; GAPS lists all that is missing. */
export const activateAgent = (actor: Actor, agentId: string): Promise<MoveOutcome> => moveAgent('activate', actor, agentId);
/** suspendAgent stops an agent until it is resumed; no decision is made for it after this commits. `reason` is kept encrypted beside the ledger. */
export const suspendAgent = (actor: Actor, agentId: string, reason?: string): Promise<MoveOutcome> =>
  moveAgent('suspend', actor, agentId, reason);
/** resumeAgent lets a suspended agent act again, if nothing is missing. */
export const resumeAgent = (actor: Actor, agentId: string, reason?: string): Promise<MoveOutcome> =>
  moveAgent('resume', actor, agentId, reason);

function moveAgent(move: AgentMove, actor: Actor, agentId: string, reason?: string): Promise<MoveOutcome> {
  const { permission, kind, needsNoGaps } = moves[move];
  return actAs(actor, permission, async (tx, doer): Promise<MoveOutcome> => {
    const agent = await store.lockAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'NOT_FOUND' };
    if (!(await mayOn(tx, doer, permission, agent))) return { ok: false, code: 'NOT_ALLOWED' };
    if (!canMove(move, agent.status)) return { ok: false, code: 'WRONG_STATE' };
    const gaps = needsNoGaps ? await gapsOf(tx, agent) : [];
    if (gaps.length > 0) return { ok: false, code: 'GAPS', gaps };
    const { to } = agentMoves[move];
    if (!(await store.moveAgent(tx, agentId, agent.status, to))) return { ok: false, code: 'WRONG_STATE' };
    const sealed = reason ? { sealed: { text: reason } } : {};
    await appendEvent(tx, { kind, actor, subject: { type: 'agent', id: agentId }, data: { from: agent.status }, ...sealed });
    return { ok: true, agent: { ...agent, status: to } };
  });
}

async function gapsOf(tx: Tx, agent: Agent): Promise<ActivationGap[]> {
  const owner = await lockActor(tx, agent.ownerId);
  const hasCredential = await store.hasLiveCredential(tx, agent.id);
  const actionTypes = await store.findActionStatuses(tx, agent.permissions);
  return activationGaps({ agent, ownerActive: owner !== undefined, hasCredential, actionTypes });
}

/** mayOn asks whether a person may do it to this agent: a process owner only within processes they own. */
async function mayOn(tx: Tx, doer: Doer, permission: Permission, agent: Pick<Agent, 'processId'>): Promise<boolean> {
  if (!doer) return true;
  if (!may(doer, permission)) return false;
  return !ownProcessOnly(doer, permission) || ownsProcess(tx, doer, agent.processId);
}

/** ownsProcess tells whether a person (any of their accounts) is accountable for a process. */
export async function ownsProcess(tx: Tx, person: { id: string; personId: string }, processId: string): Promise<boolean> {
  const process = await store.findProcess(tx, processId);
  if (!process) return false;
  if (process.ownerId === person.id) return true;
  const owner = await findUser(process.ownerId, tx);
  return owner !== undefined && samePerson(owner, person);
}

/** findAgent answers one record of the inventory, or undefined; inside a transaction when one is given. */
export const findAgent = (id: string, tx?: Tx): Promise<Agent | undefined> => store.findAgent(tx ?? prisma(), id);
/** listAgents answers the inventory in id order. */
export const listAgents = (): Promise<Agent[]> => store.listAgents(prisma());
/** findActionType answers one operation and its classification, or undefined. */
export const findActionType = (name: string): Promise<ActionType | undefined> => store.findActionType(prisma(), name);
/** listActionTypes answers every operation in name order. */
export const listActionTypes = (): Promise<ActionType[]> => store.listActionTypes(prisma());
/** findProcess answers one business process, or undefined. */
export const findProcess = (id: string): Promise<Process | undefined> => store.findProcess(prisma(), id);
/** listProcesses answers every business process in id order. */
export const listProcesses = (): Promise<Process[]> => store.listProcesses(prisma());
/** findSystem answers one system, or undefined. */
export const findSystem = (id: string): Promise<System | undefined> => store.findSystem(prisma(), id);
/** listSystems answers every system in id order. */
export const listSystems = (): Promise<System[]> => store.listSystems(prisma());
