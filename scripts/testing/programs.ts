import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundlePrograms } from '@/scripts/build/build';

/** Scripts of ours as one file each, until they are removed. */
export type Programs<Name extends string> = { fileOf: (name: Name) => string; remove: () => void };

/**
 * makePrograms bundles scripts as the workers are, for tests that start the same ones again and again: each start then takes a fraction of the time that
 * reading and translating their modules would. They lie beside the workers' bundles, where imports of packages lead somewhere.
 */
export async function makePrograms<Name extends string>(scripts: Readonly<Record<Name, string>>): Promise<Programs<Name>> {
  const root = process.cwd();
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'dist', 'programs-'));
  await bundlePrograms(root, scripts, path.relative(root, folder));
  return { fileOf: (name) => path.join(folder, `${name}.mjs`), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
