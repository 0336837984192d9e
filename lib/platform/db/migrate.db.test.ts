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

  it('brings a database of the version before along: of two stops of one target, pressed at once, the first stays', async () => {
    const name = `upgrade_${process.pid}_${Date.now()}`;
    const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
    await withClient(database.superuserUrl, (client) => client.query(`CREATE DATABASE ${name} OWNER countersign_owner`));
    try {
      await withClient(at(database.superuserUrl), (client) => client.query('GRANT ALL ON SCHEMA public TO countersign_owner'));
      await withClient(at(database.ownerUrl), async (client) => {
        await migrate(
          client,
          shipped.slice(
            0,
            shipped.findIndex((migration) => migration.name.endsWith('_containment')),
          ),
        );
        const stop =
          "INSERT INTO kill_switches (id, scope, target, reason, set_by, set_at) VALUES ($1, 'agent', $2, 'x', 'usr_x', $3::timestamptz)";
        await client.query('BEGIN');
        await client.query(stop, ['kil_first', 'agt_one', '2026-11-01T10:00:00Z']);
        await client.query(stop, ['kil_second', 'agt_one', '2026-11-01T10:00:01Z']);
        await client.query(stop, ['kil_other', 'agt_two', '2026-11-01T10:00:00Z']);
        await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('kill.set', 'kil_first', '{}')");
        await client.query('COMMIT');
        await migrate(client, shipped);
        const { rows } = await client.query('SELECT id FROM kill_switches WHERE lifted_at IS NULL ORDER BY id');
        expect(rows).toEqual([{ id: 'kil_first' }, { id: 'kil_other' }]);
        const epochs = await client.query("SELECT subject FROM ledger_epochs WHERE kind = 'kill.lifted'");
        expect(epochs.rows, 'and every gateway is told').toEqual([{ subject: 'kil_second' }]);
      });
    } finally {
      await withClient(database.superuserUrl, (client) => client.query(`DROP DATABASE ${name}`));
    }
  });

  it('refuses a database of a newer version', async () => {
    await expect(run(shipped)).rejects.toThrow(/which this version does not know/);
  });
});
