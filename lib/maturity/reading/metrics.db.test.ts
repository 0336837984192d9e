import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '@/lib/people/service';
import { appendEvent } from '@/lib/ledger/service';
import { person, setup } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess } from '@/lib/registry/service';
import { daysOf } from '../domain/metrics';
import { metricIds, queryOf, type MetricDays, type MetricId, type MetricPage, type Scope } from '../schema';
import { bruteForce } from '../testdata/brute-force';
import { agents, makeTraffic, writeTraffic, type Traffic } from '../testdata/traffic';
import { readMetrics } from '.';

const sensors: readonly MetricId[] = ['anomaly-true-positive-rate'];
const read = metricIds.filter((id) => !sensors.includes(id));
const scopes: Scope[] = [
  { type: 'organisation' },
  { type: 'process', id: 'prc_x' },
  { type: 'process', id: 'prc_y' },
  { type: 'agent', id: 'agt_a' },
  { type: 'agent', id: 'agt_c' },
  { type: 'agent', id: 'agt_quiet' },
];

let plane: PeoplePlane;
let superuser: pg.Client;
let traffic: Traffic;

beforeAll(async () => {
  plane = await testPeoplePlane();
  superuser = new pg.Client({ connectionString: plane.superuserUrl });
  await superuser.connect();
  const owner = await person(['process_owner']);
  for (const id of ['prc_x', 'prc_y']) await createProcess(setup, { id, name: id, ownerId: owner.id });
  await inTransaction(async (tx) => {
    for (const id of agents) {
      const processId = id === 'agt_c' ? 'prc_y' : 'prc_x';
      await tx.agent.create({ data: { id, name: id, purpose: 'Testing', processId, ownerId: owner.id, status: 'active' } });
      await appendEvent(tx, { kind: 'agent.registered', actor: setup, subject: { type: 'agent', id }, data: { process: processId } });
    }
  });
  traffic = makeTraffic(4, new Date(), 4_000);
  await writeTraffic(superuser, traffic);
});
afterAll(async () => {
  await superuser.end();
  await plane.drop();
});

const pageOf = async (scope: Scope, days: MetricDays, id?: MetricId): Promise<MetricPage> => {
  const page = await readMetrics({ ...queryOf(scope), days }, id);
  if (!page) throw new Error('nothing was read');
  return page;
};
const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 6));

describe('every metric is what all rows say, counted one by one', () => {
  test.each(scopes.flatMap((scope) => ([7, 30, 90] as const).map((days) => [queryOf(scope), days, scope] as const)))(
    'of %j in %d days, in all and day by day',
    async (_, days, scope) => {
      const page = await pageOf(scope, days);
      const span = { scope, since: new Date(page.since), now: new Date(page.now) };
      expect(span.now.getTime() - span.since.getTime()).toBe(days * 86_400_000);
      for (const metric of page.metrics.filter(({ id }) => read.includes(id))) {
        const { value, second, n } = bruteForce(metric.id, traffic, span);
        expect(metric, metric.id).toMatchObject({ value: near(value), second: near(second), n });
        expect(metric.trend.map(({ day }) => day)).toEqual(daysOf(span.since, span.now));
        for (const point of metric.trend) {
          const brute = bruteForce(metric.id, traffic, { ...span, day: point.day });
          expect(point, `${metric.id} on ${point.day}`).toEqual({
            day: point.day,
            ...brute,
            value: near(brute.value),
            second: near(brute.second),
          });
        }
      }
    },
  );

  test('and the parts of a numerator add up to it', async () => {
    const { metrics } = await pageOf({ type: 'organisation' }, 30);
    const sum = (id: MetricId) => metrics.find((metric) => metric.id === id)?.numerator.reduce((total, { count }) => total + count, 0);
    for (const id of ['policy-deny-rate', 'human-intervention-rate', 'approval-sla', 'approval-latency', 'time-to-kill'] as const) {
      const metric = metrics.find((one) => one.id === id);
      expect(sum(id), id).toBe(
        id === 'approval-latency' || id === 'time-to-kill' ? metric?.n : Math.round((metric?.value ?? 0) * (metric?.n ?? 0)),
      );
    }
  });
});

describe('a number opens its rows', () => {
  /** How many decisions the ledger's list would show under an address. */
  async function listed(href: string): Promise<number> {
    const query = new URL(href, 'http://localhost').searchParams;
    const { rows } = await superuser.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ledger_entries WHERE kind = 'decision.made' AND ($1::text IS NULL OR verdict = $1) AND at >= $2
         AND ($3::text IS NULL OR agent_id = $3) AND ($4::text IS NULL OR process_id = $4)`,
      [query.get('verdict'), query.get('from'), query.get('agent'), query.get('process')],
    );
    return rows[0]?.count ?? -1;
  }

  test.each(scopes.map((scope) => [queryOf(scope), scope] as const))('of %j: exactly as many as were counted', async (_, scope) => {
    const { metrics } = await pageOf(scope, 30);
    for (const id of ['policy-deny-rate', 'human-intervention-rate'] as const)
      for (const part of metrics
        .filter((metric) => metric.id === id)
        .flatMap(({ numerator, denominator }) => [...numerator, ...denominator]))
        if (part.href !== null) expect(await listed(part.href), `${id}: ${part.label}`).toBe(part.count);
  });

  test('or says why no list can be narrowed to them', async () => {
    for (const days of [7, 30, 90] as const)
      for (const { id, numerator, denominator } of (await pageOf({ type: 'organisation' }, days)).metrics)
        for (const part of [...numerator, ...denominator])
          expect(part.href === null ? part.why : part.href, `${id}: ${part.label}`).toMatch(/^\S.+/);
    const { metrics } = await pageOf({ type: 'organisation' }, 90, 'audit-completeness');
    expect(metrics[0]?.denominator[0]).toMatchObject({ href: expect.stringContaining('range=quarter') as string });
  });

  test('on its own page where there is no list: releases, and approvals faster than reading', async () => {
    const page = await pageOf({ type: 'organisation' }, 90, 'implausibly-fast-approvals');
    expect(page.metrics).toHaveLength(1);
    expect(page.rows.length).toBe(Math.min(20, page.metrics[0]?.numerator[0]?.count ?? -1));
    for (const row of page.rows) expect(row.href).toBe(`/approvals/${row.id}`);
    expect((await pageOf({ type: 'organisation' }, 90, 'human-intervention-rate')).rows.length).toBeGreaterThan(0);
  });

  test('and calls that tools report past the gate, which are nobody’s of whom it could be proved', async () => {
    const whole = await pageOf({ type: 'organisation' }, 90, 'audit-completeness');
    const past = (page: MetricPage) => page.metrics[0]?.denominator.find(({ label }) => /past the gate/.test(label))?.count;
    expect(past(whole)).toBe(traffic.sightings.filter(({ at }) => at >= new Date(whole.since)).length);
    expect(whole.rows.map(({ href }) => href)).toEqual(whole.rows.map(({ id }) => `/ledger/${id}`));
    expect(whole.rows.length).toBe(Math.min(20, past(whole) ?? -1));
    const agent = await pageOf({ type: 'agent', id: 'agt_a' }, 90, 'audit-completeness');
    expect([past(agent), agent.rows]).toEqual([0, []]);
  });
});

describe('time to kill', () => {
  const stopsSince = (since: string) => traffic.stops.filter(({ at }) => at >= new Date(since));

  test('tells stops from drills, and leaves out of every percentile what has no time: a silent gateway, and none alive', async () => {
    const page = await pageOf({ type: 'organisation' }, 90, 'time-to-kill');
    const stops = stopsSince(page.since);
    const reached = stops.filter(({ lastMs, silent }) => lastMs !== null && silent.length === 0);
    const [metric] = page.metrics;
    expect(metric?.numerator.map(({ count }) => count)).toEqual([
      reached.filter(({ drill }) => drill === null).length,
      reached.filter(({ drill }) => drill !== null).length,
    ]);
    expect(metric?.denominator.map(({ count }) => count)).toEqual([
      reached.filter(({ detectedAt }) => detectedAt !== null).length,
      stops.filter(({ silent }) => silent.length > 0).length,
      stops.filter(({ gateways }) => gateways === 0).length,
    ]);
    for (const { count } of [...(metric?.numerator ?? []), ...(metric?.denominator ?? [])]) expect(count).toBeGreaterThan(0);
    expect(metric).toMatchObject({ standing: 'high', reading: expect.stringContaining('stayed silent') });
    expect(metric?.coverage).toContain(`${reached.length} of ${stops.length} stops`);
  });

  test('opens the newest of its rows, each at its stop, with what became of it', async () => {
    const page = await pageOf({ type: 'organisation' }, 90, 'time-to-kill');
    const newest = stopsSince(page.since)
      .toSorted((a, b) => b.at.getTime() - a.at.getTime())
      .slice(0, 20);
    expect(page.rows.map(({ href }) => href)).toEqual(newest.map(({ id }) => `/containment/${id}`));
    for (const [index, { text }] of page.rows.entries()) {
      const stop = newest[index];
      expect(text.startsWith(stop?.drill === null ? 'A stop: ' : 'A drill: '), text).toBe(true);
      expect(text).toMatch(stop?.silent.length ? /silent$/ : stop?.lastMs === null ? /no gateway was alive$/ : /s from the press$/);
      expect(/first known/.test(text)).toBe(stop?.detectedAt !== null && stop?.lastMs !== null && stop?.silent.length === 0);
    }
  });

  test('of an agent is of its own stops alone, never of what stops everything', async () => {
    const page = await pageOf({ type: 'agent', id: 'agt_a' }, 90, 'time-to-kill');
    const own = new Set(traffic.stops.filter(({ target }) => target === 'agt_a').map(({ id }) => id));
    expect(page.rows.length).toBeGreaterThan(0);
    for (const { id } of page.rows) expect(own).toContain(id);
  });
});

describe('a metric is not made up', () => {
  test('where nothing happened: there is no value, no band is met, and every day is there', async () => {
    const { metrics } = await pageOf({ type: 'agent', id: 'agt_quiet' }, 7);
    for (const metric of metrics) expect(metric, metric.id).toMatchObject({ value: null, n: 0, standing: 'none' });
  });

  test.each(sensors)('where %s has no sensor yet', async (id) => {
    const { metrics } = await pageOf({ type: 'organisation' }, 30, id);
    expect(metrics).toMatchObject([{ value: null, standing: 'none', sensor: expect.stringMatching(/yet/), trend: [] }]);
  });

  test.each([{ agent: 'agt_none' }, { process: 'prc_none' }])('of %j, which is none', async (query) => {
    expect(await readMetrics({ ...query, days: 30 })).toBeUndefined();
  });
});
