import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { epochOf, setKill, askResumption } from '../service';
import { newId } from '@/lib/kernel/ids';
import { deactivateUser } from '@/lib/people/service';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess, registerAgent } from '@/lib/registry/service';

// What the web and gateway roles themselves could do, were their processes taken over: raw SQL, with their own rights.
let plane: PeoplePlane;
let owns: pg.Client;
let web: pg.Client;
let gateway: pg.Client;
let leader: TestPerson;
let security: TestPerson;
let made = 0;

beforeAll(async () => {
  plane = await testPeoplePlane();
  [owns, web, gateway] = [plane.ownerUrl, plane.webUrl, plane.gatewayUrl].map(
    (connectionString) => new pg.Client({ connectionString }),
  ) as [pg.Client, pg.Client, pg.Client];
  await Promise.all([owns.connect(), web.connect(), gateway.connect()]);
  [leader, security] = [await person(['leader']), await person(['security'])];
  await createProcess(setup, { id: 'prc_test', name: 'Test', ownerId: (await person(['process_owner'])).id });
});
afterAll(async () => {
  await Promise.all([owns.end(), web.end(), gateway.end()]);
  await plane.drop();
});

const reason = 'It pays twice.';
async function stopped(): Promise<string> {
  const agent = await registerAgent(setup, { id: `agt_test${++made}`, name: 'Agent', purpose: 'Testing.', processId: 'prc_test' });
  if (!agent.ok) throw new Error(agent.code);
  const outcome = await setKill(security.actor, { scope: 'agent', target: agent.agent.id, reason });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.kill.id;
}
async function asked(): Promise<string> {
  const outcome = await askResumption(security.actor, {
    divergence: {
      refused: 'behind',
      outside: { origin: 'countersign/0', size: '100', root: (++made).toString(16).padStart(64, '0'), at: '2026-11-21T10:00:00.000Z' },
      kept: { size: '75', at: '2026-11-20T10:00:00.000Z' },
      head: { size: '80', at: '2026-11-20T10:05:00.000Z' },
    },
    reason,
  });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.resumption.id;
}
async function left(): Promise<string> {
  const gone = await person(['leader']);
  await deactivateUser(setup, gone.id);
  return gone.id;
}

/** As the web role, in one transaction, with an event of a kind (or `none`); answers what PostgreSQL says against it. */
async function asWeb(statement: string, values: unknown[], kind = 'kill.lifted'): Promise<string | undefined> {
  await web.query('BEGIN');
  try {
    await web.query(statement, values);
    if (kind !== 'none')
      await web.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ($1, 'x', convert_to($2, 'UTF8'))", [
        kind,
        JSON.stringify({ kind, id: newId('evt') }),
      ]);
    await web.query('COMMIT');
    return undefined;
  } catch (error) {
    await web.query('ROLLBACK');
    return error instanceof Error ? error.message : String(error);
  }
}
const liftSql = "UPDATE kill_switches SET lifted_by = $2, lifted_at = now(), lift_reason = 'x' WHERE id = $1";
const signSql = "UPDATE resumptions SET signed_by = $2, signed_at = now(), signed_reason = 'x' WHERE id = $1";
const inForce = async (id: string) =>
  (await owns.query('SELECT 1 FROM kill_switches WHERE id = $1 AND lifted_at IS NULL', [id])).rowCount === 1;

const nobodyElse: [string, () => Promise<string>][] = [
  ['whoever began it', () => Promise.resolve(security.id)],
  ['another account of theirs', async () => (await person(['leader'], security.personId)).id],
  ['somebody who left', left],
  ['nobody', () => Promise.resolve('usr_nobody')],
];

describe('the web role', () => {
  it.each(nobodyElse)('lifts no stop as %s', async (_, who) => {
    const id = await stopped();
    expect(await asWeb(liftSql, [id, await who()])).toMatch(/a second person/);
    expect(await inForce(id)).toBe(true);
  });

  it('lifts a stop as a second person, and that is never changed afterwards', async () => {
    const id = await stopped();
    expect(await asWeb('UPDATE kill_switches SET lifted_at = now() WHERE id = $1', [id])).toMatch(/a second person/);
    expect(await asWeb(liftSql, [id, leader.id])).toBeUndefined();
    expect(await asWeb(liftSql, [id, (await person(['leader'])).id])).toMatch(/a second person/);
    expect(await asWeb('UPDATE kill_switches SET lifted_by = NULL, lifted_at = NULL WHERE id = $1', [id])).toMatch(/a second person/);
  });

  it.each(nobodyElse)('signs no resumption as %s', async (_, who) => {
    const id = await asked();
    expect(await asWeb(signSql, [id, await who()], 'resumption.signed')).toMatch(/a second person/);
    expect((await owns.query('SELECT 1 FROM resumptions WHERE id = $1 AND signed_by IS NULL', [id])).rowCount).toBe(1);
  });

  it('signs a resumption as a second person, and that is never changed afterwards', async () => {
    const id = await asked();
    expect(await asWeb(signSql, [id, leader.id], 'resumption.signed')).toBeUndefined();
    expect(await asWeb(signSql, [id, (await person(['leader'])).id], 'resumption.signed')).toMatch(/a second person/);
  });

  it.each<[string, string]>([
    ['lifts a stop', "UPDATE kill_switches SET lifted_by = $2, lifted_at = now(), lift_reason = 'x' WHERE id = $1"],
    ['closes a breaker', "UPDATE breakers SET state = 'closed', closed_at = now() WHERE $1 <> $2"],
    ['takes a policy out of force', "UPDATE policies SET status = 'draft' WHERE status = 'active' AND $1 <> $2"],
  ])('%s with no event that tells gateways: that is refused', async (_, statement) => {
    const id = await stopped();
    await owns.query('BEGIN');
    await owns.query(
      "INSERT INTO breakers (agent_id, action_type, state, cause, probe_at, probes) VALUES ($1, 'x.y', 'open', 'errors', now(), 1)",
      [id],
    );
    await owns.query("INSERT INTO policies (id, version, name, status, document) VALUES ($1, 1, 'x', 'active', '{}')", [`pol_${id}`]);
    await owns.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('policy.published', 'x', '{}')");
    await owns.query('COMMIT');
    for (const kind of ['none', 'user.signed_in'])
      expect(await asWeb(statement, [id, leader.id], kind), kind).toMatch(/without an event that moves the epoch/);
  });

  it.each([
    'DELETE FROM kill_switches',
    'INSERT INTO kill_switches (id, scope, target, reason, set_by, set_at) VALUES ($$k$$, $$agent$$, $$a$$, $$x$$, $$u$$, now())',
    'INSERT INTO kill_acknowledgements (kill_id, told_at) VALUES ($$k$$, now())',
    'INSERT INTO drills (id, agent_id, asked_by, kill_id, finished_at, outcome, last_ms) VALUES ($$d$$, $$a$$, $$u$$, $$k$$, now(), $$passed$$, 5)',
    'UPDATE kill_switches SET set_by = $$usr_x$$',
    'UPDATE kill_acknowledgements SET last_ms = 1',
    'DELETE FROM kill_acknowledgements',
    'INSERT INTO gateways (id, name, epoch) VALUES ($$gtw_x$$, $$x$$, 1)',
    'UPDATE gateways SET seen_at = now()',
    'INSERT INTO gateway_installs (gateway_id, epoch) VALUES ($$gtw_x$$, 1)',
    'SELECT gateway_says($$gtw_x$$, $$x$$, 1, NULL, false)',
    'UPDATE breakers SET probes = 100',
    'UPDATE breakers SET probe_at = now()',
    'DELETE FROM breakers',
    'UPDATE breaker_windows SET failed = 0',
    'DELETE FROM release_requests',
    'DELETE FROM workflow_halts',
    'DELETE FROM resumptions',
    'UPDATE resumptions SET asked_by = $$usr_x$$',
    'INSERT INTO resumptions (id, signed_by) VALUES ($$rsm_x$$, $$usr_x$$)',
    'DELETE FROM drills',
  ])('never: %s', async (statement) => {
    await expect(web.query(statement)).rejects.toThrow(/permission denied/);
  });
});

describe('what gateways said', () => {
  it.each(['gateways', 'gateway_installs'])('is not removed from %s by the web role, but for what is long over', async (table) => {
    await gateway.query('SELECT gateway_says($1, $1, 0, NULL, false)', ['gtw_here']);
    await expect(web.query(`DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
    await web.query('SELECT gateways_forget(1000)');
    const id = table === 'gateways' ? 'id' : 'gateway_id';
    expect((await owns.query(`SELECT 1 FROM ${table} WHERE ${id} = 'gtw_here'`)).rowCount).toBe(1);
  });
});

describe('the gateway role', () => {
  it('acknowledges nothing that has not happened yet', async () => {
    const say = (epoch: bigint) => gateway.query('SELECT gateway_says($1, $1, $2, NULL, false)', ['gtw_early', epoch]);
    const before = (await epochOf('kill.set', await stopped()))?.seq ?? 0n;
    await say(before + 1n);
    await say(9_000_000_000_000n);
    const later = (await epochOf('kill.set', await stopped()))?.seq ?? 0n;
    const acknowledged = async (epoch: bigint) =>
      (await owns.query('SELECT 1 FROM gateway_installs WHERE gateway_id = $1 AND epoch >= $2', ['gtw_early', epoch])).rowCount;
    expect(await acknowledged(later)).toBe(0);
    expect(
      (await owns.query<{ known: boolean }>('SELECT epoch < $2 AS known FROM gateways WHERE id = $1', ['gtw_early', later])).rows,
    ).toEqual([{ known: true }]);
    await say(later);
    expect(await acknowledged(later)).toBe(1);
  });

  it.each([
    'INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ($$k$$, $$agent$$, $$a$$, $$x$$, $$u$$)',
    'UPDATE kill_switches SET lifted_at = now()',
    'INSERT INTO kill_acknowledgements (kill_id) VALUES ($$k$$)',
    'DELETE FROM gateways',
    'UPDATE gateway_installs SET installed_at = now()',
    'UPDATE breakers SET state = $$closed$$',
    'INSERT INTO breakers (agent_id, action_type, state, cause, probe_at, probes) VALUES ($$a$$, $$x$$, $$open$$, $$errors$$, now(), 1)',
    'SELECT breaker_open_again($$evt_x$$, $$a$$, $$x$$, now(), $${}$$, 1)',
    'SELECT breaker_tell($$evt_x$$, NULL)',
    'DELETE FROM breaker_windows',
    'UPDATE workflow_halts SET released_at = now()',
    'INSERT INTO release_requests (id) VALUES ($$rlr_x$$)',
    'UPDATE resumptions SET signed_by = $$usr_x$$',
    'INSERT INTO drills (id) VALUES ($$drl_x$$)',
    'DELETE FROM counters',
  ])('never: %s', async (statement) => {
    await expect(gateway.query(statement)).rejects.toThrow(/permission denied/);
  });
});

describe('functions of the database', () => {
  it('run with nobody else’s search path, and for nobody who was not given them', async () => {
    const { rows } = await owns.query<{ name: string; open: boolean; loose: boolean }>(
      `SELECT p.proname AS name, p.prosecdef AND NOT coalesce(array_to_string(p.proconfig, ' ') LIKE '%search_path=public, pg_temp%', false) AS loose,
         p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0) AS open
       FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace`,
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ open, loose }) => open || loose).map(({ name }) => name)).toEqual([]);
  });
});
