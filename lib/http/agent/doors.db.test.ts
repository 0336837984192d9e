import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentDoors, type AgentDoor, type Opener } from './doors';
import { actionType, World } from './testdata/world';

let world: World;
let credentials: Record<string, Record<string, string>>;

beforeAll(async () => {
  world = await World.build(1);
  await world.addActionTypes([actionType('files.read', { effect: 'read' })]);
  const agent = await world.addAgent(['files.read']);
  const token = await world.token(agent);
  const { answer } = await world.check(token, 'files.read', {}, { headers: { prefer: 'receipt' } });
  const { id, secret } = world.credentialOf(agent);
  const session = randomBytes(48).toString('base64url');
  credentials = {
    nothing: {},
    'an access token': bearer(token),
    'a receipt': bearer(answer.context.receipt ?? ''),
    'the client’s secret': bearer(secret),
    'the client’s id and secret': { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    'a tool key': (await world.addToolKey()).headers,
    'a person’s session': { cookie: `next-auth.session-token=${session}; __Secure-next-auth.session-token=${session}` },
    'a person’s session and an access token in a cookie': { cookie: `next-auth.session-token=${token}; access_token=${token}` },
  };
});
afterAll(() => world.end());

const bearer = (value: string): Record<string, string> => ({ authorization: `Bearer ${value}` });
const doors = Object.entries(agentDoors) as [AgentDoor, Opener][];

/** A request that a door would answer, were it opened. */
async function knock(door: AgentDoor, headers: Record<string, string>, method = door.split(' ')[0] ?? ''): Promise<Response> {
  const path = (door.split(' ')[1] ?? '').replace(':id', `apr_${'0'.repeat(26)}`);
  const body = bodies[door];
  return fetch(world.url(path), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
}
const bodies: Partial<Record<AgentDoor, string>> = {
  'POST /api/check': '{"action":{"name":"files.read"}}',
  'POST /access/v1/evaluation': '{"action":{"name":"files.read"}}',
  'POST /api/outcomes': `{"decision":"dec_${'0'.repeat(26)}","status":"succeeded"}`,
  'POST /oauth/token': 'grant_type=client_credentials',
  'POST /api/sightings': '{"action":"files.read","code":"MISSING"}',
  'PUT /api/check': '{}',
  'PATCH /api/check': '{}',
  'DELETE /api/check': '{}',
  'PUT /access/v1/evaluation': '{}',
};

/** What opens each kind of door. Whatever is not named here must not. */
const opens: Record<Opener, (credential: string) => boolean> = {
  agent: (credential) => credential === 'an access token',
  client: (credential) => credential === 'the client’s id and secret',
  tool: (credential) => credential === 'a tool key',
  anyone: () => true,
  nobody: () => false,
};
/** What an opened door may answer to the request above; the decision and the request named there do not exist. */
const opened = new Set([200, 202, 400, 404]);
/** What a shut door answers: tools are told that what agents hold is for another door. */
const shut: Partial<Record<Opener, readonly number[]>> = { nobody: [405], tool: [401, 403] };

test('the doors are exactly those of the list, so that a new one without an entry fails here', () => {
  expect(world.gateways[0]?.doors).toEqual(Object.keys(agentDoors).sort());
});

describe.each(doors)('%s (%s)', (door, opener) => {
  test('opens to what the list says and to nothing else', async () => {
    for (const [name, headers] of Object.entries(credentials)) {
      const { status } = await knock(door, headers);
      if (opens[opener](name)) expect(opened.has(status), `${name}: ${status}`).toBe(true);
      else expect(shut[opener] ?? [401], name).toContain(status);
    }
  });

  test('says no in the form of a problem, or of RFC 6749, with nothing of anybody in it', async () => {
    if (opener === 'anyone') return;
    const response = await knock(door, credentials['a receipt'] ?? {});
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = await response.text();
    expect(body).not.toMatch(/agt_|usr_|crd_|SELECT|at .+\.ts/);
    expect(JSON.parse(body)).toMatchObject(
      opener === 'client' ? { error: 'invalid_client' } : { request_id: expect.stringMatching(/^req_/) as string },
    );
  });
});

test.each(doors.filter(([door, opener]) => opener === 'nobody' && !door.startsWith('GET ')))(
  '%s says which method it is for, whatever it is sent',
  async (door) => {
    const response = await knock(door, { ...credentials['an access token'], 'content-type': 'application/json' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  },
);

describe('no door is opened', () => {
  test.each(doors.filter(([door, opener]) => door.startsWith('GET ') && opener === 'agent'))(
    'by HEAD that is shut to GET: %s',
    async (door) => {
      expect((await knock(door, {}, 'HEAD')).status).toBe(401);
    },
  );

  test.each(doors.filter(([, opener]) => opener === 'agent'))('by another method in a header: %s', async (door) => {
    const { status } = await knock(door, {
      'x-http-method-override': 'GET',
      'x-forwarded-host': 'localhost',
      'x-original-url': '/healthz',
    });
    expect(status).toBe(401);
  });

  test.each([
    '/api/v1/approvals',
    '/api/v1/approvals/apr_1/approve',
    '/api/auth/session',
    '/approvals',
    '/api/check/',
    '/api//check',
    '/api/%63heck',
    '/access/v1/evaluations',
    '/api/outcomes/..',
  ])('at an address of people, or spelled otherwise: %s', async (path) => {
    for (const method of ['GET', 'POST'])
      expect([404, 405], method).toContain(
        (await fetch(world.url(path), { method, headers: credentials['an access token'] ?? {} })).status,
      );
  });
});
