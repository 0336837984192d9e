import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCredential, issueCredential, revokeCredential, rotateCredential } from '@/lib/identity/service';
import { deactivateUser, type Actor } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { publishPolicy, publishRates } from '@/lib/policy/service';
import { prisma } from '@/lib/platform/db/prisma';
import type { Agent, AgentEdit, Classification, NewAgent } from '../../schema';
import {
  activateAgent,
  approveAgent,
  classifyActionType,
  createProcess,
  createSystem,
  decommissionAgent,
  editAgent,
  findAgent,
  grantPermissions,
  readGate,
  registerAgent,
  rejectAgent,
  reopenAgent,
  resumeAgent,
  revokePermissions,
  submitAgent,
  suspendAgent,
} from '..';

let plane: PeoplePlane;
let owner: TestPerson;
let engineer: TestPerson;
let security: TestPerson;
let leader: TestPerson;
let risk: TestPerson;
let admin: TestPerson;
let record: NewAgent;

const read: Classification = {
  effect: 'read',
  reversibility: 'reversible',
  sensitivity: { constant: 'internal' },
  audience: { constant: 'internal' },
};
const actionType = (name: string, classification: Classification | null = read) => ({
  name,
  title: `Uses of ${name}`,
  system: 'sys_erp',
  parameters: { type: 'object' },
  classification,
});

beforeAll(async () => {
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
});
afterAll(() => plane.drop());

async function draft(changes: Partial<NewAgent> = {}, by: Actor = engineer.actor): Promise<string> {
  const outcome = await registerAgent(by, { ...record, ...changes });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.agent.id;
}

async function inReview(changes: Partial<NewAgent> = {}): Promise<string> {
  const id = await draft(changes);
  await issueCredential(engineer.actor, id);
  expect(await submitAgent(engineer.actor, id)).toMatchObject({ ok: true, agent: { status: 'in_review' } });
  return id;
}

async function approved(changes: Partial<NewAgent> = {}): Promise<string> {
  const id = await inReview(changes);
  expect(await approveAgent(security.actor, id)).toMatchObject({ ok: true, agent: { status: 'approved', reviewedBy: security.id } });
  return id;
}

async function active(changes: Partial<NewAgent> = {}): Promise<string> {
  const id = await approved(changes);
  expect(await activateAgent(owner.actor, id)).toMatchObject({ ok: true, agent: { status: 'active' } });
  return id;
}

async function agentOf(id: string): Promise<Agent> {
  const agent = await findAgent(id);
  if (!agent) throw new Error(`no agent ${id}`);
  return agent;
}

/** edited is the form of an agent as it stands, with some of it changed. */
async function edited(id: string, changes: Partial<AgentEdit> = {}): Promise<AgentEdit> {
  return { ...(await agentOf(id)), ...changes };
}

const kinds = async (id: string) => (await eventsAbout(id)).map(({ kind }) => kind);

describe('registering an agent', () => {
  it('makes a draft owned by the owner of its process, at floor 2, with its author and its event', async () => {
    const id = await draft();
    expect(await agentOf(id)).toMatchObject({
      status: 'draft',
      ownerId: owner.id,
      autonomyFloor: 2,
      permissions: ['invoices.read'],
      activatedAt: null,
      registeredBy: engineer.id,
      editors: [engineer.personId],
      version: 1,
    });
    const [event, ...more] = await eventsAbout(id);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      kind: 'agent.registered',
      actor: engineer.actor,
      data: { process: 'prc_payables', owner: owner.id, sponsor: leader.id, autonomy_floor: 2, permissions: ['invoices.read'] },
    });
  });

  it('keeps the whole record, whatever was stated', async () => {
    const id = await draft({
      technicalOwnerId: engineer.id,
      successorIds: [leader.id, security.id],
      environment: 'staging',
      riskCategory: 'limited',
      endsOn: '2027-06-30',
      nextReviewOn: '2027-01-15',
      record: {
        uri: 'spiffe://example.org/agents/invoices',
        triggers: ['schedule:nightly'],
        model: { vendor: 'Acme', name: 'large', version: '3' },
        dataClasses: ['pii'],
        links: { repository: 'https://example.com/repo' },
        mcpServers: ['https://example.com/mcp'],
        baseline: { callsPerDay: 400, typicalAmount: '120.50', currency: 'EUR' },
      },
    });
    expect(await agentOf(id)).toMatchObject({
      endsOn: '2027-06-30',
      nextReviewOn: '2027-01-15',
      successorIds: [leader.id, security.id],
      record: {
        triggers: ['schedule:nightly'],
        links: { repository: 'https://example.com/repo', runbook: '' },
        baseline: { callsPerDay: 400 },
      },
    });
  });

  it('is refused to who may not, into nothing, for nobody and under a taken id', async () => {
    const both = await person(['process_owner', 'engineer']);
    const gone = await person(['process_owner']);
    await deactivateUser(admin.actor, gone.id);
    const register = (by: TestPerson, changes: Partial<NewAgent>) => registerAgent(by.actor, { ...record, ...changes });
    const refused = (code: string) => ({ ok: false, code });
    for (const by of [owner, security, leader, risk, admin, gone]) expect(await register(by, {})).toEqual(refused('NOT_ALLOWED'));
    expect(await register(engineer, { processId: 'prc_none' })).toEqual(refused('PROCESS_UNKNOWN'));
    expect(await register(engineer, { permissions: ['users.delete'] })).toEqual(refused('ACTION_UNKNOWN'));
    expect(await register(engineer, { ownerId: gone.id })).toEqual(refused('OWNER_NOT_ALLOWED'));
    expect(await register(both, { ownerId: both.id })).toEqual(refused('OWNER_IS_BUILDER'));
    const twin = await person(['engineer'], owner.personId);
    expect(await register(twin, {})).toEqual(refused('OWNER_IS_BUILDER'));
    expect(await register(engineer, { sponsorId: gone.id })).toEqual(refused('SPONSOR_UNKNOWN'));
    expect(await register(engineer, { technicalOwnerId: 'usr_none' })).toEqual(refused('TECHNICAL_OWNER_UNKNOWN'));
    expect(await register(engineer, { successorIds: [leader.id, gone.id] })).toEqual(refused('SUCCESSOR_UNKNOWN'));
    expect(await register(engineer, { id: await draft() })).toEqual(refused('ID_TAKEN'));
  });
});

describe('an agent is reviewed', () => {
  it('by another person, then activated by who answers for it, each step with its event', async () => {
    const id = await active();
    expect(await agentOf(id)).toMatchObject({ status: 'active', reviewedBy: security.id });
    expect(await kinds(id)).toEqual(['agent.registered', 'credential.issued', 'agent.submitted', 'agent.approved', 'agent.activated']);
    expect((await eventsAbout(id)).at(-2)).toMatchObject({ data: { from: 'in_review', to: 'approved', version: 1 } });
  });

  it('never by whoever wrote it, from any of their accounts', async () => {
    const builder = await person(['engineer']);
    const secondAccount = await person(['security', 'risk', 'process_owner'], builder.personId);
    const id = await draft({}, builder.actor);
    await issueCredential(builder.actor, id);
    await submitAgent(builder.actor, id);
    expect(await approveAgent(builder.actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await approveAgent(secondAccount.actor, id)).toMatchObject({ ok: false, code: 'OWN_AGENT' });
    expect(await rejectAgent(secondAccount.actor, id, 'No.')).toMatchObject({ ok: false, code: 'OWN_AGENT' });
    expect(await approveAgent(risk.actor, id)).toMatchObject({ ok: true });
    expect(await activateAgent(secondAccount.actor, id)).toMatchObject({ ok: false, code: 'OWN_AGENT' });
    expect(await agentOf(id)).toMatchObject({ status: 'approved', activatedAt: null });
  });

  it('nor by who only finished writing it', async () => {
    const id = await draft();
    const finisher = await person(['engineer', 'security']);
    expect(await editAgent(finisher.actor, id, await edited(id, { purpose: 'Pays invoices and everything else.' }))).toMatchObject({
      ok: true,
    });
    expect((await agentOf(id)).editors).toEqual([engineer.personId, finisher.personId]);
    await submitAgent(engineer.actor, id);
    expect(await approveAgent(finisher.actor, id)).toMatchObject({ ok: false, code: 'OWN_AGENT' });
  });

  it('as it was read: not when it changed since', async () => {
    const id = await inReview();
    const { version } = await agentOf(id);
    await reopenAgent(engineer.actor, id);
    await editAgent(engineer.actor, id, await edited(id, { purpose: 'Something else.' }));
    await submitAgent(engineer.actor, id);
    expect(await approveAgent(security.actor, id, version)).toMatchObject({
      ok: false,
      code: 'STALE',
      current: { purpose: 'Something else.' },
    });
    expect(await approveAgent(security.actor, id, version + 1)).toMatchObject({ ok: true });
  });

  it('not by the owner of another process, not before it was handed over, not twice, not when it is not there', async () => {
    const other = await person(['process_owner']);
    const id = await draft();
    expect(await approveAgent(security.actor, id)).toMatchObject({ ok: false, code: 'WRONG_STATE' });
    expect(await activateAgent(owner.actor, id)).toMatchObject({ ok: false, code: 'WRONG_STATE' });
    await submitAgent(engineer.actor, id);
    expect(await submitAgent(engineer.actor, id)).toMatchObject({ ok: false, code: 'WRONG_STATE' });
    expect(await approveAgent(other.actor, id)).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    expect(await approveAgent(security.actor, 'agt_none')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await approveAgent(owner.actor, id)).toMatchObject({ ok: true });
    expect(await activateAgent(other.actor, id)).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
  });

  it('and sent back with a reason that is sealed, then taken up again', async () => {
    const id = await inReview();
    expect(await rejectAgent(security.actor, id, 'Ana must not be named.')).toMatchObject({ ok: true, agent: { status: 'rejected' } });
    expect(JSON.stringify(await eventsAbout(id))).not.toContain('Ana');
    expect((await eventsAbout(id)).at(-1)?.commitment).toMatch(/^[0-9a-f]{64}$/);
    expect(await activateAgent(owner.actor, id)).toMatchObject({ ok: false, code: 'WRONG_STATE' });
    expect(await issueCredential(engineer.actor, id)).toEqual({ ok: false, code: 'AGENT_ENDED' });
    expect(await reopenAgent(owner.actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await reopenAgent(engineer.actor, id)).toMatchObject({ ok: true, agent: { status: 'draft' } });
  });

  it('anew after it was reopened: what a review said is over', async () => {
    const id = await approved();
    expect(await reopenAgent(engineer.actor, id)).toMatchObject({
      ok: true,
      agent: { status: 'draft', reviewedBy: null, reviewedAt: null },
    });
    expect(await activateAgent(owner.actor, id)).toMatchObject({ ok: false, code: 'WRONG_STATE' });
  });

  it('once, when approving races rejecting and reopening', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await inReview();
      const outcomes = await Promise.all([
        approveAgent(security.actor, id),
        rejectAgent(risk.actor, id, 'No.'),
        approveAgent(owner.actor, id),
      ]);
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      expect((await kinds(id)).filter((kind) => kind === 'agent.approved' || kind === 'agent.rejected')).toHaveLength(1);
    }
  });
});

describe('the gate before an agent may act', () => {
  const gaps = async (id: string) => {
    const outcome = await activateAgent(owner.actor, id);
    return !outcome.ok && outcome.code === 'GAPS' ? outcome.gaps.map(({ code }) => code) : outcome;
  };

  it('names a missing secret, and a revoked one is none', async () => {
    const id = await draft();
    await submitAgent(engineer.actor, id);
    await approveAgent(security.actor, id);
    expect(await gaps(id)).toEqual(['CREDENTIAL_MISSING']);
    const issued = await issueCredential(engineer.actor, id);
    if (issued.ok) await revokeCredential(engineer.actor, issued.credential.id);
    expect(await gaps(id)).toEqual(['CREDENTIAL_MISSING']);
    await issueCredential(engineer.actor, id);
    expect(await gaps(id)).toMatchObject({ ok: true });
  });

  it('names a missing sponsor, and one who has left', async () => {
    expect(await gaps(await approved({ sponsorId: null }))).toEqual(['SPONSOR_MISSING']);
    const leaving = await person(['leader']);
    const id = await approved({ sponsorId: leaving.id });
    await deactivateUser(admin.actor, leaving.id);
    expect(await gaps(id)).toEqual(['SPONSOR_INACTIVE']);
  });

  it('names an action that nobody classified, and no permission at all', async () => {
    await classifyActionType(setup, actionType('invoices.raw', null));
    const outcome = await activateAgent(owner.actor, await approved({ permissions: ['invoices.raw'] }));
    expect(outcome).toMatchObject({
      ok: false,
      code: 'GAPS',
      gaps: [{ code: 'ACTION_UNCLASSIFIED', actions: ['invoices.raw'], fixedBy: 'actions:classify' }],
    });
    expect(await gaps(await approved({ permissions: [] }))).toEqual(['PERMISSIONS_MISSING']);
  });

  it('names an owner who has left, and an Accountable person who has', async () => {
    const leaving = await person(['process_owner']);
    await createProcess(setup, { id: 'prc_left', name: 'Left behind', ownerId: leaving.id });
    const id = await approved({ processId: 'prc_left' });
    await deactivateUser(admin.actor, leaving.id);
    const outcome = await activateAgent(leader.actor, id);
    expect(outcome).toMatchObject({ ok: false, code: 'GAPS', gaps: [{ code: 'OWNER_INACTIVE' }, { code: 'ACCOUNTABLE_INACTIVE' }] });
  });

  it('shows on the page what it says to the server, and what only the baseline covers', async () => {
    const id = await draft({ sponsorId: null });
    const { gaps: shown, warnings } = await readGate(await agentOf(id));
    expect(shown.map(({ code }) => code)).toEqual(['SPONSOR_MISSING', 'CREDENTIAL_MISSING', 'REVIEWER_MISSING']);
    expect(warnings).toMatchObject([{ code: 'BASELINE_ONLY', actions: ['invoices.read'] }]);
  });

  it('counts an agent or process policy, and not one that was retired or is for another', async () => {
    const id = await active();
    const [policy] = baselinePolicies();
    if (!policy) throw new Error('no baseline');
    const { baseline: _, ...plain } = policy;
    const selector = { level: 'agent' as const, agent: 'agt_other', actions: ['invoices.*'] };
    await publishPolicy(setup, { ...plain, id: 'pol_other', version: 1, selector });
    expect((await readGate(await agentOf(id))).warnings).toHaveLength(1);
    await publishPolicy(setup, { ...plain, id: 'pol_own', version: 1, selector: { ...selector, agent: id } });
    expect((await readGate(await agentOf(id))).warnings).toEqual([]);
  });
});

describe('an active agent', () => {
  it('is suspended and resumed by those who may, with the reason beside the ledger and not in it', async () => {
    const id = await active();
    expect(await suspendAgent(owner.actor, id, 'It pays twice, says Ana.')).toMatchObject({ ok: true, agent: { status: 'suspended' } });
    expect(await resumeAgent(owner.actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await resumeAgent(security.actor, id)).toMatchObject({ ok: true, agent: { status: 'active' } });
    const events = await eventsAbout(id);
    expect(events.map(({ kind }) => kind).slice(-2)).toEqual(['agent.suspended', 'agent.resumed']);
    expect(events.at(-2)?.commitment).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(events)).not.toContain('Ana');
  });

  it('is suspended once, when several try at once', async () => {
    const id = await active();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => suspendAgent(security.actor, id)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await kinds(id)).filter((kind) => kind === 'agent.suspended')).toHaveLength(1);
  });

  it('is not stopped by an engineer, an administrator or a removed person', async () => {
    const id = await active();
    const gone = await person(['security']);
    await deactivateUser(admin.actor, gone.id);
    for (const { actor } of [engineer, admin, gone]) expect(await suspendAgent(actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await agentOf(id)).toMatchObject({ status: 'active' });
  });

  it('does not come back through a gate that has shut meanwhile', async () => {
    const id = await active();
    await suspendAgent(security.actor, id);
    const credentials = await prisma().credential.findMany({ where: { agentId: id } });
    for (const credential of credentials) await revokeCredential(security.actor, credential.id);
    expect(await resumeAgent(security.actor, id)).toMatchObject({ ok: false, code: 'GAPS', gaps: [{ code: 'CREDENTIAL_MISSING' }] });
  });

  it('ends suspended or active, never both, when activating races suspending', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await approved();
      const [activation, suspension] = await Promise.all([activateAgent(owner.actor, id), suspendAgent(security.actor, id)]);
      expect(activation).toMatchObject({ ok: true });
      expect((await agentOf(id)).status).toBe(suspension.ok ? 'suspended' : 'active');
    }
  });

  it('is decommissioned for good: its credentials end in the same commit, the record stays', async () => {
    const id = await active();
    const issued = await issueCredential(engineer.actor, id);
    if (!issued.ok) throw new Error(issued.code);
    expect(await decommissionAgent(engineer.actor, id, 'Over.')).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await decommissionAgent(owner.actor, id, 'The project is over.')).toMatchObject({
      ok: true,
      agent: { status: 'decommissioned' },
    });
    expect(await prisma().credential.count({ where: { agentId: id, revokedAt: null } })).toBe(0);
    expect(await findCredential(issued.credential.id)).toMatchObject({ revokedAt: expect.any(Date) });
    expect(await kinds(id)).toEqual(expect.arrayContaining(['agent.decommissioned', 'credential.revoked']));
    expect(await agentOf(id)).toMatchObject({ purpose: 'Pays invoices.' });
    expect(await issueCredential(security.actor, id)).toEqual({ ok: false, code: 'AGENT_ENDED' });
    expect(await rotateCredential(security.actor, issued.credential.id)).toMatchObject({ ok: false });
    expect(await grantPermissions(owner.actor, id, ['invoices.list'])).toMatchObject({ ok: false, code: 'WRONG_STATE' });
    expect(await editAgent(owner.actor, id, await edited(id, { name: 'Undead' }))).toMatchObject({ ok: false, code: 'WRONG_STATE' });
    for (const step of [submitAgent, approveAgent, reopenAgent, activateAgent, suspendAgent, resumeAgent])
      expect(await step(setup, id)).toMatchObject({ ok: false, code: 'WRONG_STATE' });
  });

  it('leaves no live secret when decommissioning races the making of one', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await active();
      await Promise.all([
        decommissionAgent(security.actor, id, 'Over.'),
        issueCredential(engineer.actor, id),
        issueCredential(security.actor, id),
      ]);
      expect(await prisma().credential.count({ where: { agentId: id, revokedAt: null } })).toBe(0);
    }
  });
});

describe('a record is edited', () => {
  it('by engineers while it is a draft, each change with before and after', async () => {
    const id = await draft();
    const outcome = await editAgent(
      engineer.actor,
      id,
      await edited(id, { purpose: 'Pays Ana.', sponsorId: security.id, permissions: ['invoices.list'] }),
    );
    expect(outcome).toMatchObject({
      ok: true,
      changed: ['purpose', 'sponsorId', 'permissions'],
      agent: { version: 2, permissions: ['invoices.list'] },
    });
    const event = (await eventsAbout(id)).at(-1);
    expect(event).toMatchObject({
      kind: 'agent.changed',
      data: {
        version: 2,
        fields: ['purpose', 'sponsorId', 'permissions'],
        changed: {
          sponsorId: { before: leader.id, after: security.id },
          permissions: { before: ['invoices.read'], after: ['invoices.list'] },
        },
      },
      commitment: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(event)).not.toContain('Ana');
  });

  it('and without a change, without an event', async () => {
    const id = await draft();
    expect(await editAgent(engineer.actor, id, await edited(id))).toMatchObject({ ok: true, changed: [], agent: { version: 1 } });
    expect(await kinds(id)).toEqual(['agent.registered']);
  });

  it('by one of two who filled in the same form: the other is told what it says now', async () => {
    const id = await draft();
    const [one, two] = [await edited(id, { purpose: 'One.' }), await edited(id, { purpose: 'Two.' })];
    const outcomes = await Promise.all([editAgent(engineer.actor, id, one), editAgent(engineer.actor, id, two)]);
    const [lost] = outcomes.filter(({ ok }) => !ok);
    const kept = (await agentOf(id)).purpose;
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(['One.', 'Two.']).toContain(kept);
    expect(lost).toMatchObject({ code: 'STALE', current: { version: 2, purpose: kept } });
  });

  it('once reviewed, in what it is by who may activate it alone, and in the rest by engineers too', async () => {
    const id = await active();
    expect(await editAgent(engineer.actor, id, await edited(id, { purpose: 'More.' }))).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    expect(await editAgent(risk.actor, id, await edited(id, { purpose: 'More.' }))).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    expect(await editAgent(engineer.actor, id, await edited(id, { nextReviewOn: '2027-03-01' }))).toMatchObject({ ok: true });
    expect(await editAgent(owner.actor, id, await edited(id, { purpose: 'More.' }))).toMatchObject({ ok: true });
    expect(await agentOf(id)).toMatchObject({ status: 'active', purpose: 'More.', editors: [engineer.personId] });
  });

  it('not by its author in what was reviewed, whatever other account they have', async () => {
    const builder = await person(['engineer']);
    const secondAccount = await person(['leader'], builder.personId);
    const id = await draft({}, builder.actor);
    await issueCredential(builder.actor, id);
    await submitAgent(builder.actor, id);
    await approveAgent(security.actor, id);
    await activateAgent(owner.actor, id);
    expect(await editAgent(secondAccount.actor, id, await edited(id, { autonomyFloor: 1 }))).toMatchObject({
      ok: false,
      code: 'OWN_AGENT',
    });
    expect(await grantPermissions(secondAccount.actor, id, ['invoices.list'])).toMatchObject({ ok: false, code: 'OWN_AGENT' });
  });

  it('not while it is being reviewed', async () => {
    const id = await inReview();
    for (const by of [engineer, owner, security])
      expect(await editAgent(by.actor, id, await edited(id, { name: 'Other' }))).toMatchObject({ ok: false, code: 'WRONG_STATE' });
  });

  it('not into a process its owner does not own, nor to an owner who wrote it, nor with what is not there', async () => {
    const other = await person(['process_owner']);
    await createProcess(setup, { id: 'prc_other', name: 'Other', ownerId: other.id });
    const id = await active();
    expect(await editAgent(owner.actor, id, await edited(id, { processId: 'prc_other' }))).toMatchObject({
      ok: false,
      code: 'NOT_ALLOWED',
    });
    expect(await editAgent(leader.actor, id, await edited(id, { processId: 'prc_other' }))).toMatchObject({ ok: true });
    expect(await editAgent(leader.actor, id, await edited(id, { ownerId: engineer.id }))).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
    expect(await editAgent(leader.actor, id, await edited(id, { processId: 'prc_none' }))).toEqual({ ok: false, code: 'PROCESS_UNKNOWN' });
    expect(await editAgent(leader.actor, id, await edited(id, { permissions: ['none.at_all'] }))).toEqual({
      ok: false,
      code: 'ACTION_UNKNOWN',
    });
    expect(await editAgent(leader.actor, 'agt_none', await edited(id))).toEqual({ ok: false, code: 'NOT_FOUND' });
  });
});

describe('permissions', () => {
  it('of a draft are widened by who registers, of an active agent only by who activates', async () => {
    const one = await draft();
    const two = await active();
    expect(await grantPermissions(engineer.actor, one, ['invoices.list'])).toEqual({ ok: true, granted: 1 });
    expect(await grantPermissions(engineer.actor, two, ['invoices.list'])).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    expect(await grantPermissions(owner.actor, two, ['invoices.list', 'invoices.read'])).toEqual({ ok: true, granted: 1 });
    expect(await agentOf(two)).toMatchObject({ permissions: ['invoices.list', 'invoices.read'], version: 2 });
    expect(await grantPermissions(owner.actor, two, ['users.delete'])).toEqual({ ok: false, code: 'ACTION_UNKNOWN' });
    expect(await grantPermissions(owner.actor, 'agt_none', ['invoices.list'])).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  it('are taken away by the same people, with an event that every gateway must see first', async () => {
    const id = await active();
    expect(await revokePermissions(engineer.actor, id, ['invoices.read'])).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    expect(await revokePermissions(owner.actor, id, ['invoices.list'])).toEqual({ ok: true, revoked: 0 });
    expect(await revokePermissions(owner.actor, id, ['invoices.read'])).toEqual({ ok: true, revoked: 1 });
    expect(await agentOf(id)).toMatchObject({ permissions: [] });
    const moved = await prisma().$queryRaw<unknown[]>`SELECT 1 FROM ledger_epochs WHERE kind = 'agent.changed' AND subject = ${id}`;
    expect(moved).toHaveLength(1);
  });

  it('that change under an open form make it stale', async () => {
    const id = await draft();
    const form = await edited(id, { name: 'Other' });
    await grantPermissions(engineer.actor, id, ['invoices.list']);
    expect(await editAgent(engineer.actor, id, form)).toMatchObject({ ok: false, code: 'STALE' });
  });
});
