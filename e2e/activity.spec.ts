import { expect, test, type Page } from '@playwright/test';
import { entriesPageDefault } from '../lib/ledger/reading/schema';
import { agentToken, become, caughtUp, check, expectAccessible, payment, post, sample, signIn, waits } from './people';

const agentPage = '/registry/agents/agt_invoices/decisions';
const activity = (page: Page) => page.locator('[data-activity]');
/** The number that stands in a cell of the table, by action type and column. */
async function numberOf(page: Page, action: string, column: number): Promise<number> {
  const text = await activity(page).locator(`tr[data-row="${action}"] td`).nth(column).innerText();
  return text.trim() === '–' ? 0 : Number(text.replaceAll(',', ''));
}

test('an owner reads in two sentences what went alone, what waited and what it cost', async ({ page }) => {
  const token = await agentToken();
  await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' }, token });
  await check({ action: 'payments.schedule', arguments: payment({ amount: '4200.00' }), token });
  const asked = await waits({ token });
  await become(page, sample.owner);
  await post(page, `/api/v1/approvals/${asked.approval}/approve`, { digest: asked.digest });
  await caughtUp();
  await page.goto(agentPage);
  const sentences = activity(page).locator('[data-sentences]');
  await expect(sentences).toContainText(
    /In the last 30 days this agent did [\d,]+ things? alone and [\d,]+ under supervision; [\d,]+ waited for a person: .*[\d,]+ approved.*, median /,
  );
  await expect(sentences).toContainText(/Money moved: .+ USD under supervision.* What came of it was reported for [\d,]+ of [\d,]+/);
});

test('every number opens exactly the rows behind it', async ({ page }) => {
  const token = await agentToken();
  for (let i = 0; i < 2; i++) await check({ action: 'payments.schedule', arguments: payment({ amount: '50.00' }), token });
  await waits({ token });
  await caughtUp();
  await signIn(page, sample.auditor, `${agentPage}?days=1`);
  const rows = page.locator('[data-ledger] tbody tr');
  const alone = await numberOf(page, 'payments.schedule', 1);
  expect(alone).toBeGreaterThanOrEqual(2);
  await activity(page).locator('tr[data-row="payments.schedule"] td').nth(1).getByRole('link').click();
  await expect(page).toHaveURL(/\/ledger\?.*action=payments\.schedule.*/);
  await expect(rows).toHaveCount(Math.min(alone, entriesPageDefault));
  await page.goBack();
  await activity(page).locator('tr[data-row="payments.execute"] td').nth(3).getByRole('link').click();
  await expect(page).toHaveURL(/verdict=approval_required/);
  await expect(rows.first()).toContainText('Had to wait');
});

test('a time without anything says so, and how far back is in the address', async ({ page }) => {
  await signIn(page, sample.owner, agentPage);
  await page.getByRole('link', { name: '7 days' }).click();
  await expect(page).toHaveURL(/days=7/);
  await expect(page.getByRole('link', { name: '7 days' })).toHaveAttribute('aria-current', 'page');
  await page.goto(`${agentPage}?days=nonsense`);
  await expect(page.getByRole('link', { name: '30 days' })).toHaveAttribute('aria-current', 'page');
});

test('a process shows the same of all its agents', async ({ page }) => {
  await check({ action: 'invoices.read', arguments: { invoice: 'INV-2' } });
  await caughtUp();
  await signIn(page, sample.leader, '/raci/prc_payables/activity');
  await expect(activity(page).locator('[data-sentences]')).toContainText('the agents of this process did');
});

test('hostile words stay words, and who may not read arguments sees none of them', async ({ page, browser }) => {
  const ran: string[] = [];
  page.on('dialog', (opened) => {
    ran.push(opened.message());
    void opened.dismiss();
  });
  const vendor = '<img src=x onerror=alert(1)>\u202eGeheim';
  const done = await check({ action: 'payments.schedule', arguments: payment({ amount: '9100.00', vendor }) });
  expect(done.verdict).toBe('allow_reversible');
  await caughtUp();
  await signIn(page, sample.owner, agentPage);
  await expect(activity(page)).toContainText('<img src=x onerror=alert(1)>⟨U+202E⟩Geheim');
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(ran).toEqual([]);
  const engineer = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
  await signIn(engineer, sample.engineer, agentPage);
  await expect(activity(engineer)).toBeVisible();
  expect(await engineer.content()).not.toContain('Geheim');
  await engineer.context().close();
});

for (const address of ['/registry/agents/agt_nobody/decisions', '/raci/prc_nobody/activity', '/registry/agents/%3Cscript%3E/decisions']) {
  test(`${address} is a plain "not found"`, async ({ page }) => {
    await become(page, sample.owner);
    expect((await page.goto(address))?.status()).toBe(404);
  });
}

test('what agents did is accessible in both themes, on a desk and on a phone', async ({ page }) => {
  await waits();
  await signIn(page, sample.owner, agentPage);
  await expectAccessible(page);
  await page.goto('/raci/prc_payables/activity');
  await expectAccessible(page);
});
