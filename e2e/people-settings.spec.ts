import { expect, test, type Browser, type Page } from '@playwright/test';
import { permissions, roles } from '../lib/people/schema';
import { permissionWords, reachOf } from '../lib/people/wording';
import { become, expectAccessible, post, sample, signIn, visit } from './people';
import { e2eSystem } from './system';

const admin = 'raj@example.com';
const chosen = 'a sentence that nobody guesses';

type Added = { id: string; name: string; email: string; oneTime: string };
let people = 0;

/** add makes a person through the API, as the page of the administrator would. */
async function add(page: Page, given: { roles?: string[]; samePersonAs?: string } = {}): Promise<Added> {
  const stamp = `${Date.now()}-${++people}`;
  const [name, email] = [`Person ${stamp}`, `person-${stamp}@example.com`];
  const { status, body } = await post(page, '/api/v1/people', { name, email, roles: given.roles ?? ['engineer'], ...given });
  expect(status).toBe(200);
  return { id: String(body['id']), name, email, oneTime: String(body['oneTimePassword']) };
}

/** enter types into the sign-in form. */
async function enter(page: Page, email: string, password: string, to = '/ledger'): Promise<void> {
  await page.goto(to);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function choose(page: Page, oneTime: string, next = chosen): Promise<void> {
  await page.getByLabel('One-time password').fill(oneTime);
  await page.getByLabel('New password', { exact: true }).fill(next);
  await page.getByLabel('New password again').fill(next);
  await page.getByRole('button', { name: 'Choose this password' }).click();
}

/** as opens a page of its own, signed in as somebody who was added and has chosen a password. */
async function as(browser: Browser, person: Added): Promise<Page> {
  const context = await browser.newContext({ baseURL: e2eSystem().webUrl });
  const page = await context.newPage();
  await enter(page, person.email, person.oneTime);
  await choose(page, person.oneTime);
  await expect(page).toHaveURL(/\/ledger$/);
  return page;
}

test('an administrator adds a person, whose password is shown once', async ({ page }) => {
  await signIn(page, admin, '/people');
  await page.getByRole('link', { name: 'Add person' }).click();
  await page.getByLabel('Name').fill('Nadia Stein');
  await page.getByLabel('E-mail').fill(`nadia-${Date.now()}@example.com`);
  await page.getByRole('button', { name: 'Add person' }).click();
  await expect(page.locator('[data-field-error]')).toContainText('choose at least one role');
  await page.getByLabel('Leader').check();
  await expect(page.locator('[data-consequences]')).toContainText('sign approvals routed to them');
  await page.getByRole('button', { name: 'Add person' }).click();
  const oneTime = await page.locator('[data-one-time] code').innerText();
  expect(oneTime).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
  await page.getByRole('link', { name: 'I have passed it on' }).click();
  await expect(page.getByRole('heading', { name: 'Nadia Stein' })).toBeVisible();
  expect(await page.content()).not.toContain(oneTime);
  await page.reload();
  await expect(page.getByText('One-time password', { exact: true })).toBeVisible();
  expect(await page.content()).not.toContain(oneTime);
});

test('an e-mail that somebody has is refused beside its field, and nothing typed is lost', async ({ page }) => {
  await signIn(page, admin, '/people/new');
  await page.getByLabel('Name').fill('Second Omar');
  await page.getByLabel('E-mail').fill(sample.auditor.toUpperCase());
  await page.getByLabel('Auditor').check();
  await page.getByRole('button', { name: 'Add person' }).click();
  await expect(page.locator('[data-field-error]')).toContainText('Somebody here has this e-mail already');
  await expect(page.getByLabel('Name')).toHaveValue('Second Omar');
  await expect(page.getByLabel('Auditor')).toBeChecked();
});

test('with a one-time password nothing opens but the choice of another, and then it opens nothing any more', async ({ page, browser }) => {
  await become(page, admin);
  const person = await add(page);
  const context = await browser.newContext({ baseURL: e2eSystem().webUrl });
  const theirs = await context.newPage();
  await enter(theirs, person.email, person.oneTime);
  await expect(theirs).toHaveURL(/\/sign-in\/new-password/);
  await expectAccessible(theirs);
  for (const address of ['/ledger', '/people/me', '/approvals', '/sign-in']) {
    await theirs.goto(address);
    await expect(theirs).toHaveURL(/\/sign-in\/new-password/);
  }
  for (const address of ['/api/v1/ledger/entries', '/api/v1/approvals', '/api/v1/people', '/api/v1/ledger/stream']) {
    const answer = await theirs.request.get(address);
    expect(answer.status(), address).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'PASSWORD_CHANGE_REQUIRED' });
  }
  await choose(theirs, 'not the one given');
  await expect(theirs.locator('[data-field-error]')).toContainText('not your present password');
  await choose(theirs, person.oneTime, 'short');
  await expect(theirs.locator('[data-field-error]').first()).toContainText('at least 12 characters');
  await choose(theirs, person.oneTime);
  await expect(theirs).not.toHaveURL(/\/sign-in/);
  expect((await theirs.request.get('/api/v1/ledger/entries')).status()).toBe(200);
  await theirs.goto('about:blank');
  await context.clearCookies();
  await enter(theirs, person.email, person.oneTime);
  await expect(theirs.getByRole('alert').filter({ hasText: 'do not belong together' })).toBeVisible();
  await context.close();
});

test('a deactivated person is out at once: their next click leads to the sign-in', async ({ page, browser }) => {
  await become(page, admin);
  const person = await add(page);
  const theirs = await as(browser, person);
  await visit(page, `/people/${person.id}`);
  await page.getByRole('button', { name: 'Deactivate…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator('[data-departure]')).toContainText('1 open session');
  await dialog.getByRole('button', { name: 'Keep the account' }).click();
  expect((await theirs.request.get('/api/v1/ledger/entries')).status()).toBe(200);
  await page.getByRole('button', { name: 'Deactivate…' }).click();
  await dialog.getByRole('button', { name: `Deactivate ${person.name}` }).click();
  await expect(page.getByText('Deactivated', { exact: true }).first()).toBeVisible();
  expect((await theirs.request.get('/api/v1/ledger/entries')).status()).toBe(401);
  const click = await theirs.request.get('/people', { maxRedirects: 0 });
  expect(click.headers()['location']).toContain('/sign-in');
  // Without any click the live view notices as well, at its next beat.
  await expect(theirs).toHaveURL(/\/sign-in/, { timeout: 15_000 });
  await page.getByRole('button', { name: 'Reactivate' }).click();
  await expect(page.locator('[data-one-time]')).toBeVisible();
  await theirs.context().close();
});

test('the dialog names what a process owner leaves behind', async ({ page }) => {
  await signIn(page, admin, '/people/usr_ana');
  await page.getByRole('button', { name: 'Deactivate…' }).click();
  const what = page.getByRole('dialog').locator('[data-departure]');
  await expect(what).toContainText('needs a new owner');
  await expect(what).toContainText('Accounts payable');
  await expect(what).toContainText('Invoice agent');
  await expect(what).toContainText('RACI cells');
  await expectAccessible(page);
});

test('an administrator neither removes themselves nor gives themselves roles, and is told who can', async ({ page }) => {
  await signIn(page, admin, '/people/usr_raj');
  await expect(page.getByRole('button', { name: 'Deactivate…' })).toBeDisabled();
  await expect(page.locator('[data-why-not="OWN_ACCOUNT"]')).toBeVisible();
  await expect(page.locator('[data-why-not="OWN_ROLES"]')).toBeVisible();
  await expect(page.getByLabel('Leader')).toHaveCount(0);
  const own = '/api/v1/people/usr_raj';
  expect((await post(page, `${own}/deactivate`, {})).body).toMatchObject({ code: 'FORBIDDEN' });
  expect((await post(page, `${own}/reset-password`, {})).status).toBe(403);
  const record = { name: 'Raj Patel', roles: ['admin', 'risk', 'leader'] };
  const put = await page.request.put(own, { headers: { origin: new URL(e2eSystem().webUrl).origin }, data: record });
  expect(put.status()).toBe(403);
  const second = { name: 'Raj again', email: `raj-${Date.now()}@example.com`, roles: ['leader'], samePersonAs: 'usr_raj' };
  expect((await post(page, '/api/v1/people', second)).body).toMatchObject({ code: 'FORBIDDEN' });
  expect((await page.request.get('/api/v1/people/usr_raj')).status()).toBe(200);
});

test('roles are changed with their consequences in words, and count at the next click', async ({ page, browser }) => {
  await become(page, admin);
  const person = await add(page);
  const theirs = await as(browser, person);
  expect((await theirs.goto('/people/new'))?.status()).toBe(404);
  await visit(page, `/people/${person.id}`);
  await page.getByLabel('Administrator').check();
  await page.getByLabel('Engineer').uncheck();
  const consequences = page.locator('[data-consequences]');
  await expect(consequences).toContainText('add and deactivate people, give roles, reset passwords');
  await expect(consequences).toContainText('register agents and edit their records');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  expect((await theirs.goto('/people/new'))?.status()).toBe(200);
  await theirs.context().close();
  // Other tests find one administrator, as the sample has it.
  expect((await post(page, `/api/v1/people/${person.id}/deactivate`, {})).status).toBe(200);
});

test('who is no administrator sees people and changes nothing', async ({ page }) => {
  await signIn(page, sample.auditor, '/people');
  await expect(page.getByRole('link', { name: 'Ana Meyer' })).toBeVisible();
  await expect(page.locator('[data-why-not="NOT_ADMIN"]')).toContainText('can.');
  await expect(page.getByRole('link', { name: 'Add person' })).toHaveCount(0);
  expect((await page.goto('/people/new'))?.status()).toBe(404);
  await page.goto('/people/usr_ana');
  for (const name of ['Deactivate…', 'Reset password', 'Save changes']) await expect(page.getByRole('button', { name })).toHaveCount(0);
  for (const deed of ['deactivate', 'reactivate', 'reset-password', 'unlock'])
    expect((await post(page, `/api/v1/people/usr_ana/${deed}`, {})).status, deed).toBe(404);
  expect((await page.request.get('/api/v1/people/usr_ana/departure')).status()).toBe(404);
  expect((await post(page, '/api/v1/people/teams', { name: 'Mine', memberIds: [] })).status).toBe(404);
});

test('a person who is locked out is seen, and let in again', async ({ page, browser }) => {
  await become(page, admin);
  const person = await add(page);
  const theirs = await (await browser.newContext({ baseURL: e2eSystem().webUrl })).newPage();
  await theirs.goto('/sign-in');
  const answered = () => theirs.waitForResponse((response) => response.url().includes('/api/auth/callback/credentials'));
  for (let tries = 0; tries < 5; tries++) {
    await theirs.getByLabel('E-mail').fill(person.email);
    await theirs.getByLabel('Password', { exact: true }).fill('wrong');
    const answer = answered();
    await theirs.getByRole('button', { name: 'Sign in' }).click();
    await answer;
    await expect(theirs.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled();
  }
  await visit(page, '/people?status=locked');
  await page.getByRole('link', { name: person.name }).click();
  await page.getByRole('button', { name: 'Open sign-in again' }).click();
  await expect(page.getByRole('button', { name: 'Open sign-in again' })).toHaveCount(0);
  await enter(theirs, person.email, person.oneTime);
  await expect(theirs).toHaveURL(/\/sign-in\/new-password/);
  await theirs.context().close();
});

test('people are found by a part of their name or e-mail, by role, and the view has an address', async ({ page }) => {
  await signIn(page, admin, '/people');
  await page.getByRole('searchbox').fill('OMAR@');
  await expect(page).toHaveURL(/search=OMAR/);
  await expect(page.locator('[data-row]')).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Omar Haddad' })).toBeVisible();
  await page.goto('/people?role=security');
  await expect(page.getByRole('link', { name: 'Sofia Rossi' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Ana Meyer' })).toHaveCount(0);
  await page.goto('/people?search=nobody-at-all');
  await expect(page.getByRole('heading', { name: 'Nobody matches' })).toBeVisible();
});

test('a team is made, refused a name that another has, and changed', async ({ page }) => {
  await signIn(page, admin, '/people/teams');
  const name = `Supervisors ${Date.now()}`;
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New team' }).first().click();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Liam Chen').check();
  await dialog.getByRole('button', { name: 'Make team' }).click();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Liam Chen');
  await page.getByRole('button', { name: 'New team' }).first().click();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Make team' }).click();
  await expect(dialog.locator('[data-field-error]')).toContainText('Another team has this name');
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: `Change ${name}` }).click();
  await dialog.getByLabel('Sofia Rossi').check();
  await dialog.getByRole('button', { name: 'Save team' }).click();
  await expect(row).toContainText('Sofia Rossi');
  await page.goto('/people');
  await expect(page.getByRole('row').filter({ hasText: 'Sofia Rossi' })).toContainText(name);
});

test('the page of roles says exactly what the server asks', async ({ page }) => {
  await signIn(page, sample.auditor, '/people/roles');
  for (const permission of permissions) {
    const row = page.locator(`[data-permission="${permission}"]`);
    await expect(row.getByRole('rowheader')).toHaveText(permissionWords[permission]);
    const shown = await row.locator('[data-reach]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-reach')));
    expect(shown, permission).toEqual(roles.map((role) => reachOf({ roles: [role] }, permission)));
  }
});

test('my account changes the password and ends the other sessions', async ({ page, browser }) => {
  await become(page, admin);
  const person = await add(page);
  const [here, there] = [await as(browser, person), await (await browser.newContext({ baseURL: e2eSystem().webUrl })).newPage()];
  await enter(there, person.email, chosen);
  await expect(there).toHaveURL(/\/ledger$/);
  await here.getByRole('button', { name: /sign out/ }).click();
  await here.getByRole('menuitem', { name: 'My account' }).click();
  await here.getByRole('button', { name: 'End the others' }).click();
  await expect(here.getByText('Signed out in one other place.')).toBeVisible();
  expect((await there.request.get('/api/v1/approvals')).status()).toBe(401);
  await here.getByLabel('Present password').fill(chosen);
  await here.getByLabel('New password', { exact: true }).fill(`${chosen} either`);
  await here.getByLabel('New password again').fill(`${chosen} either`);
  await here.getByRole('button', { name: 'Change password' }).click();
  await expect(here.getByText('Your password was changed.')).toBeVisible();
  expect((await here.request.get('/api/v1/approvals')).status()).toBe(200);
  await here.context().close();
  await there.context().close();
});

for (const address of ['/people', '/people/usr_ana', '/people/new', '/people/teams', '/people/roles', '/people/me'])
  test(`${address} is accessible in both themes, on a desk and on a phone`, async ({ page }) => {
    await signIn(page, admin, address);
    await expectAccessible(page);
  });
