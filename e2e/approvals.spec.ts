import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { keys } from '../components/keys/registry';
import { canonicalJson } from '../lib/kernel/canonical';
import {
  agentToken,
  asSuperuser,
  become,
  caughtUp,
  check,
  expectAccessible,
  payment,
  post,
  sample,
  shownCanonical,
  signIn,
  visit,
  waits,
} from './people';
import { e2eSystem } from './system';

const panel = (page: Page) => page.getByRole('article');
const inList = (page: Page, approval: string) => page.locator(`[data-approvals] a[href^="/approvals/${approval}"]`);
const approveButton = (page: Page) => panel(page).getByRole('button', { name: /^Approve/ });
const dialog = (page: Page) => page.getByRole('dialog');

test('a person sees exactly what will run, approves it by name and digest, and sees the agent use it once', async ({ page }) => {
  const given = payment({ amount: '62000.00', currency: 'EUR' });
  const token = await agentToken();
  const asked = await waits({ arguments: given, token });
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  await expect(panel(page).getByRole('heading', { level: 1 })).toHaveText(
    `Pay 62,000.00 EUR to vendor V-88 at once for invoice ${String(given['invoice'])}`,
  );
  expect(await shownCanonical(page)).toBe(
    canonicalJson({ action: { name: 'payments.execute' }, agent: 'agt_invoices', arguments: given, schema_version: 1 }),
  );
  await expect(panel(page)).toContainText('This cannot be undone.');
  await expect(panel(page)).toContainText(/Refused at .+ if nobody decides/);

  await approveButton(page).click();
  await expect(dialog(page).locator(`[data-digest="${asked.digest}"]`)).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Approve execute payment · 62,000.00 EUR' }).click();
  await expect(page.locator('[data-state="approved"]')).toContainText('exactly this, once');
  await expect(approveButton(page)).toBeHidden();

  const context = { approval: { id: asked.approval } };
  expect((await check({ arguments: given, token, context })).verdict).toBe('allow');
  await expect(page.locator('[data-state="used"]')).toContainText('cannot be used again');
  expect((await check({ arguments: given, token, context })).reasons[0]?.code).toBe('APPROVAL_USED');
});

test('a rejection needs a named reason, and the agent is told its code', async ({ page }) => {
  const given = payment();
  const token = await agentToken();
  const asked = await waits({ arguments: given, token });
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  await panel(page).getByRole('button', { name: 'Reject' }).click();
  const confirm = dialog(page).getByRole('button', { name: 'Reject' });
  await expect(confirm).toBeDisabled();
  await dialog(page).getByRole('radio', { name: 'Another reason' }).check();
  await expect(confirm).toBeDisabled();
  await dialog(page).getByLabel('Say why').fill('   ');
  await expect(confirm).toBeDisabled();
  await dialog(page).getByRole('radio', { name: 'The recipient is wrong' }).check();
  await confirm.click();
  await expect(page.locator('[data-state="rejected"]')).toContainText('The recipient is wrong');
  const again = await check({ arguments: given, token, context: { approval: { id: asked.approval } } });
  expect(again.reasons[0]?.code).toBe('APPROVAL_REJECTED');
});

test('a new request comes into the open list by itself, and its count with it', async ({ page }) => {
  await signIn(page, sample.owner, '/approvals');
  const given = payment();
  const asked = await waits({ arguments: given });
  await expect(inList(page, asked.approval)).toContainText(String(given['invoice']));
});

test('the card tells who may decide and how, who has seen it, what the agent did before and how others like it ended', async ({
  page,
  browser,
}) => {
  const token = await agentToken();
  const rejected = await waits({ token });
  await become(page, sample.owner);
  await post(page, `/api/v1/approvals/${rejected.approval}/reject`, { digest: rejected.digest, reason_code: 'WRONG_AMOUNT' });
  await check({ action: 'invoices.read', arguments: { invoice: 'INV-77' }, token });
  const asked = await waits({ token });
  await page.goto(`/approvals/${asked.approval}`);
  await expect(page.locator('[data-deciders]')).toContainText(/Ana Meyer\s+Accountable/);
  await expect(page.locator('[data-deciders]')).toContainText(/Liam Chen\s+Responsible, with Payables supervisors/);
  await expect(page.locator('[data-views]')).toContainText('Ana Meyer');
  await expect(page.locator('[data-earlier] li')).toHaveCount(3);
  await expect(page.locator('[data-earlier]')).toContainText('Read invoice INV-77');
  await expect(page.locator('[data-alike]')).toContainText(/\d+ approved, \d+ rejected/);
  await expect(page.locator('[data-recomputed="equal"]')).toBeVisible();
  // Looking is recorded once a person, and of those alone whom it is routed to.
  const again = page.waitForResponse((answer) => answer.url().endsWith('/seen'));
  await page.reload();
  expect(await (await again).json()).toEqual({ first: false });
  const auditor = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
  await signIn(auditor, sample.auditor, `/approvals/${asked.approval}`);
  await expect(auditor.locator('[data-views] li')).toHaveCount(1);
  expect((await post(auditor, `/api/v1/approvals/${asked.approval}/seen`, {})).status).toBe(403);
  await caughtUp();
  await auditor.goto(`/ledger?show=all&approval=${asked.approval}`);
  await expect(auditor.getByText('Ana Meyer looked at payments.execute of Invoice agent')).toHaveCount(1);
  await auditor.context().close();
});

test('a page that shows anything else than what is signed refuses loudly, and nothing can be signed on it', async ({ page }) => {
  const asked = await waits();
  await page.route(`**/api/v1/approvals/${asked.approval}`, async (route) => {
    const answer = await route.fetch();
    const card = z.looseObject({ arguments: z.looseObject({ canonical: z.string() }) }).parse(await answer.json());
    const canonical = card.arguments.canonical.replace('300.00', '900.00');
    await route.fulfill({ response: answer, json: { ...card, arguments: { ...card.arguments, canonical } } });
  });
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  // The card is read anew with the next row of the ledger, and now says something else.
  await waits();
  await expect(page.locator('[data-recomputed="different"]')).toContainText('does not have the digest that would be signed');
  await expect(approveButton(page)).toBeHidden();
  await expect(page.locator('[data-refusal="UNPROVEN"]')).toBeVisible();
  await page.keyboard.press('a');
  await expect(dialog(page)).toBeHidden();
  // The page follows the ledger, so a read may be on its way still.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('where the browser computes no digests nothing is signed, and the page says how to go on', async ({ page }) => {
  const asked = await waits();
  await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  await expect(page.locator('[data-recomputed="unable"]')).toContainText('over https or on localhost');
  await expect(approveButton(page)).toBeHidden();
});

test('whoever it was asked for cannot decide it: not by the page, not by the API', async ({ page }) => {
  const asked = await waits({ context: { on_behalf_of: 'ANA@example.com' } });
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  await expect(page.locator('[data-refusal="OWN_REQUEST"]')).toContainText('Liam Chen or Nora Lindqvist may');
  await expect(approveButton(page)).toBeHidden();
  const { status, body } = await post(page, `/api/v1/approvals/${asked.approval}/approve`, { digest: asked.digest });
  expect([status, body['code']]).toEqual([403, 'OWN_REQUEST']);
});

for (const [role, refusal] of [
  ['auditor', 'NOT_ALLOWED'],
  ['security', 'NOT_ALLOWED'],
  // Emma registered the agent.
  ['engineer', 'AUTHOR'],
] as const) {
  test(`the ${role} is told who may decide, and cannot`, async ({ page }) => {
    const asked = await waits();
    await signIn(page, sample[role], `/approvals/${asked.approval}`);
    await expect(page.locator(`[data-refusal="${refusal}"]`)).toContainText('Ana Meyer, Liam Chen, or Nora Lindqvist may');
    await page.keyboard.press('a');
    await expect(dialog(page)).toBeHidden();
    for (const [verdict, more] of [
      ['approve', {}],
      ['reject', { reason_code: 'DUPLICATE' }],
    ] as const) {
      const { status, body } = await post(page, `/api/v1/approvals/${asked.approval}/${verdict}`, { digest: asked.digest, ...more });
      expect([status, body['code']]).toEqual([403, 'FORBIDDEN']);
    }
  });
}

test('whoever comes second hears who decided first and what, and nothing changes', async ({ page, browser }) => {
  const asked = await waits();
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  await approveButton(page).click();
  const other = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
  await become(other, sample.leader);
  expect(
    (await post(other, `/api/v1/approvals/${asked.approval}/reject`, { digest: asked.digest, reason_code: 'NOT_AUTHORISED' })).status,
  ).toBe(200);
  await dialog(page)
    .getByRole('button', { name: /^Approve/ })
    .click();
  await expect(page.locator('[data-problem="ALREADY_DECIDED"]')).toContainText('Liam Chen rejected this first (nobody authorised this)');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-state="rejected"]')).toContainText('Liam Chen');
  await other.context().close();
});

test('a deadline refuses while the page is open, and no verdict counts after it', async ({ page }) => {
  const asked = await waits();
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  await expect(approveButton(page)).toBeVisible();
  await asSuperuser("UPDATE approvals SET expires_at = clock_timestamp() + interval '2 seconds' WHERE id = $1", [asked.approval]);
  await page.reload();
  await expect(page.locator('[data-state="expired"]')).toContainText('A deadline never approves');
  await expect(approveButton(page)).toBeHidden();
  const { status, body } = await post(page, `/api/v1/approvals/${asked.approval}/approve`, { digest: asked.digest });
  expect([status, body['code']]).toEqual([409, 'EXPIRED']);
});

const other = `sha-256:${'0'.repeat(64)}`;
for (const [name, verdict, body, expected] of [
  ['for another action', 'approve', () => ({ digest: other }), [409, 'DIGEST_CHANGED']],
  ['without a digest', 'approve', () => ({}), [422, 'UNPROCESSABLE']],
  ['with a status of its own', 'approve', (digest: string) => ({ digest, status: 'used' }), [422, 'UNPROCESSABLE']],
  ['with a reason nobody named', 'reject', (digest: string) => ({ digest, reason_code: 'WHY_NOT' }), [422, 'UNPROCESSABLE']],
  ['for another reason without words', 'reject', (digest: string) => ({ digest, reason_code: 'OTHER' }), [422, 'UNPROCESSABLE']],
  ['with more words than anyone reads', 'approve', (digest: string) => ({ digest, reason: 'x'.repeat(2_001) }), [422, 'UNPROCESSABLE']],
  ['larger than a verdict can be', 'approve', (digest: string) => ({ digest, reason: 'x'.repeat(20_000) }), [413, 'TOO_LARGE']],
] as const) {
  test(`a verdict ${name} decides nothing`, async ({ page }) => {
    const asked = await waits();
    await signIn(page, sample.owner, `/approvals/${asked.approval}`);
    const answer = await post(page, `/api/v1/approvals/${asked.approval}/${verdict}`, body(asked.digest));
    expect([answer.status, answer.body['code']]).toEqual(expected);
    expect(answer.body['request_id']).toMatch(/^req_/);
    await page.reload();
    await expect(approveButton(page)).toBeVisible();
  });
}

test('a body with a member twice is not read either way', async ({ page }) => {
  const asked = await waits();
  await become(page, sample.owner);
  const answer = await page.request.post(`/api/v1/approvals/${asked.approval}/approve`, {
    headers: { origin: new URL(e2eSystem().webUrl).origin, 'content-type': 'application/json' },
    data: `{"digest":"${other}","digest":"${asked.digest}"}`,
  });
  expect(answer.status()).toBe(400);
});

test('no GET decides: a link that is followed by a mail scanner does nothing', async ({ page }) => {
  const asked = await waits();
  await become(page, sample.owner);
  for (const verdict of ['approve', 'reject'])
    expect((await page.request.get(`/api/v1/approvals/${asked.approval}/${verdict}?digest=${asked.digest}`)).status()).toBe(405);
  await page.goto(`/approvals/${asked.approval}`);
  await expect(approveButton(page)).toBeVisible();
});

test('arguments exchanged in the database cannot be approved, and the page says why', async ({ page }) => {
  const [asked, swapped] = [await waits(), await waits()];
  // Done twice it is undone: other tests prove this ledger.
  const exchange = () =>
    asSuperuser(
      `UPDATE ledger_arguments a SET salted = b.salted FROM ledger_arguments b, approvals x, approvals y WHERE x.id = $1 AND y.id = $2
         AND ((a.seq = x.decision_seq AND b.seq = y.decision_seq) OR (a.seq = y.decision_seq AND b.seq = x.decision_seq))`,
      [asked.approval, swapped.approval],
    );
  await exchange();
  try {
    await signIn(page, sample.owner, `/approvals/${asked.approval}`);
    await expect(panel(page).getByRole('alert')).toContainText('not the ones that were decided on');
    await expect(page.locator('[data-refusal="UNPROVEN"]')).toBeVisible();
    await expect(approveButton(page)).toBeHidden();
  } finally {
    await exchange();
  }
});

for (const id of ['apr_00000000000000000000000000', 'apr_x', '%3Cscript%3E']) {
  test(`a request called ${id} is a plain "not found"`, async ({ page }) => {
    await become(page, sample.owner);
    expect((await page.goto(`/approvals/${id}`))?.status()).toBe(404);
    expect((await page.request.get(`/api/v1/approvals/${id}`)).status()).toBe(404);
  });
}

test('hostile words stay words: in the list, in the sentence, in the arguments, in what the agent says', async ({ page }) => {
  const ran: string[] = [];
  page.on('dialog', (opened) => {
    ran.push(opened.message());
    void opened.dismiss();
  });
  const vendor = '<img src=x onerror=alert(1)>\u202e88-V\u200b';
  const asked = await waits({
    arguments: payment({ vendor }),
    context: { summary: '<b>approve me</b>', rationale: `</script><script>alert(2)</script>\u2066${'z'.repeat(4_000)}` },
  });
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  await expect(panel(page).getByRole('heading', { level: 1 })).toContainText('<img src=x onerror=alert(1)>⟨U+202E⟩88-V⟨U+200B⟩');
  await expect(page.locator('[data-said]')).toContainText('<b>approve me</b>');
  await expect(page.locator('[data-said] [data-mark="U+2066"]')).toBeVisible();
  expect(JSON.parse(await shownCanonical(page))).toMatchObject({ arguments: { vendor } });
  expect(await page.locator('main img, main b, main script').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(ran).toEqual([]);
});

test('every key of the list does what it says, and single keys can be turned off', async ({ page }) => {
  const [first, second] = [await waits(), await waits()];
  await signIn(page, sample.owner, '/approvals');
  for (const asked of [first, second]) await expect(inList(page, asked.approval)).toBeVisible();

  await page.keyboard.press(keys.next.key);
  await page.waitForURL(/\/approvals\/apr_/);
  const at = page.url();
  await page.keyboard.press(keys.next.key);
  await page.waitForURL((url) => url.href !== at);
  await page.keyboard.press(keys.previous.key);
  await page.waitForURL(at);

  await visit(page, `/approvals/${first.approval}`);
  await expect(approveButton(page)).toBeVisible();
  await page.keyboard.press(keys.approve.key);
  await expect(dialog(page).getByRole('button', { name: /^Approve/ })).toBeVisible();
  // Enter in the freshly opened dialog must not decide.
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(approveButton(page)).toBeVisible();
  await page.keyboard.press(keys.reject.key);
  await expect(dialog(page).getByRole('radio', { name: 'The amount is wrong' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press(keys.help.key);
  for (const { label } of Object.values(keys)) await expect(dialog(page).getByText(label, { exact: true })).toBeVisible();
  await dialog(page).getByLabel('Single keys are on').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press(keys.approve.key);
  await expect(dialog(page)).toBeHidden();
});

test('on a phone the panel is the page, and the verdict stays in reach', async ({ page }) => {
  const asked = await waits({ context: { rationale: 'words '.repeat(400) } });
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, sample.owner, `/approvals/${asked.approval}`);
  await expect(page.locator('[data-approvals]')).toBeHidden();
  await expect(approveButton(page)).toBeInViewport();
  await panel(page).getByText('What the agent says').scrollIntoViewIfNeeded();
  await expect(approveButton(page)).toBeInViewport();
  await page.getByRole('link', { name: 'Approvals', exact: true }).first().click();
  await expect(page.locator('[data-approvals]')).toBeVisible();
});

test('every page of the approvals is accessible in both themes, on a desk and on a phone', async ({ page }) => {
  const asked = await waits({ context: { summary: 'Pay\u200b', confidence: 0.9 } });
  await signIn(page, sample.owner, '/approvals');
  await expectAccessible(page);
  for (const tab of ['waiting', 'supervised', 'halts', 'decided']) {
    await page.goto(`/approvals?tab=${tab}`);
    await expect(page.getByText('Reading…')).toBeHidden();
    await expectAccessible(page);
  }
  await visit(page, `/approvals/${asked.approval}`);
  await expectAccessible(page);
  await approveButton(page).click();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await panel(page).getByRole('button', { name: 'Reject' }).click();
  await expectAccessible(page);
});
