import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Payment } from './book';
import { createPayments } from './service';
import { World } from '@/lib/http/agent/testdata/world';
import { actionTypes } from '@/prisma/seed/sample';
import { Countersign, receiptHeader } from '@/sdk/src/index';

let world: World;
let agent: string;
beforeAll(async () => {
  world = await World.build();
  await world.addActionTypes(actionTypes.map((type) => ({ ...type, system: 'sys_test', version: 1, status: 'approved' as const })));
  agent = await world.addAgent(actionTypes.map(({ name }) => name));
});
afterAll(() => world.end());

let folder: string;
let file: string;
let url: string;
let stop: () => Promise<void>;
let lateMs = 0;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-payments-'));
  file = path.join(folder, 'payments.jsonl');
  lateMs = 0;
  await start();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(gatewayUrl = world.url(''), toolKey?: { keyId: string; secret: string }): Promise<void> {
  const { server, book } = createPayments({ gatewayUrl, file, log: () => undefined, now: () => new Date(Date.now() + lateMs), toolKey });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    book.close();
  };
}

const order = { invoice: 'INV-7', vendor: 'V-1', amount: '20.00', currency: 'USD' };
let tasks = 0;
async function receiptFor(changes: Partial<typeof order> = {}): Promise<string> {
  const { id: clientId, secret: clientSecret } = world.credentialOf(agent);
  const countersign = new Countersign({ url: world.url(''), clientId, clientSecret, task: `by hand ${++tasks}` });
  const asked = { ...order, ...changes };
  const resource = { type: 'invoice', id: asked.invoice };
  return (await countersign.check({ action: 'payments.schedule', resource, arguments: asked })).receipt ?? '';
}
async function send(receipt: string | undefined, body: unknown = order, where = 'schedule'): Promise<string> {
  const answer = await fetch(`${url}/payments/${where}`, {
    method: 'POST',
    headers: receipt === undefined ? {} : { [receiptHeader]: receipt },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const { code = '' } = (await answer.json()) as { code?: string };
  return `${answer.status} ${code}`.trim();
}
async function paid(): Promise<Payment[]> {
  return ((await (await fetch(`${url}/payments`)).json()) as { payments: Payment[] }).payments;
}

describe('the payments service', () => {
  test('pays what a receipt allows, and lists it with its decision', async () => {
    expect(await send(await receiptFor())).toBe('201');
    expect(await paid()).toMatchObject([{ ...order, kind: 'scheduled', agent, decision: expect.stringMatching(/^dec_/) as string }]);
  });

  test('pays once when fifty ask with one receipt at the same time', async () => {
    const receipt = await receiptFor();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(receipt)));
    expect(answers.filter((answer) => answer === '201')).toHaveLength(1);
    expect(answers.filter((answer) => answer === '409 RECEIPT_USED_BEFORE')).toHaveLength(49);
    expect(await paid()).toHaveLength(1);
  });

  test('started again, refuses what it paid before', async () => {
    const receipt = await receiptFor();
    expect(await send(receipt)).toBe('201');
    await stop();
    await start();
    expect(await send(receipt)).toBe('409 RECEIPT_USED_BEFORE');
    expect(await paid()).toHaveLength(1);
  });

  test('takes a line that a crash left half for no payment', async () => {
    expect(await send(await receiptFor())).toBe('201');
    await stop();
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"id":"pay_half","deci`);
    await start();
    expect((await paid()).map(({ invoice }) => invoice)).toEqual(['INV-7']);
    expect(await send(await receiptFor({ amount: '21.00' }), { ...order, amount: '21.00' })).toBe('201');
    await stop();
    await start();
    expect(await paid()).toHaveLength(2);
  });

  test('believes nothing while it cannot have the gateway’s keys', async () => {
    const receipt = await receiptFor();
    await stop();
    await start('http://127.0.0.1:1');
    expect(await send(receipt)).toBe('503 RECEIPT_KEYS_UNAVAILABLE');
    expect(await paid()).toEqual([]);
  });

  test('refuses a receipt that is older than its 30 seconds', async () => {
    const receipt = await receiptFor();
    lateMs = 31_000;
    expect(await send(receipt)).toBe('403 RECEIPT_EXPIRED');
    expect(await paid()).toEqual([]);
  });

  test('tells the gateway of payments that came past it, when it has a tool key', async () => {
    const { id: keyId, secret } = await world.addToolKey();
    const receipt = await receiptFor();
    await stop();
    await start(world.url(''), { keyId, secret });
    expect(await send(undefined)).toBe('403 RECEIPT_MISSING');
    expect(await send(receipt, { ...order, amount: '20.01' })).toBe('403 RECEIPT_OTHER_CALL');
    expect(await send(receipt)).toBe('201');
    await expect
      .poll(() => world.observations('tool.unreceipted'), { timeout: 10_000 })
      .toEqual([
        { subject: 'sys_test', value: `payments.schedule ${agent}`, count: 1 },
        { subject: 'sys_test', value: 'payments.schedule unknown', count: 1 },
      ]);
  });

  const twice = `{"amount":"9999.00",${JSON.stringify(order).slice(1, -1)},"amount":"9999.00"}`;
  test.each<[string, () => Promise<string>, string]>([
    ['without a receipt', () => send(undefined), '403 RECEIPT_MISSING'],
    ['with a receipt that is none', () => send('paid by Ana'), '403 RECEIPT_MALFORMED'],
    ['of another amount', async () => send(await receiptFor(), { ...order, amount: '20.01' }), '403 RECEIPT_OTHER_CALL'],
    ['of the same amount in other digits', async () => send(await receiptFor(), { ...order, amount: '20.0' }), '403 RECEIPT_OTHER_CALL'],
    ['to another vendor', async () => send(await receiptFor(), { ...order, vendor: 'V-2' }), '403 RECEIPT_OTHER_CALL'],
    ['for another invoice', async () => send(await receiptFor(), { ...order, invoice: 'INV-8' }), '403 RECEIPT_OTHER_CALL'],
    ['at once, with a receipt to schedule it', async () => send(await receiptFor(), order, 'execute'), '403 RECEIPT_OTHER_ACTION'],
    ['with a member more', async () => send(await receiptFor(), { ...order, iban: 'X' }), '400 MALFORMED'],
    ['with a number for an amount', async () => send(await receiptFor(), { ...order, amount: 20 }), '400 MALFORMED'],
    ['with a member twice', async () => send(await receiptFor(), twice), '403 RECEIPT_OTHER_CALL'],
    ['that is no JSON', async () => send(await receiptFor(), 'pay'), '400 MALFORMED'],
    ['with an access token for a receipt', async () => send(await world.token(agent)), '403 RECEIPT_TYPE_NOT_ALLOWED'],
    ['nobody knows the kind of', async () => send(await receiptFor(), order, 'constructor'), '404 NOT_FOUND'],
  ])('refuses a payment %s', async (_name, work, answer) => {
    expect(await work()).toBe(answer);
    expect(await paid()).toEqual([]);
  });
});
