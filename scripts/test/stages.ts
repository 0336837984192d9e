import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt, ensureGenerated } from '@/scripts/build/build';
import { readPlaywrightTotals, readTotals, type Totals } from '@/scripts/test/totals';
import { requireChromium } from '@/scripts/testing/chromium';

export type Say = (line: string) => void;
export type Stage = { name: string; run: (root: string, say: Say) => Promise<{ totals: Totals; output: string }> };
/** Phases follow each other; the lanes of one run side by side, the stages of a lane in turn. */
export type Plan = readonly (readonly (readonly Stage[])[])[];

type Ended = { code: number | null; output: string };

function tool(root: string, args: string[], environment: Record<string, string> = {}): Promise<Ended> {
  const env = { ...process.env, NODE_ENV: 'test' as const, FORCE_COLOR: '0', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', ...environment };
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** A tool that only says yes or no counts as one test. */
function verdict(name: string, prepare: (root: string) => Promise<unknown>, ...args: string[]): Stage {
  const run: Stage['run'] = async (root) => {
    await prepare(root);
    const { code, output } = await tool(root, args);
    return { totals: code === 0 ? { passed: 1, failed: 0, skipped: [] } : { passed: 0, failed: 1, skipped: [] }, output };
  };
  return { name, run };
}

/** A run that failed without a failed test (it could not start, or its clean-up failed) is one failure. */
function counted(ended: Ended, totals: Totals | undefined): { totals: Totals; output: string } {
  const found = totals ?? { passed: 0, failed: 0, skipped: [] };
  const nothing = found.passed + found.failed + found.skipped.length === 0;
  const failed = found.failed === 0 && (ended.code !== 0 || nothing) ? 1 : found.failed;
  return { totals: { ...found, failed }, output: nothing ? `${ended.output}\nno test was run` : ended.output };
}

async function withReport<Result>(work: (file: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-report-'));
  return work(path.join(folder, 'totals.json')).finally(() => rmSync(folder, { recursive: true, force: true }));
}

function vitest(name: string, project: string, prepare: (root: string, say: Say) => Promise<unknown>): Stage {
  const run: Stage['run'] = async (root, say) => {
    await prepare(root, say);
    return withReport(async (file) => {
      const args = [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=./scripts/test/reporter.ts',
      ];
      const ended = await tool(root, args, { COUNTERSIGN_TEST_TOTALS: file });
      return counted(ended, readTotals(file));
    });
  };
  return { name, run };
}

const browser: Stage = {
  name: 'browser',
  run: async (root, say) => {
    const chromium = requireChromium(say);
    await ensureBuilt(root, say);
    return withReport(async (file) => {
      const args = ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'];
      const ended = await tool(root, args, { PLAYWRIGHT_JSON_OUTPUT_NAME: file, CHROMIUM_PATH: chromium });
      return counted(ended, readPlaywrightTotals(file));
    });
  },
};

const nothing = async () => undefined;

/** Types need Prisma's client and Next's generated types. */
async function forTypes(root: string): Promise<void> {
  await ensureGenerated(root);
  if (existsSync(path.join(root, 'app'))) await tool(root, ['node_modules/next/dist/bin/next', 'typegen']);
}

const types = verdict('types', forTypes, 'node_modules/typescript/bin/tsc', '--noEmit');
const lint = verdict('lint', nothing, 'node_modules/oxlint/bin/oxlint', '--deny-warnings');
const format = verdict('format', nothing, 'node_modules/prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn');
const boundaries = verdict('boundaries', ensureGenerated, 'scripts/test/boundaries.mjs');
const unit = vitest('unit', 'unit', ensureGenerated);
const database = vitest('database', 'db', ensureGenerated);
const processes = vitest('processes', 'system', ensureBuilt);

const reading: Plan[number] = [[types], [lint, format, boundaries]];

/** fast is `npm run check`; all is `npm test`. */
export const fast: Plan = [reading, [[unit]]];
/** What has a transaction's five seconds, or a browser's patience, has the machine alone: beside each other they fail for want of it. */
export const all: Plan = [reading, [[unit]], [[database]], [[browser]], [[processes]]];
