import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { entriesPageDefault } from '../lib/ledger/reading/schema';
import { stageTexts } from '../lib/maturity/schema';
import { MatrixView } from '../lib/raci/schema';
import { activeAgent, asSuperuser, become, caughtUp, check, expectAccessible, handOver, post, sample, visit, waits } from './people';
import { e2eSystem } from './system';

const dialog = (page: Page) => page.getByRole('dialog');
const section = (page: Page, id: string) => page.locator(`[data-section="${id}"]`);
const Found = z.object({ items: z.array(z.object({ id: z.string(), detector: z.string(), status: z.string() })) });
const Record = z.object({ version: z.int(), ownerId: z.string(), status: z.string(), permissions: z.array(z.string()) });

/** read gets an answer of the API with the session of the page. */
async function read<Shape extends z.ZodType>(page: Page, address: string, shape: Shape): Promise<z.infer<Shape>> {
  const answer = await page.request.get(address);
  expect(answer.status(), address).toBe(200);
  return shape.parse(await answer.json());
}
const recordOf = (page: Page, id: string) => read(page, `/api/v1/registry/agents/${id}`, Record);

/** done posts what has to go well for a test to begin. */
async function done(page: Page, address: string, body: unknown): Promise<{ id: string }> {
  const { status, body: answer } = await post(page, address, body);
  expect([address, status, answer]).toEqual([address, 200, expect.anything()]);
  return { id: String(answer['id']) };
}

/** findingOf has the detectors run now and answers the finding of one of them about an agent. */
async function findingOf(page: Page, agent: string, detector: string): Promise<string> {
  await become(page, sample.admin);
  await done(page, '/api/v1/jobs/findings.detect/run', {});
  const find = async () => (await read(page, `/api/v1/findings?subject=${agent}&detector=${detector}`, Found)).items[0]?.id;
  await expect.poll(find, { timeout: 30_000 }).toBeDefined();
  return (await find()) ?? '';
}

/** newPerson adds somebody who has never signed in. */
async function newPerson(page: Page, roles: string[], managerId: string | null = null): Promise<{ id: string; name: string }> {
  await become(page, sample.admin);
  const name = `Leaving ${Date.now().toString(36)}`;
  const { id } = await done(page, '/api/v1/people', {
    name,
    email: `${name.replace(' ', '-').toLowerCase()}@example.com`,
    roles,
    managerId,
  });
  return { id, name };
}

/** askPurpose asks for another purpose of an agent, as whoever the page is, and answers the request. */
async function askPurpose(page: Page, agent: string, purpose: string): Promise<string> {
  const fields = await read(page, `/api/v1/registry/agents/${agent}`, z.looseObject({ version: z.int() }));
  const body = { agent, version: fields.version, reason: 'The work has grown.', fields: { ...fields, purpose } };
  return (await done(page, '/api/v1/lifecycle/changes', body)).id;
}

test.describe('Home', () => {
  test('shows an owner what waits for them and nothing of others, and says where nothing waits', async ({ page }) => {
    await waits();
    await handOver(page, sample.owner, '/');
    await expect(page).toHaveURL(/\/home$/);
    await expect(section(page, 'approvals').getByRole('heading')).toContainText(/approvals? waits? for you/);
    for (const foreign of ['jobs', 'halts', 'policies']) await expect(section(page, foreign)).toHaveCount(0);
    await expect(page.locator('[data-quiet]')).toHaveText(/^No .+\.$/);
    await expect(page.locator('[data-quiet]')).not.toContainText('failing jobs');
    await expectAccessible(page);
    await section(page, 'approvals').getByRole('listitem').first().getByRole('link').click();
    await expect(page).toHaveURL(/\/approvals\/apr_/);
  });

  test('shows a halted workflow to who may release it, and no approval to who may not sign', async ({ page }) => {
    const agent = await activeAgent(page);
    const halted = await check({ action: 'payments.cancel' });
    expect(halted.verdict).toBe('halt');
    await handOver(page, sample.security, '/home');
    await expect(section(page, 'halts')).toBeVisible();
    await expect(section(page, 'approvals')).toHaveCount(0);
    await handOver(page, sample.engineer, '/home');
    for (const foreign of ['halts', 'approvals', 'jobs', 'policies', 'orphans']) await expect(section(page, foreign)).toHaveCount(0);
    await become(page, sample.engineer);
    await askPurpose(page, agent.id, 'Reads everything there is.');
    await handOver(page, sample.owner, '/home');
    await expect(section(page, 'changes')).toContainText(agent.name);
    await handOver(page, sample.auditor, '/home');
    for (const foreign of ['halts', 'approvals', 'jobs', 'changes', 'orphans', 'policies'])
      await expect(section(page, foreign)).toHaveCount(0);
  });

  test('shows an administrator the jobs that fail, and says so when none does', async ({ page }) => {
    const [job, worker] = ['ledger.partitions', 'e2e:failing'];
    await asSuperuser(`INSERT INTO job_runs (job, worker, ended_at, error) VALUES ($1, $2, clock_timestamp(), 'the disk is full')`, [
      job,
      worker,
    ]);
    try {
      await handOver(page, sample.admin, '/home');
      await section(page, 'jobs')
        .getByRole('link', { name: `Job ${job} failed` })
        .click();
      await expect(page).toHaveURL(`${e2eSystem().webUrl}/jobs/${job}`);
      await expect(page.getByText('the disk is full')).toBeVisible();
    } finally {
      await asSuperuser('DELETE FROM job_runs WHERE worker = $1', [worker]);
    }
    await handOver(page, sample.admin, '/home');
    await expect(section(page, 'jobs')).toHaveCount(0);
    await expect(page.locator('[data-quiet]')).toContainText('failing jobs');
  });
});

test.describe('A change of an agent that acts', () => {
  test('is asked for with a reason, is not approved by who asked, and holds once the owner has seen the difference', async ({ page }) => {
    const { id, name } = await activeAgent(page, { permissions: ['invoices.read'] });
    await become(page, sample.engineer);
    const before = await recordOf(page, id);
    await handOver(page, sample.engineer, `/registry/agents/${id}/edit`);
    await page.locator('[data-picker] label').filter({ hasText: 'payments.schedule' }).getByRole('checkbox').check();
    await page.getByLabel('Why is this needed?').fill('It shall schedule what it has read.');
    await page.getByRole('button', { name: 'Ask for this change' }).click();
    await page.waitForURL('**/changes/chg_*');
    const card = new URL(page.url()).pathname;
    const api = `/api/v1${card.replace('/changes', '/lifecycle/changes')}`;
    await expect(page.getByRole('button', { name: /^(Approve|Reject)/ })).toHaveCount(0);
    const { digest } = await read(page, api, z.object({ digest: z.string() }));
    expect((await post(page, `${api}/approve`, { digest })).status).toBe(404);
    expect(await recordOf(page, id)).toEqual(before);

    await handOver(page, sample.owner, '/home');
    await section(page, 'changes').getByRole('link', { name }).click();
    await page.waitForURL(`**${card}`);
    await expect(page.locator('[data-line="permissions"]')).toContainText('payments.schedule');
    await expect(page.locator('[data-line="permissions"]')).toContainText('Adds');
    await expect(page.locator('[data-change]')).toContainText('It shall schedule what it has read.');
    await expectAccessible(page);
    await page.getByRole('button', { name: /^Approve the change of/ }).click();
    await expect(page.locator('[data-change-line]')).toContainText('approved by Ana Meyer');
    expect(await recordOf(page, id)).toEqual({
      ...before,
      version: before.version + 1,
      permissions: ['invoices.read', 'payments.schedule'],
    });
    await page.goto(`/registry/agents/${id}/changes`);
    await expect(page.locator(`a[href="${card}"]`)).toBeVisible();
  });

  test('is not decided by who asked for it even with the right to decide, nor by a digest that was not shown', async ({ page }) => {
    const { id } = await activeAgent(page);
    await become(page, sample.security);
    const request = `/api/v1/lifecycle/changes/${await askPurpose(page, id, 'Reads nothing at all.')}`;
    const { digest } = await read(page, request, z.object({ digest: z.string() }));
    const own = await post(page, `${request}/approve`, { digest });
    expect([own.status, own.body['code']]).toEqual([403, 'OWN_REQUEST']);
    await become(page, sample.owner);
    expect((await post(page, `${request}/approve`, { digest: `sha-256:${'0'.repeat(64)}` })).body).toMatchObject({
      code: 'DIGEST_CHANGED',
    });
    expect((await post(page, `${request}/reject`, { reason: ' ' })).status).toBe(422);
    expect((await post(page, `${request}/reject`, { reason: 'It reads something.' })).status).toBe(200);
    expect((await post(page, `${request}/approve`, { digest })).body).toMatchObject({ code: 'ALREADY_DECIDED' });
  });

  test('is not made past the request: the form of an active agent saves nothing of it at once', async ({ page }) => {
    const { id } = await activeAgent(page, { permissions: ['invoices.read'] });
    await become(page, sample.engineer);
    const whole = await read(page, `/api/v1/registry/agents/${id}`, z.looseObject({}));
    const put = await page.request.put(`/api/v1/registry/agents/${id}`, {
      headers: { origin: new URL(e2eSystem().webUrl).origin },
      data: { ...whole, permissions: ['invoices.read', 'payments.execute'] },
    });
    expect(put.status()).toBe(403);
    const granted = await post(page, `/api/v1/registry/agents/${id}/permissions/grant`, { actions: ['payments.execute'] });
    expect(granted.status).toBe(403);
    expect((await recordOf(page, id)).permissions).toEqual(['invoices.read']);
  });
});

test.describe('A finding', () => {
  test('is assigned, is put off only with a reason, is fixed from where it stands, and closes', async ({ page }) => {
    const agent = await activeAgent(page, { endsOn: '2026-01-31' });
    const finding = await findingOf(page, agent.id, 'end_date_past');
    await handOver(page, sample.owner, '/findings');
    await page.getByRole('link', { name: new RegExp(`^${agent.name} should have ended`) }).click();
    await page.waitForURL(`**/findings/${finding}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The project has ended');
    await page.getByRole('button', { name: 'Take it' }).click();
    await expect(page.getByText('Ana Meyer', { exact: true }).last()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Give it back' })).toBeVisible();

    await page.getByRole('button', { name: 'Put off…' }).click();
    const until = new Date(Date.now() + 10 * 24 * 3_600_000).toISOString().slice(0, 10);
    await dialog(page).getByLabel('Until').fill(until);
    await expect(dialog(page).getByRole('button', { name: 'Put off' })).toBeDisabled();
    expect((await post(page, '/api/v1/findings/snooze', { ids: [finding], until, reason: '' })).status).toBe(422);
    await dialog(page).getByLabel('Why it can wait').fill('The year is closed next week.');
    await dialog(page).getByRole('button', { name: 'Put off' }).click();
    await expect(page.getByText(`Put off until ${until} by Ana Meyer`)).toContainText('The year is closed next week.');
    const looked = page.waitForResponse((answer) => answer.url().endsWith('/look'));
    await page.getByRole('button', { name: 'Look again' }).click();
    expect((await looked).status()).toBe(200);
    await expect(page.getByText(`Put off until ${until}`)).toBeVisible();
    await page.getByRole('button', { name: 'Open it now' }).click();
    await expect(page.getByText(`Put off until ${until}`)).toBeHidden();
    await expectAccessible(page);
    await page.goto('/home');
    await section(page, 'findings').getByRole('heading').getByRole('link').click();
    await expect(page).toHaveURL(/\/findings\?mine=waits$/);
    await expect(page.getByRole('link', { name: new RegExp(`^${agent.name} should have ended`) })).toBeVisible();

    await visit(page, `/findings/${finding}`);
    await page.locator('[data-fixes]').getByRole('button', { name: 'Decommission' }).click();
    await dialog(page).getByLabel('Why?').fill('Its project ended in January.');
    await dialog(page).getByRole('button', { name: 'Decommission' }).click();
    await expect(page.getByText('its cause is gone')).toBeVisible();
    await expect(page.locator('[data-fixes]')).toHaveCount(0);
    expect((await recordOf(page, agent.id)).status).toBe('decommissioned');
  });

  test('is read by everybody, and moved by nobody whose work it is not', async ({ page }) => {
    const agent = await activeAgent(page, { endsOn: '2026-02-28' });
    const finding = await findingOf(page, agent.id, 'end_date_past');
    await handOver(page, sample.auditor, `/findings/${finding}`);
    for (const name of ['Give to…', 'Take it', 'Put off…', 'Decommission', 'Suspend'])
      await expect(page.getByRole('button', { name })).toHaveCount(0);
    const body = { ids: [finding], until: '2026-12-31', reason: 'Later.' };
    expect((await post(page, '/api/v1/findings/snooze', body)).status).toBe(404);
    expect((await post(page, '/api/v1/findings/assign', { ids: [finding], to: 'usr_omar' })).status).toBe(403);
    // Nora owns other processes, not this one.
    await become(page, sample.secondOwner);
    expect((await post(page, '/api/v1/findings/snooze', body)).status).toBe(403);
    expect((await post(page, `/api/v1/registry/agents/${agent.id}/decommission`, { reason: 'x' })).status).toBe(403);
    await become(page, sample.owner);
    expect((await read(page, `/api/v1/findings?subject=${agent.id}`, Found)).items).toContainEqual({
      id: finding,
      detector: 'end_date_past',
      status: 'open',
    });
  });
});

test.describe('When somebody leaves', () => {
  test('the dialog tells who inherits before it is so, the successor has it in the same moment, and it can be given back', async ({
    page,
  }) => {
    const leaving = await newPerson(page, ['process_owner']);
    const agent = await activeAgent(page, { ownerId: leaving.id, successorIds: ['usr_nora'] });
    await handOver(page, sample.admin, `/people/${leaving.id}`);
    await page.getByRole('button', { name: 'Deactivate…' }).click();
    const told = dialog(page).locator('[data-departure]');
    await expect(told).toContainText('This goes to others at once');
    await expect(told).toContainText(`1 agent as owner to Nora Lindqvist`);
    await expect(told).toContainText(agent.name);
    expect((await recordOf(page, agent.id)).ownerId).toBe(leaving.id);
    await dialog(page)
      .getByRole('button', { name: `Deactivate ${leaving.name}` })
      .click();
    await expect(dialog(page)).toBeHidden();
    expect(await recordOf(page, agent.id)).toMatchObject({ ownerId: 'usr_nora', status: 'active' });
    await page.goto('/succession?tab=moved');
    const step = page.locator('[data-succession]').filter({ hasText: agent.name });
    await expect(step).toContainText(`Nora Lindqvist is owner of ${agent.name} since ${leaving.name} left`);
    await expect(step.getByRole('button', { name: /^Give back/ })).toHaveCount(0);
    await handOver(page, sample.secondOwner, '/home');
    await expect(section(page, 'inherited')).toContainText(agent.name);

    await become(page, sample.admin);
    await done(page, `/api/v1/people/${leaving.id}/reactivate`, {});
    await handOver(page, sample.admin, '/succession?tab=moved');
    await step.getByRole('button', { name: /^Give back to/ }).click();
    await expect(step).toContainText('Given back');
    expect((await recordOf(page, agent.id)).ownerId).toBe(leaving.id);
  });

  test('what nobody takes shows the grace until it is suspended, and a person who is named ends it', async ({ page }) => {
    const leaving = await newPerson(page, ['process_owner']);
    const process = await done(page, '/api/v1/raci', { name: `Process of ${leaving.name}`, description: '', ownerId: leaving.id });
    const matrix = `/api/v1/raci/${process.id}`;
    const { rows } = await read(page, matrix, MatrixView);
    const wanted = rows.map((row) => ({
      ...row,
      accountable: leaving.id,
      responsible: row.stage === 'escalation' ? [{ type: 'user', id: leaving.id }] : row.responsible,
    }));
    const put = await page.request.put(`${matrix}/matrix`, {
      headers: { origin: new URL(e2eSystem().webUrl).origin },
      data: { shown: rows, rows: wanted },
    });
    expect(put.status(), await put.text()).toBe(200);
    const agent = await activeAgent(page, { processId: process.id, ownerId: leaving.id });
    await handOver(page, sample.admin, `/people/${leaving.id}`);
    await page.getByRole('button', { name: 'Deactivate…' }).click();
    await expect(dialog(page).locator('[data-departure]')).toContainText('Nobody takes this, so it needs a new owner');
    await expect(dialog(page).locator('[data-departure]')).toContainText(/suspended after \d+ days unless somebody is named/);
    await expectAccessible(page);
    await dialog(page)
      .getByRole('button', { name: `Deactivate ${leaving.name}` })
      .click();
    await expect(dialog(page)).toBeHidden();

    await handOver(page, sample.engineer, '/succession');
    const orphan = page.getByRole('row').filter({ hasText: agent.name });
    await expect(orphan).toContainText(/Suspended in/);
    await expect(orphan).toContainText('Not yours to give');
    expect((await post(page, '/api/v1/lifecycle/succession/reassign', { to: 'usr_nora', reason: 'x', items: [] })).status).toBe(404);
    await handOver(page, sample.admin, '/home');
    await expect(section(page, 'orphans')).toBeVisible();
    await visit(page, '/succession');
    await expectAccessible(page);
    await orphan.getByRole('button', { name: `Name somebody for ${agent.name}` }).click();
    await dialog(page).getByRole('button', { name: 'Give it' }).click();
    await expect(dialog(page).locator('[data-field-error]').first()).toBeVisible();
    await dialog(page).getByLabel('Give to').selectOption('usr_nora');
    await dialog(page).getByLabel('Why').fill('She knows the process.');
    await expectAccessible(page);
    await dialog(page).getByRole('button', { name: 'Give it' }).click();
    await expect(dialog(page)).toBeHidden();
    await expect(orphan).toHaveCount(0);
    expect(await recordOf(page, agent.id)).toMatchObject({ ownerId: 'usr_nora', status: 'active' });
    for (const tab of ['moved', 'reassign', `reassign&person=usr_nora`]) {
      await page.goto(`/succession?tab=${tab}`);
      await expectAccessible(page);
    }
    // The process is named too, so that nothing of this waits for anybody.
    const items = [{ type: 'process', id: process.id, part: 'owner', from: leaving.id }];
    expect((await post(page, '/api/v1/lifecycle/succession/reassign', { to: 'usr_nora', reason: 'The same.', items })).status).toBe(200);
  });
});

test.describe('A review', () => {
  test('is begun by risk and decided by the owner: what is taken away is gone, and who built it decides nothing', async ({ page }) => {
    const agent = await activeAgent(page, { riskCategory: 'limited' });
    await handOver(page, sample.risk, '/reviews');
    await page.getByRole('button', { name: 'Begin a review now' }).click();
    await dialog(page).getByLabel('What is reviewed').selectOption('limited');
    await dialog(page).getByRole('button', { name: 'Begin the review' }).click();
    await page.waitForURL('**/reviews/rvc_*');
    await expectAccessible(page);
    await page.getByRole('link', { name: agent.name }).click();
    await page.waitForURL('**/reviews/items/rvi_*');
    const item = new URL(page.url()).pathname;
    const api = `/api/v1${item}`;

    await handOver(page, sample.engineer, item);
    await expect(page.getByRole('form', { name: 'Decide' })).toHaveCount(0);
    const reduce = { decision: 'reduce', permissions: ['payments.schedule'], note: 'I say so.' };
    expect((await post(page, `${api}/decide`, reduce)).status).toBe(403);
    expect((await recordOf(page, agent.id)).permissions).toContain('payments.schedule');
    await become(page, sample.auditor);
    expect((await post(page, `${api}/decide`, reduce)).status).toBe(403);

    await handOver(page, sample.owner, '/home');
    await expect(section(page, 'reviews')).toBeVisible();
    await visit(page, item);
    const decide = page.getByRole('form', { name: 'Decide' });
    await expect(decide.getByRole('button', { name: 'Choose what to decide' })).toBeDisabled();
    await decide.getByRole('radio', { name: /^Reduce/ }).check();
    await decide.getByRole('checkbox', { name: /^Invoice reads/ }).uncheck();
    await expectAccessible(page);
    await decide.getByRole('button', { name: 'Take away 1 permission' }).click();
    await expect(page.locator('[data-decided="reduce"]')).toHaveText('Took away payments.schedule');
    expect((await recordOf(page, agent.id)).permissions).toEqual(['invoices.read']);
    expect((await post(page, `${api}/decide`, { decision: 'keep', note: '' })).body).toMatchObject({ code: 'ALREADY_DECIDED' });
    await expectAccessible(page);
  });
});

test.describe('Maturity', () => {
  test('begins with the stage as a word, and each gap leads to where it is closed', async ({ page }) => {
    await handOver(page, sample.leader, '/maturity');
    const titles = Object.entries(stageTexts).map(([stage, { word }]) => `${word} · stage ${stage} of 4`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(new RegExp(`^(${titles.join('|')})$`));
    const gaps = page.locator('[data-missing] li li a');
    const addresses = await gaps.evaluateAll((links) => links.map((one) => one.getAttribute('href') ?? ''));
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of new Set(addresses)) expect((await page.request.get(address)).status(), address).toBe(200);
    await gaps.first().click();
    await expect(page).toHaveURL((url) => url.pathname !== '/maturity');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });

  test('every number opens the rows behind it', async ({ page }) => {
    await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' } });
    await waits();
    await caughtUp();
    await handOver(page, sample.auditor, '/maturity/metrics');
    await page.getByRole('link', { name: /deny rate/i }).click();
    await page.waitForURL('**/maturity/metrics/policy-deny-rate');
    const part = page.getByRole('region', { name: 'What it is made of' }).getByRole('link').last();
    const count = Number((await part.innerText()).replaceAll(/\D/g, ''));
    expect(count).toBeGreaterThan(1);
    await part.click();
    await page.waitForURL('**/ledger?**');
    const rows = page.locator('[data-ledger] tbody tr');
    // Nothing else was counted than what is listed; a page of the ledger holds so many.
    await expect(rows).toHaveCount(Math.min(count, entriesPageDefault));
  });

  test('the file holds what the table shows', async ({ page }) => {
    await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' } });
    await caughtUp();
    await handOver(page, sample.auditor, '/maturity/metrics/policy-deny-rate');
    await page.getByRole('button', { name: 'View as table' }).click();
    const table = page.getByRole('table', { name: /by day$/ });
    const shown = await table.evaluate((element) =>
      [...element.querySelectorAll('tr')].map((row) => [...row.children].map((one) => one.textContent)),
    );
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^[a-z0-9-]+\.csv$/);
    const lines = readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    const cells = lines.map((line) => line.split(','));
    expect(cells[0]).toEqual(shown[0]);
    expect(cells.length).toBe(shown.length);
    const last = (rows: readonly (readonly (string | null)[])[]) =>
      rows.slice(1).map((row) => [row[0], (row.at(-1) ?? '').replaceAll(/[^\d]/g, '')]);
    expect(last(cells)).toEqual(last(shown));
    await expectAccessible(page);
  });

  test('the checklist answers twelve points from the records', async ({ page }) => {
    await handOver(page, sample.auditor, '/maturity/checklist');
    await expect(page.getByRole('table', { name: 'The twelve points' }).locator('[data-row]')).toHaveCount(12);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^\d+ of 12 points hold$/);
  });
});

test.describe('After how long something is a finding', () => {
  test('is what an administrator says, once the number makes sense, and the ledger says who', async ({ page }) => {
    await handOver(page, sample.admin, '/findings/detectors');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const silent = page.getByLabel('Silent after (days)');
    await silent.fill('0');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('not below 1', { exact: true })).toBeVisible();
    await silent.fill('44');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('region', { name: 'After how long' })).toContainText('44 days');
    await page.reload();
    await expect(page.getByRole('region', { name: 'After how long' })).toContainText('44 days');
    await done(page, '/api/v1/findings/settings', { silentDays: 30 });
  });

  test('is for nobody else to say', async ({ page }) => {
    await handOver(page, sample.security, '/findings/detectors');
    await expect(page.getByRole('region', { name: 'After how long' })).toContainText('An administrator changes these.');
    await expect(page.getByRole('button', { name: 'Change', exact: true })).toHaveCount(0);
    expect(await post(page, '/api/v1/findings/settings', { silentDays: 3_650 })).toMatchObject({ status: 404 });
  });
});

test.describe('Every page of the loop is for everybody: both themes, desk and phone', () => {
  const pages: [string, string][] = [
    ['/findings', sample.owner],
    ['/findings?status=closed', sample.owner],
    ['/findings/detectors', sample.auditor],
    ['/reviews', sample.risk],
    ['/changes', sample.owner],
    ['/changes?status=approved', sample.owner],
    ['/maturity', sample.leader],
    ['/maturity/metrics', sample.leader],
    ['/maturity/metrics/approval-latency', sample.leader],
    ['/maturity/checklist', sample.leader],
    ['/jobs', sample.admin],
    ['/jobs/findings.detect', sample.admin],
    ['/home', sample.auditor],
    ['/home', sample.admin],
  ];
  for (const [address, who] of pages)
    test(`${address} as ${who.split('@')[0]}`, async ({ page }) => {
      await handOver(page, who, address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page);
    });
});
