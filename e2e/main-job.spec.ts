import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import pg from 'pg';
import { expectAccessible, sample, signIn, visit } from './people';
import { e2eSystem } from './system';
import { run, type Running } from '../scripts/testing/example';

// The main job, with the processes it takes: a payments service, an agent that is killed and started again, and people in the console.

const books = /http:\/\/127\.0\.0\.1:\d+/;
const waits = (number: string) => new RegExp(`${number} .* waits for a person: \\S+/approvals/(apr_[0-9a-z]{26})`);
const toEndMs = 30_000;

let folder: string;
let running: Running[] = [];
let paymentsUrl: string;
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-main-job-'));
  const payments = start('payments/server', '--port', '0');
  paymentsUrl = await said(payments, books);
});
test.afterEach(async () => {
  await Promise.all(running.map((one) => one.kill()));
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

/** An example against the system of this run; of its environment it gets what an agent's machine would have. */
function start(file: string, ...args: string[]): Running {
  const { gatewayUrl, webUrl, environment } = e2eSystem();
  const one = run(`examples/${file}.ts`, args, {
    GATEWAY_URL: gatewayUrl,
    PUBLIC_URL: webUrl,
    SECRETS_DIR: environment['SECRETS_DIR'] ?? '',
    COUNTERSIGN_DATA_DIR: folder,
  });
  running.push(one);
  return one;
}
const startAgent = (...args: string[]): Running => start('invoices/agent', '--payments', paymentsUrl, ...args);

async function said(one: Running, pattern: RegExp): Promise<string> {
  await expect.poll(() => one.output, { timeout: toEndMs }).toMatch(pattern);
  const found = pattern.exec(one.output);
  return found?.[1] ?? found?.[0] ?? '';
}

type Payment = { id: string; invoice: string; amount: string; currency: string; kind: string; decision: string; approval?: string };
async function paid(): Promise<Payment[]> {
  return ((await (await fetch(`${paymentsUrl}/payments`)).json()) as { payments: Payment[] }).payments;
}
const invoicesPaid = async (): Promise<string[]> => (await paid()).map(({ invoice }) => invoice);

async function approve(page: Page, approval: string): Promise<void> {
  await visit(page, `/approvals/${approval}`);
  await page
    .getByRole('article')
    .getByRole('button', { name: /^Approve/ })
    .click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Approve/ })
    .click();
}

/** The rows of a workflow, as they stand in the ledger. */
async function rowsOf(workflow: string): Promise<{ kind: string; verdict?: string; action?: string; tier?: number }[]> {
  const client = new pg.Client({ connectionString: e2eSystem().urls.superuser });
  await client.connect();
  const sql =
    "SELECT convert_from(substring(bytes FROM 49), 'UTF8') AS payload FROM ledger WHERE position($1::bytea IN bytes) > 0 ORDER BY seq";
  const { rows } = await client.query<{ payload: string }>(sql, [Buffer.from(`"${workflow}"`)]).finally(() => client.end());
  return rows.map(({ payload }) => JSON.parse(payload) as { kind: string });
}

test('an agent asks, its process owner signs, the agent acts exactly once, and stops when it must', async ({ page, browser }) => {
  test.setTimeout(180_000);
  const first = startAgent();
  const large = await said(first, waits('INV-2293'));
  expect(first.output).toMatch(/INV-2291 .*310\.00 USD.* scheduled as pay_\w+: Tier 1, at once/);
  expect(first.output).toMatch(/INV-2292 .*4,800\.00 USD.* scheduled as pay_\w+: Tier 2, can be reversed until 20/);
  expect(await invoicesPaid()).toEqual(['INV-2291', 'INV-2292']);
  await first.kill();

  // Her inbox says until when the one that went ahead can be reversed.
  await signIn(page, sample.owner, '/approvals?tab=supervised');
  const supervised = page.locator('[data-supervised] li').filter({ hasText: 'INV-2292' }).first();
  await expect(supervised).toContainText(/can be reversed until/);

  await page.goto(`/approvals/${large}`);
  const card = page.getByRole('article');
  await expect(card.getByRole('heading', { level: 1 })).toHaveText(
    'Schedule a payment of 62,000.00 EUR to vendor V-88 for invoice INV-2293',
  );
  await expect(card).toContainText('Matches PO-771');
  await approve(page, large);
  await expect(page.locator('[data-state="approved"]')).toContainText('exactly this, once');

  const changed = startAgent('--invoice', 'INV-2293', '--amount', '62000.01', '--approval', large);
  expect(await changed.ended).toBe(1);
  expect(changed.output).toContain('refused: APPROVAL_MISMATCH');
  expect(await invoicesPaid()).toEqual(['INV-2291', 'INV-2292']);

  const second = startAgent();
  const immediate = await said(second, waits('INV-2294'));
  expect(second.output).toMatch(/INV-2293 .* scheduled as pay_\w+: approved by a person/);
  expect((await paid()).filter(({ invoice }) => invoice === 'INV-2293')).toMatchObject([
    { amount: '62000.00', currency: 'EUR', kind: 'scheduled', approval: large },
  ]);
  await expect(page.locator('[data-state="used"]')).toContainText('cannot be used again');
  const again = startAgent('--invoice', 'INV-2293', '--approval', large);
  expect(await again.ended).toBe(1);
  expect(again.output).toContain('refused: APPROVAL_USED');

  await page.goto(`/approvals/${immediate}`);
  await expect(card).toContainText('20.00 USD');
  await expect(card).toContainText('cannot be undone');
  expect(await invoicesPaid()).not.toContain('INV-2294');
  await approve(page, immediate);

  expect(await second.ended).toBe(1);
  expect(second.output).toMatch(/INV-2294 .* paid as pay_\w+: approved by a person/);
  expect(second.output).toMatch(/REQ-0093 .* halted: vendors\.delete was halted/);
  expect(second.output).toMatch(/INV-2295 .* open: invoices\.read was halted/);
  const [, workflow = '', decision = ''] = /The workflow (\S+) is halted\..*\/ledger\/(dec_[0-9a-z]{26})/.exec(second.output) ?? [];
  expect(workflow).not.toBe('');

  const third = startAgent();
  expect(await third.ended).toBe(1);
  expect(third.output).toMatch(/INV-2295 .* open: invoices\.read was halted/);
  expect(await invoicesPaid()).not.toContain('INV-2295');

  // The owner of the process may not release it; a leader may.
  await page.goto(`/ledger/${decision}`);
  await expect(page.locator('[data-halt="in-force"]')).toContainText('Liam Chen');
  await expect(page.getByRole('button', { name: 'Release workflow' })).toBeHidden();
  const leader = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
  await signIn(leader, sample.leader, `/ledger/${decision}`);
  await leader.getByRole('button', { name: 'Release workflow…' }).click();
  await leader.getByLabel('Reason').fill('The vendor’s letter was answered; nothing was deleted.');
  await leader.getByRole('button', { name: 'Release workflow', exact: true }).click();
  await expect(leader.locator('[data-halt="released"]')).toContainText('Liam Chen');
  await leader.context().close();

  const last = startAgent();
  expect(await last.ended).toBe(0);
  expect(await invoicesPaid()).toEqual(['INV-2291', 'INV-2292', 'INV-2293', 'INV-2294', 'INV-2295']);
  await everyStepIsInTheLedger(workflow);
  await page.goto(`/ledger?workflow=${workflow}`);
  await expect(page.locator('[data-ledger] tbody tr').first()).toBeVisible();
  await verifyAgrees();
});

async function everyStepIsInTheLedger(workflow: string): Promise<void> {
  const rows = await rowsOf(workflow);
  const verdicts = rows.filter(({ kind }) => kind === 'decision.made').map(({ action, verdict, tier }) => `${action} ${verdict} ${tier}`);
  for (const step of [
    'payments.schedule allow 1',
    'payments.schedule allow_reversible 2',
    'payments.schedule approval_required 3',
    'payments.schedule allow 3',
    'payments.schedule deny null',
    'payments.execute approval_required 3',
    'payments.execute allow 3',
    'vendors.delete halt 4',
    'invoices.read halt 4',
  ])
    expect(verdicts).toContain(step);
  expect(rows.map(({ kind }) => kind)).toContain('workflow.released');
  const decisions = (await paid()).map(({ decision }) => decision);
  const reported = await Promise.all(decisions.map((decision) => rowsOf(decision)));
  for (const rowsOfOne of reported) expect(rowsOfOne.map(({ kind }) => kind)).toEqual(['decision.made', 'outcome.reported']);
}

async function verifyAgrees(): Promise<void> {
  const verify = run('scripts/verify/index.ts', [], { ...e2eSystem().environment });
  expect(await verify.ended, verify.output).toBe(0);
  expect(verify.output).toContain('AGREES');
}

test('the agent waits for nothing that a person rejected, and asks for it no second time', async ({ page }) => {
  const agent = startAgent('--invoice', 'INV-2294');
  const asked = await said(agent, waits('INV-2294'));
  await signIn(page, sample.owner, `/approvals/${asked}`);
  await page.getByRole('article').getByRole('button', { name: 'Reject' }).click();
  await page.getByRole('dialog').getByRole('radio', { name: 'The recipient is wrong' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
  expect(await agent.ended).toBe(0);
  expect(agent.output).toMatch(/INV-2294 .* put aside: A person rejected this/);
  expect(await startAgent('--invoice', 'INV-2294').ended).toBe(0);
  expect(await paid()).toEqual([]);
  await expectAccessible(page);
});
