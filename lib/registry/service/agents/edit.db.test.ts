import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liftKill, setKill } from '@/lib/containment/service';
import { issueCredential } from '@/lib/identity/service';
import { eventsAbout, person, setup } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { activateAgent, approveAgent, createProcess, editAgent, grantPermissions, revokePermissions, submitAgent } from '..';
import {
  active,
  agentOf,
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

  it('once reviewed, at once in what nobody reviewed alone; the rest is asked for, whoever it is', async () => {
    const id = await active();
    expect(await editAgent(risk.actor, id, await edited(id, { purpose: 'More.' }))).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    for (const by of [engineer, owner, leader, security])
      expect(await editAgent(by.actor, id, await edited(id, { purpose: 'More.', name: 'Other' }))).toMatchObject({
        ok: false,
        code: 'NEEDS_REQUEST',
      });
    expect(await editAgent(engineer.actor, id, await edited(id, { nextReviewOn: '2027-03-01' }))).toMatchObject({ ok: true });
    expect(await agentOf(id)).toMatchObject({
      status: 'active',
      purpose: 'Pays invoices.',
      name: 'Invoice agent',
      nextReviewOn: '2027-03-01',
    });
  });

  it('sooner in its next review at once, and later only when another person agrees', async () => {
    const id = await active({ nextReviewOn: '2027-03-01' });
    for (const by of [engineer, owner, leader, security])
      for (const nextReviewOn of ['2027-03-02', null])
        expect(await editAgent(by.actor, id, await edited(id, { nextReviewOn })), String(nextReviewOn)).toMatchObject({
          ok: false,
          code: 'NEEDS_REQUEST',
          text: expect.stringContaining('later review'),
        });
    expect(await editAgent(engineer.actor, id, await edited(id, { nextReviewOn: '2027-01-31' }))).toMatchObject({ ok: true });
    expect(await editAgent(engineer.actor, id, await edited(id, { nextReviewOn: '2027-03-01' }))).toMatchObject({ code: 'NEEDS_REQUEST' });
    expect(await agentOf(id)).toMatchObject({ nextReviewOn: '2027-01-31' });
  });

  it('not by its author in what was reviewed, whatever other account they have', async () => {
    const builder = await person(['engineer']);
    const secondAccount = await person(['leader'], builder.personId);
    const id = await draft({ permissions: ['invoices.read', 'invoices.list'] }, builder.actor);
    await issueCredential(builder.actor, id);
    await submitAgent(builder.actor, id);
    await approveAgent(security.actor, id);
    await activateAgent(owner.actor, id);
    expect(await editAgent(secondAccount.actor, id, await edited(id, { autonomyFloor: 1 }))).toMatchObject({
      ok: false,
      code: 'NEEDS_REQUEST',
    });
    expect(await revokePermissions(secondAccount.actor, id, ['invoices.list'])).toMatchObject({ ok: false, code: 'NEEDS_REQUEST' });
  });

  it('not while it is being reviewed', async () => {
    const id = await inReview();
    for (const by of [engineer, owner, security])
      expect(await editAgent(by.actor, id, await edited(id, { name: 'Other' }))).toMatchObject({ ok: false, code: 'WRONG_STATE' });
  });

  it('not by who owns it: whoever answers for an agent does not begin to build it', async () => {
    const both = await person(['leader', 'engineer']);
    const id = await draft({ ownerId: both.id });
    expect(await editAgent(both.actor, id, await edited(id, { purpose: 'Mine.' }))).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
    expect(await grantPermissions(both.actor, id, ['invoices.list'])).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
    expect(await editAgent(both.actor, id, await edited(id, { name: 'Other' }))).toMatchObject({ ok: true });
    expect(await agentOf(id)).toMatchObject({ purpose: 'Pays invoices.', editors: [engineer.personId] });
  });

  it('not out of a process that is stopped: it would go on there, and nobody had lifted anything', async () => {
    const id = await draft();
    const { processId } = await agentOf(id);
    await createProcess(setup, { id: 'prc_elsewhere', name: 'Elsewhere', ownerId: owner.id });
    const set = await setKill(security.actor, { scope: 'process', target: processId, reason: 'It pays twice.' });
    const moved = async () => editAgent(engineer.actor, id, await edited(id, { processId: 'prc_elsewhere' }));
    expect(await moved()).toEqual({ ok: false, code: 'PROCESS_STOPPED' });
    expect(await editAgent(engineer.actor, id, await edited(id, { purpose: 'Pays.' }))).toMatchObject({ ok: true });
    expect(await liftKill(leader.actor, { id: set.ok ? set.kill.id : '', reason: 'Fixed.' })).toMatchObject({ ok: true });
    expect(await moved()).toMatchObject({ ok: true, changed: ['processId'] });
  });

  it('not with what is not there, nor to an owner who wrote it', async () => {
    const id = await draft();
    expect(await editAgent(engineer.actor, id, await edited(id, { ownerId: engineer.id }))).toEqual({
      ok: false,
      code: 'OWNER_IS_BUILDER',
    });
    expect(await editAgent(engineer.actor, id, await edited(id, { processId: 'prc_none' }))).toEqual({
      ok: false,
      code: 'PROCESS_UNKNOWN',
    });
    expect(await editAgent(engineer.actor, id, await edited(id, { permissions: ['none.at_all'] }))).toEqual({
      ok: false,
      code: 'ACTION_UNKNOWN',
    });
    expect(await editAgent(leader.actor, 'agt_none', await edited(id))).toEqual({ ok: false, code: 'NOT_FOUND' });
  });
});

describe('permissions', () => {
  it('of a draft are widened by who registers, of an active agent by nobody alone', async () => {
    const one = await draft();
    const two = await active();
    expect(await grantPermissions(engineer.actor, one, ['invoices.list'])).toEqual({ ok: true, granted: 1 });
    expect(await grantPermissions(engineer.actor, one, ['users.delete'])).toEqual({ ok: false, code: 'ACTION_UNKNOWN' });
    for (const by of [engineer, owner, leader, security])
      expect(await grantPermissions(by.actor, two, ['invoices.list'])).toMatchObject({ ok: false, code: 'NEEDS_REQUEST' });
    expect(await grantPermissions(risk.actor, two, ['invoices.list'])).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    expect(await agentOf(two)).toMatchObject({ permissions: ['invoices.read'], version: 1 });
    expect(await grantPermissions(owner.actor, 'agt_none', ['invoices.list'])).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  it('are taken away at once by who may activate it, with an event that every gateway must see first', async () => {
    const id = await active();
    expect(await revokePermissions(engineer.actor, id, ['invoices.read'])).toMatchObject({ ok: false, code: 'NEEDS_REQUEST' });
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
