import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { newId } from '../lib/kernel/ids';
import {
  activeAgent,
  agentToken,
  asSuperuser,
  become,
  caughtUp,
  check,
  expectAccessible,
  handOver,
  payment,
  post,
  sample,
  tokenFor,
  visit,
} from './people';
import { e2eSystem } from './system';

const Issued = z.object({ credential: z.object({ id: z.string() }), secret: z.string() });
const dialog = (page: Page) => page.getByRole('dialog');
const stopButton = (page: Page) => page.getByRole('button', { name: 'Stop…' });

/** press opens the stop dialog of the page at hand, gives a reason and presses. */
async function press(page: Page, what: string, reason = 'It pays the wrong vendor.'): Promise<void> {
  await stopButton(page).click();
  await expect(dialog(page).locator('[data-impact]')).toBeVisible();
  await dialog(page).getByLabel('Why').fill(reason);
  await dialog(page)
    .getByRole('button', { name: `Stop ${what} now` })
    .click();
}

/** tokened is an agent that may act, with a token of its own; the page is left with nobody in particular. */
async function tokened(page: Page, given: Record<string, unknown> = {}): Promise<{ id: string; name: string; token: string }> {
  const agent = await activeAgent(page, given);
  await become(page, sample.engineer);
  const { body } = await post(page, '/api/v1/identity/credentials', { agent: agent.id });
  const { credential, secret } = Issued.parse(body);
  const { token } = await tokenFor({ clientId: credential.id, secret });
  return { ...agent, token };
}

/** working is tokened(), with what becomes of a read it asks for. */
async function working(page: Page): Promise<{ id: string; name: string; read: () => Promise<string> }> {
  const { token, ...agent } = await tokened(page);
  const read = async () => {
    const { verdict, reasons } = await check({ action: 'invoices.read', arguments: { invoice: 'INV-1' }, token });
    return verdict.startsWith('allow') ? 'goes ahead' : `${verdict}: ${reasons.map(({ code }) => code).join(', ')}`;
  };
  expect(await read()).toBe('goes ahead');
  return { ...agent, read };
}

test.describe('A person stops an agent', () => {
  test('from its page, sees what it stops before and each gateway’s acknowledgement after; a second person lifts it', async ({ page }) => {
    const agent = await working(page);
    await handOver(page, sample.security, `/registry/agents/${agent.id}`);
    await stopButton(page).click();
    await expect(dialog(page)).toContainText('This agent may do nothing at all.');
    await expect(dialog(page).locator('[data-impact]')).toContainText('1 active agent');
    const now = dialog(page).getByRole('button', { name: `Stop ${agent.name} now` });
    await expect(now, 'nothing is stopped without a reason').toBeDisabled();
    await expectAccessible(page);
    await dialog(page).getByLabel('Why').fill('It pays the wrong vendor.');
    await now.click();
    await expect(dialog(page)).toContainText(/Stopped: the agent/);
    await expect(dialog(page).locator('[data-reach="all"] [data-gateway="acknowledged"]').first()).toContainText('acknowledged after');
    expect(await agent.read()).toMatch(/^deny: .*KILL/);
    await dialog(page).getByRole('link', { name: 'The stop and its record' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Stopped: the agent ${agent.name}`);
    await expect(page.locator('[data-why-not-lift="SAME_PERSON"]'), 'who set it cannot lift it').toBeVisible();
    const stop = page.url();
    await expectAccessible(page);

    await visit(page, `/registry/agents/${agent.id}`);
    await expect(page.locator('[data-stop]')).toContainText('This agent is stopped.');

    await handOver(page, sample.leader, new URL(stop).pathname);
    await expect(page.getByText('It pays the wrong vendor.')).toBeVisible();
    await page.getByLabel('Why it may go on').fill('The vendor was corrected.');
    await page.getByRole('button', { name: 'Lift this stop' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Was stopped: the agent ${agent.name}`);
    await expect.poll(agent.read).toBe('goes ahead');
  });

  test('never by accident: no reason, no target, or everything without saying so, is no stop', async ({ page }) => {
    await become(page, sample.security);
    await visit(page, '/home');
    await stopButton(page).click();
    await expect(dialog(page).getByRole('button', { name: 'Stop now' })).toBeDisabled();
    await dialog(page).getByText('Everything', { exact: true }).click();
    await dialog(page).getByLabel('Why').fill('A drill of nerves.');
    const everything = dialog(page).getByRole('button', { name: 'Stop everything now' });
    await expect(dialog(page).locator('[data-impact]')).toContainText(/active agents/);
    await expect(everything).toBeDisabled();
    await dialog(page).getByLabel('Type “stop everything”').fill('stop');
    await expect(everything).toBeDisabled();
    await dialog(page).getByLabel('Type “stop everything”').fill('stop everything');
    await expect(everything).toBeEnabled();
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toBeHidden();
    await visit(page, '/containment');
    await expect(page.getByText('the whole organisation')).toHaveCount(0);
  });

  test('a process owner their own agents only; the dialog says so before anybody presses', async ({ page }) => {
    const agent = await working(page);
    await handOver(page, sample.secondOwner, `/registry/agents/${agent.id}`);
    await stopButton(page).click();
    await expect(dialog(page)).toContainText('You may not stop this');
    await dialog(page).getByLabel('Why').fill('Not mine.');
    await expect(dialog(page).getByRole('button', { name: `Stop ${agent.name} now` })).toBeDisabled();
    const refused = await post(page, '/api/v1/containment/kills', { scope: 'agent', target: agent.id, reason: 'Not mine.' });
    expect([refused.status, refused.body['code']]).toEqual([403, 'FORBIDDEN']);
    await handOver(page, sample.owner, `/registry/agents/${agent.id}`);
    await press(page, agent.name);
    await expect(dialog(page).locator('[data-reach="all"]')).toBeVisible();
    expect(await agent.read()).toMatch(/^deny/);
  });

  for (const who of ['engineer', 'auditor', 'admin', 'risk'] as const)
    test(`not ${who}: no button, and nothing behind it`, async ({ page }) => {
      await become(page, sample[who]);
      await visit(page, '/containment');
      await expect(stopButton(page)).toHaveCount(0);
      const { status } = await post(page, '/api/v1/containment/kills', { scope: 'agent', target: 'agt_invoices', reason: 'I may not.' });
      expect(status).toBe(404);
    });
});

test.describe('Gateways', () => {
  test('stand with the rules they decide by, and with how fast a suspension reached them', async ({ page }) => {
    const agent = await working(page);
    await become(page, sample.security);
    expect((await post(page, `/api/v1/registry/agents/${agent.id}/suspend`, { reason: 'A look is due.' })).status).toBe(200);
    await visit(page, '/containment/gateways');
    await expect(page.getByRole('table', { name: 'Gateways' })).toContainText('Decides by the newest rules');
    const change = page.getByRole('table', { name: 'Changes' }).locator('[data-row]').filter({ hasText: agent.name });
    await expect(change.first()).toContainText('Suspended');
    await expect(change.first()).toContainText(/after \d+ ms|after \d/);
    expect(await agent.read()).toMatch(/^deny/);
  });
});

test.describe('A circuit breaker', () => {
  /** opened opens the breaker of an agent's payments as gateways do. */
  const opened = (agent: string) =>
    asSuperuser("SELECT breaker_open($1, $2, 'payments.schedule', 'errors', $3, 3600, 3)", [
      newId('evt'),
      agent,
      JSON.stringify({ observed: '13', threshold: '50', of: 20, windowSeconds: 300, policy: null, pauseSeconds: 3_600 }),
    ]);

  test('says why it is open and when it tries again, and closes by the word of who may say so', async ({ page }) => {
    const agent = await activeAgent(page);
    await opened(agent.id);
    await handOver(page, sample.security, '/containment/breakers');
    const row = page.getByRole('table', { name: 'Open circuit breakers' }).locator('[data-row]').filter({ hasText: agent.name });
    await expect(row).toContainText('13 of 20 outcomes did not succeed');
    await expect(row).toContainText('50 % within 5 minutes');
    await expect(row).toContainText('Open');
    await expectAccessible(page);
    await row.getByRole('button', { name: 'Reset…' }).click();
    const close = dialog(page).getByRole('button', { name: 'Close the breaker' });
    await expect(close).toBeDisabled();
    await dialog(page).getByLabel('Why it may go on').fill('The ledger it pays into was repaired.');
    await close.click();
    await expect(row).toHaveCount(0);
    await caughtUp();
    await visit(page, `/registry/agents/${agent.id}`);
    await expect(page.locator('[data-breakers]')).toContainText(/Reset.*payments\.schedule/);
  });

  test('is not reset by an engineer, nor by the owner of another process', async ({ page }) => {
    const agent = await activeAgent(page);
    await opened(agent.id);
    for (const who of [sample.engineer, sample.secondOwner]) {
      await handOver(page, who, '/containment/breakers');
      const row = page.getByRole('table', { name: 'Open circuit breakers' }).locator('[data-row]').filter({ hasText: agent.name });
      await expect(row).toBeVisible();
      await expect(row.getByRole('button', { name: 'Reset…' })).toHaveCount(0);
      const { status } = await post(page, '/api/v1/containment/breakers/reset', {
        agent: agent.id,
        actionType: 'payments.schedule',
        reason: 'I may not.',
      });
      expect([403, 404]).toContain(status);
    }
  });
});

test.describe('A halted workflow', () => {
  test('goes on, and its one action happens once, when security asks and a leader signs exactly what both saw', async ({ page }) => {
    // Whatever an agent of this floor asks for is Tier 4.
    const agent = await tokened(page, { autonomyFloor: 4 });
    const asked = { action: 'payments.schedule', arguments: payment({ vendor: '<b>V-88</b>' }), token: agent.token };
    const halt = await check(asked);
    expect(halt.verdict).toBe('halt');
    await caughtUp();
    await handOver(page, sample.security, '/containment/halts');
    const row = page.getByRole('table', { name: 'Halted workflows' }).locator('[data-row]').filter({ hasText: agent.name });
    await expect(row).toBeVisible();
    await expectAccessible(page);
    await row.getByRole('link').first().click();
    await page.getByRole('button', { name: 'Release workflow…' }).click();
    await dialog(page).getByLabel('Also let this one action happen once').check();
    await expect(dialog(page).locator('[data-exactly]')).toContainText('<b>V-88</b>');
    expect(await dialog(page).locator('b').count(), 'what an agent wrote is text').toBe(0);
    await expectAccessible(page);
    await dialog(page).getByLabel('Reason').fill('The vendor was called.');
    await dialog(page).getByRole('button', { name: 'Ask the second person' }).click();
    await expect(page.locator('[data-once="asked"]')).toContainText(/It takes .*Liam Chen.*, as leader/);
    await expect(page.getByRole('button', { name: 'Sign…' }), 'who asked does not sign').toHaveCount(0);
    expect((await check(asked)).verdict, 'a question is no answer').toBe('halt');

    await handOver(page, sample.leader, '/home');
    await page.locator('[data-section="releases"]').getByRole('link').nth(1).click();
    await page.getByRole('button', { name: 'Sign…' }).click();
    const sign = dialog(page).getByRole('button', { name: 'Sign: let it happen once' });
    await expect(sign, 'nobody signs without a reason').toBeDisabled();
    await expectAccessible(page);
    await dialog(page).getByLabel('Reason').fill('I called them too.');
    await sign.click();
    await expect(page.locator('[data-once="ready"]')).toContainText('The agent has not done it yet');
    const told = await fetch(`${e2eSystem().gatewayUrl}/access/v1/requests/${halt.id}`, {
      headers: { authorization: `Bearer ${agent.token}` },
    });
    const { approval } = z.object({ approval: z.object({ id: z.string() }) }).parse(await told.json());
    const once = { ...asked, context: { approval: { id: approval.id } } };
    expect((await check(once)).verdict).toMatch(/^allow/);
    expect((await check(once)).verdict, 'not twice').not.toMatch(/^allow/);
  });

  test('is not let happen by an owner, an engineer or an auditor', async ({ page }) => {
    const agent = await tokened(page, { autonomyFloor: 4 });
    const halt = await check({ action: 'payments.schedule', token: agent.token });
    expect(halt.verdict).toBe('halt');
    await caughtUp();
    for (const who of [sample.owner, sample.engineer, sample.auditor]) {
      await become(page, who);
      const { status } = await post(page, '/api/v1/containment/authorisations', {
        decision: halt.id,
        digest: halt.digest,
        as: 'leader',
        minutes: 60,
        reason: 'I may not.',
      });
      expect([who, status]).toEqual([who, 404]);
    }
  });
});

test.describe('Kill drills', () => {
  test('stop the drill agent, are measured, lift themselves and stand with their time', async ({ page }) => {
    await handOver(page, sample.security, '/containment/drills');
    await page.getByRole('button', { name: 'Run one now…' }).click();
    await expect(dialog(page)).toContainText('It does nothing, so nothing else is held up.');
    await expectAccessible(page);
    await dialog(page).getByRole('button', { name: 'Run the drill' }).click();
    await expect(dialog(page)).toBeHidden();
    const drill = page.getByRole('table', { name: 'Drills' }).locator('[data-row]').first();
    await expect(drill.locator('[data-outcome="passed"], [data-outcome="slow"]')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Chart' })).toContainText('From the press to the last acknowledgement');
    await expectAccessible(page);
    await drill.getByRole('link', { name: 'its record' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Was stopped: the agent/);
    await visit(page, '/maturity/metrics/time-to-kill');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/time to kill/i);
    await expectAccessible(page);
  });

  test('of an agent in service need a word that it really stops', async ({ page }) => {
    const agent = await working(page);
    await handOver(page, sample.leader, '/containment/drills');
    await page.getByRole('button', { name: 'Run one now…' }).click();
    await dialog(page).getByLabel('An agent of the inventory').check();
    await dialog(page).getByLabel('Which agent').fill(agent.id);
    await dialog(page).getByRole('button', { name: agent.name }).click();
    const run = dialog(page).getByRole('button', { name: 'Run the drill' });
    await expect(run).toBeDisabled();
    await dialog(page).getByLabel(`I know that ${agent.name} really stops.`).check();
    await run.click();
    await expect(dialog(page)).toBeHidden();
    await expect.poll(agent.read).toBe('goes ahead');
    const told = await post(page, '/api/v1/containment/drills', { target: { agent: agent.id }, confirmed: false });
    expect(told.status, 'nor by the API without that word').toBeGreaterThanOrEqual(400);
  });

  test('are not run by an owner, an engineer or an auditor', async ({ page }) => {
    for (const who of [sample.owner, sample.engineer, sample.auditor]) {
      await handOver(page, who, '/containment/drills');
      await expect(page.getByRole('button', { name: 'Run one now…' })).toHaveCount(0);
      expect((await post(page, '/api/v1/containment/drills', { target: { agent: 'agt_invoices' }, confirmed: true })).status).toBe(404);
    }
  });
});

test.describe('Nothing an agent holds opens containment', () => {
  for (const path of [
    'kills',
    'drills',
    'authorisations',
    'resumptions',
    'breakers/reset',
    'workflows/wfl_00000000000000000000000000/release',
  ])
    test(`POST ${path} with an agent’s token`, async ({ page }) => {
      const answer = await page.request.post(`/api/v1/containment/${path}`, {
        headers: { authorization: `Bearer ${await agentToken()}`, 'content-type': 'application/json' },
        data: '{}',
      });
      expect([401, 403, 404]).toContain(answer.status());
    });
});
