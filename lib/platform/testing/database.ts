import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { escapeIdentifier } from 'pg';
import { z } from 'zod';
import { withClient } from '@/lib/platform/db';
import { createDatabase } from '@/lib/platform/db/roles';

const Cluster = z.object({
  template: z.string(),
  superuserUrl: z.string(),
  ownerUrl: z.string(),
  webUrl: z.string(),
  gatewayUrl: z.string(),
});

export type TestDatabase = {
  name: string;
  ownerUrl: string;
  webUrl: string;
  gatewayUrl: string;
  superuserUrl: string;
  /** Copies the database as it is now, cutting off whoever is connected; what it answers puts that copy in the database's place, as a restore does. */
  backUp: () => Promise<() => Promise<void>>;
  /** Drops the database, cutting off whoever is still connected. */
  drop: () => Promise<void>;
};

/** testDatabase makes a fresh, migrated, empty database for one test file; only inside the "db" project of vitest. */
export async function testDatabase(): Promise<TestDatabase> {
  const given = process.env['COUNTERSIGN_TEST_CLUSTER'];
  if (!given) throw new Error('testDatabase() works in files named *.db.test.ts, run by "npx vitest run --project db".');
  const cluster = Cluster.parse(JSON.parse(given));
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(cluster.superuserUrl, (client) => createDatabase(client, name, cluster.template));
  const copies: string[] = [];
  const asSuperuser = (work: (client: pg.Client) => Promise<unknown>) => withClient(cluster.superuserUrl, work);
  /** A database that takes nobody can be copied, and be replaced without anybody slipping in between. */
  const shut = async (client: pg.Client) => {
    await client.query(`ALTER DATABASE ${escapeIdentifier(name)} ALLOW_CONNECTIONS false`);
    await client.query('SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1', [name]);
  };
  const backUp = async () => {
    const copy = `${name}_copy${copies.length + 1}`;
    copies.push(copy);
    await asSuperuser(async (client) => {
      await shut(client);
      await createDatabase(client, copy, name);
      await client.query(`ALTER DATABASE ${escapeIdentifier(name)} ALLOW_CONNECTIONS true`);
    });
    return () =>
      asSuperuser(async (client) => {
        await shut(client);
        await client.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
        await createDatabase(client, name, copy);
      }).then(() => undefined);
  };
  const into = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return {
    name,
    ownerUrl: into(cluster.ownerUrl),
    webUrl: into(cluster.webUrl),
    gatewayUrl: into(cluster.gatewayUrl),
    superuserUrl: into(cluster.superuserUrl),
    backUp,
    drop: () =>
      asSuperuser(async (client) => {
        for (const each of [name, ...copies]) await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(each)} WITH (FORCE)`);
      }).then(() => undefined),
  };
}
