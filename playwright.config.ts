import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/testing/chromium';

const executablePath = findChromium();
const isRoot = process.getuid?.() === 0;

/** Browser tests run on one built system of their own (e2e/global-setup.ts), with the machine's own Chromium. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  timeout: 60_000,
  fullyParallel: false,
  workers: 1,
  retries: 0,
  reporter: [['list']],
  use: {
    baseURL: process.env['COUNTERSIGN_E2E_URL'],
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Chromium's sandbox refuses to run as root.
      args: isRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
    },
  },
});
