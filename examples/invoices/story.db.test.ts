import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run, type Running } from '@/scripts/testing/example';
import { World } from '@/lib/http/agent/testdata/world';
import { actionTypes } from '@/prisma/seed/sample';
import { Countersign, receiptHeader } from '@/sdk/src/index';

let world: World;
let agent: string;
beforeAll(async () => {
  world = await World.build();
  await world.addActionTypes(actionTypes.map((type) => ({ ...type, system: 'sys_test', version: 1, status: 'approved' as const })));
});
afterAll(() => world.end());

let folder: string;
let payments: Running;
let paymentsUrl: string;
let running: Running[] = [];
const books = /http:\/\/127\.0\.0\.1:\d+/;
const waits = (number: string) => new RegExp(`${number} .* waits for a person: (apr_[0-9a-z]{26})`);

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-story-'));
  agent = await world.addAgent(actionTypes.map(({ name }) => name));
  await startPayments();
}, 60_000);
afterEach(async () => {
  await Promise.all(running.map((one) => one.kill()));
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

function start(file: string, ...args: string[]): Running {
  const { id, secret } = world.credentialOf(agent);
  // The data folder is empty: nothing of an installation on this machine is read.
  const environment = {
    GATEWAY_URL: world.url(''),
    COUNTERSIGN_DATA_DIR: folder,
    COUNTERSIGN_CLIENT_ID: id,
    COUNTERSIGN_CLIENT_SECRET: secret,
  };
  const one = run(`examples/${file}.ts`, args, environment);
  running.push(one);
  return one;
}
async function startPayments(): Promise<void> {
  payments = start('payments/server', '--port', '0');
  await expect.poll(() => payments.output, { timeout: 20_000 }).toMatch(books);
  paymentsUrl = books.exec(payments.output)?.[0] ?? '';
}
const startAgent = (...args: string[]): Running => start('invoices/agent', '--payments', paymentsUrl, ...args);
const said = (one: Running, pattern: RegExp): Promise<string> =>
  expect
    .poll(() => one.output, { timeout: 20_000 })
    .toMatch(pattern)
    .then(() => pattern.exec(one.output)?.[1] ?? '');

type Payment = { invoice: string; amount: string; currency: string; kind: string; decision: string; approval?: string };
async function paid(): Promise<Payment[]> {
  return ((await (await fetch(`${paymentsUrl}/payments`)).json()) as { payments: Payment[] }).payments;
}
const invoices = async (): Promise<string[]> => (await paid()).map(({ invoice }) => invoice);

describe('the invoice agent', () => {
  test('pays what it may alone, waits for people with the rest, is killed and goes on, and stops at what nobody declared', async () => {
    const first = startAgent();
    const large = await said(first, waits('INV-2293'));
    expect(first.output).toMatch(/INV-2291 {2}310\.00 USD to .*: scheduled as pay_\w+: Tier 1, at once/);
    expect(first.output).toMatch(/INV-2292 {2}4,800\.00 USD to .*: scheduled as pay_\w+: Tier 2, can be reversed until 20\d\d-/);
    await first.kill();
    await world.decide(large, 'approved');

    const changed = startAgent('--invoice', 'INV-2293', '--amount', '62000.01', '--approval', large);
    expect(await changed.ended).toBe(1);
    expect(changed.output).toContain('refused: APPROVAL_MISMATCH');

    const second = startAgent();
    const immediate = await said(second, waits('INV-2294'));
    expect(second.output).toMatch(/INV-2291 .* settled in an earlier run/);
    expect(second.output).toMatch(/INV-2293 .* scheduled as pay_\w+: approved by a person/);
    expect(await paid()).toMatchObject([
      { invoice: 'INV-2291' },
      { invoice: 'INV-2292' },
      { invoice: 'INV-2293', amount: '62000.00', approval: large },
    ]);

    await world.decide(immediate, 'approved');
    expect(await second.ended).toBe(1);
    expect(second.output).toMatch(/INV-2294 .* paid as pay_\w+: approved by a person/);
    expect(second.output).toMatch(/REQ-0093 .* halted: vendors\.delete was halted/);
    expect(second.output).toMatch(/INV-2295 .* open: invoices\.read was halted/);
    const workflow = /The workflow (\S+) is halted/.exec(second.output)?.[1] ?? '';

    const halted = startAgent();
    expect(await halted.ended).toBe(1);
    expect(await invoices()).not.toContain('INV-2295');
    await world.change('workflow.released', workflow, (sql) =>
      sql.query(
        "UPDATE workflow_halts SET released_at = now(), released_by = 'usr_liam', release_reason = 'looked at' WHERE workflow_id = $1",
        [workflow],
      ),
    );
    const last = startAgent();
    expect(await last.ended).toBe(0);
    expect(await invoices()).toEqual(['INV-2291', 'INV-2292', 'INV-2293', 'INV-2294', 'INV-2295']);
    const { rows } = await world.owner.query("SELECT count(*)::int AS n FROM outcomes WHERE agent_id = $1 AND status <> 'succeeded'", [
      agent,
    ]);
    expect(rows).toEqual([{ n: 0 }]);
  }, 120_000);

  test('killed between paying and writing it down finds the payment again', async () => {
    const args = ['--invoice', 'INV-2291'];
    expect(await startAgent(...args).ended).toBe(0);
    const state = path.join(folder, 'examples', 'invoices.json');
    const kept = JSON.parse(readFileSync(state, 'utf8')) as { task: string };
    writeFileSync(state, JSON.stringify({ ...kept, settled: {} }));
    const again = startAgent(...args);
    expect(await again.ended).toBe(0);
    expect(again.output).toContain('succeeded before');
    expect(await invoices()).toEqual(['INV-2291']);
  });

  test('puts aside what a person rejected, and does not ask again', async () => {
    const args = ['--invoice', 'INV-2294'];
    const first = startAgent(...args);
    await world.decide(await said(first, waits('INV-2294')), 'rejected');
    expect(await first.ended).toBe(0);
    expect(first.output).toMatch(/INV-2294 .* put aside: A person rejected this/);
    expect(await startAgent(...args).ended).toBe(0);
    expect(await invoices()).toEqual([]);
  });

  test.each<[string, string[], RegExp]>([
    ['without the payments service', ['--payments', 'http://127.0.0.1:1'], /npm run example:payments/],
    ['without a gateway it can reach', ['--gateway', 'http://gateway.internal:4000'], /over https/],
    ['for an invoice that is not there', ['--invoice', 'INV-1'], /not in the inbox/],
    ['with an option nobody knows', ['--invioce', 'INV-1'], /invioce/],
  ])('says in one sentence why it does not start %s', async (_name, args, sentence) => {
    const one = startAgent(...args);
    expect(await one.ended).toBe(1);
    expect(one.output).toMatch(sentence);
    expect(one.output.trim().split('\n')).toHaveLength(1);
  });
});

describe('the payments service, killed', () => {
  const order = { invoice: 'INV-7', vendor: 'V-1', amount: '20.00', currency: 'USD' };
  async function receipt(changes: Record<string, unknown> = {}): Promise<{ receipt: string; decision: string }> {
    const { id: clientId, secret: clientSecret } = world.credentialOf(agent);
    const countersign = new Countersign({ url: world.url(''), clientId, clientSecret, task: 'by hand' });
    const asked = { ...order, ...changes };
    const decision = await countersign.check({
      action: 'payments.schedule',
      resource: { type: 'invoice', id: asked.invoice },
      arguments: asked,
    });
    return { receipt: decision.receipt ?? '', decision: decision.id };
  }
  async function send(with_: string | undefined, body: unknown = order, where = 'schedule'): Promise<string> {
    const answer = await fetch(`${paymentsUrl}/payments/${where}`, {
      method: 'POST',
      headers: with_ === undefined ? {} : { [receiptHeader]: with_ },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const { code = '' } = (await answer.json()) as { code?: string };
    return `${answer.status} ${code}`.trim();
  }

  test('refuses what it paid before', async () => {
    const { receipt: good, decision } = await receipt();
    expect(await send(good)).toBe('201');
    expect(await send(good)).toBe('409 RECEIPT_USED_BEFORE');
    await payments.kill();
    await startPayments();
    expect(await send(good)).toBe('409 RECEIPT_USED_BEFORE');
    expect(await paid()).toMatchObject([{ ...order, decision, kind: 'scheduled' }]);
  });
});
