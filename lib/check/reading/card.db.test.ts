import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveRequest, rejectRequest } from '@/lib/approvals/service';
import { escalateApprovals } from '@/lib/approvals/service/deadlines';
import { seeRequest } from '@/lib/approvals/service/seen';
import { appendEvent } from '@/lib/ledger/service';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { agentIn } from '@/lib/raci/testdata/matrix';
import { readApproval } from '.';
import { Stage, userOf } from './testdata/stage';

let stage: Stage;
let gateway: Stage['gateway'];
let decisions: Stage['decisions'];
let owner: Stage['owner'];
let other: Stage['other'];
let mine: string;

beforeAll(async () => {
  stage = await Stage.set();
  ({ gateway, decisions, owner, other, mine } = stage);
});
afterAll(() => stage.clear());

describe('the card', () => {
  test('has the last three actions of the agent before this one, newest first', async () => {
    const agent = 'agt_earlier';
    const done = [];
    for (let i = 0; i < 4; i++) done.push(await decisions.decide({ process: mine, agent }));
    const asked = await gateway.ask({ process: mine, agent });
    await decisions.decide({ process: mine, agent });
    await stage.project();
    const card = await readApproval(await userOf(owner), asked.id);
    expect(card?.earlier.map(({ decisionId }) => decisionId)).toEqual([done[3]?.id, done[2]?.id, done[1]?.id]);
  });

  test('says how the ones like it ended, and leaves out itself, other agents and what still waits', async () => {
    const agent = 'agt_alike';
    for (const verdict of ['approve', 'approve', 'reject'] as const) {
      const { id, digest } = await gateway.ask({ process: mine, agent });
      if (verdict === 'approve') await approveRequest(owner.actor, id, { digest });
      else await rejectRequest(owner.actor, id, { digest, reason_code: 'WRONG_AMOUNT' });
    }
    await gateway.ask({ process: mine, agent, slaSeconds: 0 });
    await gateway.ask({ process: mine, agent });
    const foreign = await gateway.ask({ process: mine, agent: 'agt_alike_other' });
    await approveRequest(owner.actor, foreign.id, { digest: foreign.digest });
    const asked = await gateway.ask({ process: mine, agent });
    const card = await readApproval(await userOf(owner), asked.id);
    expect(card?.alike).toMatchObject({ approved: 2, rejected: 1, expired: 1, cancelled: 0 });
    expect(card?.alike.rows).toHaveLength(4);
    expect(card?.alike.rows.find(({ state }) => state === 'rejected')?.decidedBy?.id).toBe(owner.id);
    expect(card?.alike.secondsMedian).not.toBeNull();
  });

  test('the words of whoever decided are for those who read arguments', async () => {
    const asked = await gateway.ask({ process: mine });
    await approveRequest(owner.actor, asked.id, { digest: asked.digest, reason: 'known vendor' });
    expect((await readApproval(stage.byRole('auditor'), asked.id))?.reason).toBe('known vendor');
    expect((await readApproval(stage.byRole('engineer'), asked.id))?.reason).toBeNull();
  });
});

describe('the card of a request whose deadline comes near', () => {
  test('says who was reminded and who was called, to everybody, and to who was called that it was them', async () => {
    const backup = await person(['leader']);
    const agent = await agentIn(mine, owner.id, null);
    await prisma().$transaction(async (tx) => {
      await tx.agent.update({ where: { id: agent }, data: { successorIds: [backup.id] } });
      await appendEvent(tx, { kind: 'agent.changed', actor: setup, subject: { type: 'agent', id: agent }, data: {} });
    });
    const asked = await gateway.ask({ process: mine, agent });
    const cardFor = async (who: { id: string }) => readApproval(await userOf(who), asked.id);
    for (const share of [0.5, 0.8]) {
      await stage.superuser.query(
        `UPDATE approvals SET requested_at = now() - make_interval(secs => 3600 * $2::float8), expires_at = now() + make_interval(secs => 3600 * (1 - $2::float8)) WHERE id = $1`,
        [asked.id, share],
      );
      await escalateApprovals(prisma());
    }
    expect(await cardFor(other)).toMatchObject({
      called: null,
      mine: false,
      step: 2,
      calls: [
        { step: 1, people: [{ id: owner.id }] },
        { step: 2, people: [{ id: backup.id, name: 'Test Person' }] },
      ],
    });
    expect(await cardFor(backup)).toMatchObject({ called: 'backup', mine: true, refusal: null, arguments: { state: 'full' } });
    await rejectRequest(backup.actor, asked.id, { digest: asked.digest, reason_code: 'DUPLICATE' });
    expect(await cardFor(backup)).toMatchObject({ called: null, state: 'rejected', decidedBy: { id: backup.id } });
  });
});

describe('a look at a card', () => {
  test('is kept once, with an event, and shown to all', async () => {
    const asked = await gateway.ask({ process: mine });
    expect(await seeRequest(owner.actor, asked.id)).toEqual({ ok: true, first: true });
    expect(await seeRequest(owner.actor, asked.id)).toEqual({ ok: true, first: false });
    const seen = (await eventsAbout(asked.id)).filter(({ kind }) => kind === 'approval.seen');
    expect(seen).toMatchObject([{ actor: owner.actor, data: { decision: asked.decision } }]);
    expect((await readApproval(stage.byRole('auditor'), asked.id))?.views).toMatchObject([{ person: { id: owner.id } }]);
  });

  test('is one of twenty at once', async () => {
    const asked = await gateway.ask({ process: mine });
    const looks = await Promise.all(Array.from({ length: 20 }, () => seeRequest(owner.actor, asked.id)));
    expect(looks.filter((look) => look.ok && look.first)).toHaveLength(1);
    expect((await eventsAbout(asked.id)).filter(({ kind }) => kind === 'approval.seen')).toHaveLength(1);
  });

  test.each([
    ['by somebody it is not routed to', async () => ({ asked: await gateway.ask({ process: mine }), actor: other.actor })],
    [
      'by an auditor',
      async () => ({ asked: await gateway.ask({ process: mine }), actor: { type: 'user' as const, id: stage.byRole('auditor').id } }),
    ],
    ['by whoever it was asked for', async () => ({ asked: await gateway.ask({ process: mine, asker: owner.email }), actor: owner.actor })],
    ['after its deadline', async () => ({ asked: await gateway.ask({ process: mine, slaSeconds: 0 }), actor: owner.actor })],
    [
      'once it is decided',
      async () => {
        const asked = await gateway.ask({ process: mine });
        await approveRequest(owner.actor, asked.id, { digest: asked.digest });
        return { asked, actor: owner.actor };
      },
    ],
  ])('%s is not recorded', async (_, make) => {
    const { asked, actor } = await make();
    expect(await seeRequest(actor, asked.id)).toEqual({ ok: false, code: 'NOT_ROUTED' });
    expect((await eventsAbout(asked.id)).map(({ kind }) => kind)).not.toContain('approval.seen');
    expect((await readApproval(await userOf(owner), asked.id))?.views).toEqual([]);
  });

  test('at a request that is not there is not found', async () => {
    expect(await seeRequest(owner.actor, 'apr_00000000000000000000000000')).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  test('by a removed person is not found either', async () => {
    const gone = await person(['leader']);
    await deactivateUser(setup, gone.id);
    const asked = await gateway.ask({ process: mine });
    expect(await seeRequest(gone.actor, asked.id)).toEqual({ ok: false, code: 'NOT_FOUND' });
  });
});
