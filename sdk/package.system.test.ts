import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const Manifest = z.object({ name: z.string(), files: z.array(z.string()), dependencies: z.record(z.string(), z.string()) });
const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8')));

let folder: string;
let installed: string;
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
};

// A stranger's project: this package as it would be published, its own dependencies, and nothing of this repository.
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-package-'));
  installed = path.join(folder, 'node_modules', ...manifest.name.split('/'));
  mkdirSync(installed, { recursive: true });
  const built = spawnSync(process.execPath, [path.join(here, 'build.mjs'), path.join(installed, 'dist')], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stdout + built.stderr);
  for (const file of ['package.json', 'README.md']) cpSync(path.join(here, file), path.join(installed, file));
  for (const name of [...Object.keys(manifest.dependencies), '@types/node', 'undici-types'])
    cpSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "private": true }');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the published package', () => {
  test('is imported, and works, with nothing but its own dependencies', () => {
    writeFileSync(
      path.join(folder, 'uses.mjs'),
      `import { actionDigest, Countersign, ReceiptVerifier } from '@countersign/sdk';
       const verifier = new ReceiptVerifier({ url: 'http://127.0.0.1:1' });
       const verdict = await verifier.accept('a.b.c', { action: 'payments.schedule' });
       new Countersign({ url: 'https://gateway.example.com', clientId: 'crd', clientSecret: 's', task: 't' });
       console.log(verdict.code, actionDigest({ action: 'a' }, { agent: 'agt', schemaVersion: 1 }).length);`,
    );
    expect(run('uses.mjs')).toEqual({ status: 0, output: 'MALFORMED 72\n' });
  });

  test('carries types that a strict project can use', () => {
    writeFileSync(
      path.join(folder, 'uses.ts'),
      `import { Countersign, Halted, type Permit } from '@countersign/sdk';
       const countersign = new Countersign({ url: 'https://gateway.example.com', clientId: 'crd', clientSecret: 's', task: 't' });
       interface Payment { invoice: string; amount: string }
       const pay = countersign.guard(async (payment: Payment, { receipt }: Permit) => payment.invoice + receipt, {
         action: 'payments.schedule',
         effect: ({ invoice }) => \`pay \${invoice}\`,
       });
       export const done: Promise<string> = pay({ invoice: 'INV-1', amount: '1.00' });
       export const halted = (error: unknown): string | undefined => (error instanceof Halted ? error.decision.workflow : undefined);
       // @ts-expect-error an amount is missing
       void pay({ invoice: 'INV-1' });`,
    );
    const options = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      'node',
    ];
    expect(run(path.join(root, 'node_modules/typescript/bin/tsc'), ...options, 'uses.ts')).toEqual({ status: 0, output: '' });
  }, 60_000);

  test('imports no package but those it names, in the versions this repository is tested with', () => {
    const code = readFileSync(path.join(installed, 'dist', 'index.js'), 'utf8');
    const imported = [...code.matchAll(/^(?:import|export) .*?from "([^".][^"]*)";$/gm)].map(([, name = '']) => name);
    expect([...new Set(imported.filter((name) => !name.startsWith('node:')))]).toEqual(Object.keys(manifest.dependencies));
    const ours = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
    expect(ours.dependencies).toMatchObject(manifest.dependencies);
  });

  test('holds no test and nothing of the server', () => {
    expect(manifest.files).toEqual(['dist']);
    const files = readdirSync(path.join(installed, 'dist'));
    expect(files.filter((name) => !name.endsWith('.d.ts'))).toEqual(['index.js']);
    expect(files.filter((name) => name.includes('test'))).toEqual([]);
  });
});
