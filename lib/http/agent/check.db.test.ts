import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionType, World } from './testdata/world';
import { loadVectors } from '@/lib/policy/testdata/vectors';

let world: World;
let agent: string;
const payment = actionType(
  'payments.schedule',
  { money: { pointer: '/amount', currency: { pointer: '/currency' } }, reversal: { until: 'settlement', windowSeconds: 7200 } },
  {
    type: 'object',
    additionalProperties: false,
    required: ['amount', 'currency'],
    properties: { amount: { type: 'string' }, currency: { type: 'string' }, note: { type: 'string' } },
  },
);

beforeAll(async () => {
  world = await World.build(2);
  await world.addActionTypes([
    payment,
    actionType('files.read', { effect: 'read' }),
    actionType('tickets.route'),
    actionType('bank.pay'),
    { ...actionType('tools.unset'), status: 'unset' },
  ]);
  agent = await world.addAgent(['payments.schedule', 'files.read', 'tickets.route', 'tools.unset']);
});
afterAll(() => world.end());

const pay = (amount: string, currency = 'USD'): Record<string, unknown> => ({ amount, currency });

describe('a check', () => {
  test('that is allowed answers after its row is there, and says which', async () => {
    const { status, answer } = await world.check(await world.token(agent), 'payments.schedule', pay('20.00'));
    expect(status).toBe(200);
    expect(answer).toMatchObject({ decision: true, context: { verdict: 'allow', tier: 1, deciding: [] } });
    const row = await world.rowOf(answer.context.id);
    expect(row?.payload).toMatchObject({
      kind: 'decision.made',
      id: answer.context.id,
      agent,
      owner: 'usr_ana',
      verdict: 'allow',
      risk: { money: { amount: '20.00', currency: 'USD' } },
    });
    expect(JSON.stringify(row?.payload)).not.toContain(answer.context.digest.slice(8));
  });

  test('at Tier 2 says until when it can be reversed, by the database’s clock', async () => {
    const { answer } = await world.check(await world.token(agent), 'payments.schedule', pay('600.00'));
    const [obligation] = answer.context.obligations;
    expect(answer.context).toMatchObject({ verdict: 'allow_reversible', tier: 2, deciding: ['money'] });
    const { rows } = await world.owner.query<{ at: Date }>('SELECT at FROM ledger ORDER BY seq DESC LIMIT 1');
    expect(Date.parse(obligation?.reversal_deadline ?? '') - (rows[0]?.at.getTime() ?? 0)).toBe(7_200_000);
  });

  test('at Tier 3 waits, is approved by a person, and goes ahead exactly once', async () => {
    const token = await world.token(agent);
    const asked = await world.check(token, 'payments.schedule', pay('62000.00', 'EUR'));
    expect(asked.answer).toMatchObject({
      decision: false,
      context: { verdict: 'approval_required', tier: 3, deciding: ['money'], access_request: { status: 'pending' } },
    });
    const id = asked.answer.context.access_request?.id ?? '';
    const again = await world.check(token, 'payments.schedule', pay('62000.00', 'EUR'), { gateway: 1 });
    expect(again.answer.context.access_request?.id).toBe(id);

    const waiting = fetch(world.url(`/access/v1/requests/${id}?wait=20`), { headers: { authorization: `Bearer ${token}` } }).then(
      (response) => response.json() as Promise<{ status: string }>,
    );
    await world.decide(id, 'approved');
    expect((await waiting).status).toBe('approved');

    const context = { approval: { id } };
    const redeemed = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        world.check(token, 'payments.schedule', pay('62000.00', 'EUR'), {
          context,
          headers: { 'idempotency-key': `redeem-${i}` },
          gateway: i % 2,
        }),
      ),
    );
    const allowed = redeemed.filter(({ answer }) => answer.decision);
    expect(allowed).toHaveLength(1);
    expect(allowed[0]?.answer.context).toMatchObject({ verdict: 'allow', tier: 3 });
    expect(redeemed.filter(({ answer }) => answer.context.reasons[0]?.code === 'APPROVAL_USED')).toHaveLength(49);
  });

  const offers: [
    string,
    { decide?: 'approved' | 'rejected'; args?: Record<string, unknown>; context?: Record<string, unknown>; other?: boolean; sql?: string },
    string,
  ][] = [
    ['rejected by a person', { decide: 'rejected' }, 'APPROVAL_REJECTED'],
    ['for another amount', { decide: 'approved', args: pay('62000.01', 'EUR') }, 'APPROVAL_MISMATCH'],
    [
      'for the same payment on behalf of someone else',
      { decide: 'approved', context: { on_behalf_of: 'mallory@example.com' } },
      'APPROVAL_MISMATCH',
    ],
    ['of another agent', { decide: 'approved', other: true }, 'APPROVAL_UNKNOWN'],
    ['past its deadline', { decide: 'approved', sql: "UPDATE approvals SET expires_at = now() - interval '1 ms'" }, 'APPROVAL_EXPIRED'],
  ];
  test.each(offers)('that offers an approval %s is denied and leaves the approval as it was', async (_name, offer, code) => {
    const asker = await world.addAgent(['payments.schedule']);
    const token = await world.token(asker);
    const asked = await world.check(token, 'payments.schedule', pay('62000.00', 'EUR'));
    const id = asked.answer.context.access_request?.id ?? '';
    if (offer.decide) await world.decide(id, offer.decide);
    if (offer.sql) await world.owner.query(`${offer.sql} WHERE id = $1`, [id]);
    const user = offer.other ? await world.token(await world.addAgent(['payments.schedule'])) : token;
    const { answer } = await world.check(user, 'payments.schedule', offer.args ?? pay('62000.00', 'EUR'), {
      context: { approval: { id }, ...offer.context },
      headers: { 'idempotency-key': 'once' },
    });
    expect(answer).toMatchObject({ decision: false, context: { verdict: 'deny', tier: null, reasons: [{ code }] } });
    const { rows } = await world.owner.query<{ status: string }>('SELECT status FROM approvals WHERE id = $1', [id]);
    expect(rows[0]?.status).toBe(offer.decide);
  });

  test('that offers an approval still pending goes on waiting for the same person', async () => {
    const token = await world.token(await world.addAgent(['payments.schedule']));
    const asked = await world.check(token, 'payments.schedule', pay('99000.00'));
    const id = asked.answer.context.access_request?.id ?? '';
    const { answer } = await world.check(token, 'payments.schedule', pay('99000.00'), {
      context: { approval: { id } },
      headers: { 'idempotency-key': 'early' },
    });
    expect(answer).toMatchObject({ decision: false, context: { verdict: 'approval_required', access_request: { id, status: 'pending' } } });
  });

  test('that offers an approval is re-evaluated: a fresh kill beats it', async () => {
    const killed = await world.addAgent(['payments.schedule']);
    const token = await world.token(killed);
    const id = (await world.check(token, 'payments.schedule', pay('62000.00', 'EUR'))).answer.context.access_request?.id ?? '';
    await world.decide(id, 'approved');
    await world.change('kill.set', 'kil_1', (client) =>
      client.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ('kil_1', 'agent', $1, 'test', 'usr_ana')", [
        killed,
      ]),
    );
    const { answer } = await world.check(token, 'payments.schedule', pay('62000.00', 'EUR'), {
      context: { approval: { id } },
      headers: { 'idempotency-key': 'late' },
    });
    expect(answer).toMatchObject({ decision: false, context: { verdict: 'deny', reasons: [{ code: 'KILLED' }] } });
  });

  const denials: [string, string, Record<string, unknown>, Record<string, unknown>, string][] = [
    ['arguments that miss what the classification reads', 'payments.schedule', { amount: '5.00' }, {}, 'ARGUMENTS_INVALID'],
    ['an argument the schema does not know', 'payments.schedule', { ...pay('5.00'), cc: 'x' }, {}, 'ARGUMENTS_INVALID'],
    ['an amount with separators', 'payments.schedule', pay('5,000.00'), {}, 'ARGUMENTS_INVALID'],
    ['a negative amount', 'payments.schedule', pay('-5'), {}, 'ARGUMENTS_INVALID'],
    ['a lower-case currency', 'payments.schedule', pay('5', 'usd'), {}, 'ARGUMENTS_INVALID'],
    ['a currency without a rate', 'payments.schedule', pay('5', 'XAU'), {}, 'ARGUMENTS_INVALID'],
  ];
  test.each(denials)('with %s is denied', async (_name, action, args, context, code) => {
    const { answer } = await world.check(await world.token(agent), action, args, { context });
    expect(answer).toMatchObject({ decision: false, context: { verdict: 'deny', tier: null, reasons: [{ code }] } });
    expect(await world.rowOf(answer.context.id)).toBeDefined();
  });

  test('of an action outside the token’s scope is denied, though the agent may ask for it', async () => {
    const { answer } = await world.check(await world.token(agent, { scope: 'files.read' }), 'tickets.route');
    expect(answer.context).toMatchObject({ verdict: 'deny', reasons: [{ code: 'NOT_IN_GRANT' }] });
  });

  test('by a suspended agent is denied from its next check on, on every gateway', async () => {
    const suspended = await world.addAgent(['files.read']);
    const token = await world.token(suspended);
    expect((await world.check(token, 'files.read')).answer.decision).toBe(true);
    await world.change('agent.suspended', suspended, (client) =>
      client.query("UPDATE agents SET status = 'suspended' WHERE id = $1", [suspended]),
    );
    for (const gateway of [0, 1]) {
      const { answer } = await world.check(token, 'files.read', {}, { gateway });
      expect(answer.context).toMatchObject({ verdict: 'deny', reasons: [{ code: 'AGENT_SUSPENDED' }] });
    }
  });

  test.each([
    ['an undeclared action', 'bank.drain', 'ACTION_UNCLASSIFIED'],
    ['an action the agent has no permission for', 'bank.pay', 'OUT_OF_SCOPE'],
    ['an action nobody has classified', 'tools.unset', 'ACTION_UNCLASSIFIED'],
  ])('of %s halts, and so does everything else in that workflow, on every gateway, until it is released', async (_name, action, code) => {
    const task = `task ${action}`;
    const token = await world.taskToken(agent, task);
    const { answer } = await world.check(token, action);
    expect(answer.context).toMatchObject({ verdict: 'halt', tier: 4, reasons: [{ code }] });
    for (const gateway of [1, 0]) {
      const next = await world.check(await world.taskToken(agent, task, gateway), 'files.read', {}, { gateway });
      expect(next.answer.context, 'a new token does not shake it off').toMatchObject({
        verdict: 'halt',
        reasons: [{ code: 'WORKFLOW_HALTED' }],
      });
    }
    expect((await world.check(await world.token(agent), 'files.read')).answer.decision, 'another workflow goes on').toBe(true);
    const workflow = answer.context.workflow;
    await world.change('workflow.released', workflow, (client) =>
      client.query("UPDATE workflow_halts SET released_at = now(), released_by = 'usr_ana' WHERE workflow_id = $1", [workflow]),
    );
    for (const gateway of [0, 1]) expect((await world.check(token, 'files.read', {}, { gateway })).answer.decision).toBe(true);
  });
});

describe('an idempotency key', () => {
  const headers = (key: string): Record<string, string> => ({ 'idempotency-key': key });

  test('answers a retry with the same decision, on another gateway too, and writes nothing', async () => {
    const token = await world.token(agent);
    const first = await world.check(token, 'payments.schedule', pay('600.00'), { headers: headers('a') });
    const before = await world.rowCount();
    for (const gateway of [0, 1]) {
      const retry = await world.check(token, 'payments.schedule', pay('600.00'), { headers: headers('a'), gateway });
      expect(retry.headers.get('idempotent-replayed')).toBe('true');
      // All but the receipt, which is made anew.
      const told = ({ context, decision }: typeof first.answer) => ({ decision, context: { ...context, receipt: undefined } });
      expect(told(retry.answer)).toEqual(told(first.answer));
    }
    expect(await world.rowCount()).toBe(before);
  });

  test('used 100 times at once on two gateways makes one decision', async () => {
    const token = await world.token(agent);
    const before = await world.rowCount();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        world.check(token, 'payments.schedule', pay('70000'), { headers: headers('hundred'), gateway: i % 2 }),
      ),
    );
    expect(new Set(answers.map(({ answer }) => answer.context.id)).size).toBe(1);
    expect(await world.rowCount()).toBe(before + 1);
  });

  test('with another body is refused', async () => {
    const token = await world.token(agent);
    await world.check(token, 'payments.schedule', pay('1.00'), { headers: headers('b') });
    expect((await world.check(token, 'payments.schedule', pay('2.00'), { headers: headers('b') })).status).toBe(409);
  });

  test('of one agent says nothing about the same key of another', async () => {
    const other = await world.addAgent(['files.read']);
    const first = await world.check(await world.token(agent), 'files.read', {}, { headers: headers('c') });
    const second = await world.check(await world.token(other), 'files.read', {}, { headers: headers('c') });
    expect(second.answer.context.id).not.toBe(first.answer.context.id);
  });

  test('withholds an allow once the agent was killed in between', async () => {
    const killed = await world.addAgent(['files.read']);
    const token = await world.token(killed);
    expect((await world.check(token, 'files.read', {}, { headers: headers('d') })).answer.decision).toBe(true);
    await world.change('kill.set', 'kil_2', (client) =>
      client.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ('kil_2', 'agent', $1, 'test', 'usr_ana')", [
        killed,
      ]),
    );
    const { answer } = await world.check(token, 'files.read', {}, { headers: headers('d') });
    expect(answer).toMatchObject({ decision: false, context: { verdict: 'deny', reasons: [{ code: 'KILLED' }] } });
  });

  test.each([
    ['empty quotes', '""'],
    ['a space', 'a b'],
    ['256 characters', 'x'.repeat(256)],
  ])('that is %s is refused', async (_name, key) => {
    expect((await world.check(await world.token(agent), 'files.read', {}, { headers: headers(key) })).status).toBe(400);
  });

  test('is required to use an approval', async () => {
    const { status } = await world.check(
      await world.token(agent),
      'files.read',
      {},
      { context: { approval: { id: `apr_${'0'.repeat(26)}` } } },
    );
    expect(status).toBe(400);
  });
});

describe('a body', () => {
  const read = '{"action":{"name":"files.read"}}';
  const deep = `{"action":{"name":"files.read"},"context":{"arguments":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}}`;
  const withArgument = (text: string): string => `{"action":{"name":"files.read"},"context":{"arguments":${text}}}`;
  const refusals: [string, string | Uint8Array<ArrayBuffer>, number, Record<string, string>?][] = [
    ['empty', '', 400],
    ['null', 'null', 400],
    ['an array', '[]', 400],
    ['cut off', read.slice(0, -1), 400],
    ['followed by another', read + read, 400],
    ['followed by a byte', `${read}x`, 400],
    ['with a byte order mark', `\ufeff${read}`, 400],
    ['in UTF-16', new Uint8Array(Buffer.from(read, 'utf16le')), 400],
    ['with bad UTF-8', new Uint8Array([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]), 400],
    ['nested 10,000 deep', deep, 400],
    ['with 100,000 values', withArgument(`{"a":[${'1,'.repeat(99_999)}1]}`), 400],
    ['with a key that stands twice', withArgument('{"amount":"1","amount":"2"}'), 400],
    ['with a key that stands twice, once escaped', withArgument('{"amount":"1","am\\u006funt":"2"}'), 400],
    ['with an integer a double cannot hold', withArgument('{"a":9007199254740993}'), 400],
    ['with a number beyond doubles', withArgument('{"a":1e400}'), 400],
    ['with a decimal a double cannot hold', withArgument('{"a":0.1000000000000000055511151231257827}'), 400],
    ['with minus zero', withArgument('{"a":-0}'), 400],
    ['with __proto__', withArgument('{"__proto__":{"x":1}}'), 400],
    ['with half a surrogate pair', withArgument('{"a":"\\ud800"}'), 400],
    ['with a raw control character', withArgument('{"a":"\u0001"}'), 400],
    ['without an action', '{"context":{}}', 400],
    ['with arguments that are a list', withArgument('[1]'), 400],
    ['with an action name that hides a character', '{"action":{"name":"files\u202e.read"}}', 400],
    ['larger than the limit', withArgument(`{"a":"${'x'.repeat(300_000)}"}`), 413],
    ['in another content type', read, 415, { 'content-type': 'text/plain' }],
    ['in another charset', read, 415, { 'content-type': 'application/json; charset=utf-16' }],
    ['compressed', read, 415, { 'content-encoding': 'gzip' }],
  ];
  test.each(refusals)('%s is refused with a problem and decides nothing', async (_name, body, status, headers) => {
    const token = await world.token(agent);
    const before = await world.rowCount();
    const response = await world.post(token, body, headers ?? {});
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      status,
      code: expect.any(String) as string,
      request_id: expect.stringMatching(/^req_/) as string,
    });
    expect(await world.rowCount()).toBe(before);
  });

  test('whose subject is another agent is refused, and that is an event', async () => {
    const token = await world.token(agent);
    const response = await world.post(
      token,
      JSON.stringify({ subject: { type: 'agent', id: 'agt_other' }, action: { name: 'files.read' } }),
    );
    expect(response.status).toBe(403);
    await expect
      .poll(() =>
        world.owner.query("SELECT 1 FROM ledger WHERE position('access.refused'::bytea IN bytes) > 0").then((result) => result.rowCount),
      )
      .toBe(1);
  });

  test('on the AuthZEN path names its subject; unknown members are ignored but those of action and resource are signed', async () => {
    const token = await world.token(agent);
    expect((await world.post(token, read, {}, '/access/v1/evaluation')).status).toBe(400);
    const evaluate = async (extra: Record<string, unknown>): Promise<string> => {
      const response = await world.post(
        token,
        JSON.stringify({ subject: { type: 'agent', id: agent }, action: { name: 'files.read', ...extra }, unknown: 1 }),
        {},
        '/access/v1/evaluation',
      );
      return ((await response.json()) as { context: { digest: string } }).context.digest;
    };
    expect(await evaluate({})).toMatch(/^sha-256:[0-9a-f]{64}$/);
    expect(await evaluate({ bcc: 'x' })).not.toBe(await evaluate({}));
  });
});

describe('a token', () => {
  const check = (authorization: string | undefined): Promise<Response> =>
    fetch(world.url('/api/check'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      body: '{"action":{"name":"files.read"}}',
    });

  test.each([
    ['missing', () => undefined],
    ['of another scheme', (token: string) => `Basic ${token}`],
    ['with a changed signature', (token: string) => `Bearer ${token.slice(0, -4)}AAAA`],
    ['with a space behind', (token: string) => `Bearer ${token}  x`],
    ['unsigned', (token: string) => `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`],
  ])('that is %s opens nothing', async (_name, make) => {
    const response = await check(make(await world.token(agent)));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('of a revoked credential opens nothing from the revocation on', async () => {
    const revoked = await world.addAgent(['files.read']);
    const token = await world.token(revoked);
    expect((await check(`Bearer ${token}`)).status).toBe(200);
    await world.change('credential.revoked', revoked, (client) =>
      client.query('UPDATE credentials SET revoked_at = now() WHERE agent_id = $1', [revoked]),
    );
    await expect.poll(async () => (await check(`Bearer ${token}`)).status).toBe(401);
    expect((await world.requestToken(revoked)).status).toBe(401);
  });

  test.each([
    ['a wrong secret', {}, 'wrong', 401, 'invalid_client'],
    ['a scope the agent does not have', { scope: 'bank.drain' }, undefined, 400, 'invalid_scope'],
    ['an unknown grant type', { grant_type: 'password' }, undefined, 400, 'unsupported_grant_type'],
    ['a task of another type', { authorization_details: '[{"type":"x","task":"t"}]' }, undefined, 400, 'invalid_authorization_details'],
  ] as const)('is not issued for %s', async (_name, parameters, secret, status, error) => {
    const credential = world.credentialOf(agent);
    const response = await fetch(world.url('/oauth/token'), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: credential.id,
        client_secret: secret ?? credential.secret,
        ...parameters,
      }),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error });
  });
});

describe('the shipped vectors through HTTP', () => {
  for (const vector of loadVectors()) {
    test(vector.name, async () => {
      const own = await world.addAgent([]);
      if (vector.type) await world.addActionTypes([{ ...vector.type, system: 'sys_test' }]);
      const action = vector.action ?? vector.type?.name ?? '';
      await world.change('agent.changed', own, async (client) => {
        await client.query('UPDATE agents SET autonomy_floor = $2 WHERE id = $1', [own, vector.floor]);
        await client.query("INSERT INTO agent_permissions (agent_id, action_type) VALUES ($1, 'files.read')", [own]);
        if (vector.permitted && vector.type && action === vector.type.name)
          await client.query('INSERT INTO agent_permissions (agent_id, action_type) VALUES ($1, $2)', [own, action]);
      });
      const { request, expect: expected } = vector;
      const { answer } = await world.check(await world.token(own), action, request.arguments, {
        context: {
          supported_obligations: request.obligations,
          ...(request.risk ? { risk: request.risk } : {}),
          ...(request.confidence === undefined ? {} : { confidence: request.confidence }),
          ...(request.trigger === undefined ? {} : { trigger: request.trigger }),
        },
      });
      expect(answer.context).toMatchObject({ verdict: expected.verdict, tier: expected.tier, deciding: expected.deciding });
      if (expected.code !== undefined) expect(answer.context.reasons[0]?.code).toBe(expected.code);
      expect(answer.decision).toBe(expected.verdict === 'allow' || expected.verdict === 'allow_reversible');
    });
  }
});
