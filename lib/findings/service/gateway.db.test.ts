import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionType, World } from '@/lib/http/agent/testdata/world';
import { setup } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { grantPermissions, revokePermissions, suspendAgent } from '@/lib/registry/service';
import { listMissing } from '../store/snapshot';
import { Fate, look } from '../testdata/causes';

let world: World;
let fate: Fate;

beforeAll(async () => {
  world = await World.withPeople(1);
  await world.addActionTypes([
    actionType('files.read', { effect: 'read' }),
    actionType('files.wipe', { effect: 'read' }),
    { ...actionType('files.new', { effect: 'read' }), status: 'unset', classification: null },
  ]);
  fate = await Fate.begin(world.database);
});
afterAll(async () => {
  await fate.end();
  await world.end();
});

/** As if an hour had passed since all that is in the explorer's table. */
const anHourLater = (): Promise<void> => fate.sql("UPDATE ledger_entries SET at = at - interval '1 hour'");

describe('what a real gateway decided', () => {
  test('outside an agent’s permissions is found, closes when it is permitted or suspended, and returns when it is taken away', async () => {
    const agent = await world.addAgent(['files.read']);
    for (let i = 0; i < 3; i++) await world.check(await world.taskToken(agent, `task ${i}`), 'files.wipe', { file: i });
    expect(await look('out_of_scope', agent), 'not projected yet').toBeUndefined();
    await world.project();
    expect(await look('out_of_scope', agent)).toMatchObject({
      status: 'open',
      severity: 'high',
      facts: { actions: ['files.wipe'], count: 3 },
    });
    expect(await grantPermissions(setup, agent, ['files.wipe'])).toMatchObject({ ok: true });
    expect(await look('out_of_scope', agent)).toMatchObject({ status: 'closed' });
    expect(await revokePermissions(setup, agent, ['files.wipe'])).toMatchObject({ ok: true });
    expect(await look('out_of_scope', agent)).toMatchObject({ status: 'open', timesOpened: 2 });
    expect(await suspendAgent(setup, agent)).toMatchObject({ ok: true });
    expect(await look('out_of_scope', agent)).toMatchObject({ status: 'closed' });
  });

  test('within them is no drift, classified or not', async () => {
    const agent = await world.addAgent(['files.read', 'files.new']);
    await world.check(await world.taskToken(agent, 'reads'), 'files.read', { file: 1, text: '"reasons":[{"code":"OUT_OF_SCOPE"' });
    await world.check(await world.taskToken(agent, 'makes'), 'files.new', { file: 1 });
    await world.project();
    expect(await look('out_of_scope', agent)).toBeUndefined();
    expect(await look('unclassified_in_use', agent)).toMatchObject({ facts: { actions: ['files.new'] } });
  });

  test('of a tool that nobody registered is found too, whatever it is called', async () => {
    const agent = await world.addAgent(['files.read']);
    const names = ['"reasons":[{"code":"OUT_OF_SCOPE"', 'tools.unheard'];
    // What PostgreSQL cannot hold as text is in no list, and blinds no detector.
    for (const [i, name] of [...names, 'files.\u0000', 'files.\ud800'].entries())
      await world.check(await world.taskToken(agent, `task ${i}`), name, { file: 1 });
    await world.project();
    expect(await look('out_of_scope', agent)).toMatchObject({ status: 'open', facts: { actions: names, count: 2 } });
  });

  test('outside them stays found however often this agent, or another, goes on asking in a halted workflow', async () => {
    const agent = await world.addAgent(['files.read']);
    await world.check(await world.taskToken(agent, 'a task'), 'files.wipe', { file: 1 });
    await world.project();
    for (const busy of [agent, await world.addAgent(['files.read'])])
      await fate.sql(
        `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, action_type, verdict)
         SELECT (SELECT max(seq) FROM ledger_entries) + 1000000 + n, now(), 'decision.made', 'dec_' || $1 || n, $1, 'files.read', 'halt' FROM generate_series(1, 5000) n`,
        [busy],
      );
    expect(await look('out_of_scope', agent)).toMatchObject({ status: 'open', facts: { count: 1 } });
  });

  test('and allowed is missing its outcome once its time is over, until the agent reports it', async () => {
    const agent = await world.addAgent(['files.read']);
    const token = await world.token(agent);
    const allowed = async (file: number): Promise<string> => (await world.check(token, 'files.read', { file })).answer.context.id;
    const [one, two] = [await allowed(1), await allowed(2)];
    await world.project();
    expect(await look('outcome_missing', agent), 'within its time').toBeUndefined();
    await anHourLater();
    expect(await look('outcome_missing', agent)).toMatchObject({ status: 'open', facts: { count: 2 } });
    const report = async (decision: string): Promise<number> =>
      (await world.send(token, '/api/outcomes', { decision, status: 'succeeded' })).status;
    expect([await report(one), await report(two)]).toEqual([200, 200]);
    expect(await look('outcome_missing', agent)).toMatchObject({ status: 'closed' });
    await allowed(3);
    await world.project();
    await anHourLater();
    expect(await look('outcome_missing', agent)).toMatchObject({ status: 'open', timesOpened: 2, facts: { count: 1 } });
  });

  test('and allowed is missing its outcome whatever another agent does: each is looked at by itself', async () => {
    const quiet = await world.addAgent(['files.read']);
    await world.check(await world.token(quiet), 'files.read', { file: 1 });
    const busy = await world.token(await world.addAgent(['files.read']));
    for (let file = 0; file < 5; file++) await world.check(busy, 'files.read', { file });
    await world.project();
    await anHourLater();
    const missing = await prisma().$transaction((tx) => listMissing(tx, 7, 3));
    expect(missing.find(({ agentId }) => agentId === quiet)).toMatchObject({ count: 1 });
    expect(missing.every(({ count }) => count <= 3)).toBe(true);
  });

  test('is a use of the permission, so that what is used is not taken away', async () => {
    const agent = await world.addAgent(['files.read', 'files.wipe']);
    await world.check(await world.token(agent), 'files.read', { file: 1 });
    await world.project();
    await fate.sql("UPDATE agents SET activated_at = now() - interval '60 days' WHERE id = $1", [agent]);
    await fate.sql("UPDATE agent_permissions SET granted_at = now() - interval '60 days' WHERE agent_id = $1", [agent]);
    expect(await look('over_privileged', agent)).toMatchObject({ status: 'open', facts: { actions: ['files.wipe'], count: 1, of: 2 } });
  });
});
