import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { agentSecret, expectAccessible, handOver, post, sample, samplePassword, tokenFor, visit } from './people';
import { test } from './sample-system';
import { e2eSystem } from './system';

// The sample is left with one click, for good, and the empty installation begins with its first administrator.

const me = { organisation: 'Acme Freight', name: 'Ada Admin', email: 'ada@acme.example', password: 'correct horse battery' };
const leave = '/api/v1/organisation/leave';
const claim = '/api/v1/organisation/claim';
const label = (page: Page) => page.getByRole('note', { name: 'Sample organisation' });
const dialog = (page: Page) => page.getByRole('dialog');
/** What nobody answers while the processes change places. */
const moveMs = 90_000;

test.describe.configure({ mode: 'serial' });
/** Where the browser that left the sample was led. */
let welcome = '';

async function signInAs(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('leaving says what goes for good, and who stays has lost nothing', async ({ page }) => {
  await handOver(page, sample.admin, '/findings');
  await label(page).getByRole('button', { name: 'Leave it' }).click();
  await expect(dialog(page)).toContainText('These go for good');
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Stay' }).click();
  await expect(dialog(page)).toBeHidden();
  for (const headers of [{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, { origin: 'null' }])
    expect((await post(page, leave, {}, headers)).status).toBe(403);
  expect((await post(page, leave, { also: 'the backups' })).status).toBe(422);
  await visit(page, '/findings');
  await expect(label(page)).toBeVisible();
});

test('an administrator leaves it with one click; its people, its sessions and its agents’ secrets open nothing any more', async ({
  page,
  browser,
}) => {
  test.setTimeout(3 * moveMs);
  const agent = agentSecret();
  expect((await tokenFor(agent)).status).toBe(200);
  const owner = await (await browser.newContext({ baseURL: e2eSystem().webUrl })).newPage();
  await handOver(owner, sample.owner, '/approvals');

  await handOver(page, sample.admin, '/home');
  await label(page).getByRole('button', { name: 'Leave it' }).click();
  await dialog(page).getByRole('button', { name: 'Leave the sample' }).click();
  await expect(dialog(page)).toContainText('This page goes on by itself');
  await page.waitForURL('**/welcome?token=*', { timeout: moveMs });
  welcome = page.url();

  // Nobody is here yet, so the way to sign in leads to the same page; without the token.
  await owner.goto('/approvals');
  await expect(owner).toHaveURL(/\/welcome$/);
  await expect(owner.getByLabel('Token')).toHaveValue('');
  for (const address of ['/api/v1/approvals', '/api/v1/findings', '/api/v1/people'])
    expect((await owner.request.get(address)).status(), address).toBe(401);
  await owner.context().close();
  // The gateway comes back when it does.
  await expect.poll(() => tokenFor(agent).catch(() => undefined), { timeout: moveMs }).toEqual({ status: 401, token: '' });
});

test('the first administrator is made by who has the token, with a password worth the name, and exactly once', async ({ page }) => {
  const token = new URL(welcome).searchParams.get('token') ?? '';
  expect((await post(page, claim, { ...me, token: 'another' })).status).toBe(403);
  expect((await post(page, claim, { ...me, token, password: 'short' })).status).toBe(422);
  expect((await post(page, claim, { ...me, token, roles: ['admin', 'risk'] })).status).toBe(422);
  await page.goto(welcome);
  await expect(page.getByLabel('Token')).toHaveValue(token);
  await expectAccessible(page);
  await page.getByLabel('Organisation').fill(me.organisation);
  await page.getByLabel('Your name').fill(me.name);
  await page.getByLabel('E-mail').fill(me.email);
  await page.getByLabel('Password').fill(me.password);
  await page.getByLabel('Token').fill(`${token}x`);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.locator('[data-problem="FORBIDDEN"]')).toContainText('This is not the token of this installation');
  await expect(page.getByLabel('Your name')).toHaveValue(me.name);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);

  for (const address of ['/welcome', welcome]) expect((await page.goto(address))?.status(), address).toBe(404);
  const second = await post(page, claim, { ...me, email: 'eve@acme.example', token });
  expect([second.status, second.body['code']]).toEqual([404, 'NOT_FOUND']);
  for (const [email, password] of [
    ['eve@acme.example', me.password],
    [sample.owner, samplePassword()],
    [sample.admin, samplePassword()],
  ] as const) {
    await signInAs(page, email, password);
    await expect(page.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible();
  }
  await expect(page.getByText('This is the sample organisation')).toHaveCount(0);
});

/** openAll opens every page that is not about one thing in particular, but for those it may not. */
async function openAll(page: Page, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    expect((await page.goto(address))?.status(), address).toBe(200);
    await expect(page.getByRole('heading', { level: 1 }), address).toBeVisible();
    await expect(label(page), address).toHaveCount(0);
    await expect(page.getByRole('main'), address).not.toContainText(/went wrong|cannot be read/i);
  }
}

test('every page of the empty installation opens to who may see it, none as a sample, and there is nothing left to leave', async ({
  page,
  browser,
}) => {
  test.setTimeout(360_000);
  const pages = readdirSync('app/(console)', { recursive: true, encoding: 'utf8' }).filter((file) => path.basename(file) === 'page.tsx');
  const addresses = pages.map((file) => `/${path.dirname(file)}`);
  const whole = addresses.filter((address) => !address.includes('['));
  expect(whole.length).toBeGreaterThan(15);
  // An administrator neither registers nor classifies, not even as the only person there is.
  const engineers = ['/registry/actions/new', '/registry/agents/new'];

  await signInAs(page, me.email, me.password);
  await expect(page).toHaveURL(/\/home$/);
  await openAll(
    page,
    whole.filter((address) => !engineers.includes(address)),
  );
  // What has an id is not there, and says so.
  const nothing = addresses.filter((one) => one.includes('[')).map((address) => address.replaceAll(/\[[^\]]*\]/g, 'nothing'));
  for (const address of [...engineers, ...nothing]) expect((await page.request.get(address)).status(), address).toBe(404);
  const again = await post(page, leave, {});
  expect([again.status, again.body['code']]).toEqual([409, 'CONFLICT']);

  await visit(page, '/people');
  await expect(page.locator('[data-row]')).toHaveCount(1);
  const added = await post(page, '/api/v1/people', { name: 'Bea Builder', email: 'bea@acme.example', roles: ['engineer'] });
  const oneTime = String(added.body['oneTimePassword']);
  const theirs = await (await browser.newContext({ baseURL: e2eSystem().webUrl })).newPage();
  await signInAs(theirs, 'bea@acme.example', oneTime);
  await theirs.getByLabel('One-time password').fill(oneTime);
  for (const field of ['New password', 'New password again']) await theirs.getByLabel(field, { exact: true }).fill(`${me.password} too`);
  await theirs.getByRole('button', { name: 'Choose this password' }).click();
  await expect(theirs).toHaveURL(/\/home$/);
  await openAll(theirs, engineers);
  expect((await post(theirs, leave, {})).status).toBe(404);
  await theirs.context().close();
});
