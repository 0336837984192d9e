import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { escapeIdentifier } from 'pg';
import { z } from 'zod';
import { withClient } from '@/lib/platform/db';
import { migrateDatabase } from '@/lib/platform/db/setup';
import { leash } from '@/scripts/start/process.mjs';
import { Refusal } from '@/scripts/start/refusal.mjs';
import type { Urls } from '@/scripts/start/config';

/** Which of the two databases of an installation is used: its own, or the sample's. */
export type Place = 'own' | 'sample';

const placeFile = (home: string) => path.join(home, 'organisation');
const suffix = '_sample';

/** keepPlace remembers the choice for the next start. */
export function keepPlace(home: string, place: Place): void {
  writeFileSync(placeFile(home), `${place}\n`);
}

/** keptPlace is what the last start chose; undefined before the first. */
export function keptPlace(home: string): Place | undefined {
  if (!existsSync(placeFile(home))) return undefined;
  return readFileSync(placeFile(home), 'utf8').trim() === 'own' ? 'own' : 'sample';
}

const nameOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));
const onDatabase = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${encodeURIComponent(name)}` }).href;

function moved(urls: Urls, name: string): Urls {
  const { owner, web, gateway, superuser } = urls;
  return {
    owner: onDatabase(owner, name),
    web: onDatabase(web, name),
    gateway: onDatabase(gateway, name),
    ...(superuser === undefined ? {} : { superuser: onDatabase(superuser, name) }),
  };
}

/** sampleUrls are those of the sample's database, which stands beside the installation's own. */
export const sampleUrls = (own: Urls): Urls => moved(own, nameOf(own.owner) + suffix);

/** sampleCheckpoints is where the sample's ledger is witnessed: another ledger's checkpoints must not lie beside its own. */
export const sampleCheckpoints = (own: string): string => `${own.replace(/\/+$/, '')}-sample`;

/** What runs statements on whole databases: our own server's superuser, or the owner of DATABASE_URL. */
const keeper = ({ superuser, owner }: Urls): string => superuser ?? owner;

/** hasPeople tells whether somebody lives in a database that is migrated or not. */
export async function hasPeople(ownerUrl: string): Promise<boolean> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass('public.users') IS NOT NULL AS there");
    if (!rows[0]?.there) return false;
    return (await client.query('SELECT 1 FROM users LIMIT 1')).rows.length > 0;
  });
}

/** hasSample tells whether the sample's database is there; it gets its name when it is whole. */
export async function hasSample(own: Urls): Promise<boolean> {
  return withClient(keeper(own), async (client) => {
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [nameOf(own.owner) + suffix]);
    return rows.length > 0;
  });
}

/** dropSample removes the sample: its database, its checkpoints, the secrets of its people and agents. */
export async function dropSample(home: string, own: Urls, checkpoints: string): Promise<void> {
  await dropDatabase(own, nameOf(own.owner) + suffix);
  rmSync(sampleCheckpoints(checkpoints), { recursive: true, force: true });
  for (const file of ['people.json', 'agents.json']) rmSync(path.join(home, 'secrets', file), { force: true });
}

const dropDatabase = (own: Urls, name: string): Promise<unknown> =>
  withClient(keeper(own), (client) => client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`));

const Loaded = z.object({
  signIn: z.object({ email: z.string(), password: z.string() }),
  decisions: z.number(),
  links: z.array(z.object({ path: z.string(), why: z.string() })),
});
export type Loaded = z.infer<typeof Loaded>;

export type MakeOptions = {
  root: string;
  home: string;
  /** The installation's own addresses, and its variables but for the addresses. */
  own: Urls;
  environment: Readonly<Record<string, string>>;
  story: string;
  say: (line: string) => void;
};

/** makeSample makes a story under another name and gives it the sample's when it is whole, in the place of an earlier one. */
export async function makeSample({ root, home, own, environment, story, say }: MakeOptions): Promise<Loaded> {
  const name = nameOf(own.owner) + suffix;
  const making = `${name}_making`;
  const urls = moved(own, making);
  await dropDatabase(own, making);
  await createOwned(own, making);
  await migrateDatabase(urls.owner);
  const loaded = await loadIn(root, { ...environment, ...addresses(urls) }, story, say);
  await dropDatabase(own, name);
  await withClient(keeper(own), (client) => client.query(`ALTER DATABASE ${escapeIdentifier(making)} RENAME TO ${escapeIdentifier(name)}`));
  rmSync(sampleCheckpoints(environment['CHECKPOINT_DIR'] ?? path.join(home, 'checkpoints')), { recursive: true, force: true });
  return loaded;
}

async function createOwned(own: Urls, name: string): Promise<void> {
  const owner = decodeURIComponent(new URL(own.owner).username);
  try {
    await withClient(keeper(own), (client) => client.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER ${escapeIdentifier(owner)}`));
  } catch (error) {
    throw new Refusal(
      `The sample needs a database of its own, and the user of DATABASE_URL may not make one (${error instanceof Error ? error.message : String(error)}); grant it CREATEDB, or start without --sample.`,
    );
  }
}

/** addresses are the variables that say where the database is. */
export const addresses = (urls: Urls): Record<string, string> => ({
  DATABASE_URL_OWNER: urls.owner,
  DATABASE_URL_WEB: urls.web,
  DATABASE_URL_GATEWAY: urls.gateway,
  ...(urls.superuser === undefined ? {} : { DATABASE_URL_SUPERUSER: urls.superuser }),
});

/** A process of its own: while the history is made, its clock is not today's. */
function loadIn(root: string, environment: Record<string, string>, story: string, say: (line: string) => void): Promise<Loaded> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/seed/load.ts', story], {
    cwd: root,
    env: { ...process.env, ...environment, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const letGo = child.pid === undefined ? () => undefined : leash(child.pid, { signal: 'TERM', graceSeconds: 2 });
  let errors = '';
  let loaded: Loaded | undefined;
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4_000)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) loaded = Loaded.parse(JSON.parse(line));
    else say(line);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      letGo();
      if (code === 0 && loaded) resolve(loaded);
      else reject(new Error(`The sample organisation could not be made:\n${errors.trim()}`));
    });
  });
}

/** makeFolders makes what the sample's processes write to. */
export function makeFolders(checkpoints: string): void {
  mkdirSync(sampleCheckpoints(checkpoints), { recursive: true, mode: 0o755 });
}
