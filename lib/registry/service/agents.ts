import { newId } from '@/lib/kernel/ids';
import type { EventKind } from '@/lib/ledger/schema';
import { appendEvent } from '@/lib/ledger/service';
import { samePerson } from '@/lib/people/domain';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { Permission } from '@/lib/people/schema';
import { actAs, lockActor, type Actor, type Doer, type Refused, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { activationGaps, agentMoves, canMove, type ActivationGap, type AgentMove } from '../domain/lifecycle';
import { NewAgent, type Agent } from '../schema';
import { findActionStatuses } from '../store/actions';
import * as store from '../store/agents';
import { findProcess } from '../store/processes';
import { ownsProcess } from './processes';

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
    const process = await findProcess(tx, rest.processId);
    if (!process) return { ok: false, code: 'PROCESS_UNKNOWN' };
    const owner = await lockActor(tx, named ?? process.ownerId);
    if (!owner) return { ok: false, code: 'OWNER_NOT_ALLOWED' };
    if (doer && samePerson(doer, owner)) return { ok: false, code: 'OWNER_IS_BUILDER' };
    const known = await findActionStatuses(tx, permissions);
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
    const known = await findActionStatuses(tx, actionTypes);
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
  const actionTypes = await findActionStatuses(tx, agent.permissions);
  return activationGaps({ agent, ownerActive: owner !== undefined, hasCredential, actionTypes });
}

/** mayOn asks whether a person may do it to this agent: a process owner only within processes they own. */
async function mayOn(tx: Tx, doer: Doer, permission: Permission, agent: Pick<Agent, 'processId'>): Promise<boolean> {
  if (!doer) return true;
  if (!may(doer, permission)) return false;
  return !ownProcessOnly(doer, permission) || ownsProcess(tx, doer, agent.processId);
}

/** findAgent answers one record of the inventory, or undefined; inside a transaction when one is given. */
export const findAgent = (id: string, tx?: Tx): Promise<Agent | undefined> => store.findAgent(tx ?? prisma(), id);
/** listAgents answers the inventory in id order. */
export const listAgents = (): Promise<Agent[]> => store.listAgents(prisma());
