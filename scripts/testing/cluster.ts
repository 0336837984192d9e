import { withClient } from '@/lib/platform/db';
import { createDatabase } from '@/lib/platform/db/roles';
import { migrateDatabase } from '@/lib/platform/db/setup';
import { startThrowaway } from '@/scripts/postgres/throwaway';

/** Vitest's global set-up of database tests: one cluster for the run, one migrated template that testDatabase() copies. */
export default async function setup(): Promise<() => Promise<void>> {
  const cluster = await startThrowaway();
  const template = 'countersign_template';
  await withClient(cluster.url('superuser', 'postgres'), (client) => createDatabase(client, template));
  await migrateDatabase(cluster.url('owner', template));
  process.env['COUNTERSIGN_TEST_CLUSTER'] = JSON.stringify({
    template,
    superuserUrl: cluster.url('superuser', 'postgres'),
    ownerUrl: cluster.url('owner', template),
    webUrl: cluster.url('web', template),
    gatewayUrl: cluster.url('gateway', template),
  });
  return cluster.stop;
}
