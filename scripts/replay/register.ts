import { canonicalJson } from '@/lib/kernel/canonical';
import type { PersonActor } from '@/lib/people/schema';
import { findUserByEmail } from '@/lib/people/service';
import type { ActionType } from '@/lib/registry/schema';
import {
  activateAgent,
  classifyActionType,
  createProcess,
  createSystem,
  findActionType,
  findAgent,
  findProcess,
  findSystem,
  grantPermissions,
  registerAgent,
} from '@/lib/registry/service';
import { issueCredential, revokeCredential } from '@/lib/identity/service';
import { CommandFailure } from './failure';
import { actionTypeOf, type ReplayMap } from './map';

/** How long a replay's secret works at most; it is revoked when the replay ends. */
const credentialDays = 1;

export type Registered = { agent: string; credential: { id: string; secret: string }; changes: string[]; revoke: () => Promise<void> };

/**
 * register makes the registry say what the map says, each step by the person the map names for it: process, system, action types, agent,
 * permissions, a fresh credential, and activation by the process's owner. What is equal already is left alone; what a map cannot change (an
 * agent's floor or process) and differs is a CommandFailure. `changes` lists what was written.
 */
export async function register(map: ReplayMap, agentId: string): Promise<Registered> {
  const admin = await operator(map.process.created_by);
  const owner = await operator(map.process.owner);
  const engineer = await operator(map.agent.registered_by);
  const changes: string[] = [];
  const types = Object.values(map.tools).map((tool) => actionTypeOf(map, tool));

  await ensureProcess(map, admin, owner, changes);
  if (!(await findSystem(map.system.id))) {
    done(await createSystem(engineer, map.system), `The system ${map.system.id} could not be recorded`);
    changes.push(`system ${map.system.id}`);
  }
  await ensureClassified(types, engineer, changes);
  await ensureAgent(map, agentId, types, { engineer, owner }, changes);

  const issued = done(await issueCredential(engineer, agentId, credentialDays), `${agentId} could not be given a credential`);
  const agent = await findAgent(agentId);
  if (agent?.status !== 'active') {
    done(await activateAgent(owner, agentId), `${agentId} could not be activated`);
    changes.push(`${agentId} active`);
  }
  const revoke = async (): Promise<void> => {
    await revokeCredential(engineer, issued.credential.id);
  };
  return { agent: agentId, credential: { id: issued.credential.id, secret: issued.secret }, changes, revoke };
}

async function ensureProcess(map: ReplayMap, admin: PersonActor, owner: PersonActor, changes: string[]): Promise<void> {
  const { id, name } = map.process;
  const process = await findProcess(id);
  if (!process) {
    done(await createProcess(admin, { id, name, ownerId: owner.id }), `The process ${id} could not be recorded`);
    changes.push(`process ${id}`);
  } else if (process.ownerId !== owner.id) {
    throw new CommandFailure(`The process ${id} is owned by another person than ${map.process.owner}, so the map cannot be used as it is.`);
  }
}

async function ensureClassified(types: readonly ActionType[], engineer: PersonActor, changes: string[]): Promise<void> {
  let classified = 0;
  for (const type of types) {
    const recorded = await findActionType(type.name);
    if (recorded && meaningOf(recorded) === meaningOf(type)) continue;
    if (recorded && recorded.system !== type.system)
      throw new CommandFailure(`The action type ${type.name} belongs to ${recorded.system}, not to ${type.system}.`);
    const { version: _version, status: _status, ...wanted } = type;
    done(await classifyActionType(engineer, wanted), `${type.name} could not be classified`);
    classified += 1;
  }
  if (classified > 0) changes.push(`${classified} action types classified`);
}

/** What classifying again would change; the version follows from it. */
const meaningOf = ({ version: _version, ...meaning }: ActionType): string => canonicalJson(meaning);

async function ensureAgent(
  map: ReplayMap,
  id: string,
  types: readonly ActionType[],
  by: { engineer: PersonActor; owner: PersonActor },
  changes: string[],
): Promise<void> {
  const permissions = types.map((type) => type.name);
  const { name, purpose, floor: autonomyFloor } = map.agent;
  const agent = await findAgent(id);
  if (!agent) {
    done(
      await registerAgent(by.engineer, { id, name, purpose, processId: map.process.id, autonomyFloor, permissions }),
      `${id} could not be registered`,
    );
    changes.push(`agent ${id} with ${permissions.length} permissions and floor ${autonomyFloor}`);
    return;
  }
  if (agent.processId !== map.process.id)
    throw new CommandFailure(`${id} works in ${agent.processId}, not in ${map.process.id}; use --agent for another one.`);
  if (agent.autonomyFloor !== autonomyFloor)
    throw new CommandFailure(
      `${id} has the autonomy floor ${agent.autonomyFloor}, and the map says ${autonomyFloor}; use --agent for another one.`,
    );
  if (agent.status !== 'active' && agent.status !== 'draft')
    throw new CommandFailure(`${id} is ${agent.status}; a person must change that before it can act.`);
  const missing = permissions.filter((permission) => !agent.permissions.includes(permission));
  if (missing.length === 0) return;
  done(await grantPermissions(agent.status === 'draft' ? by.engineer : by.owner, id, missing), `${id} could not be given more permissions`);
  changes.push(`${missing.length} permissions for ${id}`);
}

/** operator is a named person acting at the command line of the server. */
async function operator(email: string): Promise<PersonActor> {
  const user = await findUserByEmail(email);
  if (user?.status !== 'active') throw new CommandFailure(`Nobody active here has the address ${email}, which the map names.`);
  return { type: 'operator', id: user.id };
}

type Done<Outcome> = Extract<Outcome, { ok: true }>;

function done<Outcome extends { ok: true } | { ok: false; code: string }>(outcome: Outcome, otherwise: string): Done<Outcome> {
  if (isDone(outcome)) return outcome;
  const why = 'code' in outcome ? outcome.code : '';
  const gaps =
    'gaps' in outcome && Array.isArray(outcome.gaps)
      ? `: ${outcome.gaps.map((gap) => (typeof gap === 'string' ? gap : JSON.stringify(gap))).join('; ')}`
      : '';
  throw new CommandFailure(`${otherwise} (${why}${gaps}).`);
}

const isDone = <Outcome extends { ok: boolean }>(outcome: Outcome): outcome is Done<Outcome> => outcome.ok;
