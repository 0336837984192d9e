// Builds the package into dist/ (or the folder given as the first argument): one ES module, and a declaration file for each source file.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, 'dist'));
rmSync(out, { recursive: true, force: true });

await build({
  entryPoints: [path.join(here, 'src', 'index.ts')],
  outfile: path.join(out, 'index.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});

const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const { status } = spawnSync(process.execPath, [tsc, '-p', here, '--outDir', out], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

// Node's own resolution, which TypeScript follows for its users, wants the whole name of a file.
for (const name of readdirSync(out).filter((file) => file.endsWith('.d.ts'))) {
  const file = path.join(out, name);
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from ['"])(\.\/[\w-]+)(['"])/g, '$1$2.js$3'));
}
