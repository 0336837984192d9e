import { canonicalJson } from '@/lib/kernel/canonical';
import { readChange } from '@/lib/lifecycle/reading';
import { approveChange, requestChange } from '@/lib/lifecycle/service';
import type { PersonActor } from '@/lib/people/schema';
import { createTeam, findUser, findUserByEmail, listTeams } from '@/lib/people/service';
import { readMatrix } from '@/lib/raci/reading';
import { changeMatrix } from '@/lib/raci/service';
import type { ActionType, Agent } from '@/lib/registry/schema';
import {
  activateAgent,
  approveAgent,
  classifyActionType,
  createProcess,
  createSystem,
  findActionType,
  findAgent,
  findProcess,
  findSystem,
  grantPermissions,
  registerAgent,
  reopenAgent,
  submitAgent,
} from '@/lib/registry/service';
import { issueCredential, revokeCredential } from '@/lib/identity/service';
import { CommandFailure } from './failure';
import { actionTypeOf, type ReplayMap } from './map';

/** How long a replay's secret works at most; it is revoked when the replay ends. */
const credentialDays = 1;

export type Registered = { agent: string; credential: { id: string; secret: string }; changes: string[]; revoke: () => Promise<void> };

/**
 * register makes the registry say what the map says, each step by the person the map names for it: process, routing, system, action types, agent,
 * permissions, a fresh credential, a review by another person, and activation by the process's owner. What is equal already is left alone; what a map cannot change (an
 * agent's floor or process) and differs is a CommandFailure. `changes` lists what was written.
 */
export async function register(map: ReplayMap, agentId: string): Promise<Registered> {
  const admin = await operator(map.process.created_by);
  const owner = await operator(map.process.owner);
  const engineer = await operator(map.agent.registered_by);
  const reviewer = await operator(map.agent.reviewed_by);
  const changes: string[] = [];
  const types = Object.values(map.tools).map((tool) => actionTypeOf(map, tool));

  await ensureProcess(map, admin, owner, changes);
  await ensureRouting(map, admin, owner, changes);
  if (!(await findSystem(map.system.id))) {
    done(await createSystem(engineer, map.system), `The system ${map.system.id} could not be recorded`);
    changes.push(`system ${map.system.id}`);
  }
  await ensureClassified(types, engineer, changes);
  await ensureAgent(map, agentId, types, { engineer, owner }, changes);

  const credential = { label: 'replay', days: credentialDays };
  const issued = done(await issueCredential(engineer, agentId, credential), `${agentId} could not be given a credential`);
  await ensureActive(agentId, { engineer, reviewer, owner }, changes);
  const revoke = async (): Promise<void> => {
    await revokeCredential(engineer, issued.credential.id);
  };
  return { agent: agentId, credential: { id: issued.credential.id, secret: issued.secret }, changes, revoke };
}

async function ensureProcess(map: ReplayMap, admin: PersonActor, owner: PersonActor, changes: string[]): Promise<void> {
  const { id, name, description = '' } = map.process;
  const process = await findProcess(id);
  if (!process) {
    done(await createProcess(admin, { id, name, description, ownerId: owner.id }), `The process ${id} could not be recorded`);
    changes.push(`process ${id}`);
  } else if (process.ownerId !== owner.id) {
    throw new CommandFailure(`The process ${id} is owned by another person than ${map.process.owner}, so the map cannot be used as it is.`);
  }
}

/** ensureRouting gives the Escalation row of a process to the map's team while it still is as a new process has it; what people made of it since stays. */
async function ensureRouting(map: ReplayMap, admin: PersonActor, owner: PersonActor, changes: string[]): Promise<void> {
  const { id: processId, supervisors } = map.process;
  const shown = (await readMatrix(processId))?.rows ?? [];
  const responsible = shown.find(({ stage }) => stage === 'escalation')?.responsible ?? [];
  const untouched = responsible.length === 1 && responsible.every(({ type, id }) => type === 'user' && id === owner.id);
  if (supervisors === undefined || !untouched) return;
  const teamId = await ensureTeam(supervisors, admin, changes);
  const rows = shown.map((row) => (row.stage === 'escalation' ? { ...row, responsible: [{ type: 'team' as const, id: teamId }] } : row));
  done(await changeMatrix(admin, processId, { shown, rows }), `The matrix of ${processId} could not be filled in`);
  changes.push(`requests of ${processId} routed to ${map.process.owner} and ${supervisors.team}`);
}

async function ensureTeam(
  { team: name, members }: { team: string; members: readonly string[] },
  admin: PersonActor,
  changes: string[],
): Promise<string> {
  const known = (await listTeams()).find((team) => team.name === name);
  if (known) return known.id;
  const memberIds: string[] = [];
  for (const email of members) memberIds.push((await operator(email)).id);
  const { team } = done(await createTeam(admin, { name, memberIds }), `The team ${name} could not be made`);
  changes.push(`team ${name}`);
  return team.id;
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
  const { name, purpose, floor: autonomyFloor, model } = map.agent;
  const agent = await findAgent(id);
  if (!agent) {
    const { id: sponsorId } = await operator(map.agent.sponsor);
    const record = model === undefined ? {} : { model: { name: model } };
    const given = {
      id,
      name,
      purpose,
      processId: map.process.id,
      sponsorId,
      technicalOwnerId: by.engineer.id,
      autonomyFloor,
      permissions,
      record,
    };
    done(await registerAgent(by.engineer, given), `${id} could not be registered`);
    changes.push(`agent ${id} with ${permissions.length} permissions and floor ${autonomyFloor}`);
    return;
  }
  if (agent.processId !== map.process.id)
    throw new CommandFailure(`${id} works in ${agent.processId}, not in ${map.process.id}; use --agent for another one.`);
  if (agent.autonomyFloor !== autonomyFloor)
    throw new CommandFailure(
      `${id} has the autonomy floor ${agent.autonomyFloor}, and the map says ${autonomyFloor}; use --agent for another one.`,
    );
  if (agent.status !== 'active' && agent.status !== 'draft' && agent.status !== 'in_review' && agent.status !== 'approved')
    throw new CommandFailure(`${id} is ${agent.status}; a person must change that before it can act.`);
  const missing = permissions.filter((permission) => !agent.permissions.includes(permission));
  if (missing.length === 0) return;
  // What a reviewer is reading, or has read, is not changed under their eyes: it goes back to draft first.
  if (agent.status === 'in_review') done(await reopenAgent(by.engineer, id), `${id} could not be taken back to draft`);
  const failed = `${id} could not be given more permissions`;
  if (agent.status === 'draft' || agent.status === 'in_review') done(await grantPermissions(by.engineer, id, missing), failed);
  else await askForMore(agent, missing, by, failed);
  changes.push(`${missing.length} permissions for ${id}`);
}

/** askForMore widens what a reviewed agent may ask for, as people do: the engineer asks, and who answers for it approves what they are shown. */
async function askForMore(
  agent: Agent,
  missing: readonly string[],
  by: { engineer: PersonActor; owner: PersonActor },
  failed: string,
): Promise<void> {
  const fields = { ...agent, permissions: [...agent.permissions, ...missing] };
  const asked = done(
    await requestChange(by.engineer, agent.id, { version: agent.version, fields, reason: 'The replay needs these tools.' }),
    failed,
  );
  const owner = await findUser(by.owner.id);
  const card = owner && (await readChange(owner, asked.id));
  if (!card) throw new CommandFailure(`${failed}.`);
  done(await approveChange(by.owner, asked.id, card.digest), failed);
}

/** ensureActive takes an agent the rest of the way: handed over by who registered it, reviewed by another person, activated by who answers for it. */
async function ensureActive(
  id: string,
  by: { engineer: PersonActor; reviewer: PersonActor; owner: PersonActor },
  changes: string[],
): Promise<void> {
  const status = async () => (await findAgent(id))?.status;
  if ((await status()) === 'draft') done(await submitAgent(by.engineer, id), `${id} could not be handed over for review`);
  if ((await status()) === 'in_review') done(await approveAgent(by.reviewer, id), `${id} could not be approved`);
  if ((await status()) === 'active') return;
  done(await activateAgent(by.owner, id), `${id} could not be activated`);
  changes.push(`${id} reviewed and active`);
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
  const gaps = 'gaps' in outcome && Array.isArray(outcome.gaps) ? `: ${outcome.gaps.map(({ text }) => text).join(' ')}` : '';
  throw new CommandFailure(`${otherwise} (${why}${gaps}).`);
}

const isDone = <Outcome extends { ok: boolean }>(outcome: Outcome): outcome is Done<Outcome> => outcome.ok;
