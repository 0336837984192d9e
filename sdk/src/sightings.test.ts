import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actionDigest, type Call } from './digest';
import { ScriptedGateway } from './testdata/gateway';
import { ReceiptVerifier } from './verifier';

const call: Call = { action: 'payments.schedule', arguments: { invoice: 'INV-1' } };
const report = { keyId: 'tky_test', secret: 'cst_canary' };

/** A gateway's door for sightings, and before it the keys of a scripted gateway. */
let keys: ScriptedGateway;
let server: Server;
let told: { authorization: string | undefined; body: Record<string, unknown> }[];
let answer: (response: ServerResponse) => void;
beforeAll(async () => {
  keys = await ScriptedGateway.start();
});
afterAll(() => keys.stop());
beforeEach(async () => {
  told = [];
  answer = (response) => response.writeHead(202).end('{}');
  server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== '/api/sightings') {
    const theirs = await fetch(keys.url + (request.url ?? ''));
    response.writeHead(theirs.status, { 'content-type': 'application/json' }).end(await theirs.text());
    return;
  }
  let text = '';
  for await (const chunk of request) text += String(chunk);
  told.push({ authorization: request.headers.authorization, body: JSON.parse(text) as Record<string, unknown> });
  answer(response);
}

const verifier = (): ReceiptVerifier =>
  new ReceiptVerifier({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, issuer: 'https://gateway.test', report });
const receipt = (changes: Record<string, unknown> = {}): string =>
  keys.receipt(keys.claims({ digest: actionDigest(call, { agent: 'agt_test', schemaVersion: 1 }), ...changes }, Date.now()));

describe('a verifier with a tool key tells', () => {
  test('of calls without a receipt, added up, with the key', async () => {
    const of = verifier();
    for (let i = 0; i < 3; i++) expect(await of.accept(undefined, call)).toMatchObject({ ok: false, code: 'MISSING' });
    await of.flushReports();
    expect(told).toEqual([
      {
        authorization: `Basic ${Buffer.from('tky_test:cst_canary').toString('base64')}`,
        body: { action: 'payments.schedule', code: 'MISSING', count: 3 },
      },
    ]);
  });

  test('by itself, a moment later', async () => {
    await verifier().accept(undefined, call);
    await expect.poll(() => told.length, { timeout: 5_000 }).toBe(1);
  });

  test('of a receipt for another call, with the agent it names', async () => {
    const of = verifier();
    expect(await of.verify(receipt(), { ...call, arguments: { invoice: 'INV-2' } })).toMatchObject({ code: 'OTHER_CALL' });
    await of.flushReports();
    expect(told[0]?.body).toMatchObject({ action: 'payments.schedule', agent: 'agt_test', code: 'OTHER_CALL', count: 1 });
  });

  test('of a call that the tool refused by itself', async () => {
    const of = verifier();
    of.reportUnreceipted('payments.refund');
    await of.flushReports();
    expect(told[0]?.body).toEqual({ action: 'payments.refund', code: 'MISSING', count: 1 });
  });

  test('again, when the gateway could not take it, with what came meanwhile', async () => {
    const of = verifier();
    answer = (response) => response.writeHead(503).end();
    of.reportUnreceipted('payments.refund');
    await of.flushReports();
    answer = (response) => response.writeHead(202).end('{}');
    of.reportUnreceipted('payments.refund');
    await of.flushReports();
    expect(told.map(({ body }) => body['count'])).toEqual([1, 2]);
  });
});

describe('a verifier does not tell', () => {
  const silent: [string, (of: ReceiptVerifier) => Promise<unknown>][] = [
    ['of a receipt that fits', (of) => of.accept(receipt(), call)],
    [
      'of a retry of what was allowed',
      async (of) => {
        const once = receipt();
        await of.accept(once, call);
        expect(await of.accept(once, call)).toMatchObject({ code: 'USED_BEFORE' });
      },
    ],
    [
      'of a gateway that is away',
      async () => {
        const of = new ReceiptVerifier({ url: 'http://127.0.0.1:1', report });
        expect(await of.accept(receipt(), call)).toMatchObject({ code: 'KEYS_UNAVAILABLE' });
        await of.flushReports();
      },
    ],
    [
      'without a tool key',
      async () => {
        const of = new ReceiptVerifier({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
        await of.accept(undefined, call);
        of.reportUnreceipted('payments.refund');
        await of.flushReports();
      },
    ],
  ];
  test.each(silent)('%s', async (_name, work) => {
    const of = verifier();
    await work(of);
    await of.flushReports();
    expect(told).toEqual([]);
  });

  test('again of what the gateway refused: a revoked key is no reason to insist', async () => {
    const of = verifier();
    answer = (response) => response.writeHead(401).end();
    of.reportUnreceipted('payments.refund');
    await of.flushReports();
    await of.flushReports();
    expect(told).toHaveLength(1);
  });

  test('of more kinds of calls than it holds, nor of more calls than a report may say', async () => {
    const of = verifier();
    for (let i = 0; i < 1_500; i++) of.reportUnreceipted('payments.refund');
    for (let i = 0; i < 1_000; i++) of.reportUnreceipted(`made.up${i}`);
    await of.flushReports();
    expect([told.length, told[0]?.body['count']]).toEqual([200, 1_000]);
  });
});

describe('telling never changes or delays a verdict', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['when the gateway never answers', () => undefined],
    ['when it hangs up', (response) => void response.destroy()],
    ['when it redirects', (response) => void response.writeHead(302, { location: 'https://elsewhere.test' }).end()],
    ['when it answers nonsense', (response) => void response.writeHead(200).end('{')],
  ])('%s', async (_name, wrong) => {
    answer = wrong;
    const of = verifier();
    of.reportUnreceipted('payments.refund');
    void of.flushReports();
    await expect.poll(() => told.length).toBe(1);
    expect(await of.accept(undefined, call)).toMatchObject({ ok: false, code: 'MISSING' });
    expect(await of.accept(receipt(), call)).toMatchObject({ ok: true });
  });

  test('when what calls itself a call is none', async () => {
    expect(await verifier().verify(undefined, null as unknown as Call)).toMatchObject({ code: 'MISSING' });
  });
});
