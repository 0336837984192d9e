import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deactivateUser, findUser, type User } from '@/lib/people/service';
import { eventsAbout, person, setup, waitUntilBlocked, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess, registerAgent } from '@/lib/registry/service';
import pg from 'pg';
import type { KillScope, KillSource } from '../schema';
import { epochOf } from './gateways';
import { impactOf, liftKill, listKills, setKill } from './kills';
import { killReach, tellAcknowledged } from './reach';

let plane: PeoplePlane;
let owner: TestPerson;
let security: TestPerson;
let leader: TestPerson;
let engineer: TestPerson;
let owns: pg.Client;
let agents = 0;

beforeAll(async () => {
  plane = await testPeoplePlane();
  owns = new pg.Client({ connectionString: plane.ownerUrl });
  await owns.connect();
  [owner, security, leader, engineer] = [
    await person(['process_owner']),
    await person(['security']),
    await person(['leader']),
    await person(['engineer']),
  ];
  await createProcess(setup, { id: 'prc_payables', name: 'Accounts payable', ownerId: owner.id });
});
afterAll(async () => {
  await owns.end();
  await plane.drop();
});

async function newAgent(): Promise<string> {
  const outcome = await registerAgent(setup, { id: `agt_test${++agents}`, name: 'Agent', purpose: 'Testing.', processId: 'prc_payables' });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.agent.id;
}

const userOf = async ({ id }: TestPerson): Promise<User> => {
  const user = await findUser(id);
  if (!user) throw new Error(id);
  return user;
};
const stop = (target: string) => ({ scope: 'agent' as const, target, reason: 'It pays twice, says Ana.' });
const reason = 'Fixed and reviewed.';

async function stopped(by: TestPerson = security): Promise<string> {
  const outcome = await setKill(by.actor, stop(await newAgent()));
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.kill.id;
}

describe('a stop', () => {
  it('is in force at its commit, with an event that every gateway must see first, and the reason beside the ledger', async () => {
    const target = await newAgent();
    const outcome = await setKill(security.actor, stop(target));
    if (!outcome.ok) throw new Error(outcome.code);
    const { id } = outcome.kill;
    expect((await listKills()).map((kill) => kill.id)).toContain(id);
    const [event] = await eventsAbout(id);
    expect(event).toMatchObject({ kind: 'kill.set', actor: security.actor, data: { scope: 'agent', target } });
    expect(event?.commitment).toBeDefined();
    expect(JSON.stringify(event)).not.toContain('Ana');
    expect(await prisma().$queryRaw<unknown[]>`SELECT 1 FROM ledger_epochs WHERE kind = 'kill.set' AND subject = ${id}`).toHaveLength(1);
  });

  it('is timed by the database, whatever time the console thinks it is', async () => {
    const target = await newAgent();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    const outcome = await setKill(security.actor, stop(target)).finally(() => vi.useRealTimers());
    if (!outcome.ok) throw new Error(outcome.code);
    expect(Math.abs(outcome.kill.setAt.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('set again is the one in force, and writes nothing', async () => {
    const target = await newAgent();
    const first = await setKill(security.actor, stop(target));
    const second = await setKill(leader.actor, stop(target));
    expect(second).toMatchObject({ ok: true, already: true, kill: { id: first.ok ? first.kill.id : '' } });
    expect((await listKills()).filter((kill) => kill.target === target)).toHaveLength(1);
  });

  it('pressed while another one is being set is that one', async () => {
    const target = await newAgent();
    await owns.query('BEGIN');
    await owns.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ('kil_other', 'agent', $1, 'x', $2)", [
      target,
      security.id,
    ]);
    await owns.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('kill.set', 'kil_other', '{}')");
    const press = setKill(leader.actor, stop(target));
    await Promise.race([press, waitUntilBlocked(plane.superuserUrl)]);
    await owns.query('COMMIT');
    expect(await press).toMatchObject({ ok: true, already: true, kill: { id: 'kil_other' } });
    expect((await listKills()).filter((kill) => kill.target === target)).toHaveLength(1);
  });

  it('pressed while the one in force is being lifted is a new one, not the one that ends', async () => {
    const target = await newAgent();
    const first = await setKill(security.actor, stop(target));
    const id = first.ok ? first.kill.id : '';
    await owns.query('BEGIN');
    await owns.query("UPDATE kill_switches SET lifted_by = $2, lifted_at = now(), lift_reason = 'x' WHERE id = $1", [id, leader.id]);
    await owns.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('kill.lifted', $1, '{}')", [id]);
    const press = setKill(leader.actor, stop(target));
    await Promise.race([press, waitUntilBlocked(plane.superuserUrl)]);
    await owns.query('COMMIT');
    expect(await press).toMatchObject({ ok: true, already: false });
    expect((await listKills()).filter((kill) => kill.target === target)).toHaveLength(1);
  });

  it('is set by a process owner on their own process and agents, and on nothing else', async () => {
    const stranger = await person(['process_owner']);
    const target = await newAgent();
    expect(await setKill(stranger.actor, stop(target))).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await setKill(owner.actor, stop(target))).toMatchObject({ ok: true });
    expect(await setKill(owner.actor, { scope: 'process', target: 'prc_payables', reason })).toMatchObject({ ok: true });
    expect(await setKill(owner.actor, { scope: 'organisation', target: 'organisation', reason })).toEqual({
      ok: false,
      code: 'NOT_ALLOWED',
    });
    const twin = await person(['process_owner'], owner.personId);
    expect(await setKill(twin.actor, stop(await newAgent()))).toMatchObject({ ok: true });
  });

  it('is refused to who may not, to a removed person, and on what does not exist', async () => {
    const target = await newAgent();
    const gone = await person(['security']);
    await deactivateUser(setup, gone.id);
    expect(await setKill(engineer.actor, stop(target))).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await setKill(gone.actor, stop(target))).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    for (const scope of ['agent', 'process', 'action_type', 'system'] as const) {
      expect(await setKill(security.actor, { scope, target: 'agt_typo', reason }), scope).toEqual({ ok: false, code: 'TARGET_UNKNOWN' });
    }
    expect((await listKills()).filter((kill) => kill.target === target || kill.target === 'agt_typo')).toEqual([]);
  });

  it('is lifted by a second person, never by who set it, with whichever account', async () => {
    const id = await stopped();
    const twin = await person(['leader'], security.personId);
    expect(await liftKill(security.actor, { id, reason })).toEqual({ ok: false, code: 'SAME_PERSON' });
    expect(await liftKill(twin.actor, { id, reason })).toEqual({ ok: false, code: 'SAME_PERSON' });
    expect(await liftKill({ type: 'operator', id: security.id }, { id, reason })).toEqual({ ok: false, code: 'SAME_PERSON' });
    expect((await listKills()).map((kill) => kill.id)).toContain(id);
    expect(await liftKill(leader.actor, { id, reason })).toMatchObject({ ok: true });
    expect((await listKills()).map((kill) => kill.id)).not.toContain(id);
    expect(await eventsAbout(id)).toMatchObject([
      { kind: 'kill.set' },
      { kind: 'kill.lifted', actor: leader.actor, data: { set_by: security.id } },
    ]);
  });

  it('is not lifted by an owner, an engineer, nobody, or twice', async () => {
    const id = await stopped();
    expect(await liftKill(owner.actor, { id, reason })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await liftKill(engineer.actor, { id, reason })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await liftKill({ type: 'user', id: 'usr_none' }, { id, reason })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await liftKill(leader.actor, { id: 'kil_none', reason })).toEqual({ ok: false, code: 'NOT_FOUND' });
    const others = [leader, await person(['leader']), await person(['security']), await person(['security'])];
    const outcomes = await Promise.all(others.map(({ actor }) => liftKill(actor, { id, reason })));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await liftKill(leader.actor, { id, reason })).toEqual({ ok: false, code: 'ALREADY_LIFTED' });
    expect((await eventsAbout(id)).filter(({ kind }) => kind === 'kill.lifted')).toHaveLength(1);
  });

  it('needs a reason, both ways', async () => {
    const id = await stopped();
    expect(() => setKill(security.actor, { ...stop('agt_x'), reason: '' })).toThrow();
    expect(() => liftKill(leader.actor, { id, reason: ' ' })).toThrow();
  });
});

describe('what made somebody press', () => {
  it('is kept with the instant it was first known: a finding, a decision, a report', async () => {
    const at = new Date('2026-11-01T10:00:00.000Z');
    const hourAgo = new Date(Date.now() - 3_600_000);
    await owns.query(
      "INSERT INTO findings (id, detector, key, subject_type, subject_id, severity, opened_at) VALUES ('fnd_a', 'agent.silent', 'k', 'agent', 'agt_a', 'high', $1)",
      [at],
    );
    for (const [source, detectedAt] of [
      [{ type: 'finding', id: 'fnd_a' } as const, at],
      [{ type: 'report', at: hourAgo } as const, hourAgo],
    ] as const) {
      const outcome = await setKill(security.actor, { ...stop(await newAgent()), source });
      expect(outcome).toMatchObject({ ok: true, kill: { sourceType: source.type, detectedAt } });
      const [event] = await eventsAbout(outcome.ok ? outcome.kill.id : '');
      expect(event?.data).toMatchObject({ detected_at: detectedAt.toISOString() });
    }
  });

  it('is now when a clock is a little ahead: no stop waits for that', async () => {
    const outcome = await setKill(security.actor, {
      ...stop(await newAgent()),
      source: { type: 'report', at: new Date(Date.now() + 300_000) },
    });
    if (!outcome.ok) throw new Error(outcome.code);
    expect(outcome.kill.detectedAt).toEqual(outcome.kill.setAt);
  });

  it.each<[string, KillSource]>([
    ['a finding that does not exist', { type: 'finding', id: 'fnd_none' }],
    ['a decision that does not exist', { type: 'decision', id: 'dec_none' }],
    ['a report from the future', { type: 'report', at: new Date(Date.now() + 3_600_000) }],
    ['a report too far back', { type: 'report', at: new Date('2020-01-01T00:00:00Z') }],
  ])('is never %s, and then nothing is stopped', async (_, source) => {
    const target = await newAgent();
    expect(await setKill(security.actor, { ...stop(target), source })).toEqual({ ok: false, code: 'SOURCE_UNKNOWN' });
    expect((await listKills()).filter((kill) => kill.target === target)).toEqual([]);
  });
});

describe('before anybody presses', () => {
  it('it is said what would be stopped: active agents, requests that wait, approvals not used, live grants, calls that wait at living gateways', async () => {
    const process = await createProcess(setup, { id: 'prc_impact', name: 'Impact', ownerId: owner.id });
    expect(process.ok).toBe(true);
    const ids: string[] = [];
    for (const id of ['agt_one', 'agt_two', 'agt_draft']) {
      const outcome = await registerAgent(setup, { id, name: id, purpose: 'Testing.', processId: 'prc_impact' });
      if (outcome.ok) ids.push(outcome.agent.id);
    }
    await owns.query('BEGIN');
    await owns.query(
      "UPDATE agents SET status = CASE WHEN id = 'agt_draft' THEN 'draft' ELSE 'active' END WHERE process_id = 'prc_impact'",
    );
    await owns.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('agent.changed', 'agt_one', '{}')");
    await owns.query('COMMIT');
    const ask = (id: string, agent: string, status: string, minutes: number) =>
      owns.query(
        `INSERT INTO approvals (id, decision_id, decision_seq, agent_id, process_id, workflow_id, action_type, digest, tier, deciding, status, requested_at, expires_at, decided_by)
         VALUES ($1, 'dec_x', 1, $2, 'prc_impact', 'wfl_x', 'x.y', '', 3, '{}', $3, now(), now() + make_interval(mins => $4), CASE WHEN $3 = 'pending' THEN NULL ELSE 'usr_x' END)`,
        [id, agent, status, minutes],
      );
    await ask('apr_1', 'agt_one', 'pending', 5);
    await ask('apr_2', 'agt_two', 'approved', 5);
    await ask('apr_3', 'agt_two', 'pending', -5);
    await ask('apr_4', 'agt_two', 'used', 5).catch(() => undefined);
    await ask('apr_5', 'agt_draft', 'pending', 5);
    const waits = (gateway: string, ids: string[]) => owns.query('SELECT gateway_says($1, $1, 0, NULL, false, NULL, $2)', [gateway, ids]);
    await waits('gtw_a', ['apr_1', 'apr_1', 'apr_5', 'apr_none']);
    await waits('gtw_b', ['apr_1']);
    await waits('gtw_gone', ['apr_1']);
    await owns.query("UPDATE gateways SET seen_at = seen_at - interval '1 minute' WHERE id = 'gtw_gone'");
    const counted = { waiting: 1, approved: 1, grants: 0, calls: 3 };
    const of = async (scope: KillScope, target: string) => impactOf(await userOf(security), scope, target);
    expect(await of('process', 'prc_impact')).toMatchObject({
      target: { name: 'Impact' },
      maySet: true,
      inForce: null,
      impact: { agents: 2, named: [{ id: 'agt_one' }, { id: 'agt_two' }], ...counted },
    });
    expect((await of('agent', 'agt_one'))?.impact).toMatchObject({ agents: 1, waiting: 1, approved: 0 });
    expect((await of('agent', 'agt_draft'))?.impact).toMatchObject({ agents: 0, waiting: 0 });
    expect((await impactOf(await userOf(engineer), 'agent', 'agt_one'))?.maySet).toBe(false);
    expect(await of('agent', 'agt_none')).toBeUndefined();
    expect(await of('organisation', 'anything')).toBeUndefined();
    await owns.query('DELETE FROM gateways');
  });
});

describe('acknowledgements', () => {
  const say = (id: string, epoch: bigint | number) =>
    owns.query('SELECT gateway_says($1, $2, $3, NULL, false)', [id, `${id}:4000`, Number(epoch)]);
  const told = async (id: string) => (await eventsAbout(id)).filter(({ kind }) => kind === 'kill.acknowledged');

  it('are told once, when the last gateway decides by the stop, with the measured times', async () => {
    await say('gtw_one', 1);
    await say('gtw_two', 1);
    const outcome = await setKill(security.actor, {
      ...stop(await newAgent()),
      source: { type: 'report', at: new Date(Date.now() - 10_000) },
    });
    if (!outcome.ok) throw new Error(outcome.code);
    const { kill } = outcome;
    const epoch = (await epochOf('kill.set', kill.id))?.seq ?? 0n;
    await say('gtw_one', epoch);
    await tellAcknowledged();
    expect(await told(kill.id)).toEqual([]);
    expect(await killReach(kill)).toMatchObject({ all: false, silent: ['gtw_two:4000'] });
    await say('gtw_two', epoch);
    await Promise.all([tellAcknowledged(), tellAcknowledged(), tellAcknowledged()]);
    await tellAcknowledged();
    const [event, ...more] = await told(kill.id);
    expect(more).toEqual([]);
    const data = event?.data as { silent: string[]; gateways: { gateway: string; ms: number }[]; last_ms: number };
    expect(data.silent).toEqual([]);
    expect(data.gateways.map(({ gateway }) => gateway).sort()).toEqual(['gtw_one', 'gtw_two']);
    expect(data.last_ms).toBe(Math.max(...data.gateways.map(({ ms }) => ms)));
    const reach = await killReach(kill);
    expect(reach.lastMs).toBe(data.last_ms);
    expect((reach.detectedMs ?? 0) - (reach.lastMs ?? 0)).toBeGreaterThanOrEqual(9_000);
  });

  it('that stay away are named, after a time, and never waited for again', async () => {
    await say('gtw_one', 1);
    await say('gtw_two', 1);
    const id = await stopped();
    const epoch = (await epochOf('kill.set', id))?.seq ?? 0n;
    await say('gtw_one', epoch);
    await owns.query('BEGIN');
    await owns.query("UPDATE kill_switches SET set_at = set_at - interval '31 seconds' WHERE id = $1", [id]);
    await owns.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('kill.set', 'kil_other', '{}')");
    await owns.query('COMMIT');
    await tellAcknowledged();
    expect((await told(id)).map(({ data }) => (data as { silent: string[] }).silent)).toEqual([['gtw_two']]);
  });
});
