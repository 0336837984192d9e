import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { World } from './testdata/world';
import { reachOf } from '@/lib/containment/domain';
import { acknowledgementsOf, epochOf, Presence } from '@/lib/containment/service';
import { createPool } from '@/lib/platform/db';

let world: World;
beforeAll(async () => {
  world = await World.withPeople(2);
});
afterAll(() => world.end());

let kills = 0;
async function kill(): Promise<{ epoch: bigint; at: Date }> {
  const id = `kil_ack${++kills}`;
  await world.change('kill.set', id, (client) =>
    client.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ($1, 'agent', $1, 'test', 'usr_ana')", [id]),
  );
  const row = await epochOf('kill.set', id);
  if (!row) throw new Error('no epoch');
  return { epoch: row.seq, at: row.at };
}
const eventually = { timeout: 5_000, interval: 20 };

describe('a change of the rules', () => {
  test('is acknowledged by every gateway that lives, once it decides by it, with the time that took', async () => {
    const change = await kill();
    await vi.waitFor(async () => {
      const acknowledgements = await acknowledgementsOf(change);
      expect(acknowledgements).toHaveLength(2);
      const reach = reachOf(acknowledgements, change.at);
      expect(reach).toMatchObject({ all: true, acknowledged: 2, silent: [] });
      expect(reach.lastMs).toBeGreaterThanOrEqual(0);
    }, eventually);
  });

  test('is not acknowledged by who does not decide by it yet: a gateway that went silent is named', async () => {
    const silent = 'gtw_silent';
    const say = (epoch: number) => world.owner.query('SELECT gateway_says($1, $2, $3, NULL, false)', [silent, 'silent:4000', epoch]);
    await say(1);
    const change = await kill();
    const reach = async () => reachOf(await acknowledgementsOf(change), change.at);
    await vi.waitFor(async () => expect(await reach()).toMatchObject({ acknowledged: 2, of: 3, silent: ['silent:4000'] }), eventually);
    await say(Number(change.epoch) - 1);
    expect((await reach()).all).toBe(false);
    await say(Number(change.epoch));
    expect(await reach()).toMatchObject({ all: true, acknowledged: 3 });
  });

  test('waits for no gateway that said goodbye, and for none that started after it', async () => {
    const leaving = await world.addGateway();
    const joined = async () => (await world.owner.query('SELECT 1 FROM gateways WHERE stopped_at IS NULL')).rowCount;
    await vi.waitFor(async () => expect(await joined()).toBe(4), eventually);
    world.gateways.splice(world.gateways.indexOf(leaving), 1);
    await leaving.close();
    const change = await kill();
    await world.addGateway();
    const ids = (await acknowledgementsOf(change)).map(({ gateway }) => gateway);
    expect(ids).toHaveLength(3);
  });

  test('is never acknowledged twice, later or with another time', async () => {
    const change = await kill();
    const first = async () => (await acknowledgementsOf(change)).map(({ gateway, at }) => ({ gateway, at }));
    await vi.waitFor(async () => expect((await first()).filter(({ at }) => at)).toHaveLength(3), eventually);
    const before = await first();
    await kill();
    expect(await first()).toEqual(before);
  });

  test('is not acknowledged by rules of a database that went away: it may have come back as an older one', async () => {
    const pool = createPool(world.database.gatewayUrl, { application: 'test', max: 1 });
    const presence = new Presence({ db: pool, name: 'restored:4000' });
    const epochs = async () => {
      const { rows } = await world.owner.query<{ epoch: string }>('SELECT epoch FROM gateway_installs WHERE gateway_id = $1', [
        presence.id,
      ]);
      return rows.map(({ epoch }) => Number(epoch));
    };
    try {
      presence.installed(1_000_000);
      presence.lost();
      await presence.start();
      expect(await epochs()).toEqual([]);
      const now = Number((await kill()).epoch);
      presence.installed(now);
      await vi.waitFor(async () => expect(await epochs()).toEqual([now]), eventually);
    } finally {
      await presence.close();
      await pool.end();
    }
  });

  test('is acknowledged by a gateway through its one function, not by writing the rows', async () => {
    const gateway = await world.gatewayClient();
    try {
      for (const statement of [
        "INSERT INTO gateway_installs (gateway_id, epoch) VALUES ('gtw_x', 9)",
        'UPDATE gateway_installs SET installed_at = now()',
        'UPDATE gateways SET seen_at = now()',
        'DELETE FROM gateways',
        "UPDATE breakers SET state = 'closed'",
        'UPDATE kill_switches SET lifted_at = now()',
        "INSERT INTO resumptions (id, outside_size, outside_root, kept_size, refused, asked_by, reason) VALUES ('rsm_x', 1, '', 1, '', '', '')",
      ]) {
        await expect(gateway.query(statement), statement).rejects.toThrow(/permission denied/);
      }
    } finally {
      await gateway.end();
    }
  });
});
