import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { World } from './testdata/world';
import type { CheckAnswer, HaltStatus } from '@/lib/check/schema';
import { releaseWorkflow, setKill, signAuthorisation } from '@/lib/containment/service';
import { action, ask, authorise, halted, other, prepare, reason, use, type Halted } from '@/lib/containment/testdata/halted';
import { person, type TestPerson } from '@/lib/people/testdata/people';
import { suspendAgent } from '@/lib/registry/service';

let world: World;
let leader: TestPerson;
let security: TestPerson;

beforeAll(async () => {
  world = await World.withPeople(2);
  await prepare(world);
  [leader, security] = [await person(['leader']), await person(['security'])];
});
afterAll(() => world.end());

const codes = ({ context }: CheckAnswer) => context.reasons.map(({ code }) => code);
type Authorised = Halted & { approval: string };
const authorised = async (): Promise<Authorised> => {
  const halt = await halted(world);
  return { ...halt, approval: await authorise(leader, security, halt) };
};
const halts = (answer: CheckAnswer) => expect([answer.decision, answer.context.verdict, answer.context.tier]).toEqual([false, 'halt', 4]);
const statusOf = async (halt: Halted, wait = 0, token = halt.token, gateway = 0) =>
  (await (await world.get(token, `/access/v1/requests/${halt.decision}?wait=${wait}`, gateway)).json()) as HaltStatus;
/** later moves an approval's deadline into the past, as time does. */
const later = ({ approval }: Authorised) =>
  world.owner.query("UPDATE approvals SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1", [approval]);

describe('a halted action that two people let happen', () => {
  test.each([0, 1])('is allowed once, with its approval and exactly its arguments, on gateway %i', async (gateway) => {
    const halt = await authorised();
    const answer = await use(world, halt, halt.approval, { gateway });
    expect(answer).toMatchObject({ decision: true, context: { verdict: 'allow', tier: 4, digest: halt.digest, workflow: halt.workflow } });
    expect(codes(answer)).toEqual(['AUTONOMY_TIER_4']);
    expect((await world.rowOf(answer.context.id))?.payload).toMatchObject({ verdict: 'allow', tier: 4, used_approval: halt.approval });
    const { rows } = await world.owner.query('SELECT status, used_by FROM approvals WHERE id = $1', [halt.approval]);
    expect(rows).toEqual([{ status: 'used', used_by: answer.context.id }]);
  });

  test('carries a receipt that names its approval, and a replay is the same decision', async () => {
    const halt = await authorised();
    const first = await use(world, halt, halt.approval, { key: 'once-and-again' });
    const again = await use(world, halt, halt.approval, { key: 'once-and-again', gateway: 1 });
    expect([again.decision, again.context.id]).toEqual([true, first.context.id]);
    for (const { context } of [first, again])
      expect(decodeJwt(context.receipt ?? '')).toMatchObject({ tier: 4, verdict: 'allow', approval: halt.approval, digest: halt.digest });
  });

  test('lets its workflow go on, in which everything else halts as ever', async () => {
    const halt = await authorised();
    const answer = await use(world, halt, undefined, { name: other });
    halts(answer);
    expect(codes(answer)).toEqual(['AUTONOMY_TIER_4']);
  });

  test('of many tries at once is allowed to one, on two gateways', async () => {
    const halt = await authorised();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => use(world, halt, halt.approval, { gateway: i % 2 })));
    expect(answers.filter(({ decision }) => decision)).toHaveLength(1);
  });

  test('is good for an agent that has another workflow by now', async () => {
    const halt = await authorised();
    const token = await world.token(halt.agent);
    expect((await use(world, halt, halt.approval, { token })).decision).toBe(true);
  });
});

test('each of two halts of one action that were let happen is used by its own approval', async () => {
  const first = await halted(world);
  const token = await world.token(first.agent);
  const again = await use(world, first, undefined, { token });
  halts(again);
  const second = { ...first, decision: again.context.id, workflow: again.context.workflow };
  const approvals = [await authorise(leader, security, first), await authorise(leader, security, second)];
  for (const approval of approvals) expect((await use(world, first, approval, { token })).decision).toBe(true);
});

describe('what two people let happen stays halted', () => {
  test('without its approval, and halts the workflow anew: then the approval is of no use either until that is released', async () => {
    const halt = await authorised();
    halts(await use(world, halt, undefined));
    const tried = await use(world, halt, halt.approval, { gateway: 1 });
    halts(tried);
    expect(codes(tried)).toEqual(['WORKFLOW_HALTED']);
    expect(await releaseWorkflow(leader.actor, { workflowId: halt.workflow, reason })).toMatchObject({ ok: true });
    expect((await use(world, halt, halt.approval)).decision).toBe(true);
  });

  test.each<[string, string, (halt: Authorised) => Promise<CheckAnswer>]>([
    ['other arguments', 'APPROVAL_MISMATCH', (halt) => use(world, halt, halt.approval, { args: { ...halt.args, into: 'V-2' } })],
    ['more arguments', 'APPROVAL_MISMATCH', (halt) => use(world, halt, halt.approval, { args: { ...halt.args, fast: true } })],
    ['another action', 'APPROVAL_MISMATCH', (halt) => use(world, halt, halt.approval, { name: other })],
    [
      'a second time',
      'APPROVAL_USED',
      async (halt) => {
        expect((await use(world, halt, halt.approval, { gateway: 1 })).decision).toBe(true);
        return use(world, halt, halt.approval);
      },
    ],
    [
      'after its time',
      'APPROVAL_EXPIRED',
      async (halt) => {
        await later(halt);
        return use(world, halt, halt.approval);
      },
    ],
    [
      'after the agent gave it back',
      'APPROVAL_CANCELLED',
      async (halt) => {
        expect((await world.send(halt.token, `/access/v1/requests/${halt.approval}/cancel`)).status).toBe(200);
        return use(world, halt, halt.approval);
      },
    ],
    ['an approval that there is not', 'APPROVAL_UNKNOWN', (halt) => use(world, halt, `apr_${'0'.repeat(26)}`)],
    ['the approval of another agent', 'APPROVAL_UNKNOWN', async (halt) => use(world, halt, (await authorised()).approval)],
  ])('for %s: %s', async (_, code, tried) => {
    const halt = await authorised();
    const answer = await tried(halt);
    halts(answer);
    expect(codes(answer)[0]).toBe(code);
    expect(codes(answer)).toContain('AUTONOMY_TIER_4');
    // It counts as any halt: the workflow stands still again.
    expect(codes(await use(world, halt, undefined, { name: other }))).toEqual(['WORKFLOW_HALTED']);
  });

  test('for an approval of a person that was meant for less: Tier 3 signed, Tier 4 by now', async () => {
    const agent = await world.addAgent([action], { floor: 3 });
    const token = await world.token(agent);
    const args = { from: 'V-9', into: 'V-1' };
    const approval = (await world.check(token, action, args)).answer.context.access_request?.id ?? '';
    await world.decide(approval, 'approved');
    await world.change('agent.changed', agent, (client) => client.query('UPDATE agents SET autonomy_floor = 4 WHERE id = $1', [agent]));
    const { answer } = await world.check(token, action, args, {
      context: { approval: { id: approval } },
      headers: { 'idempotency-key': 'tier-3' },
    });
    halts(answer);
    const { rows } = await world.owner.query('SELECT status FROM approvals WHERE id = $1', [approval]);
    expect(rows).toEqual([{ status: 'approved' }]);
  });

  test('while one of the two people has only asked', async () => {
    const halt = await halted(world);
    await ask(leader, halt);
    expect(codes(await use(world, halt, undefined))).toEqual(['WORKFLOW_HALTED']);
    expect((await statusOf(halt)).approval).toBeUndefined();
  });
});

describe('what two people let happen is stopped by', () => {
  const open = `INSERT INTO breakers (agent_id, action_type, state, cause, probe_at, probes) VALUES ($1, $2, 'open', 'errors', now() + interval '1 hour', 3)`;
  test.each<[string, string, (halt: Authorised) => Promise<unknown>]>([
    ['a kill', 'KILLED', ({ agent }) => setKill(security.actor, { scope: 'agent', target: agent, reason })],
    ['a suspension', 'AGENT_SUSPENDED', ({ agent }) => suspendAgent(security.actor, agent, reason)],
    [
      'an open circuit breaker',
      'CIRCUIT_OPEN',
      ({ agent }) => world.change('breaker.opened', agent, (client) => client.query(open, [agent, action])),
    ],
    ['another halt in its workflow', 'WORKFLOW_HALTED', (halt) => use(world, halt, undefined, { name: other })],
  ])('%s, and is not used up by it', async (_, code, stop) => {
    const halt = await authorised();
    await stop(halt);
    const answer = await use(world, halt, halt.approval);
    expect(answer.decision).toBe(false);
    expect(codes(answer)).toEqual([code]);
    const { rows } = await world.owner.query('SELECT status FROM approvals WHERE id = $1', [halt.approval]);
    expect(rows).toEqual([{ status: 'approved' }]);
  });
});

describe('an agent whose action was halted', () => {
  test('asks after the halt by its decision, and learns that it was released, and by which approval the action may happen', async () => {
    const halt = await halted(world);
    expect(await statusOf(halt)).toMatchObject({ id: halt.decision, status: 'halted', retry_after: 5 });
    const approval = await authorise(leader, security, halt);
    const status = await statusOf(halt, 0, halt.token, 1);
    expect(status).toMatchObject({
      status: 'released',
      retry_after: 0,
      approval: { id: approval, status: 'approved', digest: halt.digest },
    });
    await use(world, halt, status.approval?.id);
    expect((await statusOf(halt)).approval?.status).toBe('used');
  });

  test('is told at once when it waits, by both kinds of release', async () => {
    for (const authorises of [true, false]) {
      const halt = await halted(world);
      const waiting = Promise.all([0, 1].map((gateway) => statusOf(halt, 20, halt.token, gateway)));
      if (authorises) await authorise(leader, security, halt);
      else await releaseWorkflow(leader.actor, { workflowId: halt.workflow, reason });
      for (const status of await waiting) {
        expect(status.status).toBe('released');
        expect(status.approval !== undefined).toBe(authorises);
      }
    }
  });

  test.each<[string, (halt: Halted) => Promise<[token: string, id: string]>]>([
    ['of another agent', async ({ decision }) => [await world.token(await world.addAgent([action])), decision]],
    ['of a check that was halted because of it', async (halt) => [halt.token, (await use(world, halt, undefined)).context.id]],
    [
      'of a decision that halted nothing',
      async () => {
        const token = await world.token(await world.addAgent([action]));
        return [token, (await world.check(token, action)).answer.context.id];
      },
    ],
    ['of what there is not', ({ token }) => Promise.resolve([token, `dec_${'0'.repeat(26)}`])],
  ])('learns nothing %s', async (_, asks) => {
    const [token, id] = await asks(await halted(world));
    const response = await world.get(token, `/access/v1/requests/${id}`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'NOT_FOUND']);
  });

  test('hears instead that it was stopped', async () => {
    const halt = await halted(world);
    const waiting = statusOf(halt, 20);
    await setKill(security.actor, { scope: 'agent', target: halt.agent, reason });
    expect(await waiting).toMatchObject({ status: 'halted', stopped: { code: 'KILLED' } });
  });

  test('opens nothing of it with its own credentials', async () => {
    const halt = await halted(world);
    const id = await ask(leader, halt);
    for (const path of [
      '/api/v1/containment/authorisations',
      `/api/v1/containment/authorisations/${id}/sign`,
      `/access/v1/requests/${halt.decision}/release`,
    ])
      expect((await world.send(halt.token, path, { digest: halt.digest, reason })).status).toBe(404);
    expect(await signAuthorisation({ type: 'user', id: halt.agent }, id, { digest: halt.digest, reason })).toEqual({
      ok: false,
      code: 'NOT_ALLOWED',
    });
    expect((await statusOf(halt)).status).toBe('halted');
  });
});
