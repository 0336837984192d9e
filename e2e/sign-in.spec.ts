import { expect, test } from '@playwright/test';
import { routes } from '../lib/http/routes';
import { agentToken, become, expectAccessible, post, sample, samplePassword, signIn, signInByForm } from './people';
import { e2eSystem } from './system';

const wrong = 'E-mail and password do not belong together.';

test('a person signs in and is taken to the page they asked for', async ({ page }) => {
  await signInByForm(page, sample.owner, '/ledger?show=all');
  await expect(page).toHaveURL(/\/ledger\?show=all$/);
  await expect(page.getByRole('heading', { name: 'Ledger' })).toBeVisible();
});

test('what is filled in before the page has woken up is what is sent', async ({ page }) => {
  let wake: () => void = () => undefined;
  const woken = new Promise<void>((resolve) => (wake = resolve));
  await page.route('**/_next/static/**/*.js', (route) => woken.then(() => route.continue()));
  await page.goto('/sign-in', { waitUntil: 'commit' });
  // As a password manager does, or who types fast.
  await page.getByLabel('E-mail').fill(sample.owner);
  await page.getByLabel('Password', { exact: true }).fill(samplePassword());
  wake();
  await page.unrouteAll({ behavior: 'wait' });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/home$/);
});

test('the sign-in page of the sample says where its password is, and not what it is', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByText('npm start')).toBeVisible();
  expect(await page.content()).not.toContain(samplePassword());
  await expectAccessible(page);
});

for (const [who, email] of [
  ['a person with a wrong password', sample.auditor],
  ['somebody nobody knows', 'nobody-at-all@example.com'],
] as const) {
  test(`${who} is refused with the same words`, async ({ page }) => {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').filter({ hasText: wrong })).toBeVisible();
    await expect(page).toHaveURL(/\/sign-in/);
    expect((await page.request.get('/api/v1/approvals')).status()).toBe(401);
  });
}

test('guessing is closed after five tries, and the page says for how long', async ({ page }) => {
  await page.goto('/sign-in');
  const email = `guess-${Date.now()}@example.com`;
  for (let tries = 0; tries < 6; tries++) {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(`guess ${tries}`);
    const answered = page.waitForResponse((response) => response.url().includes('/api/auth/callback/credentials'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await answered;
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled();
  }
  await expect(
    page.getByRole('alert').filter({ hasText: /Too many wrong tries\. Sign-in is closed for (one minute|\d+ seconds)/ }),
  ).toBeVisible();
});

for (const from of ['https://evil.example/', '//evil.example/', '/\\evil.example/', 'javascript:alert(1)']) {
  test(`signing in never leads to ${from}`, async ({ page }) => {
    await page.goto(`/sign-in?from=${encodeURIComponent(from)}`);
    await page.getByLabel('E-mail').fill(sample.owner);
    await page.getByLabel('Password', { exact: true }).fill(samplePassword());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(`${e2eSystem().webUrl}/home`);
  });
}

test('signing out ends the session row: a copy of the cookie opens nothing afterwards', async ({ page, playwright }) => {
  await signInByForm(page, sample.leader);
  const copied = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const thief = await playwright.request.newContext({ baseURL: e2eSystem().webUrl, extraHTTPHeaders: { cookie: copied } });
  expect((await thief.get('/api/v1/approvals')).status()).toBe(200);
  await page.getByRole('button', { name: /sign out/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect((await thief.get('/api/v1/approvals')).status()).toBe(401);
  expect((await thief.get('/ledger', { maxRedirects: 0 })).status()).toBe(307);
  await thief.dispose();
});

test('the session cookie is out of reach of scripts, and holds nothing about the person', async ({ page }) => {
  await signIn(page, sample.owner);
  const cookie = (await page.context().cookies()).find(({ name }) => name.endsWith('countersign-session'));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(await page.evaluate(() => document.cookie)).not.toContain('countersign-session');
  const session = await page.request.get('/api/auth/session');
  expect(Object.keys(await session.json())).toEqual(['expires']);
});

test('no page and no list opens without a session', async ({ request }) => {
  for (const address of ['/approvals', '/ledger', '/ledger/1', '/approvals/apr_00000000000000000000000000']) {
    const answer = await request.get(address, { maxRedirects: 0 });
    expect(answer.status(), address).toBe(307);
    expect(answer.headers()['location'], address).toContain('/sign-in');
  }
  for (const address of ['/api/v1/approvals', '/api/v1/ledger/entries', '/api/v1/ledger/stream']) {
    const answer = await request.get(address);
    expect(answer.status(), address).toBe(401);
    expect(answer.headers()['content-type']).toBe('application/problem+json');
  }
});

test('a forged session cookie opens nothing', async ({ request }) => {
  for (const forged of ['x', 'eyJhbGciOiJub25lIn0.eyJzaWQiOiJzZXNfeCJ9.', `${'a'.repeat(4000)}`]) {
    const answer = await request.get('/api/v1/approvals', { headers: { cookie: `countersign-session=${forged}` } });
    expect(answer.status()).toBe(401);
  }
});

test('an agent’s token opens no door of people, not even beside a person’s session', async ({ page }) => {
  await become(page, sample.owner);
  const authorization = `Bearer ${await agentToken()}`;
  const withPermission = Object.entries(routes).filter(([, who]) => who !== 'anyone');
  expect(withPermission.length).toBeGreaterThan(0);
  for (const [key] of withPermission) {
    const [method = '', pattern = ''] = key.split(' ');
    const address = pattern.replace('[id]', 'apr_00000000000000000000000000');
    const answer = await page.request.fetch(address, { method, headers: { authorization }, ...(method === 'GET' ? {} : { data: {} }) });
    expect(answer.status(), key).toBe(403);
    expect(await answer.json(), key).toMatchObject({ code: 'WRONG_PLANE' });
  }
  expect((await page.request.post('/api/auth/signout', { headers: { authorization } })).status()).toBe(403);
});

test('a session opens nothing on the agents’ plane', async ({ page }) => {
  await become(page, sample.owner);
  const answer = await page.request.post('/api/check', {
    data: { action: { name: 'invoices.read' }, context: { arguments: { invoice: 'INV-1' } } },
  });
  expect(answer.status()).toBe(401);
});

for (const [name, headers] of [
  ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['from an opaque origin', { origin: 'null' }],
  ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['as plain text, which a form can send', { 'content-type': 'text/plain' }],
] as const) {
  test(`a verdict sent ${name} is not taken`, async ({ page }) => {
    await become(page, sample.owner);
    const { status } = await post(page, '/api/v1/approvals/apr_00000000000000000000000000/approve', {}, headers);
    expect([403, 415]).toContain(status);
  });
}

test('every page forbids foreign scripts, frames and forms', async ({ page, request }) => {
  const answer = await request.get('/sign-in');
  const headers = answer.headers();
  expect(headers['content-security-policy']).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'(;|$)/);
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' });
  expect(headers['x-powered-by']).toBeUndefined();
  const second = (await request.get('/sign-in')).headers()['content-security-policy'];
  expect(second).not.toBe(headers['content-security-policy']);
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
  expect(complaints).toEqual([]);
});

test('the server tells whether it runs and whether it can serve', async ({ request }) => {
  expect(await (await request.get('/healthz')).json()).toEqual({ status: 'ok' });
  expect(await (await request.get('/readyz')).json()).toEqual({ status: 'ready' });
});
