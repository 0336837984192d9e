import { expect, test, type Page } from '@playwright/test';
import { agentToken, asSuperuser, caughtUp, check, expectAccessible, payment, post, sample, signIn, waits } from './people';

const inList = (page: Page, approval: string) => page.locator(`[data-approvals] a[href^="/approvals/${approval}"]`);

test('what is on the screen stays where it is: what is new comes below, what is decided keeps its place and says so', async ({ page }) => {
  const shown = [await waits(), await waits()];
  await signIn(page, sample.owner, '/approvals');
  for (const { approval } of shown) await expect(inList(page, approval)).toBeVisible();
  const order = () => page.locator('[data-approvals] a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const before = await order();
  const pressing = await waits();
  await asSuperuser("UPDATE approvals SET expires_at = clock_timestamp() + interval '20 minutes' WHERE id = $1", [pressing.approval]);
  await expect(inList(page, pressing.approval)).toBeVisible();
  expect((await order()).slice(0, before.length)).toEqual(before);
  const [first] = shown;
  await post(page, `/api/v1/approvals/${first?.approval}/reject`, { digest: first?.digest, reason_code: 'DUPLICATE' });
  await expect(page.locator(`[data-approvals] li[data-gone] a[href^="/approvals/${first?.approval}"]`)).toContainText('no longer waits');
  expect((await order()).slice(0, before.length)).toEqual(before);
  // The deadline was moved behind the ledger's back, so the list learns of it with the next row.
  await expect(page.getByRole('button', { name: 'Sort by urgency' })).toBeVisible();
  await page.getByRole('button', { name: 'Sort by urgency' }).click();
  await expect.poll(async () => (await order())[0]).toContain(pressing.approval);
  await expect(page.locator('[data-approvals] li[data-gone]')).toHaveCount(0);
});

test('a list is its address: tabs and filters survive a reload and go into the links, and nonsense in it is ignored', async ({ page }) => {
  const asked = await waits();
  await signIn(page, sample.owner, '/approvals');
  await page.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name: 'Invoice agent' }).click();
  await expect(page).toHaveURL(/agent=agt_invoices/);
  await page.reload();
  await expect(inList(page, asked.approval)).toHaveAttribute('href', `/approvals/${asked.approval}?agent=agt_invoices`);
  await inList(page, asked.approval).click();
  await page.getByRole('link', { name: /^All waiting/ }).click();
  await expect(page).toHaveURL(/\/approvals\?tab=waiting$/);
  await page.goto('/approvals?agent=agt_nobody');
  await expect(page.getByRole('heading', { name: 'Nothing here matches' })).toBeVisible();
  await page.goto("/approvals?tab=everything&tier=9&process=' OR 1=1");
  await expect(inList(page, asked.approval)).toBeVisible();
  for (const query of ['tier=9', 'outcome=maybe', 'tab=everything', 'before=1', 'from=yesterday'])
    expect((await page.request.get(`/api/v1/approvals?${query}`)).status()).toBe(422);
});

test('for me is what is routed to me; whoever may never sign begins with all that waits', async ({ page, browser }) => {
  const asked = await waits();
  const own = await waits({ context: { on_behalf_of: sample.owner } });
  await signIn(page, sample.owner, '/approvals');
  await expect(inList(page, asked.approval)).toBeVisible();
  await expect(inList(page, own.approval)).toBeHidden();
  await page.goto('/approvals?tab=waiting');
  await expect(inList(page, own.approval)).toContainText('not yours to decide');
  const auditor = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
  await signIn(auditor, sample.auditor, '/approvals');
  await expect(auditor.getByRole('link', { name: /^For me/ })).toBeHidden();
  await expect(inList(auditor, asked.approval)).toContainText('not yours to decide');
  await auditor.context().close();
});

test('what is supervised stands in the list while it can be undone, and its page says until when and by what', async ({ page }) => {
  const done = await check({ action: 'payments.schedule', arguments: payment({ amount: '4200.00', vendor: '<b>V</b>\u202e' }) });
  expect(done.verdict).toBe('allow_reversible');
  await signIn(page, sample.owner, '/approvals?tab=supervised');
  const row = page.locator(`[data-supervised] a[href^="/approvals/decisions/${done.id}"]`);
  await expect(row).toContainText('4,200.00 USD');
  await expect(row).toContainText('<b>V</b>⟨U+202E⟩');
  await expect(row).toContainText(/can be reversed until .+ \(.+ left\)/);
  await row.click();
  await expect(page.locator('[data-undo="open"]')).toContainText(/Until .+ left\) this can be undone by payments\.cancel/);
  expect(await page.locator('main b').count()).toBe(0);
  await expectAccessible(page);
});

test('a halted workflow is released by a senior person with a reason; others are told who may', async ({ page, browser }) => {
  const token = await agentToken();
  const halt = await check({ action: 'vendors.erase', arguments: { vendor: '<i>x</i>' }, token });
  expect(halt.verdict).toBe('halt');
  expect((await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' }, token })).verdict).toBe('halt');
  await caughtUp();
  await signIn(page, sample.owner, `/ledger/${halt.id}`);
  await expect(page.locator('[data-halt="in-force"]')).toContainText('One later check');
  await expect(page.locator('[data-releasers]')).toContainText(/Liam Chen.*Sofia Rossi.*may release it/);
  await expect(page.getByRole('button', { name: 'Release workflow' })).toBeHidden();
  const workflow = await page.locator('a[href^="/ledger?workflow=wfl_"]').first().getAttribute('href');
  const release = `/api/v1/containment/workflows/${/wfl_[0-9a-z]{26}/.exec(workflow ?? '')?.[0]}/release`;
  expect((await post(page, release, { reason: 'please' })).status).toBe(404);

  const senior = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
  await signIn(senior, sample.security, '/approvals?tab=halts');
  const row = senior.locator(`[data-halts] a[href^="/approvals/decisions/${halt.id}"]`);
  await expect(row).toContainText('holds back 1 more');
  await row.click();
  expect(await senior.locator('main i').count()).toBe(0);
  await expectAccessible(senior);
  await senior.getByRole('button', { name: 'Release workflow…' }).click();
  await expectAccessible(senior);
  await senior.getByRole('button', { name: 'Release workflow', exact: true }).click();
  await expect(senior.locator('[data-field-error]')).toContainText('Say why');
  for (const [body, status] of [
    [{}, 422],
    [{ reason: ' ' }, 422],
    [{ reason: 'x', also: 'y' }, 422],
  ] as const)
    expect((await post(senior, release, body)).status).toBe(status);
  await senior.getByLabel('Reason').fill('Looked at it; the agent was given a wrong tool.');
  await senior.getByRole('button', { name: 'Release workflow', exact: true }).click();
  await expect(senior.locator('[data-halt="released"]')).toContainText('Sofia Rossi released it');
  await expect(senior.locator('[data-halt="released"]')).toContainText('Looked at it; the agent was given a wrong tool.');
  expect((await post(senior, release, { reason: 'again' })).body['code']).toBe('CONFLICT');
  expect((await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' }, token })).verdict).toBe('allow');
  await senior.context().close();
});
