import { expect } from 'vitest';
import { issueCredential } from '@/lib/identity/service';
import type { Actor } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { publishPolicy, publishRates } from '@/lib/policy/service';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import type { Agent, AgentEdit, Classification, NewAgent } from '../schema';
import {
  activateAgent,
  approveAgent,
  classifyActionType,
  createProcess,
  createSystem,
  findAgent,
  registerAgent,
  submitAgent,
} from '../service';

let plane: PeoplePlane;
export let owner: TestPerson;
export let engineer: TestPerson;
export let security: TestPerson;
export let leader: TestPerson;
export let risk: TestPerson;
export let admin: TestPerson;
export let record: NewAgent;

const read: Classification = {
  effect: 'read',
  reversibility: 'reversible',
  sensitivity: { constant: 'internal' },
  audience: { constant: 'internal' },
};
/** actionType is one operation of the ERP, classified as a read unless said otherwise. */
export const actionType = (name: string, classification: Classification | null = read) => ({
  name,
  title: `Uses of ${name}`,
  system: 'sys_erp',
  parameters: { type: 'object' },
  classification,
});

/** openOffice makes a database with one person of each duty, a process, two action types and the baseline, and answers it. */
export async function openOffice(): Promise<PeoplePlane> {
  plane = await testPeoplePlane();
  owner = await person(['process_owner']);
  engineer = await person(['engineer']);
  security = await person(['security']);
  leader = await person(['leader']);
  risk = await person(['risk']);
  admin = await person(['admin']);
  await createSystem(setup, { id: 'sys_erp', name: 'ERP' });
  await createProcess(setup, { id: 'prc_payables', name: 'Accounts payable', ownerId: owner.id });
  for (const name of ['invoices.read', 'invoices.list']) await classifyActionType(setup, actionType(name));
  await publishRates(setup, baselineRates());
  for (const policy of baselinePolicies()) await publishPolicy(setup, policy);
  record = {
    name: 'Invoice agent',
    purpose: 'Pays invoices.',
    processId: 'prc_payables',
    sponsorId: leader.id,
    permissions: ['invoices.read'],
  };
  return plane;
}

export const closeOffice = (): Promise<void> => plane.drop();

/** draft registers an agent as the engineer. */
export async function draft(changes: Partial<NewAgent> = {}, by: Actor = engineer.actor): Promise<string> {
  const outcome = await registerAgent(by, { ...record, ...changes });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.agent.id;
}

/** inReview has handed an agent with a credential over. */
export async function inReview(changes: Partial<NewAgent> = {}): Promise<string> {
  const id = await draft(changes);
  await issueCredential(engineer.actor, id);
  expect(await submitAgent(engineer.actor, id)).toMatchObject({ ok: true, agent: { status: 'in_review' } });
  return id;
}

/** approved has had it approved by security. */
export async function approved(changes: Partial<NewAgent> = {}): Promise<string> {
  const id = await inReview(changes);
  expect(await approveAgent(security.actor, id)).toMatchObject({ ok: true, agent: { status: 'approved', reviewedBy: security.id } });
  return id;
}

/** active has had it activated by its owner. */
export async function active(changes: Partial<NewAgent> = {}): Promise<string> {
  const id = await approved(changes);
  expect(await activateAgent(owner.actor, id)).toMatchObject({ ok: true, agent: { status: 'active' } });
  return id;
}

/** agentOf is the record as it stands. */
export async function agentOf(id: string): Promise<Agent> {
  const agent = await findAgent(id);
  if (!agent) throw new Error(`no agent ${id}`);
  return agent;
}

/** edited is the form of an agent as it stands, with some of it changed. */
export async function edited(id: string, changes: Partial<AgentEdit> = {}): Promise<AgentEdit> {
  return { ...(await agentOf(id)), ...changes };
}

/** kinds are the kinds of events about an agent, oldest first. */
export const kinds = async (id: string) => (await eventsAbout(id)).map(({ kind }) => kind);
