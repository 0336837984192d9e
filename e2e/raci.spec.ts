import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { MatrixView, type Row } from '../lib/raci/schema';
import { caughtUp, expectAccessible, payment, post, sample, signIn, visit, waits } from './people';

const matrix = (page: Page) => page.getByRole('table', { name: 'Who does what' });
const cell = (page: Page, stage: string, role: string) => page.locator(`[data-stage="${stage}"] [data-role="${role}"]`);
const dialog = (page: Page) => page.getByRole('dialog');
const payables = '/raci/prc_payables';

/** put sends a change with the session of the page, as its own script would. */
async function put(page: Page, address: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await page.request.put(address, {
    headers: { origin: new URL(page.url()).origin, 'content-type': 'application/json' },
    data: JSON.stringify(body),
  });
  return { status: answer.status(), body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
}
const rowsOf = async (page: Page, id = 'prc_payables'): Promise<Row[]> =>
  MatrixView.parse(await (await page.request.get(`/api/v1/raci/${id}`)).json()).rows;
const withEscalation = (rows: readonly Row[], responsible: Row['responsible']): Row[] =>
  rows.map((row) => (row.stage === 'escalation' ? { ...row, responsible } : row));

/** choose changes one cell: takes these out of it and puts those in. */
async function choose(page: Page, cellName: string, names: { out?: string[]; in?: string[] }): Promise<void> {
  await page.getByRole('button', { name: cellName }).click();
  // A team's label goes on with who is in it.
  const choice = (name: string) => dialog(page).getByLabel(new RegExp(`^${name}`));
  for (const name of names.out ?? []) await choice(name).uncheck();
  for (const name of names.in ?? []) {
    await dialog(page).getByLabel('Search').fill(name);
    await choice(name).check();
    await dialog(page).getByLabel('Search').fill('');
  }
  await dialog(page)
    .getByRole('button', { name: /^(Use these|Make Accountable|Leave empty)/ })
    .click();
}

test('the matrix of a process names for each of eight stages who does what, and says that nothing is missing', async ({ page }) => {
  await signIn(page, sample.auditor, '/raci');
  await page.getByRole('link', { name: 'Accounts payable' }).click();
  await page.waitForURL(`**${payables}`);
  await expect(matrix(page).getByRole('row')).toHaveCount(9);
  await expect(cell(page, 'escalation', 'accountable')).toHaveText(/Ana Meyer/);
  await expect(cell(page, 'escalation', 'responsible')).toContainText('Payables supervisors');
  await expect(cell(page, 'escalation', 'responsible')).toContainText('Liam Chen and Nora Lindqvist');
  await expect(page.locator('[data-gaps]')).toBeHidden();
});

test('risk changes who signs, sees every change before it is saved, and what waits goes to the new person at once', async ({
  page,
  browser,
}) => {
  const asked = await waits({ arguments: payment() });
  await signIn(page, sample.risk, `${payables}?edit=matrix`);
  await choose(page, 'Change Responsible for Escalation', { out: ['Payables supervisors'], in: ['Mateo Silva'] });
  await page.getByRole('button', { name: 'Review changes' }).click();
  await expect(dialog(page).locator('[data-changes="1"]')).toContainText('In: Mateo Silva');
  await expect(dialog(page).locator('[data-changes="1"]')).toContainText('Out: Payables supervisors');
  await dialog(page).getByRole('button', { name: 'Save 1 change' }).click();
  await page.waitForURL(`**${payables}`);
  await expect(cell(page, 'escalation', 'responsible')).toContainText('Mateo Silva');

  const context = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const other = await context.newPage();
  await signIn(other, sample.leader, `/approvals/${asked.approval}`);
  const refused = await post(other, `/api/v1/approvals/${asked.approval}/approve`, { digest: asked.digest });
  expect([refused.status, refused.body['code']]).toEqual([403, 'FORBIDDEN']);
  expect(refused.body['detail']).toContain('Ana Meyer or Mateo Silva may.');
  await context.close();

  const next = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const mateo = await next.newPage();
  await signIn(mateo, 'mateo@example.com', `/approvals/${asked.approval}`);
  expect((await post(mateo, `/api/v1/approvals/${asked.approval}/approve`, { digest: asked.digest })).status).toBe(200);
  await next.close();

  await caughtUp();
  await page.goto(`${payables}/history`);
  const latest = page.locator('[data-history] > li').first();
  await expect(latest).toContainText('Hana Sato changed the matrix');
  await expect(latest).toContainText('In: Mateo Silva');
  const rows = await rowsOf(page);
  const back = withEscalation(rows, [{ type: 'team', id: 'tea_payables_supervisors' }]);
  expect((await put(page, `/api/v1${payables}/matrix`, { agentId: null, shown: rows, rows: back })).status).toBe(200);
});

test('an edit begun on an older matrix is refused, naming what changed, and goes on from there with nothing lost', async ({ page }) => {
  await signIn(page, sample.risk, `${payables}?edit=matrix`);
  await choose(page, 'Change Informed for Trigger', { in: ['Omar Haddad'] });
  const before = await rowsOf(page);
  const others = before.map((row) =>
    row.stage === 'action_execution' ? { ...row, consulted: [{ type: 'user' as const, id: 'usr_raj' }] } : row,
  );
  expect((await put(page, `/api/v1${payables}/matrix`, { agentId: null, shown: before, rows: others })).status).toBe(200);

  await page.getByRole('button', { name: 'Review changes' }).click();
  await dialog(page).getByRole('button', { name: 'Save 1 change' }).click();
  await expect(page.locator('[data-problem="CONFLICT"]')).toContainText('Action execution (Consulted)');
  await dialog(page).getByRole('button', { name: 'Take in what they changed' }).click();
  await expect(dialog(page).locator('[data-changes="1"]')).toContainText('In: Omar Haddad');
  await dialog(page).getByRole('button', { name: 'Save 1 change' }).click();
  await page.waitForURL(`**${payables}`);
  await expect(cell(page, 'trigger', 'informed')).toContainText('Omar Haddad');
  await expect(cell(page, 'action_execution', 'consulted')).toContainText('Raj Patel');
  const now = await rowsOf(page);
  expect((await put(page, `/api/v1${payables}/matrix`, { agentId: null, shown: now, rows: before })).status).toBe(200);
});

test('a matrix in which nobody may sign cannot be saved: the page says so, and so does the API', async ({ page }) => {
  await signIn(page, sample.risk, `${payables}?edit=matrix`);
  await choose(page, 'Change Responsible for Escalation', { out: ['Payables supervisors'], in: ['AI engineering'] });
  await expect(page.locator('[data-rule="ESCALATION_UNROUTED"]')).toBeVisible();
  await page.getByRole('button', { name: 'Review changes' }).click();
  await expect(dialog(page).getByRole('button', { name: 'Save 1 change' })).toBeDisabled();
  const shown = await rowsOf(page);
  for (const rows of [
    withEscalation(shown, [{ type: 'team', id: 'tea_ai_engineering' }]),
    shown.map((row) => (row.stage === 'trigger' ? { ...row, accountable: 'usr_emma' } : row)),
  ]) {
    const { status, body } = await put(page, `/api/v1${payables}/matrix`, { agentId: null, shown, rows });
    expect([status, body['code']]).toEqual([422, 'UNPROCESSABLE']);
    expect(body['errors']).toHaveLength(1);
  }
  expect(await rowsOf(page)).toEqual(shown);
});

test('a person who leaves is a gap in red, with who can close it', async ({ page }) => {
  await signIn(page, sample.admin, '/raci/new');
  await page.getByLabel('Name').fill('Customer refunds');
  await page.getByLabel(/What it is for/).fill('Gives customers their money back.');
  await page.getByLabel('Owner').selectOption({ label: 'Nora Lindqvist' });
  await page.getByRole('button', { name: 'Add the process' }).click();
  await page.waitForURL(/\/raci\/prc_/);
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await expect(page.locator('[data-gaps]')).toBeHidden();

  const email = `leaver${Date.now()}@example.com`;
  const added = await post(page, '/api/v1/people', { email, name: 'Lea Vering', roles: ['leader'] });
  const leaver = z.string().parse(added.body['id']);
  const shown = await rowsOf(page, id);
  const rows = shown.map((row) =>
    row.stage === 'incident_response' ? { ...row, informed: [{ type: 'user' as const, id: leaver }] } : row,
  );
  expect((await put(page, `/api/v1/raci/${id}/matrix`, { agentId: null, shown, rows })).status).toBe(200);
  expect((await post(page, `/api/v1/people/${leaver}/deactivate`, {})).status).toBe(200);

  await page.reload();
  await expect(cell(page, 'incident_response', 'informed').locator('[data-gap="HOLDER_GONE"]')).toContainText(
    'Lea Vering is no longer here',
  );
  await expect(page.locator('[data-gaps="1"]')).toContainText('Grace Kim');
  await page.goto('/raci');
  await expect(page.locator(`[data-row="${id}"]`)).toContainText('Customer refunds');
  await expect(page.locator(`[data-row="${id}"] td`).last()).toHaveText('1');
});

test('a new owner answers for all that the old one did, from the same moment', async ({ page }) => {
  await signIn(page, sample.admin, '/raci');
  const created = await post(page, '/api/v1/raci', { name: 'Supplier onboarding', description: '', ownerId: 'usr_ana' });
  const id = z.string().parse(created.body['id']);
  await visit(page, `/raci/${id}/edit`);
  await page.getByLabel('Owner').selectOption({ label: 'Nora Lindqvist' });
  await page.getByRole('button', { name: 'Save the process' }).click();
  await page.waitForURL(`**/raci/${id}`);
  for (const stage of ['trigger', 'policy_validation', 'escalation'])
    await expect(cell(page, stage, 'accountable')).toHaveText(/Nora Lindqvist/);
});

for (const role of ['auditor', 'engineer', 'owner', 'leader', 'security'] as const) {
  test(`the ${role} sees the matrix and cannot edit it: not by the page, not by the API`, async ({ page }) => {
    await signIn(page, sample[role], `${payables}?edit=matrix`);
    await expect(matrix(page)).toBeVisible();
    await expect(page.locator('[data-editing]')).toBeHidden();
    await expect(page.getByRole('link', { name: 'Edit the matrix' })).toBeHidden();
    const rows = await rowsOf(page);
    const { status } = await put(page, `/api/v1${payables}/matrix`, { agentId: null, shown: rows, rows });
    expect(status).toBe(404);
    expect((await post(page, '/api/v1/raci', { name: 'Mine', description: '', ownerId: 'usr_ana' })).status).toBe(404);
    for (const page_ of ['/raci/new', `${payables}/edit`]) expect((await page.goto(page_))?.status()).toBe(404);
  });
}

test('an agent can have an exception of its own, which is taken back as easily', async ({ page }) => {
  await signIn(page, sample.risk, `${payables}/agents?edit=agt_invoices`);
  await page.getByLabel('Add an exception').selectOption({ label: 'Incident response' });
  await choose(page, 'Change Accountable for Incident response', { in: ['Nora Lindqvist'] });
  await page.getByRole('button', { name: 'Review changes' }).click();
  await dialog(page).getByRole('button', { name: /^Save/ }).click();
  await page.waitForURL(`**${payables}/agents`);
  await expect(page.locator('[data-agent="agt_invoices"]').locator('[data-stage="incident_response"]')).toContainText('Nora Lindqvist');
  await page.getByRole('link', { name: /Edit exceptions/ }).click();
  await page.getByRole('button', { name: /Take back/ }).click();
  await page.getByRole('button', { name: 'Review changes' }).click();
  await dialog(page).getByRole('button', { name: /^Save/ }).click();
  await expect(page.locator('[data-agent="agt_invoices"]')).toContainText('Follows the matrix of the process');
});

test('every page of a process is accessible in both themes, on a desk and on a phone', async ({ page }) => {
  await signIn(page, sample.risk, '/raci');
  await expectAccessible(page);
  for (const at of [payables, `${payables}/agents`, `${payables}/history`, `${payables}?edit=matrix`]) {
    await visit(page, at);
    await expectAccessible(page);
  }
  await page.getByRole('button', { name: 'Change Responsible for Trigger' }).click();
  await expectAccessible(page);
});
