import { expect, test } from '@playwright/test';
import { asSuperuser, handOver, post, sample, visit } from './people';

test('jobs are for administrators: to everybody else there is no such page, and nothing to ask for', async ({ page }) => {
  for (const who of [sample.owner, sample.engineer, sample.security, sample.auditor]) {
    await handOver(page, who, '/home');
    await expect(page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Jobs' })).toHaveCount(0);
    for (const address of ['/jobs', '/jobs/findings.detect']) expect((await page.goto(address))?.status(), address).toBe(404);
    expect((await page.request.get('/api/v1/jobs')).status()).toBe(404);
    expect((await post(page, '/api/v1/jobs/findings.detect/run', {})).status).toBe(404);
  }
});

test('a job that is asked for runs at once, and its run says who asked', async ({ page }) => {
  const job = 'idempotency.sweep';
  await handOver(page, sample.admin, '/home');
  await page.getByRole('navigation', { name: 'Main', exact: true }).getByRole('link', { name: 'Jobs' }).click();
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: job, exact: true }) });
  await row.getByRole('button', { name: `Run now: ${job}` }).click();
  await expect(row).toContainText('Done', { timeout: 20_000 });
  await expect(row.getByRole('button', { name: `Run now: ${job}` })).toBeEnabled();
  await row.getByRole('link', { name: job, exact: true }).click();
  await page.waitForURL(`**/jobs/${job}`);
  // "Done" may have been an earlier run's.
  await expect(async () => {
    await visit(page, `/jobs/${job}`);
    const asked = page.getByRole('row').filter({ hasText: 'asked for by Grace Kim' });
    await expect(asked.first()).toContainText('Done', { timeout: 1_000 });
  }).toPass();
});

test('a run that failed shows its error, is counted, and Retry runs the job again', async ({ page }) => {
  const [job, worker] = ['ledger.partitions', 'e2e:failing'];
  await asSuperuser(`INSERT INTO job_runs (job, worker, ended_at, error) VALUES ($1, $2, clock_timestamp(), 'the disk is full')`, [
    job,
    worker,
  ]);
  try {
    await handOver(page, sample.admin, '/jobs');
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: job, exact: true }) });
    await expect(row).toContainText('Failed');
    await expect(row).toContainText('the disk is full');
    await row.getByRole('button', { name: `Retry: ${job}` }).click();
    await expect(row.getByRole('button', { name: `Run now: ${job}` })).toBeVisible({ timeout: 20_000 });
    await row.getByRole('link', { name: `1 failures of ${job}` }).click();
    await expect(page).toHaveURL(/failed=1$/);
    await expect(page.getByText('the disk is full')).toBeVisible();
  } finally {
    await asSuperuser('DELETE FROM job_runs WHERE worker = $1', [worker]);
  }
});

test('what is no job cannot be asked for', async ({ page }) => {
  await handOver(page, sample.admin, '/jobs');
  expect((await page.goto('/jobs/nothing'))?.status()).toBe(404);
  expect((await post(page, '/api/v1/jobs/nothing/run', {})).status).toBe(404);
});
