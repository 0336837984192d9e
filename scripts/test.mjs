#!/usr/bin/env node
// `npm test` and `npm run check`: plain JavaScript and no dependency, because node_modules may still be missing.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, requireNode } from './start/install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

try {
  requireNode();
  process.chdir(root);
  await ensureInstalled(root, (line) => console.log(`packages … ${line}`));
  const { register } = await import('tsx/esm/api');
  register();
  const { runTests } = await import('./test/run.ts');
  process.exitCode = await runTests(root, process.argv.includes('--check'));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
