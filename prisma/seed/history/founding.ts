import { rotateSigningKey } from '@/lib/identity/service';
import { createTeam, createUser, type SystemActor } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { publishPolicy, publishRates } from '@/lib/policy/service';
import { readMatrix } from '@/lib/raci/reading';
import { changeMatrix } from '@/lib/raci/service';
import type { Holder, Row } from '@/lib/raci/schema';
import { classifyActionType, createProcess, createSystem } from '@/lib/registry/service';
import { actionTypes, systems } from '../organisation/actions';
import { managers, people, teams, type PersonKey } from '../organisation/people';
import { policies } from '../organisation/policies';
import { processes, type SampleProcess } from '../organisation/processes';
import * as small from '../sample';
import { done } from './stage';

const setup: SystemActor = { type: 'system', id: 'setup' };
const user = (key: PersonKey): Holder => ({ type: 'user', id: `usr_${key}` });

/** found sets the organisation up on its first day: people, teams, rules, systems, processes with their matrices, action types. */
export async function found(password: string): Promise<void> {
  done(await rotateSigningKey(setup), 'signing key');
  for (const { roles, ...person } of people) done(await createUser(setup, { ...person, roles: [...roles], password }), person.email);
  for (const [key, manager] of Object.entries(managers))
    await prisma().user.update({ where: { id: `usr_${key}` }, data: { managerId: `usr_${manager}` } });
  for (const team of teams) done(await createTeam(setup, team), team.name);
  await publishRates(setup, baselineRates());
  for (const policy of [...baselinePolicies(), ...policies]) done(await publishPolicy(setup, policy), policy.id);
  for (const system of systems) done(await createSystem(setup, system), system.name);
  for (const { id, name, ownerId, description = '' } of processes)
    done(await createProcess(setup, { id, name, ownerId, description }), name);
  for (const process of processes) await fillMatrix(process);
  for (const actionType of actionTypes) done(await classifyActionType(setup, actionType), actionType.name);
}

async function fillMatrix(process: SampleProcess): Promise<void> {
  const shown = (await readMatrix(process.id))?.rows ?? [];
  const rows = process.id === small.businessProcess.id ? [...small.matrix] : shown.map((row) => staffed(process, row));
  done(await changeMatrix(setup, process.id, { shown, rows }), process.name);
}

/** The template with those who answer when something waits. HR keeps its logs through one engineer alone, which is how the gap comes about. */
function staffed({ id, supervisors }: SampleProcess, row: Row): Row {
  if (row.stage === 'escalation') {
    const holder: Holder = supervisors.startsWith('tea_') ? { type: 'team', id: supervisors } : { type: 'user', id: supervisors };
    return { ...row, responsible: [holder] };
  }
  if (row.stage === 'logging_audit' && id === 'prc_people') return { ...row, responsible: [user('bruno')] };
  return row;
}
