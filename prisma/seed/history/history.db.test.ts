import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedIfEmpty } from '@/prisma/seed';
import { verify } from '@/scripts/verify/verify';
import { closeClients, withClient } from '@/lib/platform/db';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';
import { beWeb } from '@/lib/platform/testing/people-plane';
import { hasClock } from '../clock/database';
import * as small from '../sample';
import { abandoned, creeping } from '../organisation/agents';
import { people } from '../organisation/people';
import { everyone } from './lives';
import { loadHistory, type History } from './load';
import { dayMs } from './stage';

/** Everything that happens in the sample, with a twentieth of its everyday work. */
const thin = { ...everyone, volume: 0.05 };
const loadMs = 240_000;

let database: TestDatabase;
let leave: () => void;
let history: History;
let began: number;

beforeAll(async () => {
  database = await testDatabase();
  const plane = beWeb(database);
  ({ leave } = plane);
  Object.assign(process.env, {
    DATABASE_URL_OWNER: database.ownerUrl,
    DATABASE_URL_GATEWAY: database.gatewayUrl,
    CHECKPOINT_DIR: plane.secretsDir,
    CHECKPOINT_KEY_FILE: path.join(plane.secretsDir, 'none.pem'),
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: '4000',
  });
  began = Date.now();
  history = await loadHistory({ cast: thin, password: 'correct horse battery' });
}, loadMs);
afterAll(async () => {
  await closeClients();
  leave();
  await database.drop();
});

const query = <Row extends object>(text: string, values: unknown[] = []) =>
  withClient(database.ownerUrl, async (client) => (await client.query<Row>(text, values)).rows);
const count = async (text: string, values: unknown[] = []) =>
  Number((await query<{ n: string }>(`SELECT count(*) AS n FROM ${text}`, values))[0]?.n);

describe('the sample organisation', () => {
  it('is a ledger that the verifier finds nothing wrong with', async () => {
    const verdict = await verify({ source: { kind: 'database', url: database.webUrl }, checkpoints: undefined, vkey: undefined });
    expect(verdict).toMatchObject({ ok: true, findings: [] });
    expect(verdict.rows).toBeGreaterThan(history.decisions);
  });

  it('spans its days in the order of its numbers, and ends before the present', async () => {
    const [span] = await query<{ first: Date; last: Date; days: string; back: string }>(
      `SELECT min(at) AS first, max(at) AS last, count(DISTINCT at::date) AS days,
         count(*) FILTER (WHERE at < before) AS back FROM (SELECT at, lag(at) OVER (ORDER BY seq) AS before FROM ledger) rows`,
    );
    expect(Number(span?.back)).toBe(0);
    expect(Number(span?.days)).toBeGreaterThan(everyone.days * 0.8);
    expect(span?.first.getTime()).toBeLessThan(began - (everyone.days - 1) * dayMs);
    expect(span?.last.getTime()).toBeLessThanOrEqual(began);
    expect(span?.last.getTime()).toBeGreaterThan(began - 0.05 * dayMs);
  });

  it('leaves no clock behind, and takes none once it is there', async () => {
    expect(await hasClock(database.ownerUrl)).toBe(false);
    expect(new Date().getTime()).toBeGreaterThan(began);
    await expect(loadHistory({ cast: thin, password: 'correct horse battery' })).rejects.toThrow('has rows');
    expect(await hasClock(database.ownerUrl)).toBe(false);
  });

  it('has forty agents, and all of the small sample under its ids', async () => {
    expect(everyone.agents).toHaveLength(40);
    expect(await count('agents')).toBe(40);
    expect(await count('users')).toBe(people.length);
    expect(await count('users WHERE id = ANY ($1)', [small.people.map(({ id }) => id)])).toBe(small.people.length);
    expect(await count("agents WHERE id = 'agt_invoices' AND status = 'active' AND owner_id = 'usr_ana'")).toBe(1);
    expect(
      await count('action_types WHERE name = ANY ($1)', [[...small.actionTypes, ...small.compensations].map(({ name }) => name)]),
    ).toBe(4);
    expect(history.credentials.get('agt_invoices')?.secret).toBeTruthy();
    expect(await seedIfEmpty()).toMatchObject({ loaded: false });
  });

  it('was written by the gateway’s commit and by people’s own acts, each with its event', async () => {
    for (const kind of [
      'decision.made',
      'grant.issued',
      'outcome.reported',
      'approval.approved',
      'approval.seen',
      'workflow.released',
      'credential.issued',
      'maturity.recorded',
    ])
      expect(await count('ledger_entries WHERE kind = $1', [kind]), kind).toBeGreaterThan(0);
    expect(await count("ledger_entries WHERE kind = 'decision.made'")).toBe(history.decisions);
    expect(await count('ledger')).toBe(await count('ledger_entries'));
  });

  it('holds scope creep: halts for what was never given, and another model than the record’s', async () => {
    const { id } = creeping.agent;
    expect(
      await count("ledger_entries WHERE agent_id = $1 AND verdict = 'halt' AND action_type <> ALL ($2)", [id, creeping.agent.permissions]),
    ).toBeGreaterThan(5);
    expect(await count("observations WHERE kind = 'agent.model' AND subject = $1", [id])).toBeGreaterThan(1);
    for (const detector of ['out_of_scope', 'model_changed'])
      expect(await count("findings WHERE detector = $1 AND subject_id = $2 AND status = 'open'", [detector, id]), detector).toBe(1);
  });

  it('holds an abandoned agent: owner gone with no heir, end date past, secret alive and never replaced, silent', async () => {
    const { id } = abandoned.agent;
    expect(
      await count(
        "agents a JOIN users u ON u.id = a.owner_id WHERE a.id = $1 AND a.status = 'active' AND u.status = 'deactivated' AND a.ends_on < current_date",
        [id],
      ),
    ).toBe(1);
    expect(await count("successions WHERE subject_id = $1 AND part = 'owner' AND how = 'orphaned' AND ended_at IS NULL", [id])).toBe(1);
    expect(
      await count(
        "credentials WHERE agent_id = $1 AND revoked_at IS NULL AND expires_at > now() AND created_at < now() - interval '90 days'",
        [id],
      ),
    ).toBe(1);
    expect(await count("ledger_entries WHERE agent_id = $1 AND kind = 'decision.made' AND at > now() - interval '40 days'", [id])).toBe(0);
    for (const detector of ['end_date_past', 'silent'])
      expect(await count("findings WHERE detector = $1 AND subject_id = $2 AND status = 'open'", [detector, id]), detector).toBe(1);
  });

  it('holds oversight that cannot be shown: outcomes nobody knows, a RACI gap, requests that ran out of time', async () => {
    expect(
      await count(
        `ledger_entries d WHERE d.agent_id = 'agt_screening' AND d.kind = 'decision.made' AND d.verdict LIKE 'allow%' AND d.at < now() - interval '1 day'
         AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.decision_id = d.event_id)`,
      ),
    ).toBeGreaterThan(0);
    expect(await count("findings WHERE detector = 'raci_gap' AND subject_id = 'prc_people' AND status = 'open'")).toBe(1);
    expect(await count("approvals WHERE status = 'expired'")).toBeGreaterThan(0);
  });

  it('has something on every page of the loop', async () => {
    for (const status of ['approved', 'rejected', 'open'])
      expect(await count('change_requests WHERE status = $1', [status]), status).toBeGreaterThan(0);
    for (const how of ['successor', 'reassigned', 'orphaned'])
      expect(await count('successions WHERE how = $1', [how]), how).toBeGreaterThan(0);
    expect(await count("review_items WHERE decision = 'reduce' AND changes ? 'permissions_removed'")).toBeGreaterThan(0);
    for (const decision of ['keep', 'revise'])
      expect(
        await count("review_items i JOIN review_campaigns c ON c.id = i.campaign_id WHERE c.subject_type = 'policy' AND i.decision = $1", [
          decision,
        ]),
        decision,
      ).toBeGreaterThan(0);
    expect(await count("review_items WHERE status = 'open'")).toBeGreaterThan(0);
  });

  it('holds kill drills, planned and by hand, that two gateways acknowledged by the history’s own clock, and a stop because of a report', async () => {
    expect(
      await query(
        "SELECT plan_id IS NOT NULL AS planned, outcome, last_ms AS ms, silent FROM drills WHERE agent_id = 'agt_rebooking' ORDER BY id",
      ),
    ).toEqual([
      { planned: false, outcome: 'passed', ms: 412, silent: [] },
      { planned: true, outcome: 'slow', ms: 1_310, silent: [] },
      { planned: true, outcome: 'passed', ms: 268, silent: [] },
    ]);
    expect(await count('drill_plans WHERE active AND next_at BETWEEN now() AND now() + interval $$29 days$$')).toBe(1);
    expect(
      await query(
        'SELECT last_ms AS ms, detected_ms::int AS detected FROM kill_acknowledgements t JOIN kill_switches k ON k.id = t.kill_id WHERE k.drill_id IS NULL',
      ),
    ).toEqual([{ ms: 335, detected: 4 * 60_000 + 335 }]);
    expect(await count('kill_switches WHERE lifted_at IS NULL')).toBe(0);
    expect(await count('gateways WHERE stopped_at IS NULL')).toBe(0);
  });

  it('has something that waits now', async () => {
    expect(await count("approvals WHERE status = 'pending' AND expires_at > now()")).toBeGreaterThan(0);
  });
});
