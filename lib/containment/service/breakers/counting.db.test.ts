import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person } from '@/lib/people/testdata/people';
import { setup } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import type { BreakerPlan } from '@/lib/policy/domain';
import { createProcess, registerAgent } from '@/lib/registry/service';
import { Breakers, pairsMax, type BreakerRules } from './counting';

let plane: PeoplePlane;
let owner: pg.Pool;
let db: pg.Pool;
let agents = 0;

const limit = { percent: 50, atLeast: 6, withinSeconds: 60, policy: { id: 'pol_x', version: 2 } };
const plan: BreakerPlan = {
  errors: [limit],
  refusals: [limit],
  spend: [{ amount: '100', currency: 'USD', base: '100', atLeast: 2, withinSeconds: 60, policy: null }],
  pauseSeconds: 60,
  probes: 3,
};

beforeAll(async () => {
  plane = await testPeoplePlane();
  owner = new pg.Pool({ connectionString: plane.ownerUrl, max: 2 });
  db = new pg.Pool({ connectionString: plane.gatewayUrl, max: 2 });
  const { id } = await person(['process_owner']);
  await createProcess(setup, { id: 'prc_payables', name: 'Accounts payable', ownerId: id });
});
afterAll(async () => {
  await Promise.all([owner.end(), db.end()]);
  await plane.drop();
});
afterEach(async () => {
  await owner.query('GRANT EXECUTE ON FUNCTION breaker_count, breaker_open TO countersign_gateway');
});

async function newAgent(): Promise<string> {
  const outcome = await registerAgent(setup, { id: `agt_test${++agents}`, name: 'Agent', purpose: 'Testing.', processId: 'prc_payables' });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.agent.id;
}
const troubles: string[] = [];
/** One gateway's counting, flushed by hand. */
const gateway = (rules: Partial<BreakerRules> | undefined = {}) =>
  new Breakers({
    db,
    rulesOf: () => rules && { plan, base: 'USD', isOpen: false, ...rules },
    onTrouble: (why) => troubles.push(why),
  });
const times = (count: number, work: () => void) => Array.from({ length: count }).forEach(work);
const good = (agent: string, action = 'x.y') => ({ agent, action, opening: 0, refused: false, spend: undefined });

type Row = { cause: string; facts: Record<string, unknown>; times: number; opened_at: Date; probe_at: Date; state: string };
async function breakerOf(agent: string, action = 'x.y'): Promise<Row | undefined> {
  return (await owner.query<Row>('SELECT * FROM breakers WHERE agent_id = $1 AND action_type = $2', [agent, action])).rows[0];
}
async function countedOf(agent: string) {
  const { rows } = await owner.query<Record<string, unknown>>(
    `SELECT action_type, opening::int, sum(checks)::int AS checks, sum(refused)::int AS refused, sum(succeeded)::int AS succeeded, sum(failed)::int AS failed,
       trim_scale(sum(spend))::text AS spend FROM breaker_windows WHERE agent_id = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
    [agent],
  );
  return rows;
}
async function change(sql: string, agent: string): Promise<void> {
  const client = await owner.connect();
  await client.query('BEGIN');
  await client.query(sql, [agent]);
  await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('breaker.closed', $1, '{}')", [agent]);
  await client.query('COMMIT');
  client.release();
}
const halfOpen = (agent: string) => change('UPDATE breakers SET probe_at = clock_timestamp() WHERE agent_id = $1', agent);
const eventsOf = async (agent: string) =>
  (await owner.query('SELECT seq FROM ledger_epochs WHERE kind = $1 AND subject = $2', ['breaker.opened', agent])).rowCount;

describe('what gateways count together', () => {
  it('opens for outcomes at the second write, though neither of two gateways saw enough', async () => {
    const agent = await newAgent();
    const [a, b] = [gateway(), gateway()];
    times(2, () => a.reported(agent, 'x.y', false));
    times(1, () => a.reported(agent, 'x.y', true));
    times(2, () => b.reported(agent, 'x.y', false));
    times(1, () => b.reported(agent, 'x.y', true));
    await a.flush();
    expect(await breakerOf(agent)).toBeUndefined();
    await b.flush();
    expect(await breakerOf(agent)).toMatchObject({
      state: 'open',
      cause: 'errors',
      times: 1,
      facts: { observed: '4', threshold: '50', of: 6, windowSeconds: 60, policy: { id: 'pol_x', version: 2 }, pauseSeconds: 60 },
    });
    expect(await eventsOf(agent)).toBe(1);
  });

  it('opens for refusals', async () => {
    const agent = await newAgent();
    const [a, b] = [gateway(), gateway()];
    times(3, () => a.decided({ ...good(agent), refused: true }));
    times(3, () => b.decided(good(agent)));
    await Promise.all([a.flush(), b.flush()]);
    await a.flush();
    expect(await breakerOf(agent)).toMatchObject({ cause: 'refusals', facts: { observed: '3', of: 6 } });
  });

  it('opens for money, exact to the last decimal, for as long as it takes to leave the window', async () => {
    const agent = await newAgent();
    const [a, b] = [gateway(), gateway()];
    a.decided({ ...good(agent), spend: '49.99999999' });
    await a.flush();
    b.decided({ ...good(agent), spend: '50' });
    await b.flush();
    expect(await breakerOf(agent)).toBeUndefined();
    a.decided({ ...good(agent), spend: '0.00000001' });
    await a.flush();
    const breaker = await breakerOf(agent);
    expect(breaker).toMatchObject({ cause: 'spend', facts: { observed: '100', threshold: '100', currency: 'USD', of: 3, policy: null } });
    expect(Number(breaker?.probe_at) - Number(breaker?.opened_at)).toBe(80_000);
  });

  it('opens one breaker once, however many gateways find out at the same time', async () => {
    const agent = await newAgent();
    const gateways = Array.from({ length: 6 }, () => gateway());
    for (const one of gateways) times(6, () => one.reported(agent, 'x.y', false));
    await Promise.all(gateways.map((one) => one.flush()));
    expect(await breakerOf(agent)).toMatchObject({ state: 'open', times: 1 });
    expect(await eventsOf(agent)).toBe(1);
  });

  it.each<[string, (agent: string, one: Breakers) => void, Partial<BreakerRules> | undefined]>([
    ['too little was reported', (agent, one) => times(5, () => one.reported(agent, 'x.y', false)), {}],
    [
      'most went well',
      (agent, one) => (times(4, () => one.reported(agent, 'x.y', true)), times(3, () => one.reported(agent, 'x.y', false))),
      {},
    ],
    ['it was spread over actions', (agent, one) => times(9, () => one.reported(agent, `x.${Math.random()}`, false)), {}],
    ['the breaker is open by the rules already', (agent, one) => times(9, () => one.reported(agent, 'x.y', false)), { isOpen: true }],
    ['nobody knows the agent', (agent, one) => times(9, () => one.reported(agent, 'x.y', false)), undefined],
    [
      'it was tried while half-open',
      (agent, one) => times(9, () => one.decided({ ...good(agent), refused: true, opening: 1_800_000_000_000 })),
      {},
    ],
  ])('opens nothing when %s', async (_name, count, rules) => {
    const agent = await newAgent();
    const one = rules === undefined ? new Breakers({ db, rulesOf: () => undefined }) : gateway(rules);
    count(agent, one);
    await one.flush();
    expect((await owner.query('SELECT 1 FROM breakers WHERE agent_id = $1', [agent])).rowCount).toBe(0);
  });

  it('keeps what is tried half-open apart from everything else', async () => {
    const agent = await newAgent();
    const one = gateway();
    times(2, () => one.decided(good(agent)));
    times(3, () => one.decided({ ...good(agent), opening: 1_000, refused: true }));
    await one.flush();
    expect(await countedOf(agent)).toEqual([
      { action_type: 'x.y', opening: 0, checks: 2, refused: 0, succeeded: 0, failed: 0, spend: '0' },
      { action_type: 'x.y', opening: 1_000, checks: 3, refused: 3, succeeded: 0, failed: 0, spend: '0' },
    ]);
  });

  it('forgives what was before a breaker closed', async () => {
    const agent = await newAgent();
    const one = gateway();
    times(9, () => one.reported(agent, 'x.y', false));
    await one.flush();
    const close = (at: string) => change(`UPDATE breakers SET state = 'closed', closed_at = ${at} WHERE agent_id = $1`, agent);
    // Some seconds ahead, so that no bucket ends between this and the write.
    await close("clock_timestamp() + interval '20 seconds'");
    times(9, () => one.reported(agent, 'x.y', false));
    await one.flush();
    expect(await breakerOf(agent)).toMatchObject({ state: 'closed' });
    // A minute later the same counts are another matter.
    await close("clock_timestamp() - interval '1 minute'");
    one.reported(agent, 'x.y', false);
    await one.flush();
    expect(await breakerOf(agent)).toMatchObject({ state: 'open', times: 1, facts: { observed: '19' } });
  });
});

describe('while the database is away', () => {
  it('counts are kept, and written with the next that succeeds', async () => {
    const agent = await newAgent();
    const one = gateway();
    troubles.length = 0;
    await owner.query('REVOKE EXECUTE ON FUNCTION breaker_count FROM countersign_gateway');
    times(4, () => one.reported(agent, 'x.y', false));
    await one.flush();
    times(2, () => one.reported(agent, 'x.y', false));
    one.decided({ ...good(agent), spend: '7.5' });
    await one.flush();
    expect(troubles).toHaveLength(2);
    expect(await countedOf(agent)).toEqual([]);
    await owner.query('GRANT EXECUTE ON FUNCTION breaker_count TO countersign_gateway');
    await one.flush();
    expect(await countedOf(agent)).toEqual([
      { action_type: 'x.y', opening: 0, checks: 1, refused: 0, succeeded: 0, failed: 6, spend: '7.5' },
    ]);
    expect(await breakerOf(agent)).toMatchObject({ state: 'open' });
  });

  it('a breaker that could not be opened is opened by the next write, though nothing more happens', async () => {
    const agent = await newAgent();
    const one = gateway();
    await owner.query('REVOKE EXECUTE ON FUNCTION breaker_open FROM countersign_gateway');
    times(6, () => one.reported(agent, 'x.y', false));
    await one.flush();
    expect(await breakerOf(agent)).toBeUndefined();
    await owner.query('GRANT EXECUTE ON FUNCTION breaker_open TO countersign_gateway');
    await one.flush();
    expect(await breakerOf(agent)).toMatchObject({ state: 'open' });
  });

  it('no more pairs are held than a gateway has room for, and that is told', async () => {
    const one = gateway();
    troubles.length = 0;
    await owner.query('REVOKE EXECUTE ON FUNCTION breaker_count FROM countersign_gateway');
    for (let i = 0; i < pairsMax + 50; i++) one.decided(good(`agt_${i}`));
    await one.flush();
    for (let i = 0; i < 50; i++) one.decided(good(`agt_more${i}`));
    await one.flush();
    expect(troubles.filter((why) => why.startsWith('50 decisions'))).toHaveLength(2);
  });
});

describe('a gateway’s rights', () => {
  it.each([
    ['close a breaker', "UPDATE breakers SET state = 'closed', closed_at = now()"],
    ['make one try again earlier', 'UPDATE breakers SET probe_at = now()'],
    ['remove one', 'DELETE FROM breakers'],
    ['forget what was counted', 'DELETE FROM breaker_windows'],
    ['write counts by hand', "INSERT INTO breaker_windows (agent_id, action_type, bucket) VALUES ('a', 'b', 1)"],
    ['give probes back', 'DELETE FROM counters'],
    ['say that one closed', "INSERT INTO ledger_intake (kind, subject, payload) VALUES ('breaker.closed', 'agt_a', '{}')"],
  ])('are not enough to %s', async (_name, sql) => {
    await expect(db.query(sql)).rejects.toThrow(/permission denied/);
  });

  it('count nothing away', async () => {
    const agent = await newAgent();
    const count = (failed: number) =>
      db.query(
        "SELECT failed FROM breaker_count(ARRAY[$1], '{x.y}', '{0}', '{0}', '{0}', '{0}', ARRAY[$2::int], '{0}', ARRAY[$1], '{x.y}', '{60}')",
        [agent, failed],
      );
    expect((await count(8)).rows).toEqual([{ failed: '8' }]);
    expect((await count(-8)).rows).toEqual([{ failed: '8' }]);
  });

  it('open nothing of an agent that nobody registered, and nothing again that is open', async () => {
    const agent = await newAgent();
    const open = async (id: string) =>
      (await db.query<{ opened: boolean }>("SELECT breaker_open('evt_x', $1, 'x.y', 'errors', '{}', 60, 3) AS opened", [id])).rows[0]
        ?.opened;
    expect(await open('agt_made_up')).toBe(false);
    expect(await open(agent)).toBe(true);
    const before = await breakerOf(agent);
    expect(await open(agent)).toBe(false);
    await halfOpen(agent);
    expect(await open(agent)).toBe(false);
    expect(await breakerOf(agent)).toMatchObject({ state: 'open', times: 1, opened_at: before?.opened_at });
  });

  it.each([
    ['give fresh probes to what is half-open', "SELECT breaker_open_again('evt_x', 'agt_a', 'x.y', now(), '{}', 1)"],
    ['tell of openings that were none', "SELECT breaker_tell('evt_x', NULL)"],
  ])('are not enough to %s', async (_name, sql) => {
    await expect(db.query(sql)).rejects.toThrow(/permission denied/);
  });
});

describe('the people plane’s rights', () => {
  it('open again what is half-open, if it is still the same opening, and nothing else', async () => {
    const agent = await newAgent();
    const one = gateway();
    times(6, () => one.reported(agent, 'x.y', false));
    await one.flush();
    const web = new pg.Client({ connectionString: plane.webUrl });
    await web.connect();
    const again = async (openedAt: Date | undefined) =>
      (await web.query<{ opened: boolean }>("SELECT breaker_open_again('evt_y', $1, 'x.y', $2, '{}', 60) AS opened", [agent, openedAt]))
        .rows[0]?.opened;
    const before = await breakerOf(agent);
    expect(await again(before?.opened_at)).toBe(false);
    await halfOpen(agent);
    expect(await again(new Date(0))).toBe(false);
    expect(await again(before?.opened_at)).toBe(true);
    expect(await again(before?.opened_at)).toBe(false);
    expect(await breakerOf(agent)).toMatchObject({ times: 2 });
    for (const sql of [
      "SELECT breaker_open('evt_x', 'agt_a', 'x.y', 'errors', '{}', 60, 3)",
      'UPDATE breakers SET probes = 100',
      'UPDATE breakers SET probe_at = now()',
    ])
      await expect(web.query(sql), sql).rejects.toThrow(/permission denied/);
    await expect(web.query("UPDATE breakers SET state = 'closed', closed_at = now()")).rejects.toThrow(/without an event/);
    await web.end();
  });
});
