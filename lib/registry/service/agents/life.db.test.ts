import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCredential, issueCredential, revokeCredential, rotateCredential } from '@/lib/identity/service';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import {
  activateAgent,
  approveAgent,
  decommissionAgent,
  editAgent,
  grantPermissions,
  reopenAgent,
  resumeAgent,
  submitAgent,
  suspendAgent,
} from '..';
import { active, admin, agentOf, approved, closeOffice, edited, engineer, kinds, openOffice, owner, security } from '../../testdata/office';

beforeAll(openOffice);
afterAll(closeOffice);

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
