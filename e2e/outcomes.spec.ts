import { expect, test, type Page } from '@playwright/test';
import { agentToken, asSuperuser, caughtUp, check, expectAccessible, payment, post, sample, signIn, visit } from './people';
import { e2eSystem } from './system';

const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, decision: string) => page.locator(`[data-row="${decision}"]`);

async function report(token: string, decision: string, body: Record<string, unknown>): Promise<number> {
  const answer = await fetch(`${e2eSystem().gatewayUrl}/api/outcomes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ decision, ...body }),
  });
  return answer.status;
}

/** schedules is a payment that needs nobody: allowed at once. */
async function schedules(given = payment({ amount: '120.00' })): Promise<{ token: string; id: string; given: Record<string, unknown> }> {
  const token = await agentToken();
  const answer = await check({ action: 'payments.schedule', arguments: given, token });
  expect(answer.verdict).toBe('allow');
  return { token, id: answer.id, given };
}

test('an action nobody knows the end of is held back until its owner settles it, in words that stand in the ledger', async ({ page }) => {
  const { token, id, given } = await schedules();
  expect(await report(token, id, { status: 'ambiguous', summary: 'The bank did not answer' })).toBe(200);
  expect((await check({ action: 'payments.schedule', arguments: given, token })).reasons[0]?.code).toBe('EFFECT_AMBIGUOUS');

  await caughtUp();
  await signIn(page, sample.owner, '/outcomes?list=ambiguous');
  await expect(row(page, id)).toContainText(String(given['invoice']));
  await row(page, id).getByRole('button', { name: 'Settle' }).click();
  await dialog(page).getByRole('button', { name: 'Settle outcome' }).click();
  await expect(dialog(page).locator('[data-field-error]')).toHaveText(['Choose what really happened.', 'Say how you know.']);
  await dialog(page)
    .getByRole('radio', { name: /^It was not done/ })
    .check();
  await dialog(page).getByLabel('How you know').fill('The statement of today shows no such payment');
  await dialog(page).getByRole('button', { name: 'Settle outcome' }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(row(page, id)).toBeHidden();
  expect((await check({ action: 'payments.schedule', arguments: given, token })).verdict).toBe('allow');

  await page.goto(`/ledger/${id}`);
  await expect(page.locator('[data-outcome="failed"]')).toBeVisible();
  await expect(page.getByRole('article')).toContainText('settled by Ana Meyer');
  expect(await report(token, id, { status: 'succeeded' }), 'the agent does not overrule her').toBe(409);
});

test('an allowed action without an outcome is counted and listed once its time is over, and leaves when it is reported', async ({
  page,
}) => {
  const { token, id, given } = await schedules();
  await caughtUp();
  await asSuperuser("UPDATE ledger_entries SET at = at - interval '20 minutes' WHERE event_id = $1", [id]);
  await signIn(page, sample.auditor, '/outcomes');
  await expect(row(page, id)).toContainText(String(given['invoice']));
  await expect(page.locator('[data-completeness]')).toContainText('missing');
  await expect(page.locator('[data-completeness]')).not.toContainText('100 %');
  await row(page, id).getByRole('link').click();
  await expect(page.locator('[data-outcome="open"], [data-outcome="missing"]')).toBeVisible();
  await report(token, id, { status: 'succeeded', tokens: 1_200, cost_usd: '0.02' });
  await page.reload();
  await expect(page.locator('[data-outcome="succeeded"]')).toBeVisible();
  await expect(page.getByRole('article')).toContainText('1,200');
  await page.goto('/outcomes');
  await expect(row(page, id)).toBeHidden();
});

test('what an agent says of its outcome is shown as it is, and nothing of it runs', async ({ page }) => {
  const { token, id } = await schedules();
  const hostile = '<img src=x onerror="document.title=1">\u202e\u200bdone';
  await report(token, id, { status: 'partial', summary: hostile, side_effects: ['</ul><script>document.title=1</script>'] });
  await signIn(page, sample.owner, `/ledger/${id}`);
  const words = page.locator('[data-said]').first();
  await expect(words).toContainText('<img src=x onerror="document.title=1">⟨U+202E⟩⟨U+200B⟩done');
  await expect(words).toContainText('</ul><script>document.title=1</script>');
  expect(await page.title()).not.toBe('1');
});

for (const role of ['auditor', 'engineer'] as const) {
  test(`the ${role} sees what is in doubt and cannot settle it`, async ({ page }) => {
    const { token, id } = await schedules();
    await report(token, id, { status: 'ambiguous' });
    await caughtUp();
    await signIn(page, sample[role], '/outcomes?list=ambiguous');
    await expect(row(page, id)).toContainText('Not yours to settle');
    const answer = await post(page, `/api/v1/outcomes/${id}/settle`, { status: 'failed', reason: 'no' });
    expect([answer.status, answer.body['code']]).toEqual([404, 'NOT_FOUND']);
    await report(token, id, { status: 'failed' });
  });
}

for (const [name, body, expected] of [
  ['without words', { status: 'failed', reason: ' ' }, [422, 'UNPROCESSABLE']],
  ['as ambiguous again', { status: 'ambiguous', reason: 'seen' }, [422, 'UNPROCESSABLE']],
  ['of an outcome that is known', { status: 'failed', reason: 'seen' }, [409, 'CONFLICT']],
] as const) {
  test(`a settlement ${name} changes nothing`, async ({ page }) => {
    const { token, id } = await schedules();
    await report(token, id, { status: name === 'of an outcome that is known' ? 'succeeded' : 'ambiguous' });
    await signIn(page, sample.leader, '/outcomes');
    const answer = await post(page, `/api/v1/outcomes/${id}/settle`, body);
    expect([answer.status, answer.body['code']]).toEqual(expected);
    if (name !== 'of an outcome that is known') expect(await report(token, id, { status: 'failed' })).toBe(200);
  });
}

test('the page of outcomes and a decision with one can be used by everybody', async ({ page }) => {
  const { token, id } = await schedules();
  await report(token, id, { status: 'ambiguous', summary: 'No answer', tokens: 5 });
  await signIn(page, sample.owner, '/outcomes?list=ambiguous');
  await expectAccessible(page);
  await visit(page, `/ledger/${id}`);
  await page.getByRole('button', { name: 'Settle' }).click();
  await expectAccessible(page);
  await report(token, id, { status: 'failed' });
});
