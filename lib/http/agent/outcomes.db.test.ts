import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionType, World } from './testdata/world';
import { newId } from '@/lib/kernel/ids';
import { open, sealingKey } from '@/lib/kernel/seal';

let world: World;
let agent: string;
let token: string;

beforeAll(async () => {
  world = await World.build(2);
  await world.addActionTypes([
    actionType('files.read', { effect: 'read' }),
    actionType(
      'payments.schedule',
      { money: { pointer: '/amount', currency: { pointer: '/currency' } }, reversal: { until: 'settlement', windowSeconds: 7200 } },
      { type: 'object', required: ['amount', 'currency'] },
    ),
  ]);
  agent = await world.addAgent(['files.read', 'payments.schedule']);
  token = await world.token(agent);
});
afterAll(() => world.end());

let files = 0;
/** An action that was allowed: another one each time, unless its arguments are given. */
async function allowed(args: Record<string, unknown> = { file: ++files }, by = token): Promise<string> {
  const { answer } = await world.check(by, 'files.read', args);
  if (!answer.decision) throw new Error(answer.context.reasons[0]?.code);
  return answer.context.id;
}
type Answered = { status: number; headers: Headers; body: Record<string, unknown> };
async function report(body: unknown, how: { token?: string; headers?: Record<string, string>; gateway?: number } = {}): Promise<Answered> {
  const response = await world.send(how.token ?? token, '/api/outcomes', body, how.headers ?? {}, how.gateway ?? 0);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}
const outcomeOf = async (decision: string) =>
  (await world.owner.query<Record<string, unknown>>('SELECT * FROM outcomes WHERE decision_id = $1', [decision])).rows[0];
async function eventOf(decision: string): Promise<{ seq: number; payload: Record<string, unknown> }[]> {
  const { rows } = await world.owner.query<{ seq: string; payload: string }>(
    `SELECT seq, convert_from(substring(bytes FROM 49), 'UTF8') AS payload FROM ledger WHERE position($1::bytea IN bytes) > 0 ORDER BY seq`,
    [Buffer.from(`"subject":{"type":"outcome","id":"${decision}"}`)],
  );
  return rows.map((row) => ({ seq: Number(row.seq), payload: JSON.parse(row.payload) as Record<string, unknown> }));
}

describe('an outcome', () => {
  test.each([
    ['before the explorer has come to its decision', false],
    ['afterwards', true],
  ])('is recorded %s, with one event and its row', async (_name, listed) => {
    const decision = await allowed();
    if (listed) await world.project();
    const digest = `sha-256:${'0'.repeat(64)}`;
    const said = {
      decision,
      effect_key: decision.replace('dec_', 'eff_'),
      status: 'succeeded',
      output_digest: digest,
      tokens: 1_200,
      cost_usd: '0.0300',
    };
    const { status, body } = await report(said, { gateway: 1 });
    expect([status, body]).toEqual([
      200,
      { decision, status: 'succeeded', recorded: true, at: expect.stringMatching(/^20.+Z$/) as string },
    ]);
    const [event, ...more] = await eventOf(decision);
    expect(more).toEqual([]);
    expect(event?.payload).toEqual({
      kind: 'outcome.reported',
      id: expect.stringMatching(/^evt_/) as string,
      actor: { type: 'agent', id: agent },
      subject: { type: 'outcome', id: decision },
      data: { decision, agent, process: 'prc_test', status: 'succeeded', tokens: 1_200, cost_usd: '0.03', output_digest: digest },
    });
    expect(await outcomeOf(decision)).toMatchObject({ agent_id: agent, status: 'succeeded', tokens: '1200', cost_usd: '0.03000000' });
  });

  test('keeps the agent’s words sealed beside the row, never in its bytes', async () => {
    const decision = await allowed();
    const words = { summary: 'Paid Frau Müller', side_effects: ['mail to mueller@example.com'] };
    await report({ decision, status: 'partial', ...words });
    const [event] = await eventOf(decision);
    expect(JSON.stringify(event?.payload)).not.toContain('Müller');
    const { rows } = await world.owner.query<{ sealed: Buffer }>('SELECT sealed FROM ledger_arguments WHERE seq = $1', [event?.seq]);
    const opened = open(sealingKey(Buffer.alloc(32, 1), 'arguments'), rows[0]?.sealed ?? Buffer.alloc(0), String(event?.payload['id']));
    expect(JSON.parse(opened?.toString() ?? 'null')).toEqual(words);
  });

  test('reported again is no second event, whether or not a key came with it', async () => {
    const decision = await allowed();
    const first = await report({ decision, status: 'failed' }, { headers: { 'idempotency-key': 'twice' } });
    const again = await report({ decision, status: 'failed' }, { gateway: 1 });
    expect(again.body).toEqual({ ...first.body, recorded: false });
    const replayed = await report({ decision, status: 'failed' }, { headers: { 'idempotency-key': 'twice' }, gateway: 1 });
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect(replayed.body).toEqual(first.body);
    expect(await eventOf(decision)).toHaveLength(1);
  });

  test('reported 50 times at once on two gateways is one event, and everybody hears the same', async () => {
    const decision = await allowed();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => report({ decision, status: 'succeeded' }, { gateway: i % 2 })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.filter(({ body }) => body['recorded'])).toHaveLength(1);
    expect(await eventOf(decision)).toHaveLength(1);
  });

  test('of two that contradict each other is the first; the other is refused', async () => {
    const decision = await allowed();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => report({ decision, status: i % 2 ? 'succeeded' : 'failed' }, { gateway: i % 2 })),
    );
    const recorded = answers.find(({ body }) => body['recorded'])?.body['status'];
    expect(answers.filter(({ body }) => body['recorded'])).toHaveLength(1);
    expect((await outcomeOf(decision))?.['status']).toBe(recorded);
    for (const { status, body } of answers)
      if (body['status'] !== recorded) expect([status, body['code']]).toEqual([409, 'OUTCOME_REPORTED']);
  });

  test('may come from another workflow of the agent, and from one that was stopped', async () => {
    const stopped = await world.addAgent(['files.read']);
    const [first, second] = [await world.token(stopped), await world.token(stopped)];
    const decision = await allowed({ file: ++files }, first);
    await world.change('kill.set', 'kil_o', (client) =>
      client.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ('kil_o', 'agent', $1, 'test', 'usr_ana')", [
        stopped,
      ]),
    );
    await world.change('agent.suspended', stopped, (client) =>
      client.query("UPDATE agents SET status = 'suspended' WHERE id = $1", [stopped]),
    );
    expect((await report({ decision, status: 'partial' }, { token: second })).status).toBe(200);
  });
});

describe('an ambiguous outcome', () => {
  test('holds back the same effect of this agent, and nothing else, until a later report settles it', async () => {
    const args = { file: 'ambiguous' };
    const decision = await allowed(args);
    expect((await report({ decision, status: 'ambiguous' })).status).toBe(200);
    for (const gateway of [0, 1]) {
      const { answer } = await world.check(token, 'files.read', args, { gateway });
      expect(answer).toMatchObject({ decision: false, context: { verdict: 'deny', tier: null, reasons: [{ code: 'EFFECT_AMBIGUOUS' }] } });
      expect(await world.rowOf(answer.context.id)).toBeDefined();
    }
    await allowed({ file: 'another' });
    const other = await world.addAgent(['files.read']);
    await allowed(args, await world.token(other));

    expect((await report({ decision, status: 'succeeded' })).body).toMatchObject({ status: 'succeeded', recorded: true });
    expect(await outcomeOf(decision)).toMatchObject({ status: 'succeeded', reported_as: 'ambiguous', settled_by: agent });
    await allowed(args);
    expect(await report({ decision, status: 'ambiguous' })).toMatchObject({ status: 409, body: { code: 'OUTCOME_REPORTED' } });
  });

  test('holds back an approval that would be used, and leaves it unused', async () => {
    const payer = await world.token(await world.addAgent(['payments.schedule']));
    const args = { amount: '62000.00', currency: 'USD' };
    const wait = async () => {
      const id = (await world.check(payer, 'payments.schedule', args)).answer.context.access_request?.id ?? '';
      await world.decide(id, 'approved');
      return id;
    };
    const use = (id: string, key: string) =>
      world.check(payer, 'payments.schedule', args, { context: { approval: { id } }, headers: { 'idempotency-key': key } });
    const first = (await use(await wait(), 'first')).answer;
    expect(first.decision).toBe(true);
    await report({ decision: first.context.id, status: 'ambiguous' }, { token: payer });
    const id = await wait();
    expect((await use(id, 'second')).answer.context.reasons[0]?.code).toBe('EFFECT_AMBIGUOUS');
    const { rows } = await world.owner.query<{ status: string }>('SELECT status FROM approvals WHERE id = $1', [id]);
    expect(rows[0]?.status).toBe('approved');
    await report({ decision: first.context.id, status: 'failed' }, { token: payer });
    expect((await use(id, 'third')).answer.decision).toBe(true);
  });

  test('never lets the same effect go ahead behind it, however the two race', async () => {
    for (let round = 0; round < 20; round++) {
      const args = { file: `race ${round}` };
      const decision = await allowed(args);
      const [, ...checks] = await Promise.all([
        report({ decision, status: 'ambiguous' }),
        ...Array.from({ length: 6 }, (_, i) => world.check(token, 'files.read', args, { gateway: i % 2 })),
      ]);
      const [event] = await eventOf(decision);
      for (const { answer } of checks) {
        if (!answer.decision) continue;
        expect((await world.rowOf(answer.context.id))?.seq).toBeLessThan(event?.seq ?? 0);
      }
    }
  });
});

describe('an outcome is refused', () => {
  test('of another agent’s decision exactly as of one that does not exist', async () => {
    const theirs = await allowed({ file: ++files }, await world.token(await world.addAgent(['files.read'])));
    const told = async (decision: string) => {
      const { status, body } = await report({ decision, status: 'succeeded' });
      return [status, { ...body, request_id: '' }];
    };
    const missing = await told(newId('dec'));
    expect(missing[0]).toBe(404);
    expect(await told(theirs)).toEqual(missing);
    await world.project();
    expect(await told(theirs)).toEqual(missing);
    expect(await outcomeOf(theirs)).toBeUndefined();
  });

  test.each([
    ['waits', 'payments.schedule', { amount: '70000.00', currency: 'USD' }],
    ['was denied', 'payments.schedule', {}],
    ['halted', 'bank.drain', {}],
  ])('of a decision that %s', async (_name, action, args) => {
    const { answer } = await world.check(await world.token(agent), action, args);
    expect(await report({ decision: answer.context.id, status: 'succeeded' })).toMatchObject({
      status: 409,
      body: { code: 'DECISION_NOT_ALLOWED' },
    });
  });

  test('for the effect of another decision', async () => {
    const answer = await report({ decision: await allowed(), effect_key: newId('dec').replace('dec_', 'eff_'), status: 'succeeded' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'UNPROCESSABLE', errors: [{ pointer: '/effect_key' }] } });
  });

  test('under an idempotency key that belongs to another report, or to a check', async () => {
    const [one, two] = [await allowed(), await allowed()];
    const headers = { 'idempotency-key': 'mine' };
    await report({ decision: one, status: 'succeeded' }, { headers });
    expect((await report({ decision: two, status: 'succeeded' }, { headers })).status).toBe(409);
    await world.check(token, 'files.read', {}, { headers: { 'idempotency-key': 'check' } });
    expect((await report({ decision: two, status: 'succeeded' }, { headers: { 'idempotency-key': 'check' } })).status).toBe(409);
    expect(await outcomeOf(two)).toBeUndefined();
  });

  test('while the explorer is too far behind to know the decision, as no decision at all', async () => {
    const far = await World.build(1);
    try {
      await far.addActionTypes([actionType('files.read', { effect: 'read' })]);
      const by = await far.token(await far.addAgent(['files.read']));
      const { answer } = await far.check(by, 'files.read');
      const tell = () => far.send(by, '/api/outcomes', { decision: answer.context.id, status: 'succeeded' });
      await far.owner.query(
        `INSERT INTO ledger_intake (kind, subject, payload) SELECT 'user.signed_in', 'usr_ana', convert_to('{"kind":"user.signed_in"}', 'UTF8') FROM generate_series(1, 2001)`,
      );
      expect((await tell()).status).toBe(503);
      await far.project();
      expect((await tell()).status).toBe(200);
    } finally {
      await far.end();
    }
  });
});

describe('a body', () => {
  const shapes: [string, (decision: string) => unknown, string?][] = [
    ['without a decision', () => ({ status: 'succeeded' }), '/decision'],
    ['with a decision that is none', () => ({ decision: "dec_' OR 1=1", status: 'succeeded' }), '/decision'],
    ['without a status', (decision) => ({ decision }), '/status'],
    ['with a status nobody knows', (decision) => ({ decision, status: 'done' }), '/status'],
    ['with a member nobody knows', (decision) => ({ decision, status: 'succeeded', verdict: 'allow' })],
    ['with fewer than no tokens', (decision) => ({ decision, status: 'succeeded', tokens: -1 }), '/tokens'],
    ['with half a token', (decision) => ({ decision, status: 'succeeded', tokens: 0.5 }), '/tokens'],
    ['with a cost that is no amount', (decision) => ({ decision, status: 'succeeded', cost_usd: '1,000' }), '/cost_usd'],
    ['with a negative cost', (decision) => ({ decision, status: 'succeeded', cost_usd: -1 }), '/cost_usd'],
    ['with a cost that no column holds', (decision) => ({ decision, status: 'succeeded', cost_usd: '1000000000000' }), '/cost_usd'],
    [
      'with a digest of another algorithm',
      (decision) => ({ decision, status: 'succeeded', output_digest: `md5:${'0'.repeat(32)}` }),
      '/output_digest',
    ],
    ['with side effects that are no list', (decision) => ({ decision, status: 'succeeded', side_effects: 'mail' }), '/side_effects'],
    ['that is null', () => null],
    ['that is a list', () => []],
  ];
  test.each(shapes)('%s is refused with its place named, and records nothing', async (_name, make, pointer) => {
    const decision = await allowed();
    const { status, body } = await report(make(decision));
    expect([status, body['code']]).toEqual([400, 'MALFORMED']);
    if (pointer !== undefined) expect(body['errors']).toMatchObject([{ pointer }]);
    expect(await outcomeOf(decision)).toBeUndefined();
  });

  const raw = (decision: string): string => `{"decision":"${decision}","status":"succeeded"}`;
  const refusals: [string, (decision: string) => string | Uint8Array<ArrayBuffer>, number, Record<string, string>?][] = [
    ['empty', () => '', 400],
    ['cut off', (decision) => raw(decision).slice(0, -1), 400],
    ['followed by another', (decision) => raw(decision) + raw(decision), 400],
    ['with a byte order mark', (decision) => `\ufeff${raw(decision)}`, 400],
    ['in UTF-16', (decision) => new Uint8Array(Buffer.from(raw(decision), 'utf16le')), 400],
    ['with bad UTF-8', () => new Uint8Array([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]), 400],
    ['with a status that stands twice', (decision) => raw(decision).replace('}', ',"status":"failed"}'), 400],
    ['with tokens a double cannot hold', (decision) => raw(decision).replace('}', ',"tokens":9007199254740993}'), 400],
    ['with half a surrogate pair', (decision) => raw(decision).replace('}', ',"summary":"\\ud800"}'), 400],
    ['with __proto__', (decision) => raw(decision).replace('}', ',"__proto__":{}}'), 400],
    ['nested 10,000 deep', () => `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400],
    ['larger than the limit', (decision) => raw(decision).replace('}', `,"summary":"${'x'.repeat(300_000)}"}`), 413],
    ['in another content type', raw, 415, { 'content-type': 'text/plain' }],
    ['as a form', raw, 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['in another charset', raw, 415, { 'content-type': 'application/json; charset=utf-16' }],
    ['compressed', raw, 415, { 'content-encoding': 'gzip' }],
    ['under an empty idempotency key', raw, 400, { 'idempotency-key': '""' }],
  ];
  test.each(refusals)('%s is refused with a problem and records nothing', async (_name, make, status, headers) => {
    const decision = await allowed();
    const response = await world.post(token, make(decision), headers ?? {}, '/api/outcomes');
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, request_id: expect.stringMatching(/^req_/) as string });
    expect(await outcomeOf(decision)).toBeUndefined();
  });

  test('with NUL in its words is taken, since nothing reads them', async () => {
    expect((await report({ decision: await allowed(), status: 'succeeded', summary: 'a\u0000b' })).status).toBe(200);
  });
});
