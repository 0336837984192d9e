import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { startCountersign, type Countersign } from '../scripts/testing/harness';
import { sample } from './people';

/** A story, what it is about, and what its detectors found of that; `says` stands on the page of what is missing there. */
type Told = { about: string; found: readonly string[]; missing: string; says: RegExp };

const told: Record<string, Told> = {
  'orphaned-agent': {
    about: 'agt_spring_campaign',
    found: ['owner_left', 'end_date_past', 'silent'],
    missing: '/maturity?agent=agt_spring_campaign',
    says: /has no owner who is still here/,
  },
  'scope-creep': {
    about: 'agt_enrichment',
    found: ['out_of_scope', 'model_changed'],
    missing: '/maturity?process=prc_sales',
    says: /have no outcome|has no outcome|ran out|came to its end/,
  },
  'unproven-oversight': {
    about: 'prc_people',
    found: ['raci_gap'],
    missing: '/maturity?process=prc_people',
    says: /Bruno Keller is no longer here/,
  },
};

const Found = z.object({ items: z.array(z.object({ detector: z.string() })) });
const storyMs = 240_000;

async function enter(page: Page, { webUrl, signIn }: Countersign): Promise<void> {
  await page.goto(`${webUrl}/sign-in`);
  await page.getByLabel('E-mail').fill(sample.security);
  await page.getByLabel('Password', { exact: true }).fill(signIn?.password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

for (const [story, { about, found, missing, says }] of Object.entries(told))
  test.describe(`The story ${story}`, () => {
    let system: Countersign;
    test.beforeAll(async () => {
      test.setTimeout(storyMs);
      system = await startCountersign({ story, services: ['web'] });
    });
    test.afterAll(() => system.stop());

    test('opens where it says, tells what was found, and is labelled as a sample', async ({ page }) => {
      await enter(page, system);
      expect(system.links.length).toBeGreaterThan(0);
      for (const { path } of system.links) {
        expect((await page.goto(`${system.webUrl}${path}`))?.status(), path).toBe(200);
        await expect(page.getByRole('main')).toBeVisible();
        await expect(page.getByRole('note', { name: 'Sample organisation' })).toBeVisible();
      }
      const answer = await page.request.get(`${system.webUrl}/api/v1/findings?subject=${about}`);
      expect(Found.parse(await answer.json()).items.map(({ detector }) => detector)).toEqual(expect.arrayContaining([...found]));
      await page.goto(`${system.webUrl}${missing}`);
      await expect(page.locator('[data-missing]')).toContainText(says);
    });
  });
