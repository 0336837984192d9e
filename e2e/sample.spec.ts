import { expect, type Locator, type Page } from '@playwright/test';
import { z } from 'zod';
import { stageTexts } from '../lib/maturity/schema';
import { roles, type Role } from '../lib/people/schema';
import { agentSecret, agentToken, become, caughtUp, check, expectAccessible, handOver, post, sample, tokenFor } from './people';
import { test } from './sample-system';

// The sample organisation as `npm start` shows it, and the failures that lie in it to be found.

const dialog = (page: Page) => page.getByRole('dialog');
const section = (page: Page, id: string) => page.locator(`[data-section="${id}"]`);
const label = (page: Page) => page.getByRole('note', { name: 'Sample organisation' });
const answered = async (page: Page, address: string, body: unknown): Promise<[number, unknown]> => {
  const { status, body: answer } = await post(page, address, body);
  return [status, answer['code']];
};

/** What each role finds on Home, and whom it is not for. The auditor changes nothing, so nothing ever waits for them. */
const homes: Record<Role, { email: string; waits: string[]; foreign: string[] }> = {
  process_owner: { email: sample.owner, waits: ['approvals', 'findings'], foreign: ['halts', 'jobs', 'policies'] },
  leader: { email: sample.leader, waits: ['halts', 'approvals', 'outcomes', 'orphans'], foreign: ['jobs', 'policies'] },
  security: { email: sample.security, waits: ['halts', 'orphans', 'agents', 'changes', 'findings'], foreign: ['approvals', 'jobs'] },
  admin: { email: sample.admin, waits: ['orphans'], foreign: ['approvals', 'halts', 'outcomes', 'changes'] },
  risk: { email: sample.risk, waits: ['agents', 'changes', 'findings'], foreign: ['approvals', 'halts', 'jobs'] },
  engineer: { email: 'kofi@example.com', waits: ['changes'], foreign: ['approvals', 'halts', 'orphans', 'jobs', 'policies'] },
  auditor: {
    email: sample.auditor,
    waits: [],
    foreign: ['approvals', 'halts', 'outcomes', 'orphans', 'changes', 'agents', 'jobs', 'policies'],
  },
};

for (const role of roles) {
  const { email, waits, foreign } = homes[role];
  test(`Home of the ${role} shows what needs them, says that it is a sample, and lets only administrators leave it`, async ({ page }) => {
    await handOver(page, email, '/home');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      waits.length === 0 ? /^Nothing needs you now, / : 'What needs you today',
    );
    for (const id of waits) await expect(section(page, id).getByRole('listitem').first()).toBeVisible();
    for (const id of foreign) await expect(section(page, id)).toHaveCount(0);
    await expect(page.locator('[data-stage]').getByRole('link')).toHaveAttribute('href', /^\/maturity/);
    await expect(label(page)).toContainText('its people and everything they did are made up');
    await expect(label(page).getByRole('button', { name: 'Leave it' })).toHaveCount(role === 'admin' ? 1 : 0);
    if (role === 'admin') return;
    await expect(label(page)).toContainText('An administrator can leave it.');
    expect(await answered(page, '/api/v1/organisation/leave', {})).toEqual([404, 'NOT_FOUND']);
  });
}

test('there is no first administrator to be made while the sample is there', async ({ page }) => {
  expect((await page.goto('/welcome'))?.status()).toBe(404);
  const claim = { token: 'x', organisation: 'Mine', name: 'Eve', email: 'eve@example.com', password: 'correct horse battery' };
  expect(await answered(page, '/api/v1/organisation/claim', claim)).toEqual([404, 'NOT_FOUND']);
  expect((await page.request.get('/api/v1/organisation/leave')).status()).toBe(405);
  expect(await answered(page, '/api/v1/organisation/leave', {})).toEqual([401, 'SIGNED_OUT']);
});

const Found = z.object({ items: z.array(z.object({ id: z.string(), detector: z.string() })) });
const openFindings = async (page: Page, subject: string): Promise<string[]> =>
  Found.parse(await (await page.request.get(`/api/v1/findings?subject=${subject}`)).json()).items.map(({ detector }) => detector);

test('an agent nobody answers for is found, is not ended by who may not, and is ended from where the finding stands', async ({ page }) => {
  const spring = 'agt_spring_campaign';
  expect((await tokenFor(agentSecret(spring))).status, 'its secret lives on').toBe(200);
  await handOver(page, sample.auditor, '/findings');
  await page.getByRole('link', { name: /^David Okafor, who answers for Spring campaign, is no longer here/ }).click();
  await page.waitForURL('**/findings/fnd_*');
  const finding = new URL(page.url()).pathname;
  await expect(page.getByRole('main')).toContainText('until its grace is over');
  for (const name of [/^Decommission/, /^Suspend/, 'Take it', 'Put off…', 'Look again'])
    await expect(page.getByRole('button', { name })).toHaveCount(0);
  const end = `/api/v1/registry/agents/${spring}/decommission`;
  const reason = { reason: 'Its project is over.' };
  expect(await answered(page, end, reason)).toEqual([404, 'NOT_FOUND']);
  // Ana owns another process.
  await become(page, sample.owner);
  expect(await answered(page, end, reason)).toEqual([403, 'FORBIDDEN']);
  await become(page, sample.security);
  expect(await answered(page, end, {})).toEqual([422, 'UNPROCESSABLE']);
  expect(await answered(page, `/api/v1${finding}/settle`, reason), 'words close nothing').toEqual([409, 'CONFLICT']);
  expect(await openFindings(page, spring)).toEqual(
    expect.arrayContaining(['owner_left', 'end_date_past', 'silent', 'over_privileged', 'credential_unrotated']),
  );

  await handOver(page, sample.security, finding);
  await page.locator('[data-fixes]').getByRole('button', { name: 'Decommission the agent' }).click();
  await dialog(page).getByLabel('Why?').fill(reason.reason);
  await dialog(page).getByRole('button', { name: 'Decommission the agent' }).click();
  await expect(page.getByText('its cause is gone')).toBeVisible();
  await expect(page.locator('[data-fixes]')).toHaveCount(0);
  expect((await tokenFor(agentSecret(spring))).status).toBe(401);
  await become(page, sample.admin);
  await post(page, '/api/v1/jobs/findings.detect/run', {});
  await expect.poll(() => openFindings(page, spring), { timeout: 60_000 }).toEqual([]);
  expect(await openFindings(page, 'prc_campaigns'), 'its process still has nobody').toContain('process_owner_left');
});

test('an agent that asks for what it was never given is halted each time, is found for it, and is given nothing by asking', async ({
  page,
}) => {
  const creeping = 'agt_enrichment';
  const token = await agentToken(creeping);
  const asked = await check({ action: 'employees.read', arguments: { employee: 'E-1' }, token });
  expect([asked.verdict, asked.reasons[0]?.code]).toEqual(['halt', 'OUT_OF_SCOPE']);
  await become(page, sample.engineer);
  expect(await answered(page, `/api/v1/registry/agents/${creeping}/permissions/grant`, { actions: ['employees.read'] })).toEqual([
    403,
    'FORBIDDEN',
  ]);

  await handOver(page, sample.security, '/findings');
  await page.getByRole('link', { name: /^Contact enrichment was halted \d+ times .* outside its permissions\.$/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('It asks for what it may not');
  await page.getByRole('link', { name: 'See the halts' }).click();
  await page.waitForURL('**/ledger?**');
  await caughtUp();
  await page.reload();
  const halts = page.locator('[data-ledger] tbody tr');
  await expect(halts.nth(1)).toBeVisible();
  for (const text of await halts.allTextContents()) expect(text).toMatch(/Halted.*(employees\.read|contacts\.export)/);

  await page.goto('/approvals?tab=halts');
  await page.locator('[data-halts] li').filter({ hasText: 'Contact enrichment' }).first().getByRole('link').click();
  await expect(page.locator('[data-halt="in-force"]')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('OUT_OF_SCOPE');
  await page.goto(`/findings?subject=${creeping}`);
  await expect(page.getByRole('link', { name: /^Contact enrichment says it is .*gale-70b@0\.9.*; its record says / })).toBeVisible();
  // Who owns another process neither releases what is halted nor decides what becomes of the agent.
  await handOver(page, sample.secondOwner, '/approvals?tab=halts');
  await page.locator('[data-halts] li').filter({ hasText: 'Contact enrichment' }).first().getByRole('link').click();
  await expect(page.locator('[data-releasers]')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Release workflow' })).toHaveCount(0);
  expect(await answered(page, `/api/v1/registry/agents/${creeping}/suspend`, {})).toEqual([403, 'FORBIDDEN']);
});

test('oversight that cannot be shown is shown to be missing: outcomes, a matrix, deadlines; and nobody makes up for it afterwards', async ({
  page,
}) => {
  await handOver(page, sample.auditor, '/outcomes');
  await expect(page.locator('[data-completeness]')).toContainText('missing');
  await expect(page.locator('[data-completeness]')).not.toContainText('100 %');
  await expect(page.locator('[data-row]').filter({ hasText: 'Application screening' }).first()).toBeVisible();
  await page.goto('/outcomes?list=ambiguous');
  const doubtful = page.locator('[data-row]').first();
  await expect(doubtful).toContainText('Not yours to settle');
  const decision = (await doubtful.getAttribute('data-row')) ?? '';
  expect(await answered(page, `/api/v1/outcomes/${decision}/settle`, { status: 'succeeded', reason: 'Surely.' })).toEqual([
    404,
    'NOT_FOUND',
  ]);

  await page.goto('/raci/prc_people');
  await expect(page.locator('[data-gaps="1"]')).toContainText('Bruno Keller is no longer here');
  await page.goto('/approvals?tab=decided&outcome=expired&agent=agt_screening');
  const expired = page.locator('[data-approvals] a').first();
  await expect(expired).toContainText('Refused by deadline');
  const request = /apr_[0-9a-z]{26}/.exec((await expired.getAttribute('href')) ?? '')?.[0] ?? '';
  // He would have been the one to sign it.
  await become(page, 'jonas@example.com');
  const { digest } = z.object({ digest: z.string() }).parse(await (await page.request.get(`/api/v1/approvals/${request}`)).json());
  expect(await answered(page, `/api/v1/approvals/${request}/approve`, { digest })).toEqual([409, 'EXPIRED']);

  await handOver(page, sample.leader, '/maturity?process=prc_people');
  for (const criterion of ['RACI is complete', 'The audit is complete', 'Approvals are decided in time'])
    await expect(page.getByRole('row').filter({ hasText: criterion })).toContainText('not met');
});

test('the maturity of the organisation has a stage, what it lacks, a trend and its like elsewhere, and is declared by nobody', async ({
  page,
}) => {
  await handOver(page, sample.leader, '/maturity');
  const title = (await page.getByRole('heading', { level: 1 }).innerText()).trim();
  const stage = Number(/stage (\d) of 4$/.exec(title)?.[1]);
  const here = Object.entries(stageTexts).find(([number]) => Number(number) === stage)?.[1];
  expect(title).toBe(`${here?.word} · stage ${stage} of 4`);
  const missing = page.locator('[data-missing] li').filter({ has: page.getByRole('heading', { level: 3 }) });
  expect(await missing.count()).toBeGreaterThan(0);
  for (const text of await missing.allInnerTexts()) expect(text).toMatch(/can close it/);
  await expect(page.getByRole('region', { name: 'Processes' }).locator('tbody tr')).toHaveCount(9);

  const elsewhere = page.getByRole('region', { name: 'Elsewhere' });
  for (const [number, { word, industryShare }] of Object.entries(stageTexts))
    await expect(elsewhere).toContainText(
      new RegExp(`${number} ${word}\\s*${Number(number) === stage ? 'here\\s*' : ''}${industryShare * 100} %`),
    );
  const trend = page.getByRole('region', { name: 'Trend' });
  await trend.getByRole('button', { name: 'View as table' }).click();
  await expect(
    trend
      .getByRole('table', { name: /^Stage of .* by day$/ })
      .locator('tbody tr')
      .nth(20),
  ).toBeVisible();
  await expectAccessible(page);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    expect((await page.request.fetch('/api/v1/maturity', { method, data: { stage: 4 } })).status(), method).toBe(405);
});

test('a campaign of reviews shows how far it is, moves with a decision, and only with its reviewer’s', async ({ page }) => {
  await handOver(page, sample.owner, '/home');
  await section(page, 'reviews').getByRole('link', { name: 'Review Invoice matcher' }).click();
  await page.waitForURL('**/reviews/items/rvi_*');
  const item = new URL(page.url()).pathname;
  await expect(page.getByRole('form', { name: 'Decide' })).toBeVisible();
  const keep = { decision: 'keep', note: '' };
  // Emma built it; Sofia reviews other things; Nora could inherit it, and has not.
  for (const email of [sample.engineer, sample.security, sample.secondOwner]) {
    await become(page, email);
    expect(await answered(page, `/api/v1${item}/decide`, keep), email).toEqual([403, 'FORBIDDEN']);
  }

  await handOver(page, sample.leader, '/reviews');
  const campaigns = page.getByRole('table', { name: 'Reviews' }).locator('tbody tr');
  const begun = campaigns
    .filter({ hasText: /[1-9]\d* of \d+/ })
    .filter({ hasText: 'minimal risk' })
    .first();
  await begun.getByRole('link').first().click();
  await page.waitForURL('**/reviews/rvc_*');
  const campaign = new URL(page.url()).pathname;
  const before = await progressOf(page.getByRole('main'));
  expect(before.done).toBeGreaterThan(0);
  expect(before.done).toBeLessThan(before.total);
  await expect(
    page
      .getByRole('table', { name: /^Items of / })
      .getByRole('row')
      .filter({ hasText: 'Invoice matcher' }),
  ).toContainText('Ana Meyer');

  await handOver(page, sample.owner, item);
  await page.getByRole('radio', { name: /^Keep/ }).check();
  await page.getByRole('form', { name: 'Decide' }).getByRole('button').click();
  await expect(page.locator('[data-decided="keep"]')).toBeVisible();
  expect(await answered(page, `/api/v1${item}/decide`, keep)).toEqual([409, 'ALREADY_DECIDED']);
  await page.goto(campaign);
  expect(await progressOf(page.getByRole('main'))).toEqual({ done: before.done + 1, total: before.total });
});

/** The first "n of m" of a page. */
async function progressOf(place: Locator): Promise<{ done: number; total: number }> {
  const [, done = '', total = ''] = /(\d+) of (\d+)/.exec(await place.innerText()) ?? [];
  return { done: Number(done), total: Number(total) };
}
