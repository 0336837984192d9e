import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const built = [
  'app',
  'components',
  'lib',
  'workers',
  'sdk',
  'public',
  'prisma/schema',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'next.config.js',
  'postcss.config.js',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation.ts',
  'scripts/build',
];
const ignored = /(^|\/)(generated|testdata|node_modules|dist)(\/|$)|\.test\.tsx?$/;

/** filesUnder lists every file of the given files and folders, relative to the root, sorted. */
export function filesUnder(root: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const full = path.join(root, name);
    if (!existsSync(full) || ignored.test(name)) return [];
    if (!statSync(full).isDirectory()) return [name];
    return filesUnder(
      root,
      readdirSync(full)
        .sort()
        .map((child) => `${name}/${child}`),
    );
  });
}

/** hashOf is the SHA-256, in hex, of the names and contents of these files and folders. */
export function hashOf(root: string, names: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of filesUnder(root, names))
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** sourcesHash changes when anything does that the built app or workers are made of. */
export const sourcesHash = (root: string): string => hashOf(root, built);
