import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ClientBase } from 'pg';

export type Migration = { name: string; sql: string; checksum: string };
export type MigrationOutcome = { applied: string[]; already: number };

type Row = { migration_name: string; checksum: string; finished_at: Date | null };

/** The key Prisma's own engine locks, so that the two never migrate one database at once. */
const prismaAdvisoryLockKey = 72_707_369;

const createTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** readMigrations reads prisma/migrations in order of name; checksum is the SHA-256 of the file, in hex, as Prisma's. */
export function readMigrations(folder = path.resolve('prisma/migrations')): Migration[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  return names.sort().map((name) => {
    const sql = readFileSync(path.join(folder, name, 'migration.sql'));
    return { name, sql: sql.toString('utf8'), checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

/**
 * migrate applies what is missing, each migration in a transaction of its own with its `_prisma_migrations` row.
 * Throws, and changes nothing more, when an applied file was edited or removed, or an earlier attempt is unfinished.
 */
export async function migrate(client: ClientBase, migrations = readMigrations()): Promise<MigrationOutcome> {
  await client.query('SELECT pg_advisory_lock($1)', [prismaAdvisoryLockKey]);
  try {
    await client.query(createTable);
    const { rows } = await client.query<Row>(
      'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    );
    refuseDisagreement(rows, migrations);
    const done = new Set(rows.map((row) => row.migration_name));
    const applied: string[] = [];
    for (const migration of migrations.filter((candidate) => !done.has(candidate.name))) {
      await apply(client, migration);
      applied.push(migration.name);
    }
    return { applied, already: done.size };
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [prismaAdvisoryLockKey]);
  }
}

function refuseDisagreement(rows: readonly Row[], migrations: readonly Migration[]): void {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of rows) {
    const file = byName.get(row.migration_name);
    if (!row.finished_at)
      throw new Error(`Migration ${row.migration_name} was started and never finished; resolve it with "npx prisma migrate resolve".`);
    if (!file)
      throw new Error(`The database has migration ${row.migration_name}, which this version does not know; use the newer version.`);
    if (file.checksum !== row.checksum)
      throw new Error(
        `Migration ${row.migration_name} was changed after it was applied; restore the file and add a new migration instead.`,
      );
  }
}

async function apply(client: ClientBase, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new Error(`Migration ${migration.name} failed and was rolled back: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
