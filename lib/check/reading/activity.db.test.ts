import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveRequest, rejectRequest } from '@/lib/approvals/service';
import { Gateway } from '@/lib/approvals/testdata/requests';
import { EntryQuery } from '@/lib/ledger/reading/schema';
import { projectLedger } from '@/lib/ledger/service/projection';
import { roles } from '@/lib/people/schema';
import { findUser, type User } from '@/lib/people/service';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { createLog } from '@/lib/platform/log';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess } from '@/lib/registry/service';
import { listApprovals, listLedger, readActivity } from '.';
import { Activity, ActivityDays } from './schema';
import { Decisions } from './testdata/decisions';

let plane: PeoplePlane;
let gateway: Gateway;
let decisions: Decisions;
let web: pg.Pool;
let superuser: pg.Client;
let owner: TestPerson;
let process: string;
let viewer: User;

const agent = 'agt_busy';
const user = async ({ id }: { id: string }): Promise<User> => {
  const found = await findUser(id);
  if (!found) throw new Error('nobody');
  return found;
};
const project = () => projectLedger(web, createLog('test'));
const report = (decision: string, status: string, tokens: number | null, cost: string | null) =>
  superuser.query(
    `INSERT INTO outcomes (decision_id, agent_id, digest, status, reported_as, event_id, reported_at, tokens, cost_usd)
     VALUES ($1, $2, '\\x00', $3, $3, 'evt_x', now(), $4, $5)`,
    [decision, agent, status, tokens, cost],
  );

beforeAll(async () => {
  plane = await testPeoplePlane();
  owner = await person(['process_owner']);
  viewer = await user(owner);
  const created = await createProcess(setup, { name: 'Payables', ownerId: owner.id });
  if (!created.ok) throw new Error(created.code);
  process = created.process.id;
  gateway = await Gateway.start(plane);
  decisions = await Decisions.start(plane);
  web = new pg.Pool({ connectionString: plane.webUrl, max: 2 });
  superuser = new pg.Client({ connectionString: plane.superuserUrl });
  await superuser.connect();

  const busy = { process, agent };
  const alone = [];
  for (const money of ['100.25', '100.25', undefined])
    alone.push(await decisions.decide({ ...busy, ...(money === undefined ? { action: 'invoices.read' } : { money }) }));
  const watched = await decisions.decide({ ...busy, verdict: 'allow_reversible', tier: 2, windowSeconds: 60, money: '4200' });
  const [yes, no, , late] = [
    await gateway.ask(busy),
    await gateway.ask(busy),
    await gateway.ask(busy),
    await gateway.ask({ ...busy, slaSeconds: 0 }),
  ];
  await approveRequest(owner.actor, yes.id, { digest: yes.digest });
  await rejectRequest(owner.actor, no.id, { digest: no.digest, reason_code: 'DUPLICATE' });
  // Decided after 10 and 30 seconds, by the clock of the rows.
  for (const [id, seconds] of [
    [yes.id, 10],
    [no.id, 30],
  ] as const)
    await superuser.query('UPDATE approvals SET decided_at = requested_at + make_interval(secs => $2) WHERE id = $1', [id, seconds]);
  await decisions.decide({
    ...busy,
    action: 'payments.execute',
    tier: 3,
    money: '62000',
    uses: yes.id,
    arguments: JSON.parse(yes.canonical).arguments,
  });
  await decisions.decide({ ...busy, verdict: 'deny', tier: null, reason: 'Stopped.' });
  await decisions.decide({ ...busy, verdict: 'halt', tier: 4, halts: true, reason: 'Out of its scope.' });
  await decisions.decide({ process, agent: 'agt_quiet', money: '7' });
  await report(alone[0]?.id ?? '', 'succeeded', 1_000, '0.015');
  await report(watched.id, 'failed', 500, null);
  expect(late.id).toMatch(/^apr_/);
  await project();
});
afterAll(async () => {
  await Promise.all([gateway.stop(), decisions.stop(), web.end(), superuser.end()]);
  await plane.drop();
});

describe('what an agent did', () => {
  test('counts what went alone, what was supervised, what waited and how that ended, and what was stopped', async () => {
    const { total } = Activity.parse(await readActivity(viewer, { agent }));
    expect(total).toMatchObject({
      alone: 3,
      supervised: 1,
      signed: 1,
      halted: 1,
      denied: 1,
      asked: 4,
      approved: 1,
      rejected: 1,
      expired: 1,
      waiting: 1,
      cancelled: 0,
      secondsMedian: 20,
      secondsP95: 29,
      moneyAlone: '200.50',
      moneySupervised: '4200.00',
      moneySigned: '62000.00',
    });
  });

  test('has the same by action type, adding up to the whole', async () => {
    const activity = await readActivity(viewer, { agent });
    for (const name of [
      'alone',
      'supervised',
      'signed',
      'asked',
      'approved',
      'rejected',
      'expired',
      'waiting',
      'halted',
      'denied',
    ] as const)
      expect([name, activity.actions.reduce((sum, row) => sum + row[name], 0)]).toEqual([name, activity.total[name]]);
    expect(activity.actions.find(({ action }) => action === 'invoices.read')).toMatchObject({ alone: 1, moneyAlone: '0' });
  });

  test('says what it cost, and of how many nothing is known', async () => {
    const { outcomes } = await readActivity(viewer, { agent });
    expect(outcomes).toMatchObject({ reported: 2, missing: 3, succeeded: 1, failed: 1, tokens: '1500', costed: 1 });
    expect(Number(outcomes.costUsd)).toBe(0.015);
  });

  test('names the biggest amounts that went ahead, why others waited or were stopped, and who decided', async () => {
    const { biggest, waits, stops, deciders } = await readActivity(viewer, { agent });
    expect(biggest.map(({ money, signed }) => [Number(money), signed])).toEqual([
      [62000, true],
      [4200, false],
      [100.25, false],
      [100.25, false],
    ]);
    expect(waits).toMatchObject([{ count: 4, deciding: ['reversibility'], text: 'Payments that cannot be undone need approval.' }]);
    expect(stops.map(({ verdict, text }) => [verdict, text])).toEqual(
      expect.arrayContaining([
        ['halt', 'Out of its scope.'],
        ['deny', 'Stopped.'],
      ]),
    );
    expect(deciders).toMatchObject([{ person: { id: owner.id }, approved: 1, rejected: 1, secondsMedian: 20 }]);
  });

  test('of a process counts all of its agents, and of another agent none of these', async () => {
    expect((await readActivity(viewer, { process })).total.alone).toBe(4);
    expect((await readActivity(viewer, { agent: 'agt_quiet' })).total).toMatchObject({ alone: 1, asked: 0, halted: 0 });
    expect((await readActivity(viewer, { agent: 'agt_nobody' })).actions).toEqual([]);
  });

  test('leaves out what is older than it looks back', async () => {
    const later = new Date(Date.now() + 8 * 86_400_000);
    const week = await readActivity(viewer, { agent, days: 7 }, later);
    expect([week.actions, week.total.asked, week.outcomes.reported]).toEqual([[], 0, 0]);
    expect((await readActivity(viewer, { agent, days: 30 }, later)).total.alone).toBe(3);
  });

  test('every number has exactly the rows behind it that its address asks for', async () => {
    const { total, since } = await readActivity(viewer, { agent });
    const rows = async (query: object) => (await listLedger(EntryQuery.parse({ agent, from: since, limit: 100, ...query }))).entries.length;
    expect(await rows({ verdict: 'allow', signature: 'without' })).toBe(total.alone);
    expect(await rows({ verdict: 'allow_reversible', signature: 'without' })).toBe(total.supervised);
    expect(await rows({ verdict: 'halt' })).toBe(total.halted);
    expect(await rows({ verdict: 'deny' })).toBe(total.denied);
    const requests = async (query: object) => (await listApprovals(viewer, { tab: 'decided', agent, from: since, ...query })).items.length;
    for (const outcome of ['approved', 'rejected', 'expired', 'cancelled'] as const)
      expect(await requests({ outcome })).toBe(total[outcome]);
  });

  test.each(roles.map((role) => [role] as const))('shows %s of the arguments no more than a single read does', async (role) => {
    const someone = await user(await person([role]));
    await decisions.decide({ process, agent: 'agt_secret', money: '5', arguments: { vendor: 'Geheim GmbH' } });
    await project();
    const activity = await readActivity(someone, { agent: 'agt_secret' });
    const reads = ['leader', 'security', 'risk', 'auditor'].includes(role);
    expect(JSON.stringify(activity).includes('Geheim')).toBe(reads);
    expect(activity.total.alone).toBeGreaterThan(0);
  });
});

test.each([
  ['7', 7],
  [undefined, 30],
  ['365', 30],
  ['1; DROP', 30],
  [['1', '7'], 30],
])('days of %j are %d', (given, days) => {
  expect(ActivityDays.parse(given)).toBe(days);
});
