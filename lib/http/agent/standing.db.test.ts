import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionType, World } from './testdata/world';
import type { AgentStanding } from '@/lib/check/schema';

let world: World;
beforeAll(async () => {
  world = await World.build(2);
  await world.addActionTypes([actionType('files.read', { effect: 'read' })]);
});
afterAll(() => world.end());

async function standing(token: string, gateway = 0): Promise<AgentStanding> {
  const response = await world.get(token, '/api/agent', gateway);
  expect(response.status).toBe(200);
  return (await response.json()) as AgentStanding;
}
const kill = (id: string, scope: string, target: string) =>
  world.change('kill.set', id, (client) =>
    client.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ($1, $2, $3, 'test', 'usr_ana')", [
      id,
      scope,
      target,
    ]),
  );
const lift = (id: string) =>
  world.change('kill.lifted', id, (client) =>
    client.query("UPDATE kill_switches SET lifted_at = now(), lifted_by = 'usr_ana' WHERE id = $1", [id]),
  );

describe('an agent that asks who it is', () => {
  test('hears what it may, until when, as of which rules, and writes no row', async () => {
    const agent = await world.addAgent(['files.read']);
    const token = await world.taskToken(agent, 'batch 88');
    const before = await world.rowCount();
    const told = await standing(token);
    expect(told).toEqual({
      id: agent,
      status: 'active',
      may_run: true,
      reasons: [],
      process: 'prc_test',
      workflow: expect.stringMatching(/^wfl_/) as string,
      task: 'batch 88',
      credential: { id: world.credentialOf(agent).id, expires_at: expect.stringMatching(/^20.+Z$/) as string },
      token: { scope: ['files.read'], expires_at: expect.stringMatching(/^20.+Z$/) as string },
      breakers: [],
      policy: { epoch: expect.any(Number) as number },
    });
    expect(Date.parse(told.token.expires_at) - Date.now()).toBeLessThanOrEqual(300_000);
    expect(await world.rowCount()).toBe(before);
  });

  test('hears nothing of the people who answer for it', async () => {
    expect(JSON.stringify(await standing(await world.token(await world.addAgent(['files.read']))))).not.toContain('usr_');
  });

  test.each([0, 1])('hears from gateway %i at once that it was suspended, killed or halted, each by its code', async (gateway) => {
    const agent = await world.addAgent(['files.read']);
    const token = await world.token(agent);
    const told = async () => {
      const { may_run, reasons } = await standing(token, gateway);
      return [may_run, ...reasons.map(({ code }) => code)];
    };
    expect(await told()).toEqual([true]);
    await world.check(token, 'bank.drain', {}, { gateway: 1 - gateway });
    expect(await told()).toEqual([false, 'WORKFLOW_HALTED']);
    await kill(`kil_a${gateway}`, 'agent', agent);
    expect(await told()).toEqual([false, 'KILLED', 'WORKFLOW_HALTED']);
    await world.change('agent.suspended', agent, (client) => client.query("UPDATE agents SET status = 'suspended' WHERE id = $1", [agent]));
    expect(await told()).toEqual([false, 'AGENT_SUSPENDED', 'KILLED', 'WORKFLOW_HALTED']);
  });

  test.each([
    ['its process', 'process', 'prc_test'],
    ['the whole organisation', 'organisation', '*'],
  ])('hears that %s was stopped', async (_name, scope, target) => {
    const token = await world.token(await world.addAgent(['files.read']));
    await kill(`kil_${scope}`, scope, target);
    expect((await standing(token)).reasons.map(({ code }) => code)).toEqual(['KILLED']);
    await lift(`kil_${scope}`);
    expect((await standing(token)).may_run).toBe(true);
  });

  test('may run though one action or system is stopped: a check says what', async () => {
    const token = await world.token(await world.addAgent(['files.read']));
    await kill('kil_action', 'action_type', 'files.read');
    expect((await standing(token)).may_run).toBe(true);
    expect((await world.check(token, 'files.read')).answer.context.reasons[0]?.code).toBe('KILLED');
    await lift('kil_action');
  });

  test('with a revoked credential hears nothing', async () => {
    const agent = await world.addAgent(['files.read']);
    const token = await world.token(agent);
    await world.change('credential.revoked', agent, (client) =>
      client.query('UPDATE credentials SET revoked_at = now() WHERE agent_id = $1', [agent]),
    );
    await expect.poll(async () => (await world.get(token, '/api/agent')).status).toBe(401);
  });
});

describe('the Accountable person', () => {
  test('is named in every decision, for acting and for escalation, and to no agent', async () => {
    const { answer } = await world.check(await world.token(await world.addAgent(['files.read'])), 'files.read');
    expect((await world.rowOf(answer.context.id))?.payload).toMatchObject({ accountable: { execution: 'usr_ana', escalation: 'usr_ana' } });
    expect(JSON.stringify(answer)).not.toContain('usr_');
  });

  test('is who the matrix says from its change on, on both gateways; an exception for one agent goes before', async () => {
    const [plain, special] = [await world.addAgent(['files.read']), await world.addAgent(['files.read'])];
    const tokens = { [plain]: await world.token(plain), [special]: await world.token(special) };
    const named = async (agent: string, gateway: number) => {
      const { answer } = await world.check(tokens[agent] ?? '', 'files.read', {}, { gateway });
      return (await world.rowOf(answer.context.id))?.payload['accountable'];
    };
    await world.owner.query(
      "INSERT INTO users (id, person_id, email, name, password_hash, roles) VALUES ('usr_bo', 'per_bo', 'bo@example.com', 'Bo', '', '{process_owner}'), ('usr_cy', 'per_cy', 'cy@example.com', 'Cy', '', '{leader}')",
    );
    for (const [stage, role, holder, agent] of [
      ['escalation', 'accountable', 'usr_bo', null],
      ['action_execution', 'accountable', 'usr_cy', special],
    ] as const) {
      await world.change('raci.changed', 'prc_test', (client) =>
        agent === null
          ? client.query('UPDATE raci_cells SET user_id = $3 WHERE process_id = $4 AND agent_id IS NULL AND stage = $1 AND role = $2', [
              stage,
              role,
              holder,
              'prc_test',
            ])
          : client.query('INSERT INTO raci_cells (process_id, agent_id, stage, role, user_id) VALUES ($4, $5, $1, $2, $3)', [
              stage,
              role,
              holder,
              'prc_test',
              agent,
            ]),
      );
      // Straight after the commit: no decision is ordered behind a matrix it did not see.
      for (const gateway of [0, 1]) expect(await named(plain, gateway)).toEqual({ execution: 'usr_ana', escalation: 'usr_bo' });
    }
    for (const gateway of [0, 1]) expect(await named(special, gateway)).toEqual({ execution: 'usr_cy', escalation: 'usr_bo' });
  });
});

describe('metadata', () => {
  const read = async (path: string) => (await (await fetch(world.url(path))).json()) as Record<string, unknown>;

  test('for AuthZEN names the decision point and an address that decides', async () => {
    const told = await read('/.well-known/authzen-configuration');
    expect(told).toEqual({
      policy_decision_point: 'http://gateway.test',
      access_evaluation_endpoint: 'http://gateway.test/access/v1/evaluation',
    });
  });

  test('for OAuth says exactly what the token endpoint takes', async () => {
    const told = await read('/.well-known/oauth-authorization-server');
    expect(told).toMatchObject({ issuer: 'http://gateway.test', grant_types_supported: ['client_credentials'] });
    for (const link of ['token_endpoint', 'jwks_uri']) {
      const path = new URL(String(told[link])).pathname;
      expect((await fetch(world.url(path), { method: link === 'jwks_uri' ? 'GET' : 'POST' })).status, path).not.toBe(404);
    }
  });
});
