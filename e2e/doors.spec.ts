import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type APIResponse, type BrowserContext } from '@playwright/test';
import { agentDoors } from '../lib/http/agent/doors';
import { routes, type RouteKey } from '../lib/http/routes';
import { may } from '../lib/people/permissions';
import { permissions, type Permission, type Role } from '../lib/people/schema';
import { agentSecret, agentToken, become, check, receipt, sample } from './people';
import { e2eSystem } from './system';

/** Every role of the sample, by the person who holds it and nothing else. */
const holders: Partial<Record<Role, string>> = {
  process_owner: sample.owner,
  leader: sample.leader,
  security: sample.security,
  engineer: sample.engineer,
  auditor: sample.auditor,
};

const doors = Object.entries(routes) as [RouteKey, (typeof routes)[RouteKey]][];
const persons = doors.flatMap(([key, who]): [RouteKey, Permission][] => (who === 'anyone' ? [] : [[key, who]]));
const ofKey = (key: string): { method: string; address: string } => {
  const [method = '', address = ''] = key.split(' ');
  // Ids that exist nowhere: whoever is let in finds nothing, and nothing is changed by this.
  return { method, address: address.replaceAll(/\[\.\.\.[a-z]+\]/g, 'session').replaceAll(/\[[a-z]+\]|:[a-z]+/g, 'nothing') };
};

/** knock sends a request as another program would: with our pages' origin and an empty object, so that only the credential is left to refuse it. */
function knock(
  context: BrowserContext,
  key: string,
  headers: Record<string, string> = {},
  base = e2eSystem().webUrl,
): Promise<APIResponse> {
  const { method, address } = ofKey(key);
  return context.request.fetch(`${base}${address}`, {
    method,
    headers: {
      origin: new URL(e2eSystem().webUrl).origin,
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(method === 'GET' ? {} : { data: '{}' }),
    maxRedirects: 0,
  });
}

const bearer = (value: string): Record<string, string> => ({ authorization: `Bearer ${value}` });
const codeOf = async (answer: APIResponse): Promise<unknown> => ((await answer.json()) as Record<string, unknown>)['code'];

let credentials: Record<string, Record<string, string>>;
test.beforeAll(async () => {
  const token = await agentToken();
  const { clientId, secret } = agentSecret();
  credentials = {
    'an access token': bearer(token),
    'a receipt': bearer(await receipt(token)),
    'the client’s secret': bearer(secret),
    'the client’s id and secret': { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    'an access token in lower case': { authorization: `bearer ${token}` },
  };
});

/** Whatever an agent holds meets the same refusal, whether or not somebody is signed in. */
async function shutToAgents(context: BrowserContext, key: string): Promise<void> {
  await Promise.all(
    Object.entries(credentials).map(async ([name, headers]) => {
      const answer = await knock(context, key, headers);
      expect([answer.status(), await codeOf(answer)], `${key} with ${name}`).toEqual([403, 'WRONG_PLANE']);
    }),
  );
}

test('no route of people opens to nobody, nor to anything an agent holds', async ({ context }) => {
  for (const [key] of persons) {
    const nobody = await knock(context, key);
    expect([nobody.status(), await codeOf(nobody)], key).toEqual([401, 'SIGNED_OUT']);
    await shutToAgents(context, key);
  }
});

test('no route of people opens to an access token or a receipt that is dressed as a session', async ({ context }) => {
  for (const headers of [credentials['an access token'], credentials['a receipt']]) {
    const value = headers?.['authorization']?.slice('Bearer '.length) ?? '';
    const cookie = `next-auth.session-token=${value}; __Secure-next-auth.session-token=${value}`;
    for (const [key] of persons) expect((await knock(context, key, { cookie })).status(), key).toBe(401);
  }
});

test('a session opens no route of people together with what an agent holds', async ({ page, context }) => {
  await become(page, sample.owner);
  for (const [key] of persons) await shutToAgents(context, key);
});

for (const [role, email] of Object.entries(holders) as [Role, string][]) {
  test(`the ${role} opens what their permissions say: anything else looks like nothing`, async ({ page, context }) => {
    await become(page, email);
    for (const [key, permission] of persons) {
      const allowed = may({ roles: [role] }, permission);
      // What changes something is not tried with a credential that opens it.
      if (allowed && !key.startsWith('GET ')) continue;
      const { status, code } = await statusAndCode(context, key);
      if (allowed) expect([200, 404, 422], key).toContain(status);
      else expect([status, code], key).toEqual([404, 'NOT_FOUND']);
    }
  });
}

/** An event stream never ends, so only its head is read. */
async function statusAndCode(context: BrowserContext, key: string): Promise<{ status: number; code: unknown }> {
  if (!key.endsWith('/stream')) {
    const answer = await knock(context, key);
    return { status: answer.status(), code: answer.headers()['content-type']?.includes('json') ? await codeOf(answer) : undefined };
  }
  const cookies = await context.cookies();
  const stop = new AbortController();
  const response = await fetch(`${e2eSystem().webUrl}${ofKey(key).address}`, {
    headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    signal: stop.signal,
  });
  stop.abort();
  return { status: response.status, code: undefined };
}

test('no route of agents opens to a person, neither at the gateway nor through the console’s port', async ({ page, context }) => {
  await become(page, sample.owner);
  for (const base of [e2eSystem().webUrl, e2eSystem().gatewayUrl]) {
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    for (const [key, opener] of Object.entries(agentDoors)) {
      const answer = await knock(context, key, { cookie }, base);
      if (opener === 'agent' || opener === 'tool') expect(answer.status(), `${base} ${key}`).toBe(401);
      if (opener === 'client') expect([400, 401, 415], `${base} ${key}`).toContain(answer.status());
      if (opener === 'nobody') expect(answer.status(), `${base} ${key}`).toBe(405);
    }
  }
});

test('every page asks who is there: signed out, none shows more than the way to sign in', async ({ context }) => {
  const pages = readdirSync('app/(console)', { recursive: true, encoding: 'utf8' }).filter((file) => path.basename(file) === 'page.tsx');
  expect(pages.length).toBeGreaterThan(3);
  for (const file of pages) {
    const address = `/${path.dirname(file).replaceAll(/\[[^\]]*\]/g, 'nothing')}`;
    for (const headers of [{}, credentials['an access token'] ?? {}]) {
      const answer = await context.request.get(`${e2eSystem().webUrl}${address}`, { headers, maxRedirects: 0 });
      expect([307, 404], `${address}: ${answer.status()}`).toContain(answer.status());
      if (answer.status() === 307) expect(answer.headers()['location'], address).toContain('/sign-in');
    }
  }
});

test('the table of permissions leaves no route to nobody', () => {
  for (const [key, permission] of persons) expect(permissions, key).toContain(permission);
});

test('an agent still gets through its own doors on both ports', async ({ context }) => {
  for (const base of [e2eSystem().webUrl, e2eSystem().gatewayUrl])
    expect((await knock(context, 'GET /api/agent', credentials['an access token'], base)).status()).toBe(200);
  expect((await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' } })).verdict).toBe('allow');
});
