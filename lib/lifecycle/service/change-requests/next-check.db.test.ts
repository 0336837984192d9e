import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionType, World } from '@/lib/http/agent/testdata/world';
import { person, type TestPerson } from '@/lib/people/testdata/people';
import { decommissionAgent, findAgent, revokePermissions } from '@/lib/registry/service';
import { rejectChange, withdrawChange } from '.';
import { approveShown, asked } from '../../testdata/changes';

let world: World;
let engineer: TestPerson;
let leader: TestPerson;

beforeAll(async () => {
  world = await World.withPeople(2);
  await world.addActionTypes([
    actionType('files.read', { effect: 'read' }),
    actionType('files.list', { effect: 'read' }),
    actionType('payments.schedule', { money: { pointer: '/amount', currency: { constant: 'USD' } } }),
  ]);
  [engineer, leader] = [await person(['engineer']), await person(['leader'])];
});
afterAll(() => world.end());

const gateways = [0, 1] as const;

/** What each gateway answers when the agent asks for an action. */
async function answers(agent: string, action: string): Promise<(string | undefined)[]> {
  const told = [];
  for (const gateway of gateways) {
    const { answer } = await world.check(await world.token(agent, {}, gateway), action, {}, { gateway });
    told.push(answer.decision ? 'allowed' : answer.context.reasons[0]?.code);
  }
  return told;
}

describe('the next check, on every gateway,', () => {
  const refused = ['OUT_OF_SCOPE', 'OUT_OF_SCOPE'];

  it('uses a new permission once another person approved it, and not while it is asked for', async () => {
    // An action outside its permissions halts the workflow, so each question is asked by a token of its own.
    const agent = await world.addAgent(['files.read']);
    const request = await asked(engineer.actor, agent, { permissions: ['files.read', 'files.list'] });
    expect(await answers(agent, 'files.list')).toEqual(refused);
    expect(await approveShown(leader.actor, request)).toMatchObject({ ok: true });
    expect(await answers(agent, 'files.list')).toEqual(['allowed', 'allowed']);
    await revokePermissions(leader.actor, agent, ['files.list']);
    expect(await answers(agent, 'files.list')).toEqual(refused);
  });

  it('does not know a permission whose request was rejected or withdrawn', async () => {
    const agent = await world.addAgent(['files.read']);
    await rejectChange(leader.actor, await asked(engineer.actor, agent, { permissions: ['files.read', 'files.list'] }), 'Not needed.');
    await withdrawChange(engineer.actor, await asked(engineer.actor, agent, { permissions: ['files.read', 'files.list'] }));
    expect(await answers(agent, 'files.list')).toEqual(refused);
    expect(await answers(agent, 'files.read')).toEqual(['allowed', 'allowed']);
  });
});

describe('an agent that is decommissioned', () => {
  const pay = { amount: '62000.00' };

  it('gets nothing through with what it still holds: token, task, approval, idempotency key, secret', async () => {
    const agent = await world.addAgent(['files.read', 'payments.schedule']);
    const plain = await world.token(agent);
    const task = await world.taskToken(agent, 'batch 88');
    const headers = { 'idempotency-key': 'once' };
    expect((await world.check(task, 'files.read', { n: 1 }, { headers })).answer.decision).toBe(true);
    const waiting = await world.check(plain, 'payments.schedule', pay);
    const approval = waiting.answer.context.access_request?.id ?? '';
    await world.decide(approval, 'approved');

    expect(await decommissionAgent(leader.actor, agent, 'The project is over.')).toMatchObject({ ok: true });
    for (const gateway of gateways) {
      for (const token of [plain, task]) {
        expect((await world.check(token, 'files.read', {}, { gateway })).answer.decision).not.toBe(true);
        expect((await world.check(token, 'files.read', { n: 1 }, { gateway, headers })).answer.decision).not.toBe(true);
        const redeemed = await world.check(token, 'payments.schedule', pay, {
          gateway,
          context: { approval: { id: approval } },
          headers: { 'idempotency-key': `redeem-${gateway}` },
        });
        expect(redeemed.answer.decision).not.toBe(true);
      }
      expect((await world.requestToken(agent, {}, gateway)).status).not.toBe(200);
    }
    const { rows } = await world.owner.query<{ status: string }>('SELECT status FROM approvals WHERE id = $1', [approval]);
    expect(rows[0]?.status).toBe('cancelled');
    // What it was stays to be read.
    expect(await findAgent(agent)).toMatchObject({
      status: 'decommissioned',
      permissions: ['files.read', 'payments.schedule'],
      purpose: 'Testing',
    });
  });

  it('is allowed nothing that the ledger orders after it, though it asks without a pause', async () => {
    const agent = await world.addAgent(['files.read']);
    const tokens = await Promise.all([world.taskToken(agent, 'a'), world.taskToken(agent, 'b', 1)]);
    const asking = Promise.all(
      Array.from({ length: 60 }, (_, i) => world.check(tokens[i % 2] ?? '', 'files.read', { i }, { gateway: i % 2 })),
    );
    await decommissionAgent(leader.actor, agent, 'Over.');
    const ids = (await asking).flatMap(({ answer }) => (answer.decision ? [answer.context.id] : []));
    const { rows } = await world.owner.query<{ seq: string }>(
      "SELECT seq FROM ledger_epochs WHERE kind = 'agent.decommissioned' AND subject = $1",
      [agent],
    );
    const ended = Number(rows[0]?.seq);
    expect(ended).toBeGreaterThan(0);
    for (const id of ids) expect((await world.rowOf(id))?.seq).toBeLessThan(ended);
  });
});
