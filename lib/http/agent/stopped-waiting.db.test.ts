import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { actionType, World } from './testdata/world';
import type { AccessRequestStatus, CheckAnswer } from '@/lib/check/schema';

let world: World;
beforeAll(async () => {
  world = await World.build(2);
  await world.addActionTypes([actionType('files.delete', { effect: 'delete', reversibility: 'irreversible' })]);
});
afterAll(() => world.end());

let kills = 0;
const kill = (scope: string, target: string) => {
  const id = `kil_wait${++kills}`;
  return world.change('kill.set', id, (client) =>
    client.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ($1, $2, $3, 'test', 'usr_ana')", [
      id,
      scope,
      target,
    ]),
  );
};
const suspend = (agent: string) =>
  world.change('agent.suspended', agent, (client) => client.query("UPDATE agents SET status = 'suspended' WHERE id = $1", [agent]));
const revoke = (agent: string) =>
  world.change('credential.revoked', agent, (client) =>
    client.query('UPDATE credentials SET revoked_at = now() WHERE agent_id = $1', [agent]),
  );

/** An agent whose action waits for a person, and its open question how that stands, at each gateway. */
async function waiting(): Promise<{ agent: string; heard: Promise<AccessRequestStatus>[] }> {
  const agent = await world.addAgent(['files.delete']);
  const token = await world.token(agent);
  const { context } = (await (
    await world.send(token, '/api/check', { action: { name: 'files.delete' }, context: { arguments: { file: 'a' } } })
  ).json()) as CheckAnswer;
  const id = context.access_request?.id ?? '';
  const heard = [0, 1].map(async (gateway) => {
    const response = await world.get(token, `/access/v1/requests/${id}?wait=25`, gateway);
    expect(response.status).toBe(200);
    return (await response.json()) as AccessRequestStatus;
  });
  return { agent, heard };
}

describe('an agent that waits for a person', () => {
  test('is counted at each gateway at which it waits, until it does not wait any more', { timeout: 15_000 }, async () => {
    const { agent, heard } = await waiting();
    const calls = async () => {
      const { rows } = await world.owner.query<{ calls: number }>(
        'SELECT count(*)::int AS calls FROM gateways g, unnest(g.waiting) w(id) JOIN approvals r ON r.id = w.id WHERE r.agent_id = $1',
        [agent],
      );
      return rows[0]?.calls;
    };
    await vi.waitFor(async () => expect(await calls()).toBe(2), { timeout: 5_000, interval: 50 });
    await suspend(agent);
    await Promise.all(heard);
    await vi.waitFor(async () => expect(await calls()).toBe(0), { timeout: 5_000, interval: 50 });
  });

  test.each([
    ['killed', 'KILLED', (agent: string) => kill('agent', agent)],
    ['in a process that is killed', 'KILLED', () => kill('process', 'prc_test')],
    ['asking for an action that is killed', 'KILLED', () => kill('action_type', 'files.delete')],
    ['asking for an action on a system that is killed', 'KILLED', () => kill('system', 'sys_test')],
    ['suspended', 'AGENT_SUSPENDED', suspend],
    ['left without its credential', 'CREDENTIAL_REVOKED', revoke],
  ])('hears at once, at every gateway, that it was %s', { timeout: 15_000 }, async (_, code, stop) => {
    const { agent, heard } = await waiting();
    const bystander = code === 'KILLED' ? undefined : await waiting();
    await stop(agent);
    for (const answer of await Promise.all(heard)) {
      expect(answer).toMatchObject({ status: 'pending', stopped: { code, text: expect.any(String) as string } });
    }
    // Somebody else's stop is not theirs.
    if (bystander) {
      const race = await Promise.race([...bystander.heard, Promise.resolve('still waits')]);
      expect(race).toBe('still waits');
      await suspend(bystander.agent);
      await Promise.all(bystander.heard);
    }
    await world.owner.query(
      'BEGIN; UPDATE kill_switches SET lifted_at = now() WHERE lifted_at IS NULL; ' +
        "INSERT INTO ledger_intake (kind, subject, payload) VALUES ('kill.lifted', 'kil_all', '{}'); COMMIT",
    );
  });
});
