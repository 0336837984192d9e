import { runMigrations } from 'bullmq';
import { withClient } from '@/lib/platform/db';
import { migrate, type MigrationOutcome } from '@/lib/platform/db/migrate';
import { databaseRoles } from '@/lib/platform/db/roles';

/** What jobs and web need to use BullMQ's own schema; the gateway never touches it. */
const queueGrants = `
  GRANT USAGE ON SCHEMA bullmq TO ${databaseRoles.web};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bullmq TO ${databaseRoles.web};
  GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA bullmq TO ${databaseRoles.web};
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bullmq TO ${databaseRoles.web};`;

/** migrateDatabase brings one database to this version as its owner: our migrations, then BullMQ's schema and its grants. */
export async function migrateDatabase(ownerUrl: string): Promise<MigrationOutcome> {
  return withClient(ownerUrl, async (client) => {
    const outcome = await migrate(client);
    await runMigrations(client);
    await client.query(queueGrants);
    return outcome;
  });
}
