import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
import { hashOf, sourcesHash } from '@/scripts/build/sources';
import { takeLock } from '@/scripts/start/home.mjs';

export type Built = 'unchanged' | 'built';

const lockWaitMs = 600_000;
const generatedFolder = 'lib/platform/db/generated';
const workers = ['gateway', 'jobs'];

const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

async function locked<Result>(root: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const lock = await takeLock(path.join(root, 'dist', '.lock'), lockWaitMs, 'Another build of this folder does not end');
  return work().finally(lock.release);
}

/** ensureGenerated makes Prisma's client when the schema changed since it was last made. */
export async function ensureGenerated(root: string): Promise<Built> {
  const stampFile = path.join(root, generatedFolder, '.stamp');
  const stamp = hashOf(root, ['prisma/schema', 'prisma.config.ts', 'node_modules/prisma/package.json']);
  // Written last, so whoever finds it need not wait for a build that runs meanwhile.
  if (read(stampFile) === stamp) return 'unchanged';
  return locked(root, async () => {
    if (read(stampFile) === stamp) return 'unchanged';
    rmSync(stampFile, { force: true });
    await run(root, ['node_modules/prisma/build/index.js', 'generate'], 'prisma generate');
    writeFileSync(stampFile, stamp);
    return 'built';
  });
}

/** ensureBuilt makes .next and dist when their sources changed since they were last made; generates first. */
export async function ensureBuilt(root: string, say: (line: string) => void = () => undefined): Promise<Built> {
  await ensureGenerated(root);
  return locked(root, async () => {
    const stampFile = path.join(root, 'dist', 'build.json');
    const hash = sourcesHash(root);
    const complete =
      existsSync(path.join(root, '.next', 'BUILD_ID')) && workers.every((name) => existsSync(path.join(root, 'dist', `${name}.mjs`)));
    if (complete && read(stampFile) === hash) return 'unchanged';
    say('building the pages and the workers (the first time takes about a minute)');
    rmSync(stampFile, { force: true });
    const pages = run(root, ['node_modules/next/dist/bin/next', 'build'], 'next build');
    await Promise.all([pages, bundleWorkers(root)]);
    writeFileSync(stampFile, hash);
    return 'built';
  });
}

export const bundleWorkers = (root: string): Promise<void> =>
  bundlePrograms(root, Object.fromEntries(workers.map((name) => [name, `workers/${name}.ts`])), 'dist');

/** bundlePrograms makes each of these programs one file, named by its key, in `folder`; packages stay where npm put them. */
export async function bundlePrograms(root: string, programs: Readonly<Record<string, string>>, folder: string): Promise<void> {
  await bundle({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    alias: { '@': root },
    plugins: [ownUrls(root, folder)],
    loader: { '.yaml': 'text', '.sql': 'text' },
    sourcemap: true,
    logLevel: 'silent',
  });
}

/** Keeps `new URL('data.yaml', import.meta.url)` pointing beside the source file once that file is inside a bundle. */
function ownUrls(root: string, folder: string): Plugin {
  return {
    name: 'own-urls',
    setup: (builder) =>
      builder.onLoad({ filter: /\.tsx?$/ }, ({ path: file }) => {
        const source = readFileSync(file, 'utf8');
        if (!source.includes('import.meta.url')) return undefined;
        const fromBundle = path.relative(path.resolve(root, folder), file);
        const url = `new URL(${JSON.stringify(fromBundle)}, import.meta.url).href`;
        return { contents: source.replaceAll('import.meta.url', url), loader: file.endsWith('x') ? 'tsx' : 'ts' };
      }),
  };
}

/** Runs one of our tools quietly; what it said is thrown when it fails. */
function run(root: string, args: string[], name: string): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${name} failed:\n${output.trim()}`))));
  });
}
