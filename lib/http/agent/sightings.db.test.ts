import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionType, World } from './testdata/world';
import { fingerprintOf, mixedUp } from '@/lib/findings/observations/domain';
import { reportsPerMinuteMax } from '@/lib/findings/observations/service/sightings';

let world: World;
let agent: string;
let token: string;
let key: Awaited<ReturnType<World['addToolKey']>>;

beforeAll(async () => {
  world = await World.build(2);
  await world.addActionTypes([actionType('files.read', { effect: 'read' })]);
  agent = await world.addAgent(['files.read']);
  token = await world.token(agent);
  key = await world.addToolKey();
});
afterAll(() => world.end());

type Answered = { status: number; headers: Headers; body: Record<string, unknown> };
async function report(body: unknown, headers: Record<string, string> = key.headers, gateway = 0): Promise<Answered> {
  const response = await fetch(world.url('/api/sightings', gateway), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}
const sighting = { action: 'payments.schedule', agent: 'agt_shadow', code: 'MISSING', count: 3 };
const noted = (subject = 'sys_test') => world.observations('tool.unreceipted', subject);
const soon = { timeout: 10_000, interval: 50 };
async function events(action: string): Promise<Record<string, unknown>[]> {
  const { rows } = await world.owner.query<{ payload: string }>(
    `SELECT convert_from(substring(bytes FROM 49), 'UTF8') AS payload FROM ledger WHERE position('"sighting.reported"'::bytea IN bytes) > 0 ORDER BY seq`,
  );
  const all = rows.map((row) => JSON.parse(row.payload) as { data: Record<string, unknown> });
  return all.filter(({ data }) => data['action'] === action);
}

describe('a sighting', () => {
  test('is answered with what was noted, counted, and told in the ledger by the tool’s key', async () => {
    const { status, body } = await report(sighting);
    expect([status, body]).toEqual([202, { noted: { system: 'sys_test', ...sighting } }]);
    await expect.poll(() => noted(), soon).toEqual([{ subject: 'sys_test', value: 'payments.schedule agt_shadow', count: 3 }]);
    await expect.poll(() => events('payments.schedule'), soon).toHaveLength(1);
    expect((await events('payments.schedule'))[0]).toMatchObject({
      actor: { type: 'gateway', id: key.id },
      subject: { type: 'system', id: 'sys_test' },
      data: { key: key.id, action: 'payments.schedule', agent: 'agt_shadow', code: 'MISSING', count: 3 },
    });
  });

  test('without an agent is one of an unknown agent, and counts once unless it says more', async () => {
    expect((await report({ action: 'files.read', code: 'EXPIRED' })).body).toMatchObject({ noted: { agent: null, count: 1 } });
    await expect.poll(async () => (await noted()).map(({ value }) => value), soon).toContain('files.read unknown');
  });

  test('reported fifty times on two gateways is one event, and all of them are counted', async () => {
    const body = { action: 'files.race', code: 'OTHER_CALL' };
    await Promise.all(Array.from({ length: 50 }, (_, i) => report(body, key.headers, i % 2)));
    await expect.poll(async () => (await noted()).find(({ value }) => value === 'files.race unknown')?.count, soon).toBe(50);
    await report(body, key.headers, 1);
    await expect.poll(() => events('files.race'), soon).toHaveLength(1);
  });
});

describe('a sighting is refused', () => {
  const basic = (id: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });
  const doors: [string, () => Record<string, string>, number, string][] = [
    ['without a key', () => ({}), 401, 'KEY_INVALID'],
    ['with an agent’s token', () => ({ authorization: `Bearer ${token}` }), 403, 'WRONG_PLANE'],
    ['with an agent’s credential', () => basic(world.credentialOf(agent).id, world.credentialOf(agent).secret), 401, 'KEY_INVALID'],
    ['with another secret', () => basic(key.id, `${key.secret}x`), 401, 'KEY_INVALID'],
    ['with a key nobody made', () => basic('tky_0000', key.secret), 401, 'KEY_INVALID'],
    ['with a key and no secret', () => basic(key.id, ''), 401, 'KEY_INVALID'],
    ['with a header that is no base64', () => ({ authorization: 'Basic ~~~' }), 401, 'KEY_INVALID'],
    ['with the key as a bearer', () => ({ authorization: `Bearer ${key.secret}` }), 403, 'WRONG_PLANE'],
  ];
  test.each(doors)('%s', async (_name, headers, status, code) => {
    const answer = await report({ ...sighting, action: 'files.refused' }, headers());
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(await events('files.refused')).toEqual([]);
  });

  const shaped = { ...sighting, action: 'files.shape' };
  const shapes: [string, unknown, number][] = [
    ['without an action', { code: 'MISSING' }, 400],
    ['with an action that is none', { ...shaped, action: 'a b' }, 400],
    ['with an agent that is none', { ...shaped, agent: 'usr_ana' }, 400],
    ['with an agent that hides characters', { ...shaped, agent: 'agt_\u202e' }, 400],
    ['with a code nobody knows', { ...shaped, code: 'WHATEVER' }, 400],
    ['with no calls', { ...shaped, count: 0 }, 400],
    ['with more calls than one report holds', { ...shaped, count: 1_001 }, 400],
    ['with a system of another', { ...shaped, system: 'sys_other' }, 400],
    ['with a body that is cut off', '{"action":"files.shape"', 400],
    ['with a body larger than any', `{"action":"files.shape${'a'.repeat(5_000)}"}`, 413],
  ];
  test.each(shapes)('%s', async (_name, body, status) => {
    const answer = await report(body);
    expect([answer.status, answer.body['code']]).toEqual([status, status === 413 ? 'TOO_LARGE' : 'MALFORMED']);
  });

  test('in another content type', async () => {
    expect((await report(shaped, { ...key.headers, 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('and nothing of it is counted', async () => {
    await report({ action: 'files.after', code: 'MISSING' });
    const values = async () => (await noted()).map(({ value }) => value);
    await expect.poll(values, soon).toContain('files.after unknown');
    expect((await values()).filter((value) => /refused|shape| b/.test(value))).toEqual([]);
  });

  test('by a key from the moment its revocation is heard of, on every gateway', async () => {
    const gone = await world.addToolKey();
    for (const gateway of [0, 1]) expect((await report(sighting, gone.headers, gateway)).status).toBe(202);
    await world.change('tool_key.revoked', 'sys_test', (client) =>
      client.query('UPDATE tool_keys SET revoked_at = now() WHERE id = $1', [gone.id]),
    );
    const revokedAt = performance.now();
    for (const gateway of [0, 1])
      await expect.poll(async () => (await report(sighting, gone.headers, gateway)).status, { timeout: 1_100, interval: 10 }).toBe(401);
    expect(performance.now() - revokedAt).toBeLessThan(1_100);
  });

  test('by a key that reports more than its limit, while another key of the same system goes on', async () => {
    const busy = await world.addToolKey();
    const answers = await Promise.all(Array.from({ length: reportsPerMinuteMax * 2 + 1 }, () => report(sighting, busy.headers)));
    expect(answers.some(({ status, headers }) => status === 429 && headers.get('retry-after') !== null)).toBe(true);
    expect((await report(sighting)).status).toBe(202);
  });
});

describe('a tool key', () => {
  test('gets no token, and asks nothing in an agent’s name', async () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    expect((await fetch(world.url('/oauth/token'), { method: 'POST', headers: key.headers, body: form })).status).toBe(401);
    expect((await world.post(key.secret, '{"action":{"name":"files.read"}}')).status).toBe(401);
    expect((await world.get(key.secret, '/api/agent')).status).toBe(401);
  });
});

describe('a gateway notices', () => {
  const address = '127.0.0.1';

  test('which model an agent says it is, with every check', async () => {
    const said = await world.addAgent(['files.read']);
    const by = await world.token(said);
    for (let i = 0; i < 3; i++) await world.check(by, 'files.read', {}, { context: { model: 'gpt-9' } });
    await world.check(by, 'files.read', {}, { context: { model: 'gpt-9.1' } });
    await world.check(by, 'files.read');
    await expect
      .poll(() => world.observations('agent.model', said), soon)
      .toEqual([
        { subject: said, value: 'gpt-9', count: 3 },
        { subject: said, value: 'gpt-9.1', count: 1 },
      ]);
  });

  test('from how many workloads a credential is used, and not by whom it was only tried', async () => {
    const used = await world.addAgent(['files.read']);
    const { id, secret } = world.credentialOf(used);
    const ask = (agentName: string, by = secret) =>
      fetch(world.url('/oauth/token'), {
        method: 'POST',
        headers: { 'user-agent': agentName, authorization: `Basic ${Buffer.from(`${id}:${by}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    for (const name of ['python-requests/2.31', 'python-requests/2.32', 'curl/8.5']) expect((await ask(name)).status).toBe(200);
    expect((await ask('burglar/1.0', `${secret}x`)).status).toBe(401);
    const expected = [
      { subject: id, value: fingerprintOf(address, 'python-requests/9'), count: 2 },
      { subject: id, value: fingerprintOf(address, 'curl/8.5'), count: 1 },
    ];
    await expect
      .poll(() => world.observations('credential.workload', id), soon)
      .toEqual(expected.sort((a, b) => (a.value < b.value ? -1 : 1)));
  });

  test('the address that a proxy of ours wrote last, and believes nobody else about it', async () => {
    const behind = await world.addAgent(['files.read']);
    const { id, secret } = world.credentialOf(behind);
    await world.addGateway({ trustProxy: true });
    const ask = (gateway: number, forwarded: string) =>
      fetch(world.url('/oauth/token', gateway), {
        method: 'POST',
        headers: {
          'user-agent': 'node',
          'x-forwarded-for': forwarded,
          authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    await ask(0, '10.0.0.1');
    await ask(0, '10.0.0.2');
    await ask(2, '10.9.9.9, 10.0.0.3');
    const expected = [
      { subject: id, value: fingerprintOf(address, 'node'), count: 2 },
      { subject: id, value: fingerprintOf('10.0.0.3', 'node'), count: 1 },
    ];
    await expect
      .poll(() => world.observations('credential.workload', id), soon)
      .toEqual(expected.sort((a, b) => (a.value < b.value ? -1 : 1)));
  });

  test('clients that nobody registered, at the token door and in a token’s own words', async () => {
    const form = (id: string) => new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: 'x' });
    await fetch(world.url('/oauth/token'), { method: 'POST', body: form('crd_shadow') });
    // Whoever mixes the two up names a secret that works.
    const { secret } = world.credentialOf(agent);
    await fetch(world.url('/oauth/token'), { method: 'POST', body: form(secret) });
    await fetch(world.url('/oauth/token'), { method: 'POST', body: form('nul\u0000 \u202e<b>') });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const foreign = `${part({ alg: 'EdDSA', kid: 'theirs' })}.${part({ iss: 'https://other.test', client_id: 'their-client' })}.c2ln`;
    const ours = `${part({ alg: 'EdDSA', kid: 'theirs' })}.${part({ client_id: world.credentialOf(agent).id })}.c2ln`;
    for (const shown of [foreign, ours, 'no.token', `${'a'.repeat(9_000)}.b.c`])
      expect((await world.post(shown, '{"action":{"name":"files.read"}}')).status).toBe(401);
    await expect
      .poll(async () => (await world.observations('client.unknown')).map(({ subject }) => subject), soon)
      .toEqual(expect.arrayContaining(['crd_shadow', 'their-client', 'nul\ufffd \u202e<b>']));
    expect(await world.observations('client.unknown', world.credentialOf(agent).id)).toEqual([]);
    expect(JSON.stringify(await world.observations('client.unknown'))).not.toContain(secret);
    expect(await world.observations('client.unknown', mixedUp)).toMatchObject([{ count: 1 }]);
  });
});
