import { expect, test, type Page } from '@playwright/test';
import { check, expectAccessible, payment, post, signIn, visit } from './people';

const writer = 'raj@example.com';
const second = 'hana@example.com';
const third = 'tomas@example.com';
const outsider = 'omar@example.com';

const payments = '/policy/pol_baseline_payments';
const draft = `${payments}/draft`;
const dialog = (page: Page) => page.getByRole('dialog');

const scheduled = (amount: string) => check({ action: 'payments.schedule', arguments: payment({ amount, currency: 'USD' }) });

/** startChange opens the form of a draft of the payments policy. */
async function startChange(page: Page): Promise<void> {
  await signIn(page, writer, payments);
  await page.getByRole('button', { name: 'Change it' }).click();
  await expect(page.locator('[data-policy-form]')).toBeVisible();
}

/** versionInForce reads off the policy's page which version is in force. */
async function versionInForce(page: Page): Promise<number> {
  const said = await page.getByText(/^Version \d+ is in force/).textContent();
  return Number(/\d+/.exec(said ?? '')?.[0]);
}

async function send(page: Page, why: string): Promise<void> {
  await page.getByLabel('Why it is changed').fill(why);
  await page.getByRole('button', { name: 'Send for signing' }).click();
  await expect(page.locator('[data-sign-block="EDITED_IT"]')).toBeVisible();
}

async function signAndPublish(page: Page, email: string): Promise<void> {
  await signIn(page, email, draft);
  await page.getByRole('button', { name: 'Sign and publish' }).click();
  await dialog(page).getByRole('button', { name: 'Sign and publish' }).click();
  await expect(page).toHaveURL(new RegExp(`${payments}$`));
}

test.describe.configure({ mode: 'serial' });
/** The version in force before the first test, and what the others make of it. */
let begun = 0;

test('a ladder is changed in the form, said in a sentence, signed by a second person, and decides the next check', async ({
  page,
  browser,
}) => {
  expect((await scheduled('45000.00')).verdict).toBe('allow_reversible');

  await signIn(page, writer, payments);
  begun = await versionInForce(page);
  await startChange(page);
  await page.getByLabel('Tier 3 from').fill('40,000');
  await page.getByLabel('Tier 3 from').blur();
  await expect(page.getByText('without separators')).toBeVisible();
  await page.getByLabel('Tier 3 from').fill('40000');
  await expect(page.locator('[data-sentence]').first()).toHaveText(
    'Payments of 500 USD or more are supervised; of 40,000 USD or more need approval; of 250,000 USD or more are halted until a senior person decides.',
  );
  await expect(page.locator('[data-change="changed"]')).toContainText('40,000 USD');
  await page.getByLabel('Tier 4 from').fill('30000');
  await expect(page.locator('[data-warning]')).toContainText('Tier 3 (from 40,000 USD) never decides');
  await page.getByLabel('Tier 4 from').fill('250000');

  await page.getByRole('button', { name: 'Send for signing' }).click();
  await expect(page.getByText('Say why, so that whoever signs knows.')).toBeVisible();
  await page.getByLabel('Why it is changed').fill('A lower limit after the audit.');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('It changes nothing until it is signed.')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Tier 3 from')).toHaveValue('40000');
  await send(page, 'A lower limit after the audit.');
  expect((await scheduled('45000.00')).verdict).toBe('allow_reversible');

  const other = await browser.newPage();
  await signAndPublish(other, second);
  await expect(other.locator('[data-sentences]').first()).toContainText('40,000 USD or more need approval');
  const after = await scheduled('45000.00');
  expect(after.verdict).toBe('approval_required');
  await other.goto(`/ledger/${after.id}`);
  await expect(other.getByText(`Baseline for payments v${begun + 1}`)).toBeVisible();
  await other.close();
});

test('whoever wrote a draft does not sign it: not by the page, not by the API', async ({ page }) => {
  await startChange(page);
  await page.getByLabel('Tier 3 from').fill('30000');
  await send(page, 'Lower still.');
  await expect(page.getByRole('button', { name: 'Sign and publish' })).toBeHidden();
  await expect(page.locator('[data-sign-block]')).toContainText('You wrote some of this');
  const digest = await page.locator('[data-digest]').first().getAttribute('data-digest');
  const { status, body } = await post(page, `/api/v1${draft}/sign`, { digest });
  expect([status, body['code']]).toEqual([403, 'OWN_REQUEST']);
});

test('somebody without the role is told who may, and the API answers as if there were nothing', async ({ page }) => {
  await signIn(page, outsider, draft);
  await expect(page.locator('[data-sign-block="NOT_ALLOWED"]')).toContainText('risk or admin');
  await expect(page.getByRole('button', { name: /Sign|back/ })).toHaveCount(0);
  const { status } = await post(page, `/api/v1${draft}/return`, { reason: 'No.' });
  expect(status).toBe(404);
});

test('a draft goes back with a reason, which its writer reads', async ({ page, browser }) => {
  const other = await browser.newPage();
  await signIn(other, third, draft);
  await other.getByRole('button', { name: 'Send it back' }).click();
  await dialog(other).getByRole('button', { name: 'Send it back' }).click();
  await expect(dialog(other)).toContainText('Say why');
  await dialog(other).getByLabel('Why').fill('Quarter end needs the room.');
  await dialog(other).getByRole('button', { name: 'Send it back' }).click();
  await expect(dialog(other)).toBeHidden();
  await other.close();

  await signIn(page, writer, draft);
  await expect(page.getByText('Quarter end needs the room.')).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await dialog(page).getByRole('button', { name: 'Discard the draft' }).click();
  await expect(page).toHaveURL(new RegExp(`${payments}$`));
  await expect(page.getByRole('button', { name: 'Change it' })).toBeVisible();
});

test('what two people type at once is never lost unseen', async ({ page, browser }) => {
  await startChange(page);
  const other = await browser.newPage();
  await signIn(other, second, draft);
  await other.getByLabel('Tier 2 from').fill('600');
  await page.getByLabel('Tier 2 from').fill('700');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('It changes nothing until it is signed.')).toBeVisible();
  await other.getByRole('button', { name: 'Save draft' }).click();
  await expect(other.locator('[data-problem="CONFLICT"]')).toBeVisible();
  await expect(other.getByLabel('Tier 2 from')).toHaveValue('600');
  await other.close();
  await page.getByRole('button', { name: 'Discard' }).click();
  await dialog(page).getByRole('button', { name: 'Discard the draft' }).click();
  await expect(page.getByRole('button', { name: 'Change it' })).toBeVisible();
});

test('going back is signing an earlier version again, and the versions say who and why', async ({ page, browser }) => {
  await signIn(page, writer, payments);
  await page.locator(`[data-row="${begun}"]`).getByRole('button', { name: 'Draft from this' }).click();
  await expect(page.getByLabel('Tier 3 from')).toHaveValue('50000');
  await send(page, 'Back to what it was.');
  const other = await browser.newPage();
  await signAndPublish(other, second);
  expect((await scheduled('45000.00')).verdict).toBe('allow_reversible');
  const newest = other.locator(`[data-row="${begun + 2}"]`);
  await expect(newest).toContainText('signed by Hana Sato');
  await expect(newest).toContainText('Back to what it was.');
  await newest.getByRole('link').click();
  await expect(other.locator('[data-changes]')).toContainText('40,000 USD');
  await other.close();
});

test('an agent’s page says what it may do alone, and from where on people are asked', async ({ page }) => {
  await signIn(page, outsider, '/registry/agents/agt_invoices/tiers');
  await expect(page.locator('[data-action="payments.schedule"]')).toContainText(
    'Alone up to 499.99 USD, supervised from 500, signed from 50,000, halted from 250,000.',
  );
  await expect(page.locator('[data-action="payments.execute"]')).toContainText('Always signed first (it cannot be undone)');
});

test('every page of policies reads well in both themes, on a desk and on a phone', async ({ page }) => {
  await signIn(page, writer, '/policy');
  await expectAccessible(page);
  for (const path of ['/policy/pol_baseline', '/policy/new', `${payments}/versions/${begun + 1}`, '/registry/agents/agt_invoices/tiers']) {
    await page.goto(path);
    await expectAccessible(page);
  }
  await visit(page, payments);
  await page.getByRole('button', { name: 'Change it' }).click();
  await expect(page.locator('[data-policy-form]')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Tier 2 from').fill('550');
  await send(page, 'To look at the review.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Take it back' }).click();
  await dialog(page).getByLabel('Why').fill('Looked at.');
  await dialog(page).getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  await dialog(page).getByRole('button', { name: 'Discard the draft' }).click();
  await expect(page.getByRole('button', { name: 'Change it' })).toBeVisible();
});
