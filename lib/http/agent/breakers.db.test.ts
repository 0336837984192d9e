import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { actionType, World } from './testdata/world';
import type { AgentStanding, CheckAnswer } from '@/lib/check/schema';
import { probeCounter } from '@/lib/containment/domain/probes';
import { undeclaredActions } from '@/lib/containment/schema';
import { readBreakerHistory, readBreakers } from '@/lib/containment/reading';
import { recoverBreakers, resetBreaker, sweepBreakerWindows } from '@/lib/containment/service';
import { findUser } from '@/lib/people/service';
import { person, type TestPerson } from '@/lib/people/testdata/people';

let world: World;
let security: TestPerson;
const action = 'files.copy';
const share = { percent: 50, atLeast: 4, withinSeconds: 600 };

beforeAll(async () => {
  world = await World.withPeople(2, { calm: false });
  await world.addActionTypes([
    actionType(action),
    actionType('files.read', { effect: 'read' }, { type: 'object', properties: { file: { type: 'integer' } } }),
    actionType('payments.schedule', { money: { pointer: '/amount', currency: { pointer: '/currency' } } }),
  ]);
  await world.publish({
    id: 'pol_breaker',
    breaker: {
      errors: share,
      refusals: share,
      spend: { amount: '1000', currency: 'USD', atLeast: 2, withinSeconds: 60 },
      pauseSeconds: 60,
      probes: 3,
    },
  });
  security = await person(['security']);
});
afterAll(() => world.end());

let files = 0;
const eventually = { timeout: 20_000, interval: 50 };
const codeOf = ({ answer }: { answer: CheckAnswer }) => answer.context.reasons[0]?.code;
const copy = (token: string, gateway = 0, more = {}) => world.check(token, action, { file: ++files }, { gateway, ...more });

type Agent = { id: string; token: string };
async function newAgent(permissions = [action, 'files.read', 'payments.schedule']): Promise<Agent> {
  const id = await world.addAgent(permissions);
  return { id, token: await world.token(id) };
}
async function report(token: string, decision: string, status: string, gateway = 0): Promise<void> {
  const response = await world.send(token, '/api/outcomes', { decision, status }, {}, gateway);
  expect(response.status).toBe(200);
}
/** until resolves once a check through this gateway is answered with a code, or without any. */
const until = (agent: Agent, code: string | undefined, gateway = 0, name = action) =>
  vi.waitFor(async () => {
    const found = await world.check(agent.token, name, { file: ++files, amount: '1', currency: 'USD' }, { gateway });
    expect(codeOf(found)).toBe(code);
    return found;
  }, eventually);

/** trips makes an agent's outcomes fail on both gateways until its breaker is open on both. */
async function trip(status = 'failed'): Promise<Agent> {
  const agent = await newAgent();
  for (let i = 0; i < 4; i++) {
    const { answer } = await copy(agent.token, i % 2);
    await report(agent.token, answer.context.id, i < 2 ? status : 'succeeded', i % 2);
  }
  for (const gateway of [0, 1]) await until(agent, 'CIRCUIT_OPEN', gateway);
  return agent;
}
/** halfOpen lets the time pass that a breaker stays open. */
const halfOpen = ({ id }: Agent) =>
  world.change('breaker.opened', id, (client) =>
    client.query("UPDATE breakers SET probe_at = clock_timestamp() WHERE agent_id = $1 AND state = 'open'", [id]),
  );
type Row = { state: string; cause: string; times: number; opened_at: Date; probe_at: Date; closed_by: string | null; facts: object };
async function breakerOf({ id }: Agent, name = action): Promise<Row | undefined> {
  return (await world.owner.query<Row>('SELECT * FROM breakers WHERE agent_id = $1 AND action_type = $2', [id, name])).rows[0];
}
/** opened resolves once a breaker is open, before anything else is asked. */
const opened = (agent: Agent, name = action) =>
  vi.waitFor(async () => expect(await breakerOf(agent, name)).toMatchObject({ state: 'open' }), eventually);
async function probe(agent: Agent): Promise<string> {
  const found = await copy(agent.token);
  expect(found.answer.decision).toBe(true);
  return found.answer.context.id;
}
/** recover does what the jobs process does every few seconds, once the explorer has come so far. */
async function recover(): Promise<void> {
  while ((await world.project()) > 0);
  await recoverBreakers();
}
async function eventsOf({ id }: Agent): Promise<{ kind: string; actor: object; data: Record<string, unknown> }[]> {
  const { rows } = await world.owner.query<{ payload: string }>(
    `SELECT convert_from(substring(l.bytes FROM 49), 'UTF8') AS payload FROM ledger_epochs e JOIN ledger l ON l.seq = e.seq
     WHERE e.subject = $1 AND e.kind LIKE 'breaker.%' AND position('action_type' in convert_from(substring(l.bytes FROM 49), 'UTF8')) > 0 ORDER BY e.seq`,
    [id],
  );
  return rows.map(({ payload }) => JSON.parse(payload) as { kind: string; actor: object; data: Record<string, unknown> });
}

describe('a circuit breaker opens', () => {
  test.each(['failed', 'partial', 'ambiguous'])('when half of the outcomes are %s, reported to two gateways', async (status) => {
    const agent = await trip(status);
    const { answer } = await copy(agent.token, 1);
    expect(answer).toMatchObject({ decision: false, context: { verdict: 'deny', tier: null, deciding: [], obligations: [] } });
    const breaker = await breakerOf(agent);
    const reason = {
      code: 'CIRCUIT_OPEN',
      cause: 'errors',
      observed: '2 of 4 outcomes did not succeed',
      threshold: '50 % within 10 minutes',
      tier: null,
      policy: 'pol_breaker',
      version: 1,
      retry_at: breaker?.probe_at.toISOString(),
      text: `The circuit breaker of this agent for this action is open: 2 of 4 outcomes did not succeed. It tries again at ${breaker?.probe_at.toISOString()}.`,
    };
    expect(answer.context.reasons).toEqual([reason]);
    expect((await world.rowOf(answer.context.id))?.payload).toMatchObject({ verdict: 'deny', tier: null, reasons: [reason] });
    expect(await eventsOf(agent)).toMatchObject([
      {
        kind: 'breaker.opened',
        actor: { type: 'system', id: 'breaker' },
        data: {
          action_type: action,
          cause: 'errors',
          times: 1,
          probes: 3,
          facts: { observed: '2', of: 4, policy: { id: 'pol_breaker', version: 1 } },
        },
      },
    ]);
  });

  test('when half of what it asks is refused, on two gateways', async () => {
    const agent = await newAgent();
    for (let i = 0; i < 4; i++) {
      const found = await world.check(agent.token, 'files.read', { file: i % 2 ? i : 'not a number' }, { gateway: i < 2 ? 0 : 1 });
      expect(codeOf(found)).toBe(i % 2 ? undefined : 'ARGUMENTS_INVALID');
    }
    await opened(agent, 'files.read');
    for (const gateway of [0, 1]) {
      const { answer } = await until(agent, 'CIRCUIT_OPEN', gateway, 'files.read');
      expect(answer.context.reasons[0]).toMatchObject({ cause: 'refusals', observed: '2 of 4 checks were refused' });
    }
  });

  test('when it spends too much, on two gateways, and stays open until that is past', async () => {
    const agent = await newAgent();
    const pay = (amount: string, gateway: number) =>
      world.check(agent.token, 'payments.schedule', { amount, currency: 'USD', n: ++files }, { gateway });
    expect((await pay('499.99', 0)).answer.decision).toBe(true);
    expect((await pay('499.99', 1)).answer.decision).toBe(true);
    expect((await pay('499.99', 0)).answer.decision).toBe(true);
    await opened(agent, 'payments.schedule');
    const { answer } = await until(agent, 'CIRCUIT_OPEN', 1, 'payments.schedule');
    expect(answer.context.reasons[0]).toMatchObject({ cause: 'spend', threshold: '1,000 USD within 1 minute' });
    expect(answer.context.reasons[0]?.observed).toBe('1,499.97 USD went ahead');
    const breaker = await breakerOf(agent, 'payments.schedule');
    expect(Number(breaker?.probe_at) - Number(breaker?.opened_at)).toBe(80_000);
  });

  test('for what nobody registered under one name, whatever an agent makes up', async () => {
    const agent = await newAgent();
    for (let i = 0; i < 4; i++) {
      // A halt holds the workflow, and what is held counts for nothing.
      const token = await world.token(agent.id, {}, i % 2);
      expect(codeOf(await world.check(token, `made.up${i}`, {}, { gateway: i % 2 }))).toBe('ACTION_UNCLASSIFIED');
      expect(codeOf(await world.check(token, `made.up${i}`, {}, { gateway: i % 2 }))).toBe('WORKFLOW_HALTED');
    }
    await vi.waitFor(
      async () => expect(await breakerOf(agent, undeclaredActions)).toMatchObject({ cause: 'refusals', state: 'open' }),
      eventually,
    );
    const fresh = await world.token(agent.id);
    expect(codeOf(await world.check(fresh, 'made.up.again'))).toBe('CIRCUIT_OPEN');
    expect((await copy(fresh)).answer.decision).toBe(true);
    const { rows } = await world.owner.query<{ action_type: string }>(
      'SELECT DISTINCT action_type FROM breaker_windows WHERE agent_id = $1',
      [agent.id],
    );
    expect(rows.map((row) => row.action_type).filter((name) => name !== action)).toEqual([undeclaredActions]);
  });

  test('never for how things stand: stops, suspensions, halts, approvals and its own refusals', async () => {
    const agent = await newAgent();
    await world.change('kill.set', 'kil_brk', (client) =>
      client.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ('kil_brk', 'agent', $1, 'test', 'usr_ana')", [
        agent.id,
      ]),
    );
    for (let i = 0; i < 10; i++) expect(codeOf(await copy(agent.token, i % 2))).toBe('KILLED');
    await world.change('kill.lifted', 'kil_brk', (client) =>
      client.query("UPDATE kill_switches SET lifted_at = now(), lifted_by = 'usr_ana' WHERE id = 'kil_brk'"),
    );
    for (let i = 0; i < 10; i++) {
      const approval = { id: `apr_${'0'.repeat(26)}` };
      const found = await copy(agent.token, i % 2, { context: { approval }, headers: { 'idempotency-key': `b${i}` } });
      expect(codeOf(found)).toBe('APPROVAL_UNKNOWN');
    }
    const halted = await world.token(agent.id);
    await world.check(halted, 'made.up');
    for (let i = 0; i < 10; i++) expect(codeOf(await copy(halted, i % 2))).toBe('WORKFLOW_HALTED');
    // A decision that counts goes along with them, so that this has been written.
    expect((await copy(agent.token)).answer.decision).toBe(true);
    await vi.waitFor(async () => {
      const { rows } = await world.owner.query('SELECT checks, refused FROM breaker_windows WHERE agent_id = $1 AND action_type = $2', [
        agent.id,
        action,
      ]);
      expect(rows).toEqual([{ checks: 1, refused: 0 }]);
    }, eventually);
    expect(await breakerOf(agent)).toBeUndefined();
  });

  test('for that agent and that action alone', async () => {
    const agent = await trip();
    const other = await newAgent();
    expect((await copy(other.token)).answer.decision).toBe(true);
    expect((await world.check(agent.token, 'files.read', { file: 1 })).answer.decision).toBe(true);
  });

  test('and withholds what was allowed before, when the answer is asked for again', async () => {
    const agent = await newAgent();
    const again = { headers: { 'idempotency-key': 'once' } };
    const ask = (gateway: number) => world.check(agent.token, action, { file: 'once' }, { gateway, ...again });
    const { answer: before } = await ask(0);
    expect(before.decision).toBe(true);
    for (let i = 0; i < 4; i++) await report(agent.token, (await copy(agent.token)).answer.context.id, 'failed');
    await until(agent, 'CIRCUIT_OPEN', 1);
    const { answer, headers } = await ask(1);
    expect(headers.get('idempotent-replayed')).toBe('true');
    expect(answer).toMatchObject({ decision: false, context: { id: before.context.id, verdict: 'deny' } });
    expect(codeOf({ answer })).toBe('CIRCUIT_OPEN');
    await halfOpen(agent);
    expect((await ask(1)).answer.decision).toBe(true);
  });

  test('and is told to the agent that asks who it is; it may run all the same', async () => {
    const agent = await trip();
    const told = (await (await world.get(agent.token, '/api/agent', 1)).json()) as AgentStanding;
    expect(told.may_run).toBe(true);
    expect(told.breakers).toEqual([
      {
        action,
        state: 'open',
        cause: 'errors',
        observed: '2 of 4 outcomes did not succeed',
        retry_at: (await breakerOf(agent))?.probe_at.toISOString(),
      },
    ]);
  });
});

test('an outcome counts once, by the first word on it', async () => {
  const agent = await newAgent();
  const { id } = (await copy(agent.token)).answer.context;
  await report(agent.token, id, 'ambiguous');
  while ((await world.project()) > 0);
  await report(agent.token, id, 'succeeded', 1);
  await report(agent.token, id, 'succeeded', 0);
  const again = (await copy(agent.token, 1)).answer.context;
  await report(agent.token, again.id, 'succeeded', 1);
  await vi.waitFor(async () => {
    const { rows } = await world.owner.query(
      'SELECT sum(checks)::int AS checks, sum(failed)::int AS failed, sum(succeeded)::int AS succeeded FROM breaker_windows WHERE agent_id = $1',
      [agent.id],
    );
    expect(rows).toEqual([{ checks: 2, failed: 1, succeeded: 1 }]);
  }, eventually);
});

describe('half-open', () => {
  test('exactly as many go ahead as it lets through, of 50 at once on two gateways', async () => {
    const agent = await trip();
    await halfOpen(agent);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => copy(agent.token, i % 2)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const [through, refused] = [answers.filter(({ answer }) => answer.decision), answers.filter(({ answer }) => !answer.decision)];
    expect(through).toHaveLength(3);
    expect(new Set(refused.map(codeOf))).toEqual(new Set(['CIRCUIT_OPEN']));
    expect(refused[0]?.answer.context.reasons[0]?.text).toMatch(/half-open, and the 3 actions it lets through went ahead/);
    for (const { answer } of refused) expect((await world.rowOf(answer.context.id))?.payload).toMatchObject({ verdict: 'deny' });
    for (const gateway of [0, 1]) expect(codeOf(await copy(agent.token, gateway))).toBe('CIRCUIT_OPEN');
  });

  test('a probe’s own answer is given again, and is no further probe', async () => {
    const agent = await trip();
    await halfOpen(agent);
    const ask = (n: number) =>
      world.check(agent.token, action, { file: `probe ${n}` }, { gateway: n % 2, headers: { 'idempotency-key': `probe${n}` } });
    for (const n of [1, 2, 3]) expect((await ask(n)).answer.decision).toBe(true);
    for (const n of [1, 2, 3]) expect((await ask(n)).headers.get('idempotent-replayed')).toBe('true');
    for (const n of [1, 2, 3]) expect((await ask(n)).answer.decision).toBe(true);
    expect(codeOf(await ask(4))).toBe('CIRCUIT_OPEN');
  });

  test('what is refused for another reason uses no probe up', async () => {
    const agent = await trip();
    await halfOpen(agent);
    const narrow = await world.token(agent.id, { scope: 'files.read' });
    for (let i = 0; i < 5; i++) expect(codeOf(await copy(narrow, i % 2))).toBe('NOT_IN_GRANT');
    for (let i = 0; i < 3; i++) await probe(agent);
    expect(codeOf(await copy(agent.token))).toBe('CIRCUIT_OPEN');
  });

  test('it recovers when every probe succeeded, and not before', async () => {
    const agent = await trip();
    await recover();
    expect(await breakerOf(agent)).toMatchObject({ state: 'open' });
    await halfOpen(agent);
    await recover();
    expect(await breakerOf(agent)).toMatchObject({ state: 'open' });
    const opening = (await breakerOf(agent))?.opened_at ?? new Date(0);
    const probes = [await probe(agent), await probe(agent), await probe(agent)];
    for (const decision of probes.slice(1)) await report(agent.token, decision, 'succeeded');
    await recover();
    expect(await breakerOf(agent)).toMatchObject({ state: 'open' });
    await report(agent.token, probes[0] ?? '', 'succeeded');
    await recover();
    expect(await breakerOf(agent)).toMatchObject({ state: 'closed', closed_by: null });
    for (const gateway of [0, 1]) expect((await copy(agent.token, gateway)).answer.decision).toBe(true);
    expect((await eventsOf(agent)).at(-1)).toMatchObject({
      kind: 'breaker.closed',
      actor: { type: 'system', id: 'breaker' },
      data: { action_type: action, by: 'recovery', cause: 'errors', times: 1 },
    });
    // Nothing charges that counter any more.
    const counter = probeCounter(agent.id, action, opening);
    expect((await world.owner.query("SELECT 1 FROM counters WHERE counter = decode($1, 'hex')", [counter])).rowCount).toBe(0);
  });

  test.each(['failed', 'partial', 'ambiguous'])('it opens again, for longer, when a probe is %s', async (status) => {
    const agent = await trip();
    await halfOpen(agent);
    const [first = '', second = ''] = [await probe(agent), await probe(agent)];
    await report(agent.token, first, 'succeeded');
    await report(agent.token, second, status);
    await recover();
    const breaker = await breakerOf(agent);
    expect(breaker).toMatchObject({ state: 'open', times: 2, facts: { again: 'failed', observed: '1', of: 2 } });
    expect(Number(breaker?.probe_at) - Number(breaker?.opened_at)).toBe(120_000);
    expect(codeOf(await copy(agent.token, 1))).toBe('CIRCUIT_OPEN');
    // The next time there are three probes again, and it takes twice as long again.
    await halfOpen(agent);
    const probes = [await probe(agent), await probe(agent), await probe(agent)];
    expect(codeOf(await copy(agent.token, 1))).toBe('CIRCUIT_OPEN');
    await report(agent.token, probes[2] ?? '', status);
    await recover();
    const later = await breakerOf(agent);
    expect(later).toMatchObject({ times: 3 });
    expect(Number(later?.probe_at) - Number(later?.opened_at)).toBe(240_000);
    expect((await eventsOf(agent)).map(({ data }) => data['times'])).toEqual([1, 2, 3]);
  });

  test('what was allowed before it opened is no probe, whatever is reported of it now', async () => {
    const agent = await newAgent();
    const earlier: string[] = [];
    for (let i = 0; i < 4; i++) earlier.push((await copy(agent.token)).answer.context.id);
    for (let i = 0; i < 4; i++) await report(agent.token, (await copy(agent.token)).answer.context.id, 'failed');
    await until(agent, 'CIRCUIT_OPEN', 1);
    await halfOpen(agent);
    for (const decision of earlier) await report(agent.token, decision, 'succeeded');
    await recover();
    expect(await breakerOf(agent)).toMatchObject({ state: 'open', times: 1 });
  });

  test('it recovers from refusals when as much is asked that is not refused, and opens again at the first that is', async () => {
    const agent = await newAgent();
    const read = (file: unknown) => world.check(agent.token, 'files.read', { file });
    const tried = async (count: number) => {
      const opening = (await breakerOf(agent, 'files.read'))?.opened_at.getTime();
      await vi.waitFor(async () => {
        const { rows } = await world.owner.query<{ checks: number }>(
          'SELECT coalesce(sum(checks), 0)::int AS checks FROM breaker_windows WHERE agent_id = $1 AND opening = $2',
          [agent.id, opening],
        );
        expect(rows[0]?.checks).toBe(count);
      }, eventually);
    };
    for (let i = 0; i < 4; i++) await read('no number');
    await opened(agent, 'files.read');
    await until(agent, 'CIRCUIT_OPEN', 0, 'files.read');
    await halfOpen(agent);
    expect((await read(1)).answer.decision).toBe(true);
    expect(codeOf(await read('no number'))).toBe('ARGUMENTS_INVALID');
    await tried(2);
    await recover();
    expect(await breakerOf(agent, 'files.read')).toMatchObject({ state: 'open', times: 2, facts: { again: 'failed' } });
    await halfOpen(agent);
    for (let i = 0; i < 3; i++) expect((await read(i)).answer.decision).toBe(true);
    await tried(3);
    await recover();
    expect(await breakerOf(agent, 'files.read')).toMatchObject({ state: 'closed' });
  });

  test('it recovers from spending once that is back under, and not while it is not', async () => {
    const agent = await newAgent();
    const pay = () => world.check(agent.token, 'payments.schedule', { amount: '499', currency: 'USD', n: ++files });
    for (let i = 0; i < 3; i++) await pay();
    await until(agent, 'CIRCUIT_OPEN', 1, 'payments.schedule');
    await halfOpen(agent);
    await recover();
    expect(await breakerOf(agent, 'payments.schedule')).toMatchObject({ state: 'open', times: 2, facts: { again: 'over' } });
    await halfOpen(agent);
    await world.owner.query('UPDATE breaker_windows SET bucket = bucket - 100 WHERE agent_id = $1', [agent.id]);
    await recover();
    expect(await breakerOf(agent, 'payments.schedule')).toMatchObject({ state: 'closed' });
    expect((await pay()).answer.decision).toBe(true);
  });

  test('recovery looked for by several at once happens once', async () => {
    const agent = await trip();
    await halfOpen(agent);
    for (const decision of [await probe(agent), await probe(agent), await probe(agent)]) await report(agent.token, decision, 'succeeded');
    while ((await world.project()) > 0);
    await Promise.all(Array.from({ length: 4 }, () => recoverBreakers()));
    expect((await eventsOf(agent)).filter(({ kind }) => kind === 'breaker.closed')).toHaveLength(1);
  });
});

describe('a person', () => {
  const reset = (who: TestPerson, { id }: Agent, name = action) =>
    resetBreaker(who.actor, { agent: id, actionType: name, reason: 'The disk is back.' });

  test('of security resets it at once, with a reason that stays beside the ledger', async () => {
    const agent = await trip();
    expect(await reset(security, agent)).toMatchObject({ ok: true });
    for (const gateway of [0, 1]) expect((await copy(agent.token, gateway)).answer.decision).toBe(true);
    expect(await breakerOf(agent)).toMatchObject({ state: 'closed', closed_by: security.id });
    const closed = (await eventsOf(agent)).at(-1);
    expect(closed).toMatchObject({
      kind: 'breaker.closed',
      actor: security.actor,
      data: { action_type: action, by: 'person', cause: 'errors' },
    });
    expect(JSON.stringify(closed)).not.toContain('disk');
    expect(await reset(security, agent)).toEqual({ ok: false, code: 'NOT_OPEN' });
  });

  test('may: the owner of the agent’s process; may not: another owner, an engineer, an administrator, risk, an auditor, nobody', async () => {
    const agent = await trip();
    for (const role of ['engineer', 'admin', 'risk', 'auditor', 'process_owner'] as const)
      expect(await reset(await person([role]), agent), role).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await resetBreaker({ type: 'user', id: 'usr_none' }, { agent: agent.id, actionType: action, reason: 'x' })).toEqual({
      ok: false,
      code: 'NOT_ALLOWED',
    });
    expect(await breakerOf(agent)).toMatchObject({ state: 'open' });
    expect(await resetBreaker({ type: 'user', id: 'usr_ana' }, { agent: agent.id, actionType: action, reason: 'x' })).toMatchObject({
      ok: true,
    });
  });

  test('needs a reason, and something that is open', async () => {
    const agent = await newAgent();
    await expect(resetBreaker(security.actor, { agent: agent.id, actionType: action, reason: ' ' })).rejects.toThrow();
    expect(await reset(security, agent)).toEqual({ ok: false, code: 'NOT_OPEN' });
    expect(await reset(security, { id: 'agt_none', token: '' })).toEqual({ ok: false, code: 'NOT_OPEN' });
  });

  test('resets it once, though several press at the same time', async () => {
    const agent = await trip();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => reset(security, agent)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('reads what is open and what was, with names and what they may do', async () => {
    const agent = await trip();
    const ana = await findUser('usr_ana');
    const auditor = await findUser((await person(['auditor'])).id);
    if (!ana || !auditor) throw new Error('nobody');
    await halfOpen(agent);
    await probe(agent);
    expect(await readBreakers(ana, agent.id)).toEqual([
      {
        agent: { id: agent.id, name: 'Test agent' },
        process: { id: 'prc_test', name: 'Testing' },
        actionType: action,
        title: `Uses of ${action}`,
        state: 'half_open',
        cause: 'errors',
        observed: '2 of 4 outcomes did not succeed',
        threshold: '50 % within 10 minutes',
        again: null,
        policy: { id: 'pol_breaker', version: 1, name: 'pol_breaker' },
        openedAt: expect.stringMatching(/^20.+Z$/) as string,
        probeAt: expect.stringMatching(/^20.+Z$/) as string,
        probes: 3,
        used: 1,
        times: 1,
        mayReset: true,
      },
    ]);
    expect((await readBreakers(auditor)).find((one) => one.agent.id === agent.id)).toMatchObject({ mayReset: false });
    await reset(security, agent);
    while ((await world.project()) > 0);
    expect(await readBreakers(ana, agent.id)).toEqual([]);
    expect((await readBreakerHistory(agent.id)).map(({ change, observed, by }) => [change, observed, by?.name ?? null])).toEqual([
      ['reset', null, 'Test Person'],
      ['opened', '2 of 4 outcomes did not succeed', null],
    ]);
  });
});

test('counts that nothing looks back to are swept, but those of a breaker that is half-open still', async () => {
  const agent = await trip();
  const opening = (await breakerOf(agent))?.opened_at.getTime();
  const put = (of: number, bucket: string) =>
    world.owner.query(`INSERT INTO breaker_windows (agent_id, action_type, opening, bucket, checks) VALUES ($1, $2, $3, ${bucket}, 1)`, [
      agent.id,
      action,
      of,
    ]);
  await put(0, '7');
  await put(opening ?? 0, '7');
  await put(1_000, '7');
  await sweepBreakerWindows();
  const { rows } = await world.owner.query<{ opening: string }>('SELECT opening FROM breaker_windows WHERE agent_id = $1 AND bucket = 7', [
    agent.id,
  ]);
  expect(rows.map((row) => Number(row.opening))).toEqual([opening]);
  expect(
    (await world.owner.query('SELECT 1 FROM breaker_windows WHERE agent_id = $1 AND bucket > 7', [agent.id])).rowCount,
  ).toBeGreaterThan(0);
});
