import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCredential, revokeCredential } from '@/lib/identity/service';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup } from '@/lib/people/testdata/people';
import { publishPolicy } from '@/lib/policy/service';
import { baselinePolicies } from '@/lib/policy/shipped';
import {
  activateAgent,
  approveAgent,
  classifyActionType,
  createProcess,
  editAgent,
  readGate,
  rejectAgent,
  reopenAgent,
  submitAgent,
} from '..';
import {
  active,
  actionType,
  admin,
  agentOf,
  approved,
  closeOffice,
  draft,
  edited,
  engineer,
  inReview,
  kinds,
  leader,
  openOffice,
  owner,
  risk,
  security,
} from '../../testdata/office';

beforeAll(openOffice);
afterAll(closeOffice);

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
