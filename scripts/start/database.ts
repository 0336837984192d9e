import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { withClient } from '@/lib/platform/db';
import { createDatabase, databaseName, databaseRoles, ensureRole, prepareCluster } from '@/lib/platform/db/roles';
import { migrateDatabase } from '@/lib/platform/db/setup';
import { findNative, serverUser } from '@/scripts/postgres/native';
import { createCluster, startPostgres, stopOrphan, urlOf, type Cluster, type PostgresServer } from '@/scripts/postgres/server';
import { embeddedUrls, externalUrls, passwordsOf, privateFile, type Urls } from '@/scripts/start/config';
import { freePort, isFree } from '@/scripts/start/ports.mjs';
import { Refusal } from '@/scripts/start/refusal.mjs';

/** Where the data is: our own server, which can be started again with the same answer, or somebody else's. */
export type Database = {
  urls: Urls;
  version: string;
  embedded?: { cluster: Cluster; server: PostgresServer; recovered: boolean };
};

export type EmbeddedDatabase = Database & { embedded: NonNullable<Database['embedded']> };

const minimumMajor = 14;

/** openEmbedded starts the PostgreSQL of this data folder, ending first what a killed start left running. */
export async function openEmbedded(root: string, home: string, throwaway = false): Promise<EmbeddedDatabase> {
  const folder = path.join(home, 'postgres');
  const runAs = serverUser(existsSync(folder) ? statSync(folder).uid : undefined);
  const native = findNative(root, runAs, path.join(home, 'native'));
  const passwords = passwordsOf(home);
  const recovered = await stopOrphan(folder);
  const cluster: Cluster = {
    native,
    runAs,
    folder,
    logFile: path.join(home, 'logs', 'postgres.log'),
    port: await stablePort(path.join(home, 'secrets', 'postgres.port')),
    superuserPassword: passwords.superuser,
    ...(throwaway ? { throwaway: home } : {}),
  };
  createCluster(cluster);
  const server = await startPostgres(cluster);
  await withClient(urlOf(cluster.port, 'postgres', passwords.superuser, 'postgres'), async (client) => {
    await prepareCluster(client, passwords);
    await createDatabase(client, databaseName);
  });
  return { urls: embeddedUrls(cluster.port, passwords), version: native.version, embedded: { cluster, server, recovered } };
}

/** The last port again when it is free, so that a URL somebody noted keeps working. */
async function stablePort(file: string): Promise<number> {
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (last > 0 && (await isFree(last))) return last;
  const port = await freePort();
  privateFile(file, String(port));
  return port;
}

/** openExternal uses DATABASE_URL's server as its owner, and prepares the two other roles unless their URLs are given. */
export async function openExternal(home: string, ownerUrl: string, given: Readonly<Record<string, string | undefined>>): Promise<Database> {
  if (!URL.canParse(ownerUrl)) throw new Refusal('DATABASE_URL is not a URL such as postgresql://user:password@host:5432/database.');
  const { urls, derived } = externalUrls(ownerUrl, given, passwordsOf(home));
  const { host } = new URL(ownerUrl);
  const version = await withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    for (const role of ['web', 'gateway'] as const) await prepareRole(client, role, urls, derived[role]);
    return rows[0]?.server_version ?? '0';
  }).catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('The user of DATABASE_URL')) throw new Refusal(error.message);
    throw new Refusal(
      `The PostgreSQL of DATABASE_URL (${host}) cannot be used: ${error instanceof Error ? error.message || String(error) : String(error)}.`,
    );
  });
  if (Number.parseInt(version, 10) < minimumMajor)
    throw new Refusal(`Countersign needs PostgreSQL ${minimumMajor} or newer, and DATABASE_URL (${host}) is ${version}.`);
  return { urls, version };
}

async function prepareRole(
  owner: Parameters<typeof ensureRole>[0],
  role: 'web' | 'gateway',
  urls: Urls,
  derivedPassword: string | undefined,
): Promise<void> {
  const name = databaseRoles[role];
  if (derivedPassword === undefined) return ensureRole(owner, name, { user: decodeURIComponent(new URL(urls[role]).username) });
  const works = await withClient(urls[role], (client) => client.query('SELECT 1')).then(
    () => true,
    () => false,
  );
  if (!works) await ensureRole(owner, name, { password: derivedPassword });
}

/** migrateAndTell migrates as the owner and says what it did. */
export async function migrateAndTell(urls: Urls): Promise<string> {
  try {
    const { applied, already } = await migrateDatabase(urls.owner);
    return applied.length > 0
      ? `${applied.length} migration${applied.length === 1 ? '' : 's'} applied`
      : `up to date, ${already} migrations`;
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}
