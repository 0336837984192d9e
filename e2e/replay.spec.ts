import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { e2eSystem } from './system';

const recorded = path.join(process.env['COUNTERSIGN_DATA'] ?? path.resolve('../shared/data'), 'airline-agent-runs.jsonl');
const Call = z.looseObject({ run: z.string(), seq: z.number(), tool: z.string() });
type Call = z.infer<typeof Call>;

/** Invented, for where the recording is not at hand: a look, a cancellation, another look. */
const invented: Call[] = [
  { run: 'invented', seq: 0, tool: 'get_reservation_details', arguments: { reservation_id: 'GV1N64' }, request: 'Please cancel my trip.' },
  { run: 'invented', seq: 1, tool: 'cancel_reservation', arguments: { reservation_id: 'GV1N64' }, value_usd: 54 },
  { run: 'invented', seq: 2, tool: 'get_reservation_details', arguments: { reservation_id: 'GV1N64' } },
];

/** The first recorded run that cancels something and goes on afterwards, cut before it cancels a second time. */
function runThatCancels(): Call[] {
  if (!existsSync(recorded)) return invented;
  const runs = new Map<string, Call[]>();
  for (const line of readFileSync(recorded, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')) {
    const call = Call.parse(JSON.parse(line));
    runs.set(call.run, [...(runs.get(call.run) ?? []), call]);
  }
  for (const calls of runs.values()) {
    const isCancellation = ({ tool }: Call) => tool === 'cancel_reservation';
    const first = calls.findIndex(isCancellation);
    const next = calls.findIndex((call, index) => index > first && isCancellation(call));
    const slice = next === -1 ? calls : calls.slice(0, next);
    if (first > 0 && slice.length > first + 1) return slice;
  }
  return invented;
}

/** A replay that runs beside the browser. */
class Replay {
  private readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output = '';

  constructor(file: string) {
    const { environment } = e2eSystem();
    this.child = spawn(
      process.execPath,
      ['--import', 'tsx', 'scripts/replay/index.ts', file, '--map', 'examples/airline/map.yaml', '--decide', 'ask'],
      {
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** The link it prints when it waits for a person. */
  async link(): Promise<string> {
    const pattern = /https?:\/\/\S+\/approvals\/apr_[0-9a-z]{26}/;
    await expect.poll(() => this.output, { timeout: 30_000, message: 'the replay says what it waits for' }).toMatch(pattern);
    return pattern.exec(this.output)?.[0] ?? '';
  }

  get isWaiting(): boolean {
    return this.child.exitCode === null;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

async function openAsOwner(page: Page, link: string): Promise<void> {
  const { signIn } = e2eSystem();
  await page.goto(link);
  await page.getByLabel('E-mail').fill(signIn?.email ?? '');
  await page.getByLabel('Password', { exact: true }).fill(signIn?.password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(link);
}

let folder: string;
let replay: Replay | undefined;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-replay-'));
});
test.afterEach(() => {
  replay?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(): { running: Replay; calls: number } {
  const calls = runThatCancels();
  const file = path.join(folder, 'run.jsonl');
  writeFileSync(file, calls.map((call) => JSON.stringify(call)).join('\n'));
  replay = new Replay(file);
  return { running: replay, calls: calls.length };
}

test('a replay waits for a person, and goes on once the process owner approves in the console', async ({ page }) => {
  const { running, calls } = start();
  const link = await running.link();
  await openAsOwner(page, link);
  await expect(page.getByRole('article')).toContainText('cannot be undone');
  expect(running.isWaiting).toBe(true);

  await page
    .getByRole('article')
    .getByRole('button', { name: /^Approve cancel reservation/ })
    .click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Approve cancel reservation/ })
    .click();

  expect(await running.ended).toBe(0);
  expect(running.output).toContain(`decisions   ${calls} for ${calls} calls, and 1 more that redeemed an approval`);
  expect(running.output).toContain('1 asked: 1 approved, 0 rejected, 0 ran out; 1 redeemed');
  await expect(page.locator('[data-state="used"]')).toBeVisible();
});

test('a replay goes on without what the process owner rejects in the console', async ({ page }) => {
  const { running, calls } = start();
  const link = await running.link();
  await openAsOwner(page, link);
  expect(running.isWaiting).toBe(true);

  await page.getByRole('article').getByRole('button', { name: 'Reject' }).click();
  await page
    .getByRole('dialog')
    .getByRole('radio', { name: /Not enough evidence/ })
    .check();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Reject/ })
    .click();

  expect(await running.ended).toBe(0);
  expect(running.output).toContain(`decisions   ${calls} for ${calls} calls, and 0 more that redeemed an approval`);
  expect(running.output).toContain('1 asked: 0 approved, 1 rejected, 0 ran out; 0 redeemed');
  await expect(page.locator('[data-state="rejected"]')).toBeVisible();
});
