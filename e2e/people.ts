import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import axe from 'axe-core';
import pg from 'pg';
import { z } from 'zod';
import { e2eSystem } from './system';

export const sample = {
  owner: 'ana@example.com',
  leader: 'liam@example.com',
  security: 'sofia@example.com',
  engineer: 'emma@example.com',
  auditor: 'omar@example.com',
  secondOwner: 'nora@example.com',
  admin: 'grace@example.com',
  risk: 'hana@example.com',
} as const;

const Secrets = z.record(z.string(), z.object({ clientId: z.string(), secret: z.string() }));
const Answer = z.object({
  context: z.object({
    id: z.string(),
    verdict: z.string(),
    digest: z.string(),
    access_request: z.object({ id: z.string(), status: z.string() }).optional(),
    reasons: z.array(z.object({ code: z.string() })),
  }),
});
export type Answer = z.infer<typeof Answer>['context'];

/** samplePassword is the one password of the sample people. */
export function samplePassword(): string {
  const { signIn } = e2eSystem();
  if (!signIn) throw new Error('the sample was not loaded');
  return signIn.password;
}

/** signInByForm signs in through the page, as a person would, and waits until the page that was asked for is there. */
export async function signInByForm(page: Page, email: string, to = '/approvals'): Promise<void> {
  await page.goto(to);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(samplePassword());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await reacts(page);
}

/** reacts waits until a page of the console has woken up and follows the ledger: what is pressed or typed before that is lost. */
const reacts = (page: Page): Promise<void> => expect(page.locator('[data-live="live"]')).toBeVisible();

/** visit opens a page of the console to act on it; to read from it, goto is enough. */
export async function visit(page: Page, to: string): Promise<void> {
  await page.goto(to);
  await reacts(page);
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;
const sessions = new Map<string, Cookies>();

/** signIn opens a page as a person who is signed in already: each person signs in by the form once in a run. Not for tests that sign out. */
export async function signIn(page: Page, email: string, to = '/approvals'): Promise<void> {
  const kept = sessions.get(email);
  if (!kept) {
    await signInByForm(page, email, to);
    sessions.set(email, await page.context().cookies());
    return;
  }
  await page.context().addCookies(kept);
  await visit(page, to);
}

/** become hands the browser over to another person, without opening a page: what is posted next is theirs. */
export async function become(page: Page, email: string): Promise<void> {
  // A page that loses its session goes to the sign-in by itself, and would be on its way there when the next page is opened.
  await page.goto('about:blank');
  await page.context().clearCookies();
  const kept = sessions.get(email);
  if (kept) await page.context().addCookies(kept);
  else await signIn(page, email);
}

/** handOver is become() with the page that the other person opens. */
export async function handOver(page: Page, email: string, to: string): Promise<void> {
  await become(page, email);
  await visit(page, to);
}

/** agentSecret is an agent's credential, as its operator holds it; the sample agent's unless told otherwise. */
export function agentSecret(agent = 'agt_invoices'): { clientId: string; secret: string } {
  const file = path.join(e2eSystem().environment['SECRETS_DIR'] ?? '', 'agents.json');
  const credential = Secrets.parse(JSON.parse(readFileSync(file, 'utf8')))[agent];
  if (!credential) throw new Error(`${agent} has no secret`);
  return credential;
}

/** tokenFor asks for a token as whoever holds a secret would. */
export async function tokenFor({ clientId, secret }: { clientId: string; secret: string }): Promise<{ status: number; token: string }> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret });
  const answer = await fetch(`${e2eSystem().gatewayUrl}/oauth/token`, { method: 'POST', body });
  const parsed = z.object({ access_token: z.string() }).safeParse(await answer.json());
  return { status: answer.status, token: parsed.success ? parsed.data.access_token : '' };
}

/** agentToken is a fresh token of an agent, with a workflow of its own, so that no test halts another. */
export async function agentToken(agent?: string): Promise<string> {
  const { status, token } = await tokenFor(agentSecret(agent));
  expect(status).toBe(200);
  return token;
}

export type Check = { action?: string; arguments?: Record<string, unknown>; context?: Record<string, unknown>; token?: string };

/** check asks the gateway as the sample agent; a payment that cannot be undone, unless told otherwise. */
export async function check({ action = 'payments.execute', arguments: given, context = {}, token }: Check = {}): Promise<Answer> {
  const { gatewayUrl } = e2eSystem();
  const body = {
    action: { name: action },
    context: { arguments: given ?? payment(), supported_obligations: ['report_outcome'], ...context },
  };
  const answer = await fetch(`${gatewayUrl}/api/check`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token ?? (await agentToken())}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  return Answer.parse(await answer.json()).context;
}

/** receipt is what a tool gets for an action that was allowed. */
export async function receipt(token: string): Promise<string> {
  const answer = await fetch(`${e2eSystem().gatewayUrl}/api/check`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'receipt' },
    body: JSON.stringify({ action: { name: 'invoices.read' }, context: { arguments: { invoice: 'INV-1' } } }),
  });
  return z.object({ context: z.object({ receipt: z.string() }) }).parse(await answer.json()).context.receipt;
}

let agents = 0;
/** activeAgent registers an agent of Accounts payable that reads and schedules, and takes it through its life until it may act; the page is left with nobody in particular. */
export async function activeAgent(page: Page, given: Record<string, unknown> = {}): Promise<{ id: string; name: string }> {
  const stamp = `${Date.now().toString(36)}${++agents}`;
  const [id, name] = [`agt_loop${stamp}`, `Loop agent ${stamp}`];
  const at = `/api/v1/registry/agents/${id}`;
  const does = async (address: string, body: unknown): Promise<void> => {
    const { status, body: answer } = await post(page, address, body);
    expect([address, status, answer]).toEqual([address, 200, expect.anything()]);
  };
  await become(page, sample.engineer);
  await does('/api/v1/registry/agents', {
    id,
    name,
    purpose: 'Reads invoices and schedules their payment.',
    processId: 'prc_payables',
    sponsorId: 'usr_liam',
    permissions: ['invoices.read', 'payments.schedule'],
    ...given,
  });
  await does('/api/v1/identity/credentials', { agent: id });
  await does(`${at}/submit`, {});
  await become(page, sample.security);
  const record = z.object({ version: z.int() }).parse(await (await page.request.get(at)).json());
  await does(`${at}/approve`, { version: record.version });
  await become(page, sample.leader);
  await does(`${at}/activate`, {});
  return { id, name };
}

let invoices = Date.now();
/** payment is the arguments of a payment nobody asked for yet. */
export const payment = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  invoice: `INV-${++invoices}`,
  vendor: 'V-88',
  amount: '300.00',
  currency: 'USD',
  ...change,
});

/** waits is check() for something that must wait, with the id of its request. */
export async function waits(asked: Check = {}): Promise<Answer & { approval: string }> {
  const answer = await check(asked);
  if (!answer.access_request) throw new Error(`${answer.verdict}: ${JSON.stringify(answer.reasons)}`);
  return { ...answer, approval: answer.access_request.id };
}

/** post sends a verdict with the session of the page, as its own script would. */
export async function post(
  page: Page,
  address: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { webUrl } = e2eSystem();
  const answer = await page.request.post(address, {
    headers: { origin: new URL(webUrl).origin, 'content-type': 'application/json', ...headers },
    data: JSON.stringify(body),
  });
  return { status: answer.status(), body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
}

async function withSuperuser<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: e2eSystem().urls.superuser });
  await client.connect();
  return work(client).finally(() => client.end());
}

/** asSuperuser runs one statement behind everybody's back. */
export async function asSuperuser(statement: string, values: unknown[]): Promise<void> {
  await withSuperuser((client) => client.query(statement, values));
}

/** The explorer is a third of a second behind at most; on a busy machine longer. */
const catchUpMs = 30_000;

/**
 * caughtUp waits until the explorer has taken in every row that is in the ledger now. Pages that count or list rows and do not follow the ledger
 * show what just happened only from then on.
 */
export async function caughtUp(): Promise<void> {
  await withSuperuser(async (client) => {
    const { rows } = await client.query<{ head: string }>('SELECT coalesce(max(last_seq), 0) AS head FROM ledger_batches');
    const there = () => client.query("SELECT 1 FROM ledger_cursors WHERE name = 'entries' AND seq >= $1", [rows[0]?.head]);
    await expect.poll(async () => (await there()).rowCount, { intervals: [50], timeout: catchUpMs }).toBe(1);
  });
}

/** shownCanonical reads the arguments off the page, with each mark turned back into the character it names. */
export function shownCanonical(page: Page): Promise<string> {
  return page
    .locator('[data-canonical]')
    .first()
    .evaluate((element) => {
      const copy = element.cloneNode(true) as HTMLElement;
      for (const mark of copy.querySelectorAll<HTMLElement>('[data-mark]'))
        mark.textContent = String.fromCodePoint(parseInt((mark.dataset['mark'] ?? '').slice(2), 16));
      return copy.textContent ?? '';
    });
}

const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** What four runs of axe may take on a busy machine, on top of what a test has. */
const accessibleMs = 30_000;

/** What axe has against a page as it is now. It is half a megabyte of script, so a document gets it once, and what is in order is not described. */
async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: typeof axe };
    const found = await runner.run(document, { resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

/** expectAccessible runs axe in both themes, on a desk and on a phone, and looks for anything that has to be scrolled sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  test.info().setTimeout(test.info().timeout + accessibleMs);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveClass(new RegExp(colorScheme));
    for (const size of Object.values(sizes)) {
      await page.setViewportSize(size);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    }
  }
  await page.setViewportSize(sizes.desk);
}
