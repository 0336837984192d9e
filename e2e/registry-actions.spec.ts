import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { agentToken, asSuperuser, check, expectAccessible, post, sample, signIn, visit } from './people';

const risk = 'raj@example.com';
const preview = (page: Page) => page.locator('[data-preview]');
const current = (page: Page) => expect(page.locator('[data-preview="current"]')).toBeVisible();
const dialog = (page: Page) => page.getByRole('dialog');
const alerts: string[] = [];

let made = Date.now();
/** fresh is the name of an action type nobody recorded yet. */
const fresh = (verb = 'issue') => `credits.${verb}_${++made}`;

const credit = { customer: 'C-1', amount: '499.99', currency: 'USD' };
const parameters = {
  type: 'object',
  additionalProperties: false,
  required: ['customer', 'amount', 'currency'],
  properties: { customer: { type: 'string' }, amount: { type: 'string' }, currency: { type: 'string' } },
};

test.beforeEach(({ page }) => {
  page.on('dialog', (asked) => {
    alerts.push(asked.message());
    void asked.dismiss();
  });
});
test.afterEach(() => expect(alerts).toEqual([]));

async function propose(page: Page, name: string, change: { title?: string; sample?: string } = {}): Promise<void> {
  await visit(page, '/registry/actions/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Title', { exact: true }).fill(change.title ?? 'Customer credits');
  await page.getByLabel('System', { exact: true }).selectOption({ label: 'ERP' });
  await page.getByLabel('Sample arguments').fill(change.sample ?? JSON.stringify(credit));
  await page.getByRole('button', { name: 'Infer from the sample arguments' }).click();
  await page.getByLabel(/^Sentence/).fill('Credit {amount} {currency} to {customer}');
  await page.getByRole('button', { name: 'Save as a proposal' }).click();
  await expect(page.locator('[data-status="unset"]').first()).toBeVisible();
}

/** permit lets the sample agent ask for it, as its page would, with the event that such a change needs. */
async function permit(name: string): Promise<void> {
  await asSuperuser(
    `WITH told AS (INSERT INTO ledger_intake (kind, subject, payload) VALUES ('agent.changed', 'agt_invoices',
       convert_to('{"kind":"agent.changed","id":"evt_' || lpad(floor(random() * 1e12)::text, 26, '0') || '","actor":{"type":"system","id":"setup"},"subject":{"type":"agent","id":"agt_invoices"},"data":{}}', 'UTF8')))
     INSERT INTO agent_permissions (agent_id, action_type) VALUES ('agt_invoices', $1)`,
    [name],
  );
}

test('an engineer proposes, which halts; a risk officer classifies it with the preview, and the next check is decided by it', async ({
  page,
  browser,
}) => {
  const name = fresh();
  await signIn(page, sample.engineer, '/registry/actions');
  await propose(page, name);
  await expect(page.getByText('out of everyone’s scope')).toBeVisible();
  await permit(name);
  const halted = await check({ action: name, arguments: credit });
  expect([halted.verdict, halted.reasons[0]?.code]).toEqual(['halt', 'ACTION_UNCLASSIFIED']);

  const officer = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
  await signIn(officer, risk, `/registry/actions/${name}`);
  await officer.getByRole('link', { name: 'Classify' }).click();
  await officer.getByLabel('Sample arguments').fill(JSON.stringify({ ...credit, amount: '10000.00' }));
  await officer.getByLabel('Effect', { exact: true }).selectOption('write');
  await officer.getByLabel('Reversibility', { exact: true }).selectOption('reversible');
  await officer.getByLabel('Undone by').fill('credits.cancel');
  await officer.getByLabel('Money is').selectOption('pointer');
  await officer.getByLabel('Amount at').fill('/amount');
  await officer.getByLabel('Currency at').fill('/currency');
  await expect(preview(officer)).toContainText('Say the sensitivity and the audience to see the tier.');
  await officer.getByLabel('Sensitivity level').selectOption('internal');
  await officer.getByLabel('Audience level').selectOption('internal');
  await expect(officer.locator('[data-preview-decision]')).toContainText('3 Approval required');
  await expect(officer.locator('[data-preview-sentence]')).toHaveText('Credit 10,000.00 USD to C-1');
  await officer.getByLabel('Sample arguments').fill(JSON.stringify({ ...credit, currency: 'EUR' }));
  await expect(officer.locator('[data-preview-readings]')).toContainText('499.99 EUR =');
  await officer.getByRole('button', { name: 'Classify', exact: true }).click();
  await expect(officer.locator('[data-status="approved"]').first()).toBeVisible();
  await expect(officer.getByText('Money is read from /amount in the currency at /currency.')).toBeVisible();
  await officer.context().close();

  const token = await agentToken();
  expect((await check({ action: name, arguments: credit, token })).verdict).toBe('allow');
  expect((await check({ action: name, arguments: { ...credit, amount: '10000.00' }, token })).verdict).toBe('approval_required');
  expect((await check({ action: name, arguments: { ...credit, extra: 1 }, token })).reasons[0]?.code).toBe('ARGUMENTS_INVALID');
});

test('what is wrong stands beside its field, and nothing that was typed is lost', async ({ page }) => {
  await signIn(page, sample.engineer, '/registry/actions/new');
  await page.getByLabel('Name', { exact: true }).fill('not a name');
  await page.getByLabel('Parameter schema').fill('{\n  "type": "object",\n}');
  await expect(page.getByText('Line 3, column 1: a member name was expected.')).toBeVisible();
  await page.getByLabel('Money is').selectOption('pointer');
  await page.getByLabel('Amount at').fill('amount');
  await page.getByRole('button', { name: 'Classify', exact: true }).click();
  for (const text of ['Letters, digits', 'A plural', 'Say what the action does', 'Write a pointer into the arguments, such as /amount'])
    await expect(page.locator('[data-field-error]', { hasText: text })).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('payments.schedule');
  await page.getByLabel('Title', { exact: true }).fill('Other payments');
  await page.getByLabel('System', { exact: true }).selectOption({ label: 'ERP' });
  await page.getByLabel('Money is').selectOption('none');
  await page.getByLabel('Parameter schema').fill('{ "$schema": "http://json-schema.org/draft-07/schema#" }');
  await page.getByRole('button', { name: 'Save as a proposal' }).click();
  await expect(page.locator('[data-field-error]', { hasText: 'recorded already' })).toBeVisible();
  const name = fresh('draft');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Save as a proposal' }).click();
  await expect(page.locator('[data-field-error]', { hasText: 'another draft than 2020-12' })).toBeVisible();
  await expect(page.getByLabel('Title', { exact: true })).toHaveValue('Other payments');
  await expect(page.getByLabel('Parameter schema')).toHaveValue(/draft-07/);
});

test('of two editors the second is told what the first changed, keeps what they typed, and goes on from there', async ({ page }) => {
  const name = fresh('edit');
  await signIn(page, sample.engineer, '/registry/actions');
  await propose(page, name);
  await page.getByRole('link', { name: 'Classify' }).click();
  await page.getByLabel(/^Sentence/).fill('Mine {amount}');
  const view = z.object({ changedAt: z.string() }).parse(await (await page.request.get(`/api/v1/registry/actions/${name}`)).json());
  const other = { name, title: 'Credits of customers', system: 'sys_erp', parameters: {}, classification: null };
  const put = await page.request.put(`/api/v1/registry/actions/${name}`, {
    headers: { origin: new URL(page.url()).origin, 'content-type': 'application/json' },
    data: JSON.stringify({ record: other, seen: { version: 1, changedAt: view.changedAt } }),
  });
  expect(put.status()).toBe(200);
  await page.getByRole('button', { name: 'Save as a proposal' }).click();
  await expect(page.locator('[data-problem="CONFLICT"]')).toContainText('Nothing of yours was saved');
  await expect(page.locator('[data-stale]')).toContainText('the title, the sentence, and the parameter schema');
  await expect(page.getByLabel(/^Sentence/)).toHaveValue('Mine {amount}');
  await page.getByRole('button', { name: 'Go on from there' }).click();
  await page.getByRole('button', { name: 'Save as a proposal' }).click();
  await expect(page.getByText('Mine {amount}')).toBeVisible();
});

test('hostile titles, arguments and schemas are shown as what they are and do nothing', async ({ page }) => {
  const name = fresh('hostile');
  const title = '<img src=x onerror=alert(1)>"\'`${1}';
  await signIn(page, sample.engineer, '/registry/actions');
  await propose(page, name, {
    title,
    sample: JSON.stringify({ amount: '1', currency: 'USD', customer: '<script>alert(2)</script>\u202egnp.exe' }),
  });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await page.getByRole('link', { name: 'Classify' }).click();
  await page
    .getByLabel('Sample arguments')
    .fill(JSON.stringify({ amount: '1', currency: 'USD', customer: '<script>alert(2)</script>\u202egnp.exe', '<b>x</b>': 1 }));
  await current(page);
  await expect(page.locator('[data-preview-sentence]')).toContainText('<script>alert(2)</script>⟨U+202E⟩gnp.exe');
  await expect(page.locator('[data-preview-mismatches]')).toContainText('/<b>x<~1b> is not named by the schema');
  await page.goto('/registry/actions?q=hostile');
  await expect(page.getByRole('link', { name: title })).toBeVisible();
  expect(await page.locator('main img, main script').count()).toBe(0);
});

for (const [what, schema] of [
  ['that goes in a circle', { $ref: '#' }],
  ['that refers to another machine', { $ref: 'https://example.com/x' }],
  ['with a pattern that looks ahead', { type: 'string', pattern: '(?=a)' }],
  ['of another draft', { $schema: 'http://json-schema.org/draft-04/schema#' }],
] as const)
  test(`a schema ${what} is recorded by nobody`, async ({ page }) => {
    await signIn(page, risk, '/registry/actions');
    const name = fresh('refused');
    const record = { name, title: 'Refused', system: 'sys_erp', parameters: schema, classification: null };
    const answer = await post(page, '/api/v1/registry/actions', { record, seen: null });
    expect([answer.status, answer.body['code']]).toEqual([422, 'GAPS']);
    expect((await page.request.get(`/api/v1/registry/actions/${name}`)).status()).toBe(404);
  });

test('a schema as large as may be is taken, a larger one is not', async ({ page }) => {
  await signIn(page, risk, '/registry/actions');
  const record = (length: number) => ({
    record: { name: fresh('large'), title: 'Large', system: 'sys_erp', parameters: { const: 'x'.repeat(length) }, classification: null },
    seen: null,
  });
  expect((await post(page, '/api/v1/registry/actions', record(64 * 1024 - 100))).status).toBe(200);
  expect((await post(page, '/api/v1/registry/actions', record(70 * 1024))).body['code']).toBe('GAPS');
  expect((await post(page, '/api/v1/registry/actions', record(200 * 1024))).body['code']).toBe('TOO_LARGE');
});

test('disabling says what stops, and then it stops', async ({ page }) => {
  const name = fresh('stop');
  await signIn(page, risk, '/registry/actions');
  const classification = {
    effect: 'read',
    reversibility: 'reversible',
    sensitivity: { constant: 'public' },
    audience: { constant: 'internal' },
  };
  const record = { name, title: 'Reads of credits', system: 'sys_erp', parameters, classification };
  expect((await post(page, `/api/v1/registry/actions/${name}/classify`, { record, seen: null })).body['status']).toBe('approved');
  await permit(name);
  expect((await check({ action: name, arguments: credit })).verdict).toBe('allow');
  await visit(page, `/registry/actions/${name}`);
  await page.getByRole('button', { name: 'Disable' }).click();
  await expect(dialog(page)).toContainText('One agent may ask for it now: Invoice agent.');
  await expect(dialog(page).getByRole('button', { name: 'Keep it' })).toBeFocused();
  await dialog(page).getByRole('button', { name: 'Disable' }).click();
  await expect(page.locator('[data-status="disabled"]').first()).toBeVisible();
  expect((await check({ action: name, arguments: credit })).verdict).toBe('halt');
});

for (const who of ['auditor', 'owner', 'leader', 'security'] as const)
  test(`the ${who} reads the catalogue and changes nothing of it`, async ({ page }) => {
    await signIn(page, sample[who], '/registry/actions');
    await expect(page.getByRole('link', { name: 'Vendor payments payments.schedule', exact: true })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Record an action type' })).toBeHidden();
    const record = { name: fresh('other'), title: 'Other', system: 'sys_erp', parameters: {}, classification: null };
    for (const address of [
      '/api/v1/registry/actions',
      `/api/v1/registry/actions/${record.name}/classify`,
      '/api/v1/registry/actions/payments.schedule/disable',
    ])
      expect((await post(page, address, { record, seen: null })).status).toBe(404);
    expect((await post(page, '/api/v1/registry/systems', { name: 'Mine', description: '' })).status).toBe(404);
    await page.goto('/registry/actions/new');
    await expect(page.getByLabel('Parameter schema')).toBeHidden();
  });

test('a system is added, edited and found, and a list narrowed to nothing says so', async ({ page }) => {
  await signIn(page, sample.engineer, '/registry/systems');
  const name = `Ledger ${++made}`;
  await page.getByRole('button', { name: 'Add a system' }).click();
  await dialog(page).getByRole('button', { name: 'Add the system' }).click();
  await expect(dialog(page).locator('[data-field-error]')).toBeVisible();
  await dialog(page).getByLabel('Name').fill(name);
  await dialog(page).getByRole('button', { name: 'Add the system' }).click();
  await page.getByRole('button', { name: `Edit ${name}` }).click();
  await dialog(page)
    .getByLabel(/What it is/)
    .fill('Where the books are kept.');
  await dialog(page).getByRole('button', { name: 'Save the system' }).click();
  await expect(page.getByText('Where the books are kept.')).toBeVisible();
  await page.goto('/registry/actions?q=nothing-is-called-this');
  await expect(page.getByText('No action type matches')).toBeVisible();
});

test('the pages are usable by everyone, on a desk and on a phone, in both themes', async ({ page }) => {
  test.slow();
  await signIn(page, risk, '/registry/actions');
  for (const address of [
    '/registry/actions',
    '/registry/actions/payments.schedule',
    '/registry/actions/payments.schedule/edit',
    '/registry/actions/new',
    '/registry/systems',
  ]) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
  }
});
