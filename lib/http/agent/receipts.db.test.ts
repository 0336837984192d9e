import { decodeProtectedHeader, importJWK, jwtVerify, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionType, World } from './testdata/world';
import type { CheckAnswer } from '@/lib/check/schema';
import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sha256 } from '@/lib/kernel/hash';

let world: World;
let agent: string;
const payment = actionType(
  'payments.schedule',
  { money: { pointer: '/amount', currency: { pointer: '/currency' } }, reversal: { until: 'settlement', windowSeconds: 7200 } },
  { type: 'object', required: ['amount', 'currency'], properties: { amount: { type: 'string' }, currency: { type: 'string' } } },
);

beforeAll(async () => {
  world = await World.build(2);
  await world.addActionTypes([payment, actionType('files.read', { effect: 'read' })]);
  agent = await world.addAgent(['payments.schedule', 'files.read']);
});
afterAll(() => world.end());

const pay = (amount: string): Record<string, unknown> => ({ amount, currency: 'USD' });
const asked = { prefer: 'receipt' };

/** What a tool does with nothing but the published keys. */
async function claimsOf(answer: CheckAnswer): Promise<JWTPayload> {
  const { receipt } = answer.context;
  if (receipt === undefined) throw new Error('no receipt');
  const { keys } = (await (await fetch(world.url('/.well-known/jwks.json'))).json()) as { keys: { kid: string }[] };
  const key = keys.find(({ kid }) => kid === decodeProtectedHeader(receipt).kid);
  const { payload } = await jwtVerify(receipt, await importJWK({ ...key }, 'EdDSA'), {
    issuer: 'http://gateway.test',
    audience: 'countersign-tools',
    typ: 'countersign-receipt+jwt',
    algorithms: ['EdDSA'],
  });
  return payload;
}

async function approved(amount: string): Promise<{ token: string; id: string }> {
  const token = await world.token(agent);
  const { answer } = await world.check(token, 'payments.schedule', pay(amount));
  const id = answer.context.access_request?.id ?? '';
  await world.decide(id, 'approved');
  return { token, id };
}
const redeem = (token: string, id: string, amount: string, key: string, gateway = 0, headers: Record<string, string> = {}) =>
  world.check(token, 'payments.schedule', pay(amount), {
    context: { approval: { id } },
    headers: { 'idempotency-key': key, ...headers },
    gateway,
  });

describe('a receipt', () => {
  test('at Tier 1 is given to whoever prefers one, and said to be', async () => {
    const task = await world.taskToken(agent, 'batch 88');
    const { answer, headers } = await world.check(
      task,
      'files.read',
      { path: 'a' },
      { headers: asked, context: { on_behalf_of: 'ana@example.com' } },
    );
    expect(headers.get('preference-applied')).toBe('receipt');
    const canonical = canonicalJson({
      action: { name: 'files.read' },
      agent,
      arguments: { path: 'a' },
      on_behalf_of: 'ana@example.com',
      schema_version: 1,
    });
    const claims = await claimsOf(answer);
    expect(claims).toEqual({
      iss: 'http://gateway.test',
      aud: 'countersign-tools',
      sub: agent,
      jti: answer.context.id,
      iat: claims.iat,
      exp: (claims.iat ?? 0) + 30,
      action: 'files.read',
      digest: formatDigest(sha256(canonical)),
      verdict: 'allow',
      tier: 1,
      workflow: answer.context.workflow,
      task: 'batch 88',
      on_behalf_of: 'ana@example.com',
      schema_version: 1,
    });
    expect(answer.context.digest).toBe(claims['digest']);
  });

  test('at Tier 2 is given to everybody', async () => {
    const { answer, headers } = await world.check(await world.token(agent), 'payments.schedule', pay('600.00'));
    expect(await claimsOf(answer)).toMatchObject({ verdict: 'allow_reversible', tier: 2, jti: answer.context.id });
    expect(headers.get('preference-applied'), 'it was not asked for').toBeNull();
  });

  test('at Tier 3 is given for the approved action, once it is used', async () => {
    const { token, id } = await approved('62000.00');
    const { answer } = await redeem(token, id, '62000.00', 'use');
    expect(await claimsOf(answer)).toMatchObject({ verdict: 'allow', tier: 3, approval: id, jti: answer.context.id });
  });

  test('comes anew with every replay, for the same decision, on another gateway too', async () => {
    const { token, id } = await approved('63000.00');
    const first = await redeem(token, id, '63000.00', 'again');
    const replayed = await redeem(token, id, '63000.00', 'again', 1);
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    const { iat: _, exp: __, ...said } = await claimsOf(first.answer);
    expect(await claimsOf(replayed.answer)).toMatchObject(said);
  });

  test('comes with the replay of a Tier 1 answer that had none, when it is asked for', async () => {
    const token = await world.token(agent);
    const first = await world.check(token, 'files.read', {}, { headers: { 'idempotency-key': 'plain' } });
    expect(first.answer.context.receipt).toBeUndefined();
    const { answer } = await world.check(token, 'files.read', {}, { headers: { 'idempotency-key': 'plain', ...asked } });
    expect((await claimsOf(answer)).jti).toBe(first.answer.context.id);
  });
});

describe('no receipt is given', () => {
  test.each([
    ['at Tier 1 when nobody asked', 'files.read', {}, {}],
    ['for what waits for a person', 'payments.schedule', pay('70000.00'), asked],
    ['for what is denied', 'payments.schedule', { amount: 'much' }, asked],
    ['for what halts', 'bank.drain', {}, asked],
  ] as const)('%s', async (_name, action, args, headers) => {
    const { answer, headers: said } = await world.check(await world.token(agent), action, args, { headers });
    expect(answer.context.receipt).toBeUndefined();
    expect(said.get('preference-applied')).toBeNull();
  });

  test('with the replay of an allow that is withheld', async () => {
    const stopped = await world.addAgent(['payments.schedule']);
    const token = await world.token(stopped);
    const headers = { 'idempotency-key': 'withheld', ...asked };
    expect((await world.check(token, 'payments.schedule', pay('600.00'), { headers })).answer.context.receipt).toBeDefined();
    await world.change('agent.suspended', stopped, (client) =>
      client.query("UPDATE agents SET status = 'suspended' WHERE id = $1", [stopped]),
    );
    const { answer } = await world.check(token, 'payments.schedule', pay('600.00'), { headers });
    expect(answer).toMatchObject({ decision: false, context: { reasons: [{ code: 'AGENT_SUSPENDED' }] } });
    expect(answer.context.receipt).toBeUndefined();
  });

  test('in the place of an access token: it opens nothing', async () => {
    const { answer } = await world.check(await world.token(agent), 'files.read', {}, { headers: asked });
    expect((await world.post(answer.context.receipt ?? '', '{"action":{"name":"files.read"}}')).status).toBe(401);
  });
});

describe('while nothing can sign', () => {
  test('what must carry a receipt is not decided at all, and the approval is not used up; Tier 1 goes on', async () => {
    const { token, id } = await approved('64000.00');
    const signs = (until: string) =>
      world.change('key.rotated', 'all', (client) => client.query(`UPDATE signing_keys SET signs_until = ${until}`));
    await signs('now()');
    try {
      for (const gateway of [0, 1]) {
        const before = await world.rowCount();
        expect((await redeem(token, id, '64000.00', 'no-key', gateway)).status).toBe(503);
        expect((await world.check(token, 'payments.schedule', pay('600.00'), { gateway })).status).toBe(503);
        expect(await world.rowCount()).toBe(before);
        const { answer, headers } = await world.check(token, 'files.read', {}, { headers: asked, gateway });
        expect([answer.decision, answer.context.receipt, headers.get('preference-applied')]).toEqual([true, undefined, null]);
      }
    } finally {
      await signs('NULL');
    }
    const { answer } = await redeem(token, id, '64000.00', 'no-key');
    expect(await claimsOf(answer)).toMatchObject({ approval: id });
  });
});
