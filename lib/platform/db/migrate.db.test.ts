import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '@/lib/platform/db';
import { migrate, readMigrations, type Migration } from '@/lib/platform/db/migrate';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';

const extra = (sql: string, checksum = 'a'.repeat(64)): Migration => ({ name: '99990101000000_extra', sql, checksum });

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  const run = (migrations: Migration[]) => withClient(database.ownerUrl, (client) => migrate(client, migrations));
  const shipped = readMigrations();

  it('applies nothing twice', async () => {
    expect(await run(shipped)).toEqual({ applied: [], already: shipped.length });
  });

  it('leaves nothing of a migration that fails', async () => {
    const broken = extra('CREATE TABLE half (id int); SELECT 1/0;');
    await expect(run([...shipped, broken])).rejects.toThrow(/99990101000000_extra failed and was rolled back/);
    const { rows } = await withClient(database.ownerUrl, (client) => client.query("SELECT to_regclass('half') AS half"));
    expect(rows).toEqual([{ half: null }]);
  });

  it('lets two starts race and applies each migration once', async () => {
    const outcomes = await Promise.all([1, 2].map(() => run([...shipped, extra('CREATE TABLE raced (id int)')])));
    expect(outcomes.flatMap((outcome) => outcome.applied)).toEqual(['99990101000000_extra']);
  });

  it('refuses an applied migration that was edited', async () => {
    await expect(run([...shipped, extra('CREATE TABLE raced (id int)', 'b'.repeat(64))])).rejects.toThrow(
      /was changed after it was applied/,
    );
  });

  it('refuses a database of a newer version', async () => {
    await expect(run(shipped)).rejects.toThrow(/which this version does not know/);
  });
});
