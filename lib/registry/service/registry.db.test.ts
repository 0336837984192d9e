import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction, type Actor } from '@/lib/people/service';
import { eventsAbout, person, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import type { Classification } from '../schema';
import { classifyActionType, createProcess, createSystem, disableActionType, findActionType, registerAgent } from '.';

let plane: PeoplePlane;
let owner: TestPerson;
let engineer: TestPerson;
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
