import { randomBytes } from 'node:crypto';
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
  const into = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return {
    name,
    ownerUrl: into(cluster.ownerUrl),
    webUrl: into(cluster.webUrl),
    gatewayUrl: into(cluster.gatewayUrl),
    superuserUrl: into(cluster.superuserUrl),
    drop: async () => {
      await withClient(cluster.superuserUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`));
    },
  };
}
