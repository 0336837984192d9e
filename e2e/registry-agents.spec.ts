import { expect, test, type Page } from '@playwright/test';
import { caughtUp, check, expectAccessible, handOver, post, sample, tokenFor, visit } from './people';
import { e2eSystem } from './system';

const purpose = 'Reads invoices for the monthly close and nothing else.';
const unique = () => `agt_close${Date.now().toString(36)}`;
const gaps = (page: Page) => page.locator('[data-gap]').evaluateAll((items) => items.map((item) => item.getAttribute('data-gap')));
const dialog = (page: Page) => page.getByRole('dialog');
const line = (page: Page) => page.locator('[data-who-line]');

/** register fills in the form as the engineer; what is not given stays as the form has it. */
async function register(page: Page, id: string, given: { sponsor?: string } = {}): Promise<void> {
  await handOver(page, sample.engineer, '/registry/agents');
  await page.getByRole('link', { name: 'Register an agent' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Closing agent');
  await page.getByLabel('Id', { exact: false }).first().fill(id);
  await page.getByLabel('Purpose').fill(purpose);
  await page.getByLabel('Process').selectOption({ label: 'Accounts payable, of Ana Meyer' });
  if (given.sponsor) await page.getByLabel('Sponsor').selectOption({ label: given.sponsor });
  await page.getByLabel('Search action types').fill('invoices.read');
  await page.locator('[data-picker] label').filter({ hasText: 'invoices.read' }).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Register the agent' }).click();
  await page.waitForURL(`**/registry/agents/${id}`);
}

async function step(page: Page, button: string, reason?: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  if (reason !== undefined) await dialog(page).getByRole('textbox').fill(reason);
  await dialog(page).getByRole('button', { name: button, exact: true }).click();
  await expect(dialog(page)).toBeHidden();
}

/** makeCredential makes one through the page and takes its secret, which is shown once. */
async function makeCredential(page: Page, id: string): Promise<{ clientId: string; secret: string }> {
  await visit(page, `/registry/agents/${id}/credentials`);
  await page.getByRole('button', { name: 'Make a credential' }).first().click();
  await dialog(page).getByLabel('Label').fill('Test machine');
  await dialog(page).getByRole('button', { name: 'Make the credential' }).click();
  const read = async (name: string) => (await dialog(page).locator(`[data-line="${name}"]`).textContent()) ?? '';
  await expect(dialog(page).locator('[data-secret]')).toBeVisible();
  const made = { clientId: await read('Client id'), secret: await read('Client secret') };
  await dialog(page).getByRole('button', { name: 'I have taken it' }).click();
  return made;
}

test('an agent is registered, told what is missing, reviewed by another person, activated, and makes its first governed call', async ({
  page,
}) => {
  const id = unique();
  await register(page, id);
  await expect(line(page)).toContainText('Ana Meyer accountable · Accounts payable · a draft, may not act');
  expect(await gaps(page)).toEqual(['SPONSOR_MISSING', 'CREDENTIAL_MISSING', 'REVIEWER_MISSING']);
  await expect(page.locator('[data-gap="REVIEWER_MISSING"]')).not.toContainText('Emma');

  // The gap leads to where it is closed.
  await page.locator('[data-gap="SPONSOR_MISSING"]').getByRole('link').click();
  await page.getByLabel('Sponsor').selectOption({ label: 'Liam Chen, leader' });
  await page.getByRole('button', { name: 'Save the record' }).click();
  await page.waitForURL(`**/registry/agents/${id}`);
  const credential = await makeCredential(page, id);
  expect(credential.secret).toMatch(/^cs_/);
  await expect(page.locator('body')).not.toContainText(credential.secret);
  expect((await tokenFor(credential)).status).not.toBe(200);

  await visit(page, `/registry/agents/${id}`);
  expect(await gaps(page)).toEqual(['REVIEWER_MISSING']);
  await step(page, 'Hand over for review');
  await expect(line(page)).toContainText('in review');
  await expect(page.locator('[data-step-refused="approve"]')).toBeVisible();

  await handOver(page, sample.security, `/registry/agents/${id}`);
  await step(page, 'Approve the record');
  await handOver(page, sample.owner, `/registry/agents/${id}`);
  expect(await gaps(page)).toEqual([]);
  await step(page, 'Activate');
  await expect(line(page)).toContainText('active, may act');

  const { token } = await tokenFor(credential);
  const answer = await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' }, token });
  expect(['allow', 'allow_reversible']).toContain(answer.verdict);
  await caughtUp();
  await page.goto(`/registry/agents/${id}/history`);
  await expect(page.locator('[data-history] [data-kind]').first()).toContainText('Ana Meyer let it act');
  await expect(page.locator('[data-kind="agent.approved"]')).toContainText('Sofia Rossi approved what it is');

  await visit(page, `/registry/agents/${id}`);
  await step(page, 'Decommission', 'The close is done by hand again.');
  await expect(line(page)).toContainText('decommissioned');
  expect((await tokenFor(credential)).status).toBe(401);
  expect((await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' }, token }).catch(() => undefined))?.verdict).not.toBe(
    'allow',
  );
});

test('nothing is activated past its gaps, and nobody steps outside their role', async ({ page }) => {
  const id = unique();
  await register(page, id);
  await step(page, 'Hand over for review');
  const path = `/api/v1/registry/agents/${id}`;
  // The engineer neither approves nor activates, whatever they send.
  for (const verb of ['approve', 'activate', 'suspend', 'decommission'])
    expect((await post(page, `${path}/${verb}`, { version: 1, reason: 'x' })).status).toBe(404);

  await handOver(page, sample.auditor, `/registry/agents/${id}`);
  await expect(page.getByRole('button', { name: 'Approve the record' })).toBeHidden();
  expect((await post(page, `${path}/approve`, { version: 1 })).status).toBe(404);
  expect((await post(page, '/api/v1/identity/credentials', { agent: id })).status).toBe(404);

  await handOver(page, sample.security, `/registry/agents/${id}`);
  expect((await post(page, `${path}/approve`, { version: 99 })).status).toBe(409);
  await step(page, 'Approve the record');
  const refused = await post(page, `${path}/activate`, {});
  expect([refused.status, refused.body['code']]).toEqual([422, 'GAPS']);
  expect(refused.body['errors']).toMatchObject([{ pointer: '/SPONSOR_MISSING' }, { pointer: '/CREDENTIAL_MISSING' }]);
  await page.getByRole('button', { name: 'Activate', exact: true }).click();
  await expect(dialog(page).locator('[data-blocked]')).toContainText('2 things are missing');
  await expect(dialog(page).getByRole('button', { name: 'Activate', exact: true })).toBeDisabled();
});

test('what is wrong with a form stands beside its field, and nothing typed is lost', async ({ page }) => {
  await handOver(page, sample.engineer, '/registry/agents/new');
  await page.getByLabel('Name', { exact: true }).fill('Half an agent');
  await page.getByLabel('Runbook').fill('javascript:alert(1)');
  await page.getByRole('button', { name: 'Register the agent' }).click();
  await expect(page.locator('[data-field-error]').filter({ hasText: 'Say what it is for.' })).toBeVisible();
  await expect(page.locator('[data-field-error]').filter({ hasText: 'Choose a process.' })).toBeVisible();
  await expect(page.locator('[data-field-error]').filter({ hasText: 'Begin with https://' })).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Half an agent');

  // The server's refusal too: this id is taken.
  await page.getByLabel('Id', { exact: false }).first().fill('agt_invoices');
  await page.getByLabel('Purpose').fill(purpose);
  await page.getByLabel('Runbook').fill('');
  await page.getByLabel('Process').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Register the agent' }).click();
  await expect(page.locator('[data-field-error]').filter({ hasText: 'Another agent has this id' })).toBeVisible();
  await expect(page.getByLabel('Purpose')).toHaveValue(purpose);
});

test('two people edit one record: the second keeps what they typed and sees what the first changed', async ({ page, browser }) => {
  const id = unique();
  await register(page, id);
  await visit(page, `/registry/agents/${id}/edit`);
  await page.getByLabel('Purpose').fill('My words.');
  const context = await browser.newContext({ baseURL: e2eSystem().webUrl });
  const other = await context.newPage();
  await handOver(other, sample.engineer, `/registry/agents/${id}/edit`);
  await other.getByLabel('Sponsor').selectOption({ label: 'Liam Chen, leader' });
  await other.getByRole('button', { name: 'Save the record' }).click();
  await other.waitForURL(`**/registry/agents/${id}`);
  await context.close();

  await page.getByRole('button', { name: 'Save the record' }).click();
  await expect(page.locator('[data-meanwhile]')).toContainText('changed sponsor meanwhile');
  await expect(page.getByLabel('Purpose')).toHaveValue('My words.');
  await expect(page.getByLabel('Sponsor').locator('option:checked')).toHaveText('Liam Chen, leader');
  await page.getByRole('button', { name: 'Save the record' }).click();
  await page.waitForURL(`**/registry/agents/${id}`);
  await expect(page.locator('body')).toContainText('My words.');
});

test('a change of an agent that may act waits for another person, who sees exactly what changes', async ({ page }) => {
  const id = unique();
  await register(page, id, { sponsor: 'Liam Chen, leader' });
  await makeCredential(page, id);
  await visit(page, `/registry/agents/${id}`);
  await step(page, 'Hand over for review');
  await handOver(page, sample.security, `/registry/agents/${id}`);
  await step(page, 'Approve the record');
  await handOver(page, sample.owner, `/registry/agents/${id}`);
  await step(page, 'Activate');

  await handOver(page, sample.engineer, `/registry/agents/${id}/edit`);
  await expect(page.locator('[data-second-person="purpose"]')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save the record' })).toBeVisible();
  await page.getByLabel('Purpose').fill('Reads invoices for the yearly close too.');
  await page.getByRole('button', { name: 'Ask for this change' }).click();
  await expect(page.locator('[data-field-error]').filter({ hasText: 'Say why.' })).toBeVisible();
  await page.getByLabel('Why is this needed?').fill('The year ends.');
  await page.getByRole('button', { name: 'Ask for this change' }).click();
  await page.waitForURL('**/changes/chg_*');
  const request = new URL(page.url()).pathname;
  await expect(page.locator('[data-line="purpose"] [data-side="before"]')).toContainText(purpose);
  await expect(page.locator('[data-line="purpose"] [data-side="after"]')).toContainText('yearly close');
  await expect(page.getByRole('button', { name: /^Approve/ })).toBeHidden();
  expect((await post(page, `/api/v1${request.replace('/changes', '/lifecycle/changes')}/reject`, { reason: 'x' })).status).toBe(404);
  await expectAccessible(page);

  // Until then it is what it was.
  await page.goto(`/registry/agents/${id}`);
  await expect(page.locator('[data-open-change]')).toContainText('asked to change purpose');
  await expect(page.locator('body')).toContainText(purpose);
  await handOver(page, sample.owner, '/changes');
  await expectAccessible(page);
  await visit(page, request);
  await page.getByRole('button', { name: 'Approve the change of purpose' }).click();
  await expect(page.locator('[data-change-line]')).toContainText('approved by Ana Meyer');
  await page.goto(`/registry/agents/${id}`);
  await expect(page.locator('body')).toContainText('yearly close');
  await expect(page.locator('[data-open-change]')).toBeHidden();
});

test('the inventory is found, narrowed and ordered by its address, and leads to every page of an agent', async ({ page }) => {
  await handOver(page, sample.security, '/registry/agents?q=agt_invoices&status=active');
  await expect(page.locator('[data-row]')).toHaveCount(1);
  await expectAccessible(page);
  await page.goto('/registry/agents?q=nobody-is-called-so');
  await expect(page.getByRole('heading', { name: 'No agent matches' })).toBeVisible();
  for (const tab of ['', '/permissions', '/credentials', '/changes', '/history', '/edit']) {
    await page.goto(`/registry/agents/agt_invoices${tab}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Invoice agent');
    await expectAccessible(page);
  }
  const missing = await page.goto('/registry/agents/agt_none');
  expect(missing?.status()).toBe(404);
});
