import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/testing/chromium';

const executablePath = findChromium();
const isRoot = process.getuid?.() === 0;
/** What needs ninety days of a whole organisation. */
const onSample = ['sample.spec.ts', 'welcome.spec.ts'];
/** What makes a short story for itself. */
const onStories = ['stories.spec.ts'];

/**
 * Browser tests, with the machine's own Chromium, on built systems: most of them on one with the small sample (e2e/global-setup.ts), one test at a time,
 * and beside these those of the whole sample organisation on theirs, which takes a minute to make (e2e/sample-system.ts).
 */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  timeout: 60_000,
  // On a busy machine a page may take its time; what is not so at the end is not so.
  expect: { timeout: 15_000 },
  fullyParallel: false,
  workers: 2,
  projects: [
    { name: 'small', testMatch: '*.spec.ts', testIgnore: [...onSample, ...onStories], workers: 1 },
    { name: 'sample', testMatch: onSample, workers: 1 },
    { name: 'stories', testMatch: onStories, workers: 1 },
  ],
  retries: 0,
  reporter: [['list']],
  use: {
    baseURL: process.env['COUNTERSIGN_E2E_URL'],
    // A trace of every test takes a seventh of the time; `--trace on` makes one of a test that fails.
    trace: 'off',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Chromium's sandbox refuses to run as root.
      args: isRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
    },
  },
});
