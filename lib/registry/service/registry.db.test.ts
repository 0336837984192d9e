import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCredential, revokeCredential } from '@/lib/identity/service';
import { deactivateUser, inTransaction, type Actor } from '@/lib/people/service';
import { eventsAbout, person, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import type { Classification } from '../schema';
import {
  activateAgent,
  classifyActionType,
  createProcess,
  createSystem,
  disableActionType,
  findActionType,
  findAgent,
  grantPermissions,
  registerAgent,
  resumeAgent,
  suspendAgent,
} from '.';

let plane: PeoplePlane;
let owner: TestPerson;
let engineer: TestPerson;
let security: TestPerson;
let admin: TestPerson;

const read: Classification = {
  effect: 'read',
  reversibility: 'reversible',
  sensitivity: { constant: 'internal' },
  audience: { constant: 'internal' },
};
const parameters = { type: 'object', properties: { invoice: { type: 'string' } } };
const invoicesRead = { name: 'invoices.read', title: 'Invoice reads', system: 'sys_erp', parameters, classification: read };
const record = { name: 'Invoice agent', purpose: 'Pays invoices.', processId: 'prc_payables', permissions: ['invoices.read'] };

beforeAll(async () => {
  plane = await testPeoplePlane();
  owner = await person(['process_owner']);
  engineer = await person(['engineer']);
  security = await person(['security']);
  admin = await person(['admin']);
  await createSystem(engineer.actor, { id: 'sys_erp', name: 'ERP' });
  await createProcess(admin.actor, { id: 'prc_payables', name: 'Accounts payable', ownerId: owner.id });
  await classifyActionType(engineer.actor, invoicesRead);
});
afterAll(() => plane.drop());

async function draft(by: Actor = engineer.actor): Promise<string> {
  const outcome = await registerAgent(by, record);
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.agent.id;
}

async function active(): Promise<string> {
  const id = await draft();
  await issueCredential(engineer.actor, id);
  expect(await activateAgent(owner.actor, id)).toMatchObject({ ok: true });
  return id;
}

describe('a rule change without its event cannot commit', () => {
  it.each<[string, string]>([
    ['an agent made active', "UPDATE agents SET status = 'suspended' WHERE id = (SELECT min(id) FROM agents)"],
    ['a permission added', "INSERT INTO agent_permissions (agent_id, action_type) SELECT min(id), 'invoices.write' FROM agents"],
    ['a permission taken', 'DELETE FROM agent_permissions WHERE agent_id = (SELECT min(id) FROM agents)'],
    ['an action type approved', "UPDATE action_types SET status = 'approved', document = '{}'"],
    ['a process given to another', `UPDATE processes SET owner_id = (SELECT min(id) FROM users)`],
    [
      'a credential slipped in',
      "INSERT INTO credentials (id, agent_id, secret_hash, hint, expires_at) SELECT 'crd_x', min(id), '\\x00', 'x', now() + interval '1 day' FROM agents",
    ],
    [
      'a signing key slipped in',
      "INSERT INTO signing_keys (kid, public_jwk, private_sealed, signs_from) VALUES ('k', '{}', '\\x00', now())",
    ],
    ['a rate changed', "INSERT INTO exchange_rates (base, as_of, rates) VALUES ('USD', '2030-01-01', '{}')"],
    ['a policy put in force', "INSERT INTO policies (id, version, name, status, document) VALUES ('pol_x', 1, 'x', 'active', '{}')"],
    ['a kill switch set', "INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ('kil_x', 'agent', 'agt_x', 'x', 'usr_x')"],
  ])('%s', async (_, statement) => {
    await classifyActionType(engineer.actor, { ...invoicesRead, name: 'invoices.write', title: 'Invoice writes', classification: null });
    await draft();
    const rows = await prisma().ledgerRow.count();
    await expect(inTransaction((tx) => tx.$executeRawUnsafe(statement))).rejects.toThrow(/changed without an event that moves the epoch/);
    expect(await prisma().ledgerRow.count()).toBe(rows);
    expect(await prisma().policy.count()).toBe(0);
    expect(await prisma().killSwitch.count()).toBe(0);
  });

  it('nor behind an event that moves nothing', async () => {
    await expect(
      inTransaction(async (tx) => {
        await tx.$executeRaw`INSERT INTO ledger_intake (kind, subject, payload) VALUES ('user.signed_in', 'usr_x', '{}')`;
        await tx.$executeRaw`INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ('kil_x', 'agent', 'agt_x', 'x', 'usr_x')`;
      }),
    ).rejects.toThrow(/changed without an event/);
  });
});

describe('registering an agent', () => {
  it('makes a draft owned by the owner of its process, at floor 2, with its event', async () => {
    const id = await draft();
    expect(await findAgent(id)).toMatchObject({
      status: 'draft',
      ownerId: owner.id,
      autonomyFloor: 2,
      permissions: ['invoices.read'],
      activatedAt: null,
    });
    const [event, ...more] = await eventsAbout(id);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      kind: 'agent.registered',
      actor: engineer.actor,
      data: { process: 'prc_payables', owner: owner.id, autonomy_floor: 2, permissions: ['invoices.read'] },
    });
  });

  it('is refused to who may not, into nothing, for nobody and under a taken id', async () => {
    const both = await person(['process_owner', 'engineer']);
    const gone = await person(['process_owner']);
    await deactivateUser(admin.actor, gone.id);
    expect(await registerAgent(owner.actor, record)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await registerAgent(security.actor, record)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await registerAgent(engineer.actor, { ...record, processId: 'prc_none' })).toEqual({ ok: false, code: 'PROCESS_UNKNOWN' });
    expect(await registerAgent(engineer.actor, { ...record, permissions: ['users.delete'] })).toEqual({
      ok: false,
      code: 'ACTION_UNKNOWN',
    });
    expect(await registerAgent(engineer.actor, { ...record, ownerId: gone.id })).toEqual({ ok: false, code: 'OWNER_NOT_ALLOWED' });
    expect(await registerAgent(both.actor, { ...record, ownerId: both.id })).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
    const twin = await person(['engineer'], owner.personId);
    expect(await registerAgent(twin.actor, record)).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
    const id = await draft();
    expect(await registerAgent(engineer.actor, { ...record, id })).toEqual({ ok: false, code: 'ID_TAKEN' });
  });
});

describe('an agent becomes active', () => {
  it('by the owner of its process, once nothing is missing', async () => {
    const id = await active();
    expect(await findAgent(id)).toMatchObject({ status: 'active' });
    expect((await eventsAbout(id)).map(({ kind }) => kind)).toEqual(['agent.registered', 'credential.issued', 'agent.activated']);
  });

  it('not by who registered it, not by the owner of another process, not twice', async () => {
    const other = await person(['process_owner']);
    const id = await draft();
    await issueCredential(engineer.actor, id);
    expect(await activateAgent(engineer.actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await activateAgent(other.actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await activateAgent(owner.actor, 'agt_none')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await activateAgent(owner.actor, id)).toMatchObject({ ok: true });
    expect(await activateAgent(owner.actor, id)).toEqual({ ok: false, code: 'WRONG_STATE' });
  });

  it('not without a secret, and a revoked one is none', async () => {
    const id = await draft();
    expect(await activateAgent(owner.actor, id)).toEqual({ ok: false, code: 'GAPS', gaps: ['CREDENTIAL_MISSING'] });
    const issued = await issueCredential(engineer.actor, id);
    if (issued.ok) await revokeCredential(engineer.actor, issued.credential.id);
    expect(await activateAgent(owner.actor, id)).toEqual({ ok: false, code: 'GAPS', gaps: ['CREDENTIAL_MISSING'] });
  });

  it('not while an action it may ask for is unclassified', async () => {
    await classifyActionType(engineer.actor, { ...invoicesRead, name: 'invoices.raw', title: 'Raw invoices', classification: null });
    const outcome = await registerAgent(engineer.actor, { ...record, permissions: ['invoices.raw'] });
    if (!outcome.ok) throw new Error(outcome.code);
    await issueCredential(engineer.actor, outcome.agent.id);
    expect(await activateAgent(owner.actor, outcome.agent.id)).toEqual({ ok: false, code: 'GAPS', gaps: ['ACTION_UNCLASSIFIED'] });
  });
});

describe('an agent is suspended and resumed', () => {
  it('by those who may, with the reason beside the ledger and not in it', async () => {
    const id = await active();
    expect(await suspendAgent(owner.actor, id, 'It pays twice, says Ana.')).toMatchObject({ ok: true, agent: { status: 'suspended' } });
    expect(await resumeAgent(owner.actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await resumeAgent(security.actor, id)).toMatchObject({ ok: true, agent: { status: 'active' } });
    const events = await eventsAbout(id);
    expect(events.map(({ kind }) => kind).slice(-2)).toEqual(['agent.suspended', 'agent.resumed']);
    expect(events.at(-2)?.commitment).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(events)).not.toContain('Ana');
  });

  it('once, when several try at once', async () => {
    const id = await active();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => suspendAgent(security.actor, id)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await eventsAbout(id)).filter(({ kind }) => kind === 'agent.suspended')).toHaveLength(1);
  });

  it('not by an engineer, an administrator or a removed person', async () => {
    const id = await active();
    const gone = await person(['security']);
    await deactivateUser(admin.actor, gone.id);
    for (const { actor } of [engineer, admin, gone]) expect(await suspendAgent(actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await findAgent(id)).toMatchObject({ status: 'active' });
  });
});

describe('permissions', () => {
  it('of a draft are widened by who registers, of an active agent only by who activates', async () => {
    await classifyActionType(engineer.actor, { ...invoicesRead, name: 'invoices.list', title: 'Invoice lists' });
    const one = await draft();
    const two = await active();
    expect(await grantPermissions(engineer.actor, one, ['invoices.list'])).toEqual({ ok: true, granted: 1 });
    expect(await grantPermissions(engineer.actor, two, ['invoices.list'])).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await grantPermissions(owner.actor, two, ['invoices.list', 'invoices.read'])).toEqual({ ok: true, granted: 1 });
    expect(await findAgent(two)).toMatchObject({ permissions: ['invoices.list', 'invoices.read'] });
    expect(await grantPermissions(owner.actor, two, ['users.delete'])).toEqual({ ok: false, code: 'ACTION_UNKNOWN' });
    expect(await grantPermissions(owner.actor, 'agt_none', ['invoices.list'])).toEqual({ ok: false, code: 'NOT_FOUND' });
  });
});

describe('classifying an action', () => {
  it('approves it, and counts a changed parameter schema as the next version', async () => {
    const name = 'orders.read';
    const first = { ...invoicesRead, name, title: 'Order reads' };
    expect(await classifyActionType(engineer.actor, first)).toMatchObject({ ok: true, actionType: { version: 1, status: 'approved' } });
    expect(await classifyActionType(engineer.actor, { ...first, title: 'Reads of orders' })).toMatchObject({
      ok: true,
      actionType: { version: 1 },
    });
    expect(await classifyActionType(engineer.actor, { ...first, parameters: { type: 'object' } })).toMatchObject({
      ok: true,
      actionType: { version: 2 },
    });
    expect(await findActionType(name)).toMatchObject({ version: 2, parameters: { type: 'object' }, classification: read });
    expect((await eventsAbout(name)).map(({ data }) => data['schema_version'])).toEqual([1, 1, 2]);
  });

  it('is refused with its gaps, on an unknown system, and to who may not', async () => {
    const name = 'orders.write';
    const write = { ...invoicesRead, name, title: 'Order writes', classification: { ...read, effect: 'write' as const } };
    expect(await classifyActionType(engineer.actor, write)).toMatchObject({
      ok: false,
      code: 'GAPS',
      gaps: [{ code: 'COMPENSATION_MISSING' }],
    });
    expect(await classifyActionType(engineer.actor, { ...write, parameters: { type: 'nonsense' } })).toMatchObject({
      ok: false,
      code: 'GAPS',
    });
    expect(await classifyActionType(engineer.actor, { ...invoicesRead, name, system: 'sys_none' })).toEqual({
      ok: false,
      code: 'SYSTEM_UNKNOWN',
    });
    expect(await classifyActionType(owner.actor, { ...invoicesRead, name })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await findActionType(name)).toBeUndefined();
  });

  it('is undone by disabling, once', async () => {
    const name = 'orders.count';
    await classifyActionType(engineer.actor, { ...invoicesRead, name, title: 'Order counts' });
    expect(await disableActionType(engineer.actor, name)).toEqual({ ok: true });
    expect(await disableActionType(engineer.actor, name)).toEqual({ ok: false, code: 'ALREADY_DISABLED' });
    expect(await disableActionType(engineer.actor, 'orders.none')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await findActionType(name)).toMatchObject({ status: 'disabled' });
  });
});

describe('a process', () => {
  it('is owned by an active process owner', async () => {
    expect(await createProcess(admin.actor, { name: 'Refunds', ownerId: owner.id })).toMatchObject({ ok: true });
    expect(await createProcess(admin.actor, { name: 'Refunds', ownerId: engineer.id })).toEqual({ ok: false, code: 'OWNER_NOT_ALLOWED' });
    expect(await createProcess(admin.actor, { name: 'Refunds', ownerId: 'usr_none' })).toEqual({ ok: false, code: 'OWNER_NOT_ALLOWED' });
    expect(await createProcess(engineer.actor, { name: 'Refunds', ownerId: owner.id })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await createProcess(admin.actor, { id: 'prc_payables', name: 'Again', ownerId: owner.id })).toEqual({
      ok: false,
      code: 'ID_TAKEN',
    });
  });
});
