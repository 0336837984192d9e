import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { deactivateUser, findUser } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { AgentRecord } from '@/lib/registry/schema';
import {
  classifyActionType,
  createProcess,
  decommissionAgent,
  editAgent,
  grantPermissions,
  reopenAgent,
  revokePermissions,
} from '@/lib/registry/service';
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
} from '@/lib/registry/testdata/office';
import { approveChange, rejectChange, requestChange, withdrawChange } from '.';
import { listChanges, listMyChangeRequests, readAskedRecord, readOpenChange } from '../../reading/change-requests';
import { ChangeQuery } from '../../schema/change-requests';
import { approveShown, ask, asked, cardOf } from '../../testdata/changes';

beforeAll(async () => {
  await openOffice();
  await classifyActionType(setup, actionType('invoices.pay'));
  await classifyActionType(setup, actionType('invoices.secret', null));
});
afterAll(closeOffice);

const account = async (id: string) => {
  const user = await findUser(id);
  if (!user) throw new Error('nobody');
  return user;
};
const statusOf = async (id: string) => (await prisma().changeRequest.findUniqueOrThrow({ where: { id } })).status;

describe('a change of an agent that may act is asked for', () => {
  it('by who could edit it, with words sealed and codes in the open; nothing changes yet', async () => {
    const id = await active();
    const outcome = await ask(
      engineer.actor,
      id,
      { purpose: 'Pays Ana.', permissions: ['invoices.list', 'invoices.read'] },
      'Ana is waiting.',
    );
    if (!outcome.ok) throw new Error(outcome.code);
    expect(await agentOf(id)).toMatchObject({ purpose: 'Pays invoices.', permissions: ['invoices.read'], version: 1 });
    const event = (await eventsAbout(id)).at(-1);
    expect(event).toMatchObject({
      kind: 'change.requested',
      data: {
        request: outcome.id,
        version: 1,
        fields: ['purpose', 'permissions'],
        changed: { permissions: { after: ['invoices.list', 'invoices.read'] } },
      },
      commitment: expect.any(String),
    });
    expect(JSON.stringify(event)).not.toContain('Ana');
    expect(await cardOf(owner.id, outcome.id)).toMatchObject({
      status: 'open',
      reason: 'Ana is waiting.',
      lines: [
        { field: 'purpose', before: 'Pays invoices.', after: 'Pays Ana.' },
        { field: 'permissions', added: ['invoices.list'], removed: [] },
      ],
      whyNotApprove: null,
      mine: false,
    });
  });

  it.each([
    ['approved', approved],
    ['active', active],
  ] as const)('once it is %s, and by leaders and security too', async (_, make) => {
    for (const by of [owner, leader, security]) expect(await ask(by.actor, await make(), { purpose: 'More.' })).toMatchObject({ ok: true });
  });

  it('not by who only reads or decides, nor for a process of somebody else', async () => {
    const id = await active();
    const other = await person(['process_owner']);
    for (const by of [admin, risk, other])
      expect(await ask(by.actor, id, { purpose: 'More.' })).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    expect(await kinds(id)).not.toContain('change.requested');
  });

  it('not where it can be saved at once, and not while somebody reviews it or after its end', async () => {
    const id = await active();
    expect(await ask(engineer.actor, id, {})).toMatchObject({ ok: false, code: 'NOTHING_ASKED' });
    expect(await ask(engineer.actor, id, { name: 'Other' })).toMatchObject({ ok: false, code: 'NOTHING_ASKED' });
    expect(await ask(owner.actor, id, { permissions: [] })).toMatchObject({ ok: false, code: 'NOTHING_ASKED' });
    expect(await ask(engineer.actor, await draft(), { purpose: 'More.' })).toMatchObject({ ok: false, code: 'NOTHING_ASKED' });
    expect(await ask(engineer.actor, await inReview(), { purpose: 'More.' })).toMatchObject({ ok: false, code: 'WRONG_STATE' });
    await decommissionAgent(owner.actor, id, 'Over.');
    expect(await ask(engineer.actor, id, { purpose: 'More.' })).toMatchObject({ ok: false, code: 'WRONG_STATE' });
  });

  it('not from an older form, nor with what is not there, nor for an owner who wrote it', async () => {
    const id = await active();
    const form = { fields: await edited(id, { purpose: 'More.' }), version: 1, reason: 'x' };
    await editAgent(engineer.actor, id, await edited(id, { name: 'Other' }));
    expect(await requestChange(engineer.actor, id, form)).toMatchObject({
      ok: false,
      code: 'STALE',
      current: { version: 2, name: 'Other' },
    });
    expect(await ask(engineer.actor, id, { permissions: ['none.at_all'] })).toEqual({ ok: false, code: 'ACTION_UNKNOWN' });
    expect(await ask(leader.actor, id, { processId: 'prc_none' })).toEqual({ ok: false, code: 'PROCESS_UNKNOWN' });
    expect(await ask(leader.actor, id, { ownerId: engineer.id })).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
    expect(await ask(leader.actor, id, { sponsorId: 'usr_none' })).toEqual({ ok: false, code: 'SPONSOR_UNKNOWN' });
  });

  it('one at a time: of two who ask at once, one is told of the other', async () => {
    const id = await active();
    const outcomes = await Promise.all([ask(engineer.actor, id, { purpose: 'One.' }), ask(leader.actor, id, { purpose: 'Two.' })]);
    const [won] = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.id] : []));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes).toContainEqual({ ok: false, code: 'OPEN_ALREADY', id: won });
    expect(await prisma().changeRequest.count({ where: { agentId: id, status: 'open' } })).toBe(1);
    expect(await readOpenChange(id)).toMatchObject({ id: won, parts: ['purpose'], by: 'Test Person' });
  });
});

describe('it is decided', () => {
  it('by another person: the record says so from that commit on, and every gateway sees it first', async () => {
    const id = await active();
    const request = await asked(engineer.actor, id, {
      permissions: ['invoices.list', 'invoices.read'],
      record: AgentRecord.parse({ triggers: ['email:x'] }),
    });
    expect(await approveShown(owner.actor, request)).toMatchObject({ ok: true, request: { status: 'approved' } });
    expect(await agentOf(id)).toMatchObject({
      status: 'active',
      version: 2,
      permissions: ['invoices.list', 'invoices.read'],
      record: { triggers: ['email:x'] },
      editors: [engineer.personId],
    });
    expect((await eventsAbout(id)).slice(-2)).toMatchObject([
      { kind: 'agent.changed', actor: { id: owner.id }, data: { request, version: 2, fields: ['permissions', 'triggers'] } },
      { kind: 'change.approved', actor: { id: owner.id }, data: { request, version: 2 } },
    ]);
    const moved = await prisma().$queryRaw<unknown[]>`SELECT 1 FROM ledger_epochs WHERE kind = 'agent.changed' AND subject = ${id}`;
    expect(moved).toHaveLength(1);
    expect(await cardOf(owner.id, request)).toMatchObject({
      status: 'approved',
      decidedBy: { id: owner.id },
      lines: [{ added: ['invoices.list'] }, { added: ['email:x'] }],
      deciders: { people: [] },
    });
  });

  it('not by the engineer who built it, not by who asked, not by a second account of either, not by who has no say', async () => {
    const id = await active();
    const request = await asked(owner.actor, id, { purpose: 'More.' });
    const otherOwner = await person(['process_owner']);
    const ownersSecond = await person(['leader'], owner.personId);
    const buildersSecond = await person(['security'], engineer.personId);
    for (const [by, code] of [
      [owner, 'OWN_REQUEST'],
      [ownersSecond, 'OWN_REQUEST'],
      [buildersSecond, 'OWN_AGENT'],
      [engineer, 'NOT_ALLOWED'],
      [admin, 'NOT_ALLOWED'],
      [otherOwner, 'NOT_ALLOWED'],
    ] as const) {
      expect(await approveShown(by.actor, request), code).toMatchObject({ ok: false, code });
      expect(await rejectChange(by.actor, request, 'No.'), code).toMatchObject({ ok: false, code });
    }
    expect(await statusOf(request)).toBe('open');
    expect(await agentOf(id)).toMatchObject({ purpose: 'Pays invoices.', version: 1 });
    expect(await approveShown(risk.actor, request)).toMatchObject({ ok: true });
  });

  it('by the owner of both processes when it moves, not of one', async () => {
    const other = await person(['process_owner']);
    await createProcess(setup, { id: 'prc_elsewhere', name: 'Elsewhere', ownerId: other.id });
    const id = await active();
    const request = await asked(engineer.actor, id, { processId: 'prc_elsewhere' });
    for (const by of [owner, other]) expect(await approveShown(by.actor, request)).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
    expect(await approveShown(leader.actor, request)).toMatchObject({ ok: true });
    expect(await agentOf(id)).toMatchObject({ processId: 'prc_elsewhere' });
  });

  it('once: of an approval and a rejection at the same time exactly one holds, and the record agrees with it', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await active();
      const request = await asked(engineer.actor, id, { purpose: 'More.' });
      const { digest } = await cardOf(leader.id, request);
      const outcomes = await Promise.all([
        approveChange(leader.actor, request, digest),
        rejectChange(security.actor, request, 'No.'),
        approveChange(owner.actor, request, digest),
      ]);
      const won = outcomes.filter(({ ok }) => ok);
      expect(won).toHaveLength(1);
      for (const lost of outcomes.filter(({ ok }) => !ok)) expect(lost).toMatchObject({ code: 'CLOSED' });
      const status = await statusOf(request);
      expect((await agentOf(id)).purpose).toBe(status === 'approved' ? 'More.' : 'Pays invoices.');
      expect((await kinds(id)).filter((kind) => kind === 'change.approved' || kind === 'change.rejected')).toEqual([`change.${status}`]);
    }
  });

  it('with a reason, when it is a no, that who asked can read', async () => {
    const id = await active();
    const request = await asked(engineer.actor, id, { purpose: 'More.' });
    expect(await rejectChange(owner.actor, request, 'Too wide.')).toMatchObject({ ok: true, request: { status: 'rejected' } });
    expect(await cardOf(engineer.id, request)).toMatchObject({ status: 'rejected', decisionReason: 'Too wide.' });
    expect(JSON.stringify(await eventsAbout(id))).not.toContain('Too wide');
    expect(await approveShown(leader.actor, request)).toMatchObject({ ok: false, code: 'CLOSED' });
    expect(await rejectChange(owner.actor, 'chg_none', 'x')).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  it('not once it was withdrawn, which only who asked does', async () => {
    const id = await active();
    const request = await asked(engineer.actor, id, { purpose: 'More.' });
    const second = await person(['engineer'], engineer.personId);
    expect(await withdrawChange(owner.actor, request)).toEqual({ ok: false, code: 'NOT_YOURS' });
    expect(await withdrawChange(second.actor, request)).toMatchObject({ ok: true });
    expect(await withdrawChange(engineer.actor, request)).toEqual({ ok: false, code: 'CLOSED' });
    expect(await approveShown(leader.actor, request)).toMatchObject({ ok: false, code: 'CLOSED' });
    expect(await agentOf(id)).toMatchObject({ purpose: 'Pays invoices.' });
    expect(await readAskedRecord(await agentOf(id), request)).toMatchObject({ id, purpose: 'More.', version: 1 });
    expect(await readAskedRecord(await agentOf(await draft()), request)).toBeUndefined();
    expect(await ask(engineer.actor, id, { purpose: 'Better.' })).toMatchObject({ ok: true });
  });
});

describe('who asked for a change that holds', () => {
  it('built the agent, as its author did, when they asked as an engineer', async () => {
    const other = await person(['engineer']);
    const id = await active();
    const request = await asked(other.actor, id, { purpose: 'More.' });
    expect((await agentOf(id)).editors).toEqual([engineer.personId]);
    expect(await approveShown(leader.actor, request)).toMatchObject({ ok: true });
    expect((await agentOf(id)).editors).toEqual([engineer.personId, other.personId]);
    // Whatever they become.
    await prisma().user.update({ where: { id: other.id }, data: { roles: ['leader'] } });
    expect(await ask(leader.actor, id, { ownerId: other.id })).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
  });

  it('did not when it was refused, nor when they asked as who answers for it', async () => {
    const other = await person(['engineer']);
    const id = await active();
    await rejectChange(leader.actor, await asked(other.actor, id, { purpose: 'More.' }), 'No.');
    for (const by of [owner, security])
      expect(await approveShown(leader.actor, await asked(by.actor, id, { purpose: by.id }))).toMatchObject({ ok: true });
    expect((await agentOf(id)).editors).toEqual([engineer.personId]);
  });

  it('is not its owner: an engineer who owns it asks for no change', async () => {
    const other = await person(['engineer']);
    const id = await active({ ownerId: other.id });
    expect(await ask(other.actor, id, { purpose: 'More.' })).toEqual({ ok: false, code: 'OWNER_IS_BUILDER' });
  });
});

describe('an approval is bound to what was shown', () => {
  it('not to another request, nor to what the record said before', async () => {
    const id = await active();
    const request = await asked(engineer.actor, id, { purpose: 'More.', permissions: ['invoices.list', 'invoices.read'] });
    const { digest } = await cardOf(owner.id, request);
    const another = await asked(engineer.actor, await active(), { purpose: 'More.', permissions: ['invoices.list', 'invoices.read'] });
    expect((await cardOf(owner.id, another)).digest).not.toBe(digest);
    expect(await approveChange(owner.actor, another, digest)).toEqual({ ok: false, code: 'NOT_AS_SHOWN' });
    expect(await approveChange(owner.actor, request, `sha-256:${'0'.repeat(64)}`)).toEqual({ ok: false, code: 'NOT_AS_SHOWN' });
    expect(await approveChange(owner.actor, request, digest)).toMatchObject({ ok: true });
  });

  it('and holds while the record moves on in other fields: only what was asked for changes', async () => {
    const id = await active();
    const request = await asked(engineer.actor, id, { purpose: 'More.' });
    const { digest } = await cardOf(owner.id, request);
    await editAgent(engineer.actor, id, await edited(id, { name: 'Renamed', nextReviewOn: '2027-03-01' }));
    expect(await approveChange(owner.actor, request, digest)).toMatchObject({ ok: true });
    expect(await agentOf(id)).toMatchObject({ purpose: 'More.', name: 'Renamed', nextReviewOn: '2027-03-01', version: 3 });
  });

  it('but not when somebody changed the same field: it says which, and is asked for again', async () => {
    const id = await active({ permissions: ['invoices.read', 'invoices.list'] });
    const request = await asked(engineer.actor, id, { permissions: ['invoices.read', 'invoices.list', 'invoices.pay'] });
    const { digest } = await cardOf(owner.id, request);
    expect(await revokePermissions(owner.actor, id, ['invoices.list'])).toMatchObject({ ok: true });
    expect(await approveChange(owner.actor, request, digest)).toEqual({ ok: false, code: 'COLLISION', fields: ['permissions'] });
    expect(await approveShown(owner.actor, request)).toMatchObject({ ok: false, code: 'COLLISION' });
    expect(await cardOf(owner.id, request)).toMatchObject({
      collisions: ['permissions'],
      whyNotApprove: expect.stringContaining('permissions'),
    });
    expect(await agentOf(id)).toMatchObject({ permissions: ['invoices.read'] });
  });
});

describe('what it would leave is asked at the moment of the approval', () => {
  it('a permission that nobody classified is not gained', async () => {
    const id = await active();
    const request = await asked(engineer.actor, id, { permissions: ['invoices.read', 'invoices.secret'] });
    expect(await cardOf(owner.id, request)).toMatchObject({ gaps: [{ code: 'ACTION_UNCLASSIFIED', actions: ['invoices.secret'] }] });
    expect(await approveShown(owner.actor, request)).toMatchObject({ ok: false, code: 'GAPS', gaps: [{ code: 'ACTION_UNCLASSIFIED' }] });
    expect(await agentOf(id)).toMatchObject({ permissions: ['invoices.read'] });
    expect(await statusOf(request)).toBe('open');
  });

  it('nor is anybody lost who vouches for it, nor named who left since', async () => {
    const id = await active();
    const request = await asked(engineer.actor, id, { sponsorId: null });
    expect(await approveShown(owner.actor, request)).toMatchObject({ ok: false, code: 'GAPS', gaps: [{ code: 'SPONSOR_MISSING' }] });
    const gone = await person(['leader']);
    const two = await active();
    const other = await asked(engineer.actor, two, { ownerId: gone.id });
    await deactivateUser(admin.actor, gone.id);
    expect(await approveShown(owner.actor, other)).toMatchObject({ ok: false });
    expect(await agentOf(two)).toMatchObject({ ownerId: owner.id, version: 1 });
  });
});

describe('an open request ends', () => {
  it('with its agent, in the same commit; the record stays', async () => {
    const id = await active();
    const request = await asked(engineer.actor, id, { purpose: 'More.' });
    const { digest } = await cardOf(security.id, request);
    await decommissionAgent(owner.actor, id, 'The project is over.');
    expect(await statusOf(request)).toBe('withdrawn');
    expect(await kinds(id)).toEqual(expect.arrayContaining(['agent.decommissioned', 'credential.revoked', 'change.withdrawn']));
    expect((await eventsAbout(id)).at(-1)).toMatchObject({ kind: 'change.withdrawn', data: { request, because: 'AGENT_DECOMMISSIONED' } });
    expect(await approveChange(security.actor, request, digest)).toMatchObject({ ok: false, code: 'CLOSED' });
    expect(await agentOf(id)).toMatchObject({ status: 'decommissioned', purpose: 'Pays invoices.' });
    expect(await cardOf(owner.id, request)).toMatchObject({ status: 'withdrawn', lines: [{ field: 'purpose' }] });
    expect(await grantPermissions(owner.actor, id, ['invoices.list'])).toMatchObject({ ok: false, code: 'WRONG_STATE' });
  });

  it('when decommissioning races an approval, whichever comes first', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await active();
      const request = await asked(engineer.actor, id, { purpose: 'More.' });
      const { digest } = await cardOf(leader.id, request);
      const [, decided] = await Promise.all([decommissionAgent(security.actor, id, 'Over.'), approveChange(leader.actor, request, digest)]);
      expect(await agentOf(id)).toMatchObject({ status: 'decommissioned', purpose: decided.ok ? 'More.' : 'Pays invoices.' });
      expect(await statusOf(request)).toBe(decided.ok ? 'approved' : 'withdrawn');
    }
  });

  it('when its agent goes back to draft, and when whoever asked leaves', async () => {
    const id = await approved();
    const request = await asked(owner.actor, id, { purpose: 'More.' });
    await reopenAgent(engineer.actor, id);
    expect(await statusOf(request)).toBe('withdrawn');
    const leaver = await person(['leader']);
    const second = await asked(leaver.actor, await active(), { purpose: 'More.' });
    await deactivateUser(admin.actor, leaver.id);
    expect(await statusOf(second)).toBe('withdrawn');
  });
});

describe('who has something to do with a request finds it', () => {
  it('to decide, or as their own; nobody else', async () => {
    const id = await active();
    const request = await asked(owner.actor, id, { purpose: 'More.' });
    const mine = async (userId: string) => {
      const user = await findUser(userId);
      if (!user) throw new Error('nobody');
      const { items, total } = await listMyChangeRequests(user, 500);
      expect(total).toBe(items.length);
      return items.find((item) => item.id === request);
    };
    const other = await person(['process_owner']);
    for (const by of [leader, security, risk])
      expect(await mine(by.id)).toMatchObject({ title: 'Change purpose of Invoice agent', href: `/changes/${request}` });
    expect(await mine(owner.id)).toMatchObject({ title: 'You asked to change purpose of Invoice agent' });
    for (const by of [engineer, admin, other]) expect(await mine(by.id)).toBeUndefined();
    await withdrawChange(owner.actor, request);
    expect(await mine(leader.id)).toBeUndefined();
  });

  it('without the words of people for who may not read them, but for what they asked for themselves', async () => {
    const id = await active();
    const request = await ask(engineer.actor, id, { purpose: 'More.' }, 'Ana is ill.');
    if (!request.ok) throw new Error(request.code);
    await rejectChange(owner.actor, request.id, 'Ana is back.');
    const colleague = await person(['engineer']);
    const seen = async (by: TestPerson) => {
      const { rows } = await listChanges(await account(by.id), ChangeQuery.parse({ agent: id }));
      const card = await cardOf(by.id, request.id);
      return [rows[0]?.reason, card.reason, card.decisionReason];
    };
    for (const by of [owner, risk, engineer, await person(['engineer'], engineer.personId)])
      expect(await seen(by)).toEqual(['Ana is ill.', 'Ana is ill.', 'Ana is back.']);
    for (const by of [admin, colleague]) expect(await seen(by)).toEqual([null, null, null]);
  });

  it('in a list of the agent, newest first, by pages', async () => {
    const id = await active();
    const made: string[] = [];
    for (const purpose of ['One.', 'Two.', 'Three.']) {
      const request = await asked(engineer.actor, id, { purpose });
      await rejectChange(owner.actor, request, 'No.');
      made.unshift(request);
    }
    const reader = await account(owner.id);
    const first = await listChanges(reader, ChangeQuery.parse({ agent: id, limit: 2 }));
    const rest = await listChanges(reader, ChangeQuery.parse({ agent: id, limit: 2, after: first.next ?? undefined }));
    expect([...first.rows, ...rest.rows].map((row) => row.id)).toEqual(made);
    expect(rest.next).toBeNull();
    expect((await listChanges(reader, ChangeQuery.parse({ agent: id, status: 'open' }))).rows).toEqual([]);
  });
});
