import { expect, test, type Route } from '@playwright/test';
import { canonicalJson } from '../lib/kernel/canonical';
import { become, caughtUp, check, expectAccessible, payment, post, sample, shownCanonical, signIn, waits } from './people';

const rows = '[data-ledger] tbody tr';

test('a decision made while the page is open is announced, and the list moves only when told to', async ({ page }) => {
  const first = await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' } });
  await caughtUp();
  await signIn(page, sample.auditor, '/ledger?action=invoices.read');
  await expect(page.locator(`${rows} a[href="/ledger/${first.id}"]`)).toBeVisible();
  const before = await page.locator(rows).evaluateAll((all) => all.map((row) => row.getAttribute('data-seq')));
  await check({ action: 'invoices.read', arguments: { invoice: 'INV-2' } });
  const pill = page.getByRole('button', { name: /^1 new$/ });
  await expect(pill).toBeVisible();
  expect(await page.locator(rows).evaluateAll((all) => all.map((row) => row.getAttribute('data-seq')))).toEqual(before);
  await pill.click();
  await expect(page.locator(rows)).toHaveCount(before.length + 1);
  await expect(pill).toBeHidden();
});

test('what a filter leaves out is not announced either', async ({ page }) => {
  await caughtUp();
  await signIn(page, sample.auditor, '/ledger?action=invoices.read&verdict=allow');
  await waits();
  await check({ action: 'invoices.read', arguments: { invoice: 'INV-3' } });
  await expect(page.getByRole('button', { name: /^\d+ new$|Show what just came/ })).toHaveText(/^\s*1 new|Show what just came/);
});

test('a view is its address: filters survive a reload, and nonsense in it is ignored', async ({ page }) => {
  await waits();
  await caughtUp();
  await signIn(page, sample.auditor, '/ledger');
  await expect(page.locator(rows).first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Verdict' }).click();
  await page.getByRole('option', { name: /Had to wait for approval/ }).click();
  await expect(page).toHaveURL(/verdict=approval_required/);
  await page.reload();
  await expect(page.locator(rows).first()).toBeVisible();
  for (const text of await page.locator(`${rows} td:first-child`).allTextContents()) expect(text).toContain('Had to wait');
  await page.goto("/ledger?verdict=maybe&tier=9&agent=' OR 1=1 --");
  await expect(page.locator(rows).first()).toBeVisible();
});

test('a row opens by key, and going back keeps the view', async ({ page }) => {
  await check({ action: 'invoices.read', arguments: { invoice: 'INV-4' } });
  await caughtUp();
  await signIn(page, sample.auditor, '/ledger?action=invoices.read');
  await expect(page.locator(rows).first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('o');
  await expect(page).toHaveURL(/\/ledger\/dec_/);
  await page.goBack();
  await expect(page).toHaveURL(/action=invoices\.read/);
});

test('one decision shows every reason, the deciding one first, what was read, and where it stands', async ({ page }) => {
  const asked = await waits({ arguments: payment({ amount: '6200.00' }), context: { rationale: 'Three-way match passed' } });
  await signIn(page, sample.owner, `/ledger/${asked.id}`);
  const reasons = page.locator('[data-reasons] li');
  await expect(reasons).toHaveCount(2);
  await expect(reasons.first()).toContainText('REVERSIBILITY_TIER_3');
  await expect(reasons.nth(1)).toContainText('6,200.00 USD ≥ 500 USD');
  await expect(reasons.first()).toContainText('v1');
  await expect(page.getByText('Accountable')).toBeVisible();
  await expect(page.locator(`[data-digest="${asked.digest}"]`)).toBeVisible();
  await expect(page.getByText('; it holds')).toBeVisible();
  await expect(page.locator('[data-said]')).toContainText('Nobody checked them');
  await expect(page.getByRole('link', { name: 'this approval' })).toHaveAttribute('href', `/approvals/${asked.approval}`);
});

const hostile: [string, Record<string, unknown>][] = [
  ['a right-to-left override inside an amount', { invoice: 'INV-\u202e4922' }],
  ['characters that cannot be seen', { vendor: '\ufeffV\u200b-\u00ad88\u2060' }],
  ['markup that would run', { vendor: '<img src=x onerror="document.title=1">' }],
  ['Hebrew letters around a number', { vendor: '\u05d0\u05d1 500 \u05d2' }],
  ['a pile of combining marks', { vendor: `V${'\u0301'.repeat(20)}` }],
  ['the longest value there may be', { vendor: 'W'.repeat(64), invoice: 'x'.repeat(64) }],
];
for (const [name, change] of hostile) {
  test(`arguments with ${name} are shown as text, byte for byte what was decided on`, async ({ page }) => {
    const given = payment(change);
    const asked = await waits({
      arguments: given,
      context: { summary: '<script>document.title="run"</script>\u202e', rationale: 'y'.repeat(8_000) },
    });
    await signIn(page, sample.owner, `/ledger/${asked.id}`);
    const canonical = await shownCanonical(page);
    expect(canonical).toBe(
      canonicalJson({ action: { name: 'payments.execute' }, agent: 'agt_invoices', arguments: given, schema_version: 1 }),
    );
    expect(await page.title()).toBe('Event · Countersign');
    expect(await page.locator('article img, article script').count()).toBe(0);
    await expect(page.locator('[data-said] [data-mark="U+202E"]')).toBeVisible();
    const bare = await page.locator('article').evaluate((article) => {
      const copy = article.cloneNode(true) as HTMLElement;
      return /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060\ufeff\u00ad]/.test(copy.textContent ?? '');
    });
    expect(bare).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
}

test('right-to-left letters stand in the order in which they are signed', async ({ page }) => {
  const asked = await waits({ arguments: payment({ vendor: '\u05d0\u05d1 500 \u05d2' }) });
  await signIn(page, sample.owner, `/ledger/${asked.id}`);
  const lefts = await page.locator('[data-canonical]').evaluate((element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? '';
      if (!text.includes('\u05d0')) continue;
      return [...text].map((_, i) => {
        const range = document.createRange();
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        return range.getBoundingClientRect().left;
      });
    }
    return [];
  });
  expect(lefts.length).toBeGreaterThan(0);
  expect(lefts).toEqual([...lefts].sort((a, b) => a - b));
});

test('an engineer sees the shape of the arguments and none of their values, nor what the agent said', async ({ page }) => {
  const asked = await waits({ arguments: payment({ vendor: 'V-Geheim' }), context: { summary: 'pay V-Geheim' } });
  await signIn(page, sample.engineer, `/ledger/${asked.id}`);
  await expect(page.getByText('Your roles show the shape of the arguments')).toBeVisible();
  expect(await page.content()).not.toContain('V-Geheim');
});

test('an event that is no decision shows who did what', async ({ page }) => {
  await signIn(page, sample.auditor, '/ledger?show=all');
  // Not simply the first row: that may be a decision.
  const events = page.locator(rows).filter({ hasText: /was given a token|signed in|published policy|activated/ });
  await events.first().locator('a').click();
  await expect(page.getByRole('heading', { name: 'What happened' })).toBeVisible();
  await expect(page.getByText('Previous hash')).toBeVisible();
});

test('events are sentences with names, and their pages lead to what they are about', async ({ page }) => {
  const asked = await waits();
  await become(page, sample.owner);
  await post(page, `/api/v1/approvals/${asked.approval}/reject`, { digest: asked.digest, reason_code: 'WRONG_AMOUNT' });
  await caughtUp();
  await page.goto(`/ledger?show=all&approval=${asked.approval}`);
  await expect(page.locator(rows).first()).toContainText('Ana Meyer rejected payments.execute of Invoice agent: wrong amount');
  await page.locator(rows).first().locator('a').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ana Meyer rejected payments.execute of Invoice agent: wrong amount');
  await page.getByRole('link', { name: asked.approval }).click();
  await expect(page.locator('[data-state="rejected"]')).toBeVisible();
});

test('filters narrow to a process, a time and what went without a person', async ({ page }) => {
  const [alone, asked] = [await check({ action: 'invoices.read', arguments: { invoice: 'INV-8' } }), await waits()];
  await caughtUp();
  await signIn(page, sample.auditor, '/ledger?process=prc_payables&signature=without');
  await expect(page.locator(`${rows} a[href="/ledger/${alone.id}"]`)).toBeVisible();
  await expect(page.locator(`${rows} a[href="/ledger/${asked.id}"]`)).toBeHidden();
  await page.getByRole('combobox', { name: 'When' }).click();
  await page.getByRole('option', { name: 'Last 7 days' }).click();
  await expect(page).toHaveURL(/from=20/);
  await expect(page.locator(`${rows} a[href="/ledger/${alone.id}"]`)).toBeVisible();
  await page.goto('/ledger?to=2020-01-01');
  await expect(page.getByRole('heading', { name: 'Nothing in the ledger matches' })).toBeVisible();
});

for (const ref of ['dec_00000000000000000000000000', '999999999', 'nonsense', '%00', '..%2f..%2fetc']) {
  test(`${ref} in the ledger is a plain "not found"`, async ({ page }) => {
    await become(page, sample.auditor);
    const answer = await page.goto(`/ledger/${ref}`);
    expect(answer?.status()).toBeGreaterThanOrEqual(400);
    expect(answer?.status()).toBeLessThan(500);
  });
}

for (const query of [
  'before=abc',
  'limit=100000',
  'verdict=maybe',
  "agent=' OR 1=1",
  'from=yesterday',
  'signature=maybe',
  "process=' OR 1=1",
]) {
  test(`the list refuses ${query} and says which part it does not know`, async ({ page }) => {
    await become(page, sample.auditor);
    const answer = await page.request.get(`/api/v1/ledger/entries?${query}`);
    expect(answer.status()).toBe(422);
    expect(await answer.json()).toMatchObject({ code: 'UNPROCESSABLE', errors: [{ pointer: `/${query.split('=')[0]}` }] });
  });
}

for (const [name, break_] of [
  ['cannot be reached', (route: Route) => route.abort()],
  ['refuses more live views', (route: Route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' })],
] as const) {
  test(`when the server ${name} the page says that it is stale, keeps what it shows, and recovers`, async ({ page }) => {
    await check({ action: 'invoices.read', arguments: { invoice: 'INV-5' } });
    await signIn(page, sample.auditor, '/ledger');
    await page.route('**/api/v1/ledger/stream', break_);
    await page.reload();
    await expect(page.locator('[data-live="stale"]')).toBeVisible();
    await expect(page.locator(rows).first()).toBeVisible();
    await page.unroute('**/api/v1/ledger/stream');
    await expect(page.locator('[data-live="live"]')).toBeVisible({ timeout: 20_000 });
  });
}

test('every page of the ledger is accessible in both themes, on a desk and on a phone', async ({ page }) => {
  const asked = await waits({
    arguments: payment({ vendor: 'V\u200b-88' }),
    context: { on_behalf_of: 'user@example.com', summary: 'Pay', confidence: 0.93 },
  });
  await signIn(page, sample.owner, '/ledger?show=all');
  await expect(page.locator(rows).first()).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/ledger/${asked.id}`);
  await expectAccessible(page);
  await page.goto('/ledger?workflow=wfl_none');
  await expect(page.getByRole('heading', { name: 'Nothing in the ledger matches' })).toBeVisible();
  await expectAccessible(page);
});
