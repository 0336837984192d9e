import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { agentDoors, type AgentDoor } from './doors';
import { actionType, World } from './testdata/world';
import { acknowledgementsOf, askResumptionShown, epochOf, lockedGateways, setKill, signResumption } from '@/lib/containment/service';
import type { Divergence } from '@/lib/ledger/schema';
import { OutsidePlace } from '@/lib/ledger/testing/outside';
import type { PersonActor } from '@/lib/people/service';
import { person } from '@/lib/people/testdata/people';
import { prisma, usePrisma } from '@/lib/platform/db/prisma';

let world: World;
let place: OutsidePlace;
let leavePrisma: () => Promise<void>;
let [leader, security]: PersonActor[] = [];
let agent = '';
let killed = '';
let tokens: { agent: string; killed: string };

const eventually = { timeout: 20_000, interval: 50 };
const key = { headers: { 'idempotency-key': 'kept' } };
const outside = () => ({ directory: place.directory, vkey: undefined });

// Two gateways, an agent that may act and another one that a person stopped after the backup was made.
beforeEach(async () => {
  world = await World.withPeople(0);
  leavePrisma = usePrisma(world.database.webUrl);
  place = await OutsidePlace.make(world.database);
  await world.addActionTypes([actionType('files.read', { effect: 'read' })]);
  [agent, killed] = [await world.addAgent(['files.read']), await world.addAgent(['files.read'])];
  [leader, security] = [(await person(['leader'])).actor, (await person(['security'])).actor];
  await place.sign();
  for (let i = 0; i < 2; i++) await world.addGateway({ outside: outside(), log: place.log });
  tokens = { agent: await world.token(agent), killed: await world.token(killed) };
  expect((await world.check(tokens.agent, 'files.read', {}, key)).answer.decision).toBe(true);
  expect((await world.check(tokens.killed, 'files.read')).answer.decision).toBe(true);
});
afterEach(async () => {
  await leavePrisma();
  await world.end();
  await place.end();
});

type Status = { status: string; locked: boolean; why: string[]; epoch: number };
const readyz = async (gateway = 0): Promise<Status> => (await (await fetch(world.url('/readyz', gateway))).json()) as Status;
const allLocked = () =>
  vi.waitFor(async () => {
    for (const gateway of [0, 1]) expect(await readyz(gateway)).toMatchObject({ status: 'locked', locked: true });
  }, eventually);
const stop = async (by: PersonActor | undefined, target: string): Promise<string> => {
  const outcome = await setKill(by as PersonActor, { scope: 'agent', target, reason: 'It pays twice.' });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.kill.id;
};
const known = () =>
  vi.waitFor(async (): Promise<Divergence> => {
    const seen = (await lockedGateways()).map(({ divergence }) => divergence);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).not.toBeNull();
    return seen[0] as Divergence;
  }, eventually);

/** An older backup is put in the place of the database, under living gateways; what they knew is of later rows. */
async function restored(): Promise<void> {
  const restore = await world.database.backUp();
  await vi.waitFor(async () => expect((await readyz()).status).toBe('ready'), eventually);
  // More rules than the backup will reach again soon, so that what gateways remember is of higher rows.
  for (let i = 0; i < 12; i++) await stop(security, await world.addAgent([]));
  await stop(security, killed);
  expect((await world.check(tokens.killed, 'files.read')).answer).toMatchObject({ decision: false });
  await place.sign();
  await restore();
  await allLocked();
}

/** Agents that go on asking whatever they hear, of both gateways; `stop` answers every decision that let one go ahead, by agent. */
function asking(who: readonly ('agent' | 'killed')[] = ['agent', 'killed']): {
  stop: () => Promise<Record<string, number>>;
  answers: () => number;
  decided: () => number;
} {
  const allowed: Record<string, number> = { agent: 0, killed: 0 };
  let over = false;
  let answers = 0;
  let decided = 0;
  const loops = who.flatMap((one) =>
    [0, 1].map(async (gateway) => {
      while (!over) {
        const response = await world
          .post(tokens[one], '{"action":{"name":"files.read"}}', {}, '/api/check', gateway)
          .catch(() => undefined);
        const body = (await response?.json().catch(() => undefined)) as { decision?: boolean } | undefined;
        if (body?.decision !== undefined) decided++;
        if (body?.decision === true) allowed[one] = (allowed[one] ?? 0) + 1;
        answers++;
      }
    }),
  );
  return {
    answers: () => answers,
    decided: () => decided,
    stop: async () => {
      over = true;
      await Promise.all(loops);
      return allowed;
    },
  };
}

describe('an older backup restored under living gateways', () => {
  test('locks them: nothing is allowed, the lost stop is not undone, two people resume, and the signer goes on', async () => {
    await restored();
    const rows = await world.rowCount();
    const agents = asking();
    await vi.waitFor(() => expect(agents.answers()).toBeGreaterThan(100), eventually);
    expect(await agents.stop()).toEqual({ agent: 0, killed: 0 });
    expect(agents.decided()).toBe(0);
    expect(await world.rowCount()).toBe(rows);

    const lost = await known();
    expect(lost).toMatchObject({ refused: 'behind', head: { size: String(rows) } });
    expect(Number(lost.outside.size)).toBeGreaterThan(rows);
    expect(place.lines.join('').match(/"alarm":"gateway_locked"/g)?.length).toBe(2);

    const all = asking();
    const reason = 'The disk is gone.';
    const asked = await askResumptionShown(leader as PersonActor, { size: lost.outside.size, root: lost.outside.root, reason });
    if (!asked.ok) throw new Error(asked.code);
    expect(await signResumption(leader as PersonActor, { id: asked.resumption.id, reason })).toEqual({ ok: false, code: 'SAME_PERSON' });
    const twin = await person(['security'], (await prisma().user.findUniqueOrThrow({ where: { id: leader?.id ?? '' } })).personId);
    expect(await signResumption(twin.actor, { id: asked.resumption.id, reason })).toEqual({ ok: false, code: 'SAME_PERSON' });
    // What the backup lacks is set again first.
    await stop(security, killed);
    for (const gateway of [0, 1]) expect((await readyz(gateway)).status).toBe('locked');
    expect((await all.stop())['agent']).toBe(0);

    const after = asking(['killed']);
    expect(await signResumption(security as PersonActor, { id: asked.resumption.id, reason })).toMatchObject({ ok: true });
    const began = performance.now();
    await vi.waitFor(async () => {
      for (const gateway of [0, 1]) expect((await world.check(tokens.agent, 'files.read', {}, { gateway })).answer.decision).toBe(true);
    }, eventually);
    expect(performance.now() - began).toBeLessThan(2_000);
    await vi.waitFor(() => expect(after.decided()).toBeGreaterThan(20), eventually);
    expect((await after.stop())['killed']).toBe(0);
    expect((await world.check(tokens.killed, 'files.read')).answer.context.reasons).toMatchObject([{ code: 'KILLED' }]);
    expect(await lockedGateways()).toEqual([]);

    expect(await place.sign()).toMatchObject({ standing: 'signs' });
    expect(place.files().filter((name) => name.startsWith('resumed-1/'))).toHaveLength(2);
    const later = await world.addGateway({ outside: outside(), log: place.log });
    expect(((await (await fetch(`http://127.0.0.1:${later.port}/readyz`)).json()) as Status).status).toBe('ready');
  });

  test('also when no connection ends: the first commit on it is no fact, and each gateway locks', async () => {
    const kept = await world.rowCount();
    for (let i = 0; i < 4; i++) expect((await world.check(tokens.agent, 'files.read', {}, { gateway: i % 2 })).answer.decision).toBe(true);
    await stop(security, killed);
    for (const gateway of [0, 1])
      expect((await world.check(tokens.killed, 'files.read', {}, { gateway })).answer).toMatchObject({ decision: false });
    await place.sign();
    await place.asSuperuser('DELETE FROM kill_switches');
    await place.rollBackTo(kept);
    const agents = asking();
    await allLocked();
    expect(await agents.stop()).toEqual({ agent: 0, killed: 0 });
  });

  test('leaves no acknowledgement of rows that are gone: a later stop is acknowledged after it was pressed', async () => {
    await restored();
    const remembered = Math.max(...(await Promise.all([0, 1].map(async (gateway) => (await readyz(gateway)).epoch))));
    const lost = await known();
    const asked = await askResumptionShown(leader as PersonActor, { size: lost.outside.size, root: lost.outside.root, reason: 'x' });
    if (!asked.ok) throw new Error(asked.code);
    await signResumption(security as PersonActor, { id: asked.resumption.id, reason: 'y' });
    await vi.waitFor(async () => expect((await readyz()).status).toBe('ready'), eventually);
    const id = await stop(security, killed);
    const epoch = await epochOf('kill.set', id);
    if (!epoch) throw new Error('no epoch');
    expect(Number(epoch.seq)).toBeLessThan(Number(lost.outside.size));
    expect(remembered).toBeLessThan(Number(lost.outside.size));
    await vi.waitFor(async () => {
      const acknowledgements = await acknowledgementsOf({ epoch: epoch.seq, at: epoch.at });
      expect(acknowledgements).toHaveLength(2);
      for (const { at } of acknowledgements) expect(at?.getTime()).toBeGreaterThanOrEqual(epoch.at.getTime());
    }, eventually);
  });
});

describe('a gateway that starts on an older backup', () => {
  test('comes up locked and keeps every door of agents and tools shut, whoever knocks; its health says why', async () => {
    await restored();
    const started = await world.addGateway({ outside: outside(), log: place.log });
    const url = `http://127.0.0.1:${started.port}`;
    const headers = { authorization: `Bearer ${tokens.agent}`, 'content-type': 'application/json', 'idempotency-key': 'kept' };
    for (const [door, opener] of Object.entries(agentDoors) as [AgentDoor, string][]) {
      const [method = '', path = ''] = door.split(' ');
      if (opener === 'nobody') continue;
      for (const shown of [headers, { 'content-type': headers['content-type'] }]) {
        const response = await fetch(`${url}${path.replace(':id', `apr_${'0'.repeat(26)}`)}`, {
          method,
          headers: shown,
          ...(method === 'GET' ? {} : { body: '{"action":{"name":"files.read"}}' }),
        });
        const body = (await response.json()) as Record<string, unknown>;
        if (opener === 'anyone') {
          expect([door, response.status]).toEqual([door, path === '/readyz' ? 503 : 200]);
          continue;
        }
        expect([door, response.status, body['code'], response.headers.get('retry-after')]).toEqual([door, 503, 'LOCKED', '10']);
        expect(body['detail']).toMatch(/older backup.*the action must not go ahead/);
        expect(JSON.stringify(body)).not.toMatch(/row \d|resumption|\/tmp/);
      }
    }
    const { why, status } = (await (await fetch(`${url}/readyz`)).json()) as Status;
    expect([status, why.join()]).toEqual([
      'locked',
      expect.stringMatching(/this gateway is locked: the database ends at row \d+, and row \d+ was handed outside/),
    ]);
  });

  test('decides when nothing tells it where checkpoints are: that is said in its log alone', async () => {
    await restored();
    const started = await world.addGateway({ log: place.log });
    const response = await fetch(`http://127.0.0.1:${started.port}/api/check`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.agent}`, 'content-type': 'application/json' },
      body: '{"action":{"name":"files.read"}}',
    });
    expect(((await response.json()) as { decision: boolean }).decision).toBe(true);
    expect(place.lines.join('')).toContain('CHECKPOINT_DIR is not set');
  });
});

describe('nothing is locked', () => {
  test('by connections that are cut, gateways that come and go, and signing in between: 0 false alarms in 12 rounds', async () => {
    const signer = place.checkpointer();
    const agents = asking();
    for (let round = 0; round < 12; round++) {
      await signer.tick(true).catch(() => undefined);
      await world.owner
        .query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'countersign-%' AND datname = current_database()",
        )
        .catch(() => undefined);
      const fresh = await world.addGateway({ outside: outside(), log: place.log });
      world.gateways.splice(world.gateways.indexOf(fresh), 1);
      await vi.waitFor(async () => {
        for (const gateway of [0, 1]) expect((await readyz(gateway)).status).toBe('ready');
      }, eventually);
      await fresh.close();
    }
    expect((await agents.stop())['agent']).toBeGreaterThan(0);
    expect(place.lines.join('')).not.toContain('gateway_locked');
  });
});
