import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readObservations, readSightings } from './reading';
import { namesOfNetworkMax, type Noticed } from './schema';
import { Observer } from './service/observer';
import { sweepObservations } from './service/sweep';
import { countNoticed } from './store';
import { World } from '@/lib/http/agent/testdata/world';
import { prisma } from '@/lib/platform/db/prisma';

const rowsMax = 10_000;
let world: World;
let owner: pg.Pool;
let gateway: pg.Pool;
beforeAll(async () => {
  world = await World.withPeople(0);
  ({ owner } = world);
  gateway = new pg.Pool({ connectionString: world.gatewayUrl, max: 4 });
});
afterAll(async () => {
  await gateway.end();
  await world.end();
});
beforeEach(() => owner.query('TRUNCATE observations'));

/** Names that somebody made up, from so many networks. */
const made = (from: number, to: number, kind: Noticed['kind'] = 'client.unknown', networks = 1_000): Noticed[] =>
  Array.from({ length: to - from }, (_, i) => ({ kind, subject: `crd_${from + i}`, value: `network ${i % networks}`, count: 1 }));
const client = (subject: string, value: string): Noticed => ({ kind: 'client.unknown', subject, value, count: 1 });
async function rowsOf(kind: Noticed['kind'] = 'client.unknown'): Promise<number> {
  const { rows } = await owner.query<{ count: number }>('SELECT count(*)::int FROM observations WHERE kind = $1', [kind]);
  return rows[0]?.count ?? 0;
}
async function countOf(subject: string): Promise<number | undefined> {
  const { rows } = await owner.query<{ count: number }>('SELECT count::int FROM observations WHERE subject = $1', [subject]);
  return rows[0]?.count;
}

describe('an attacker who makes up 20,000 clients', () => {
  test('fills 10,000 rows and no more, in one write, from however many networks', async () => {
    expect(await countNoticed(gateway, made(0, 20_000))).toBe(rowsMax);
    expect(await rowsOf()).toBe(rowsMax);
  });

  test('fills no more through four gateways at once', async () => {
    await Promise.all([0, 5_000, 10_000, 15_000].map((from) => countNoticed(gateway, made(from, from + 5_000))));
    expect(await rowsOf()).toBe(rowsMax);
  });

  test('from one network fills the room of one network', async () => {
    expect(await countNoticed(gateway, made(0, 20_000, 'client.unknown', 1))).toBe(namesOfNetworkMax);
    expect(await rowsOf()).toBe(namesOfNetworkMax);
  });

  test('hides nobody who was there before, and takes no room of another kind', async () => {
    const real = [client('crd_real', 'a network of its own')];
    await countNoticed(gateway, real);
    await countNoticed(gateway, made(0, 20_000));
    expect(await countNoticed(gateway, real)).toBe(1);
    expect(await countOf('crd_real')).toBe(2);
    await countNoticed(gateway, made(0, 5, 'agent.model'));
    expect(await rowsOf('agent.model')).toBe(5);
  });

  test('hides nobody who comes later from elsewhere, however long it goes on', async () => {
    for (let round = 0; round < 5; round++) {
      await countNoticed(gateway, made(round * 12_000, (round + 1) * 12_000));
      await countNoticed(gateway, [client('crd_real', 'a network of its own')]);
      expect(await countOf('crd_real'), `round ${round}`).toBe(round + 1);
      expect(await rowsOf()).toBe(rowsMax);
    }
  });

  test('hides nobody who comes later from the same network, though each name comes again and again', async () => {
    for (let again = 0; again < 3; again++) await countNoticed(gateway, made(0, 1_000, 'client.unknown', 1));
    await countNoticed(gateway, [client('crd_real', 'network 0')]);
    expect(await countOf('crd_real')).toBe(1);
    await countNoticed(gateway, made(1_000, 1_000 + namesOfNetworkMax - 1, 'client.unknown', 1));
    await countNoticed(gateway, [client('crd_real', 'network 0')]);
    await countNoticed(gateway, made(2_000, 3_000, 'client.unknown', 1));
    expect(await countOf('crd_real'), 'who came again gives way to no name that came once').toBe(2);
    expect(await rowsOf()).toBeLessThanOrEqual(2 * namesOfNetworkMax);
  });

  test('has one name with at most a hundred values', async () => {
    const liar = Array.from({ length: 500 }, (_, i): Noticed => ({ kind: 'agent.model', subject: 'agt_liar', value: `m${i}`, count: 1 }));
    await countNoticed(gateway, liar.slice(0, 60));
    await countNoticed(gateway, liar);
    expect(await rowsOf('agent.model')).toBe(100);
  });

  test('is forgotten after a month, which makes room again', async () => {
    await countNoticed(gateway, made(0, rowsMax));
    await owner.query("UPDATE observations SET last_at = now() - interval '31 days' WHERE subject <> 'crd_7'");
    while ((await sweepObservations(prisma())) > 0);
    expect(await rowsOf()).toBe(1);
    expect(await countNoticed(gateway, made(20_000, 20_010))).toBe(10);
  });
});

describe('a write', () => {
  test('adds to what is there and says when it was last so', async () => {
    for (let i = 0; i < 3; i++) await countNoticed(gateway, [{ kind: 'agent.model', subject: 'agt_a', value: 'm', count: 5 }]);
    const { rows } = await owner.query('SELECT count::int, last_at > first_at AS later FROM observations');
    expect(rows).toEqual([{ count: 15, later: true }]);
  });

  test('of the same pairs by four at once loses none', async () => {
    await Promise.all(Array.from({ length: 20 }, () => countNoticed(gateway, made(0, 50))));
    const { rows } = await owner.query('SELECT sum(count)::int AS sum, count(*)::int AS rows FROM observations');
    expect(rows).toEqual([{ sum: 1_000, rows: 50 }]);
  });

  test.each([
    "INSERT INTO observations (kind, subject, value) VALUES ('agent.model', 'a', 'b')",
    'UPDATE observations SET count = 0',
    'DELETE FROM observations',
    'SELECT secret_hash FROM users',
  ])('is the only thing the gateway may do with them: not %s', async (sql) => {
    await expect(gateway.query(sql)).rejects.toThrow(/permission denied|does not exist/);
  });

  test('of a kind nobody knows is refused', async () => {
    await expect(gateway.query("SELECT observe('{agent.mood}', '{a}', '{b}', '{1}')")).rejects.toThrow('observations_kind_known');
  });
});

describe('an observer', () => {
  test('writes all kinds at once, and the rest when it is closed', async () => {
    const lost: string[] = [];
    const observer = new Observer({ db: gateway, everyMs: 60_000, onLost: (_count, why) => void lost.push(why) });
    observer.start();
    observer.noticed('agent.model', 'agt_a', 'nul \u0000');
    observer.noticed('client.unknown', 'crd_a', 'f');
    await observer.close();
    expect([await rowsOf('agent.model'), await rowsOf('client.unknown'), lost]).toEqual([1, 1, []]);
  });

  test('loses counts and nothing else when the database does not answer', async () => {
    const lost: number[] = [];
    const away = new pg.Pool({ connectionString: world.gatewayUrl.replace(/:\d+\//, ':1/'), connectionTimeoutMillis: 300 });
    const observer = new Observer({ db: away, onLost: (count) => void lost.push(count) });
    observer.noticed('agent.model', 'agt_a', 'm', 3);
    await observer.flush();
    expect(lost).toEqual([1]);
    await observer.close();
    await away.end();
  });
});

describe('what pages read', () => {
  let agent: string;
  let mine: string;
  beforeAll(async () => {
    agent = await world.addAgent([]);
    mine = world.credentialOf(agent).id;
  });

  test('of an agent: its credentials with their workloads, its models, and when it was last heard', async () => {
    const theirs = world.credentialOf(await world.addAgent([])).id;
    await countNoticed(gateway, [
      { kind: 'credential.workload', subject: mine, value: 'one', count: 4 },
      { kind: 'credential.workload', subject: mine, value: 'two', count: 2 },
      { kind: 'credential.workload', subject: theirs, value: 'one', count: 9 },
      { kind: 'agent.model', subject: agent, value: 'm', count: 3 },
    ]);
    const { credentials, models, lastAt } = await readObservations({ agentId: agent });
    expect([...credentials]).toMatchObject([[mine, { workloads: 2, count: 6 }]]);
    expect(models).toMatchObject([{ model: 'm', count: 3 }]);
    expect(lastAt).toBeInstanceOf(Date);
  });

  test('of an agent nobody heard is nothing', async () => {
    expect(await readObservations({ agentId: agent })).toEqual({ credentials: new Map(), models: [], lastAt: null });
  });

  test('of a system: what its tools reported, and nothing of another’s', async () => {
    await countNoticed(gateway, [
      { kind: 'tool.unreceipted', subject: 'sys_a', value: 'payments.create agt_x', count: 2 },
      { kind: 'tool.unreceipted', subject: 'sys_b', value: 'payments.create unknown', count: 1 },
    ]);
    expect(await readSightings('sys_a')).toMatchObject([{ action: 'payments.create', agent: 'agt_x', count: 2 }]);
    expect(await readSightings('sys_b')).toMatchObject([{ action: 'payments.create', agent: undefined, count: 1 }]);
  });
});
