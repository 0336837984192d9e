import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: 'e2e', testMatch: '**/raci.spec.ts', timeout: 120_000, workers: 1, reporter: [['list']], outputDir: '/tmp/cs/raci-results',
  expect: { timeout: 20_000 },
  use: { baseURL: 'http://localhost:3100', launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] } },
});
