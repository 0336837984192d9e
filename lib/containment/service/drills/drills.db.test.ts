import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deactivateUser, findUser, inTransaction } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess, findAgent, registerAgent } from '@/lib/registry/service';
import { readDrill, readDrills } from '../../reading';
import { drillAgentId, type NewDrillPlan } from '../../schema';
import { endDrillPlan, planDrills, runDrill, sweepDrills, type RunDrillOutcome } from '.';
import { epochOf } from '../gateways';
import { impactOf, liftKill, listKills, setKill } from '../kills';
import { tellAcknowledged } from '../reach';
import { pressForDrill } from './run';

let plane: PeoplePlane;
let owns: pg.Client;
let web: pg.Client;
let owner: TestPerson;
let security: TestPerson;
let leader: TestPerson;
let engineer: TestPerson;
let agents = 0;

beforeAll(async () => {
  plane = await testPeoplePlane();
  owns = new pg.Client({ connectionString: plane.ownerUrl });
  web = new pg.Client({ connectionString: plane.webUrl });
  await Promise.all([owns.connect(), web.connect()]);
  [owner, security, leader, engineer] = [
    await person(['process_owner']),
    await person(['security']),
    await person(['leader']),
    await person(['engineer']),
  ];
  await createProcess(setup, { id: 'prc_payables', name: 'Accounts payable', ownerId: owner.id });
});
afterAll(async () => {
  await Promise.all([owns.end(), web.end()]);
  await plane.drop();
});

/** What a gateway says of itself; it lives as long as it said so lately. */
const say = (id: string, epoch: bigint | number) =>
  owns.query('SELECT gateway_says($1, $2, $3, NULL, false)', [id, `${id}:4000`, Number(epoch)]);
const goodbye = (id: string) => owns.query('SELECT gateway_says($1, $2, 1, NULL, true)', [id, `${id}:4000`]);
const gateways = ['gtw_a', 'gtw_b'];
let round = 0;
let alive: string[] = [];
const here = async () => {
  for (const id of alive) await say(id, 1);
};
beforeEach(async () => {
  round += 1;
  alive = gateways.map((id) => `${id}${round}`);
  await here();
});
afterEach(async () => {
  for (const id of alive) await goodbye(id);
  await owns.query('UPDATE drill_plans SET active = false');
});

/** Puts past triggers right what only time could: a change of the owner's own, with an event of it. */
async function change(statement: string, values: unknown[] = []): Promise<void> {
  await owns.query('BEGIN');
  await owns.query(statement, values);
  await owns.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('kill.set', 'kil_other', '{}')");
  await owns.query('COMMIT');
}

async function newAgent(status = 'draft'): Promise<string> {
  const outcome = await registerAgent(setup, { id: `agt_test${++agents}`, name: 'Agent', purpose: 'Testing.', processId: 'prc_payables' });
  if (!outcome.ok) throw new Error(outcome.code);
  if (status !== 'draft') await change('UPDATE agents SET status = $2 WHERE id = $1', [outcome.agent.id, status]);
  return outcome.agent.id;
}

type Row = { id: string; outcome: string | null; why: string | null; lastMs: number | null; silent: string[]; killId: string | null };
const drillsOf = async (agent: string): Promise<Row[]> =>
  (await prisma().drill.findMany({ where: { agentId: agent }, orderBy: { id: 'asc' } })) as Row[];
const inForce = async (agent: string) => (await listKills()).filter(({ target }) => target === agent);
const begun = (agent: string) =>
  vi.waitFor(async () => {
    const row = (await drillsOf(agent)).find(({ outcome }) => outcome === null);
    if (!row?.killId) throw new Error('not begun');
    return { id: row.id, killId: row.killId };
  });
const acknowledge = async (killId: string, who = alive): Promise<void> => {
  const epoch = (await epochOf('kill.set', killId))?.seq ?? 0n;
  for (const id of who) await say(id, epoch);
};

/** A drill pressed by a process that died right after: nobody waits for its gateways. */
async function left(agent: string): Promise<{ id: string; killId: string }> {
  await here();
  const drill = await inTransaction((tx) => pressForDrill(tx, security.actor, { agentId: agent, planId: null, askedBy: security.id }));
  if (!drill?.killId) throw new Error('no drill');
  return { id: drill.id, killId: drill.killId };
}

/** Runs a drill while every gateway acknowledges. */
async function run(agent: string, confirmed = false): Promise<RunDrillOutcome> {
  await here();
  const running = runDrill(security.actor, { target: { agent }, confirmed });
  await acknowledge((await begun(agent)).killId);
  return running;
}

describe('a drill', () => {
  test('really stops its agent, is measured to the last acknowledgement, and lifts its own stop', async () => {
    const agent = await newAgent();
    const running = runDrill(security.actor, { target: { agent } });
    const { id, killId } = await begun(agent);
    expect(await inForce(agent)).toMatchObject([{ id: killId, drillId: id, setBy: security.id }]);
    await acknowledge(killId);
    const outcome = await running;
    expect(outcome).toMatchObject({ ok: true, drill: { id, silent: [], why: null } });
    const [row] = await drillsOf(agent);
    // A busy machine may take longer than a second; the numbers and the outcome are bound by the table.
    expect(['passed', 'slow']).toContain(row?.outcome);
    expect(await inForce(agent)).toEqual([]);
    expect((await listKills(true)).find((kill) => kill.id === killId)).toMatchObject({ liftedBy: id });
    expect((await eventsAbout(killId)).map(({ kind }) => kind)).toEqual(['kill.set', 'kill.acknowledged', 'kill.lifted']);
    const told = (await eventsAbout(agent)).filter(({ kind }) => kind.startsWith('drill.'));
    expect(told).toMatchObject([
      { kind: 'drill.started', actor: security.actor, data: { drill: id, kill: killId } },
      { kind: 'drill.finished', actor: { type: 'system' }, data: { drill: id, outcome: row?.outcome, last_ms: row?.lastMs, silent: [] } },
    ]);
    expect(await readDrill(id)).toMatchObject({ agent: { id: agent }, kill: killId, outcome: row?.outcome, lastMs: row?.lastMs });
  });

  test('registers the drill agent once, as a draft with nothing it may do, in the process that is named', async () => {
    expect(await runDrill(security.actor, { target: { process: 'prc_none' } })).toEqual({ ok: false, code: 'TARGET_UNKNOWN' });
    expect(await findAgent(drillAgentId)).toBeUndefined();
    const user = await findUser(security.id);
    if (!user) throw new Error('gone');
    expect((await readDrills(user, {})).drillAgent).toBeNull();
    const running = Promise.all([
      runDrill(security.actor, { target: { process: 'prc_payables' } }),
      runDrill(leader.actor, { target: { process: 'prc_payables' } }),
    ]);
    await acknowledge((await begun(drillAgentId)).killId);
    expect((await running).map((outcome) => (outcome.ok ? 'ran' : outcome.code)).toSorted()).toEqual(['UNDER_WAY', 'ran']);
    expect(await findAgent(drillAgentId)).toMatchObject({ status: 'draft', permissions: [], ownerId: owner.id, processId: 'prc_payables' });
    expect((await readDrills(user, {})).drillAgent).toMatchObject({ id: drillAgentId });
  });

  test('that its process left in the middle is finished by the next sweep, once, however many sweep', async () => {
    const agent = await newAgent();
    const { id, killId } = await left(agent);
    await sweepDrills();
    expect(await drillsOf(agent)).toMatchObject([{ id, outcome: null }]);
    await acknowledge(killId);
    await Promise.all(Array.from({ length: 6 }, () => sweepDrills()));
    expect((await drillsOf(agent))[0]?.outcome).not.toBeNull();
    expect(await inForce(agent)).toEqual([]);
    expect((await eventsAbout(killId)).filter(({ kind }) => kind === 'kill.lifted')).toHaveLength(1);
    expect((await eventsAbout(agent)).filter(({ kind }) => kind === 'drill.finished')).toHaveLength(1);
    expect(await sweepDrills()).toBe(0);
  });

  test('of which a gateway stays silent fails after thirty seconds, names it, and lifts its stop', async () => {
    const agent = await newAgent();
    const { killId } = await left(agent);
    await acknowledge(killId, alive.slice(0, 1));
    await sweepDrills();
    expect(await inForce(agent)).toHaveLength(1);
    await change("UPDATE kill_switches SET set_at = set_at - interval '30 seconds' WHERE id = $1", [killId]);
    await sweepDrills();
    expect(await drillsOf(agent)).toMatchObject([{ outcome: 'failed', silent: [`${alive[1]}:4000`] }]);
    expect(await inForce(agent)).toEqual([]);
    await tellAcknowledged();
    const told = (await eventsAbout(killId)).filter(({ kind }) => kind === 'kill.acknowledged');
    expect(told).toMatchObject([{ data: { silent: [alive[1]] } }]);
  });

  test('without a gateway alive measures nothing, and says so', async () => {
    for (const id of alive) await goodbye(id);
    const agent = await newAgent();
    expect(await runDrill(security.actor, { target: { agent } })).toMatchObject({
      ok: true,
      drill: { outcome: 'aborted', why: 'NO_GATEWAY' },
    });
    expect(await inForce(agent)).toEqual([]);
  });

  test('leaves a stop alone that a person sets meanwhile: it is a stop of its own, and stays', async () => {
    const agent = await newAgent();
    const { killId } = await left(agent);
    const user = await findUser(leader.id);
    expect(user && (await impactOf(user, 'agent', agent))?.inForce).toBeNull();
    const real = await setKill(leader.actor, { scope: 'agent', target: agent, reason: 'It pays twice.' });
    expect(real).toMatchObject({ ok: true, already: false });
    await acknowledge(killId);
    await sweepDrills();
    expect((await drillsOf(agent))[0]?.outcome).not.toBeNull();
    expect((await inForce(agent)).map(({ id }) => id)).toEqual([real.ok ? real.kill.id : '']);
  });

  test('may be lifted by a second person, never by who pressed, and is measured all the same', async () => {
    const agent = await newAgent();
    const { killId } = await left(agent);
    expect(await liftKill(security.actor, { id: killId, reason: 'Enough.' })).toEqual({ ok: false, code: 'SAME_PERSON' });
    expect(await liftKill(leader.actor, { id: killId, reason: 'Enough.' })).toMatchObject({ ok: true });
    await acknowledge(killId);
    await sweepDrills();
    expect((await drillsOf(agent))[0]?.silent).toEqual([]);
    expect((await eventsAbout(killId)).filter(({ kind }) => kind === 'kill.lifted')).toMatchObject([{ actor: leader.actor }]);
  });
});

describe('a drill is refused', () => {
  const attempt = (actor: TestPerson, agent: string, confirmed = false) => runDrill(actor.actor, { target: { agent }, confirmed });

  test.each([
    ['to who manages none', () => engineer, 'draft', true, 'NOT_ALLOWED'],
    ['to a process owner', () => owner, 'draft', true, 'NOT_ALLOWED'],
    ['of an agent in service, without the person’s word', () => security, 'active', false, 'NOT_CONFIRMED'],
    ['of a suspended one, which is in service too', () => security, 'suspended', false, 'NOT_CONFIRMED'],
    ['of an agent at its end', () => security, 'decommissioned', true, 'AGENT_ENDED'],
  ])('%s', async (_, who, status, confirmed, code) => {
    const agent = await newAgent(status);
    expect(await attempt(who(), agent, confirmed)).toEqual({ ok: false, code });
    expect([await drillsOf(agent), await inForce(agent)]).toEqual([[], []]);
  });

  test('to a removed person, of what does not exist, of what is stopped, and while one is under way', async () => {
    const gone = await person(['security']);
    await deactivateUser(setup, gone.id);
    const agent = await newAgent();
    expect(await attempt(gone, agent)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await attempt(security, 'agt_none')).toEqual({ ok: false, code: 'TARGET_UNKNOWN' });
    const { killId } = await left(agent);
    expect(await attempt(leader, agent)).toEqual({ ok: false, code: 'UNDER_WAY' });
    await acknowledge(killId);
    await sweepDrills();
    await setKill(security.actor, { scope: 'agent', target: agent, reason: 'It pays twice.' });
    expect(await attempt(leader, agent)).toEqual({ ok: false, code: 'ALREADY_STOPPED' });
    expect(await drillsOf(agent)).toHaveLength(1);
  });

  test('never, where the person said so: an agent in service stops and goes on', async () => {
    const agent = await newAgent('active');
    expect(await run(agent, true)).toMatchObject({ ok: true });
    expect(await inForce(agent)).toEqual([]);
    expect(await findAgent(agent)).toMatchObject({ status: 'active' });
  });
});

const anyTime = null;
const now = () => new Date();
const windowNow = () => ({ fromHour: now().getUTCHours(), toHour: (now().getUTCHours() + 2) % 24 });
const windowLater = () => ({ fromHour: (now().getUTCHours() + 4) % 24, toHour: (now().getUTCHours() + 6) % 24 });

async function planned(agent: string, more: Partial<NewDrillPlan> = {}): Promise<string> {
  const outcome = await planDrills(security.actor, { target: { agent }, everyDays: 7, window: anyTime, ...more });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.plan.id;
}
const due = (plan: string) =>
  owns.query("UPDATE drill_plans SET next_at = date_trunc('milliseconds', now()) - interval '1 minute' WHERE id = $1", [plan]);
const nextOf = async (plan: string) => (await prisma().drillPlan.findUniqueOrThrow({ where: { id: plan } })).nextAt.getTime();
const daysAhead = async (plan: string) => ((await nextOf(plan)) - Date.now()) / 86_400_000;

describe('a plan', () => {
  test('is begun when it is due, once, however many sweep, and waits for its days again', async () => {
    const agent = await newAgent();
    const plan = await planned(agent);
    expect(await daysAhead(plan)).toBeCloseTo(7, 1);
    await sweepDrills();
    expect(await drillsOf(agent)).toEqual([]);
    await due(plan);
    const sweeping = Promise.all(Array.from({ length: 6 }, () => sweepDrills()));
    await acknowledge((await begun(agent)).killId);
    await sweeping;
    const [drill, ...more] = await drillsOf(agent);
    expect(more).toEqual([]);
    expect(drill).toMatchObject({ planId: plan, silent: [] });
    expect(await daysAhead(plan)).toBeCloseTo(7, 1);
    expect((await eventsAbout(agent)).find(({ kind }) => kind === 'drill.started')).toMatchObject({ actor: { type: 'system' } });
  });

  test('outside its hours waits for the next opening, and nothing stops', async () => {
    const agent = await newAgent('active');
    const plan = await planned(agent, { window: windowLater(), confirmed: true });
    await due(plan);
    await sweepDrills();
    expect(await drillsOf(agent)).toEqual([]);
    expect(await inForce(agent)).toEqual([]);
    const at = new Date(await nextOf(plan));
    expect([at.getUTCHours(), at.getTime() > Date.now(), (await daysAhead(plan)) < 1]).toEqual([windowLater().fromHour, true, true]);
  });

  test('within its hours stops the agent in service that it names', async () => {
    const agent = await newAgent('active');
    const plan = await planned(agent, { window: windowNow(), confirmed: true });
    await due(plan);
    const sweeping = sweepDrills();
    await acknowledge((await begun(agent)).killId);
    await sweeping;
    expect(await drillsOf(agent)).toMatchObject([{ silent: [], why: null }]);
  });

  test('stops no agent in service on the word of somebody who left, and says so', async () => {
    const agent = await newAgent('active');
    const gone = await person(['security']);
    const made = await planDrills(gone.actor, { target: { agent }, everyDays: 7, window: windowNow(), confirmed: true });
    if (!made.ok) throw new Error(made.code);
    await owns.query("UPDATE users SET roles = '{auditor}' WHERE id = $1", [gone.id]);
    await due(made.plan.id);
    await sweepDrills();
    expect(await drillsOf(agent)).toMatchObject([{ outcome: 'aborted', why: 'NOT_CONFIRMED', killId: null }]);
    expect(await inForce(agent)).toEqual([]);
  });

  test.each([
    ['came into service since, which nobody confirmed', 'active', 'NOT_CONFIRMED', true],
    ['is at its end, and ends with it', 'decommissioned', 'AGENT_ENDED', false],
  ])('stops nothing of an agent that %s', async (_, status, why, active) => {
    const agent = await newAgent();
    const plan = await planned(agent);
    await change('UPDATE agents SET status = $2 WHERE id = $1', [agent, status]);
    await due(plan);
    await Promise.all([sweepDrills(), sweepDrills()]);
    expect(await drillsOf(agent)).toMatchObject([{ outcome: 'aborted', why, killId: null }]);
    expect(await inForce(agent)).toEqual([]);
    expect((await prisma().drillPlan.findUniqueOrThrow({ where: { id: plan } })).active).toBe(active);
    if (active) expect(await daysAhead(plan)).toBeCloseTo(1, 1);
  });

  test('is not kept back by a drill that cannot be ended', async () => {
    const [broken, agent] = [await newAgent(), await newAgent()];
    await owns.query("INSERT INTO drills (id, agent_id, asked_by, kill_id) VALUES ('drl_broken', $1, 'usr_x', 'kil_none')", [broken]);
    const plan = await planned(agent);
    await due(plan);
    const sweeping = sweepDrills();
    const threw = expect(sweeping).rejects.toThrow(/has no stop/);
    await acknowledge((await begun(agent)).killId);
    await threw;
    expect(await drillsOf(agent)).toMatchObject([{ planId: plan, silent: [] }]);
    expect((await drillsOf(agent))[0]?.outcome).not.toBeNull();
    await owns.query("UPDATE drills SET finished_at = now(), outcome = 'aborted', why = 'NO_GATEWAY' WHERE id = 'drl_broken'");
  });

  test('stops nothing that a person has stopped, and tries again the next day', async () => {
    const agent = await newAgent();
    const plan = await planned(agent);
    await setKill(leader.actor, { scope: 'agent', target: agent, reason: 'It pays twice.' });
    await due(plan);
    await sweepDrills();
    expect(await drillsOf(agent)).toMatchObject([{ outcome: 'aborted', why: 'ALREADY_STOPPED' }]);
    expect(await daysAhead(plan)).toBeCloseTo(1, 1);
    expect((await inForce(agent)).every(({ drillId }) => drillId === null)).toBe(true);
  });

  test('is refused to who may not, of an agent in service without hours or word, twice, and when it is over', async () => {
    const [idle, active] = [await newAgent(), await newAgent('active')];
    const plan = (actor: TestPerson, agent: string, more: Partial<NewDrillPlan> = {}) =>
      planDrills(actor.actor, { target: { agent }, everyDays: 7, ...more });
    expect(await plan(engineer, idle)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await plan(owner, idle)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await plan(security, 'agt_none')).toEqual({ ok: false, code: 'TARGET_UNKNOWN' });
    expect(await plan(security, active)).toEqual({ ok: false, code: 'NOT_CONFIRMED' });
    expect(await plan(security, active, { confirmed: true })).toEqual({ ok: false, code: 'NO_WINDOW' });
    expect(await plan(security, await newAgent('decommissioned'))).toEqual({ ok: false, code: 'AGENT_ENDED' });
    const id = await planned(idle);
    expect(await plan(leader, idle)).toEqual({ ok: false, code: 'ALREADY_PLANNED' });
    expect(await endDrillPlan(engineer.actor, id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await endDrillPlan(leader.actor, 'drp_none')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await endDrillPlan(leader.actor, id)).toMatchObject({ ok: true });
    expect(await endDrillPlan(leader.actor, id)).toEqual({ ok: false, code: 'ALREADY_ENDED' });
    await due(id);
    await sweepDrills();
    expect(await drillsOf(idle)).toEqual([]);
    expect((await eventsAbout(idle)).map(({ kind }) => kind)).toEqual(['agent.registered', 'drill.planned', 'drill.unplanned']);
  });

  test.each([
    ['no days at all', { everyDays: 0 }],
    ['half a day', { everyDays: 0.5 }],
    ['a window that never opens', { everyDays: 7, window: { fromHour: 3, toHour: 3 } }],
    ['an hour that no day has', { everyDays: 7, window: { fromHour: 3, toHour: 24 } }],
  ])('is not made of %s', async (_, input) => {
    await expect(planDrills(security.actor, { target: { agent: 'agt_x' }, ...input })).rejects.toThrow();
  });
});

describe('the database refuses', () => {
  const epoch = "INSERT INTO ledger_intake (kind, subject, payload) VALUES ('kill.lifted', 'kil_x', '{}')";
  /** As web: its own rights, its own transaction, with an event beside. */
  async function attempt(statement: string, values: unknown[]): Promise<void> {
    await web.query('BEGIN');
    try {
      await web.query(statement, values);
      await web.query(epoch);
      await web.query('COMMIT');
    } finally {
      await web.query('ROLLBACK');
    }
  }
  const lift = "UPDATE kill_switches SET lifted_by = $2, lifted_at = now(), lift_reason = 'x' WHERE id = $1";

  test('a drill that lifts a person’s stop, or another drill’s, or its own once it is over', async () => {
    const [mine, other, person_] = [await newAgent(), await newAgent(), await newAgent()];
    const [drill, second] = [await left(mine), await left(other)];
    const real = await setKill(leader.actor, { scope: 'agent', target: person_, reason: 'It pays twice.' });
    const realId = real.ok ? real.kill.id : '';
    await expect(attempt(lift, [realId, drill.id])).rejects.toThrow(/its own stop alone/);
    await expect(attempt(lift, [second.killId, drill.id])).rejects.toThrow(/its own stop alone/);
    await owns.query("UPDATE drills SET finished_at = now(), outcome = 'aborted', why = 'NO_GATEWAY' WHERE id = $1", [drill.id]);
    await expect(attempt(lift, [drill.killId, drill.id])).rejects.toThrow(/its own stop alone/);
    await acknowledge(second.killId);
    await sweepDrills();
  });

  test('a stop that names a drill it is not of', async () => {
    const [agent, other] = [await newAgent(), await newAgent()];
    const drill = await left(agent);
    const insert = "INSERT INTO kill_switches (id, scope, target, reason, set_by, drill_id) VALUES ($1, $2, $3, 'x', 'usr_x', $4)";
    await expect(attempt(insert, ['kil_new', 'agent', agent, drill.id])).rejects.toThrow(/not of the drill/);
    await expect(attempt(insert, ['kil_new', 'agent', other, drill.id])).rejects.toThrow(/not of the drill/);
    await expect(attempt(insert, ['kil_new', 'organisation', 'organisation', drill.id])).rejects.toThrow(/not of the drill/);
    await expect(attempt(insert, ['kil_new', 'agent', other, 'drl_none'])).rejects.toThrow(/not of the drill/);
    await acknowledge(drill.killId);
    await sweepDrills();
  });

  test('a change of what a drill measured, an outcome that its numbers do not say, and a stop turned into a drill’s', async () => {
    const agent = await newAgent();
    await run(agent);
    const [{ id } = { id: '' }] = await drillsOf(agent);
    await expect(owns.query("UPDATE drills SET outcome = 'passed', last_ms = 1 WHERE id = $1", [id])).rejects.toThrow(/never changed/);
    await expect(attempt('DELETE FROM drills WHERE id = $1', [id])).rejects.toThrow(/permission denied/);
    const next = await left(agent);
    const finish = 'UPDATE drills SET finished_at = now(), outcome = $2, last_ms = $3, silent = $4 WHERE id = $1';
    await expect(attempt(finish, [next.id, 'passed', 1_001, []])).rejects.toThrow(/drills_measured/);
    await expect(attempt(finish, [next.id, 'passed', 5, ['b:4000']])).rejects.toThrow(/drills_measured/);
    await expect(attempt(finish, [next.id, 'passed', null, []])).rejects.toThrow(/drills_measured/);
    await expect(attempt(finish, [next.id, 'failed', 5, []])).rejects.toThrow(/drills_measured/);
    await expect(attempt('UPDATE drills SET agent_id = $2 WHERE id = $1', [next.id, 'agt_x'])).rejects.toThrow(/permission denied/);
    await expect(attempt('UPDATE kill_switches SET drill_id = $2 WHERE id = $1', [next.killId, id])).rejects.toThrow(/permission denied/);
    await expect(attempt('UPDATE kill_switches SET target = $2 WHERE id = $1', [next.killId, 'agt_x'])).rejects.toThrow(
      /permission denied/,
    );
    await acknowledge(next.killId);
    await sweepDrills();
  });
});
