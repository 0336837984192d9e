import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCredential } from '@/lib/identity/service';
import { projectLedger } from '@/lib/ledger/service/projection';
import { findUser, type User } from '@/lib/people/service';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { createPool } from '@/lib/platform/db';
import { createLog } from '@/lib/platform/log';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import {
  approveAgent,
  classifyActionType,
  createProcess,
  createSystem,
  editAgent,
  findAgent,
  registerAgent,
  rejectAgent,
  reopenAgent,
  submitAgent,
} from '../service';
import { readAgentView, readHistory, readInventory, readPermissions } from '.';
import { InventoryQuery, inventorySorts, type InventoryPage } from './schema';

const crowd = 10_000;
let plane: PeoplePlane;
let pool: pg.Pool;
let owner: TestPerson;
let engineer: TestPerson;
let security: TestPerson;
const id = 'agt_invoices';

beforeAll(async () => {
  plane = await testPeoplePlane();
  pool = createPool(plane.ownerUrl, { application: 'test', max: 4 });
  owner = await person(['process_owner']);
  engineer = await person(['engineer']);
  security = await person(['security']);
  await createSystem(setup, { id: 'sys_erp', name: 'ERP' });
  await createProcess(setup, { id: 'prc_payables', name: 'Accounts payable', ownerId: owner.id });
  await createProcess(setup, { id: 'prc_support', name: 'Support', ownerId: owner.id });
  const classification = {
    effect: 'read',
    reversibility: 'reversible',
    sensitivity: { constant: 'internal' },
    audience: { constant: 'internal' },
  } as const;
  for (const name of ['invoices.read', 'invoices.list'])
    await classifyActionType(setup, { name, title: name, system: 'sys_erp', parameters: {}, classification });
  const purpose = 'Reads 100% of invoices_in and pays them.';
  await registerAgent(engineer.actor, { id, name: 'Invoice agent', purpose, processId: 'prc_payables', permissions: ['invoices.read'] });
});
afterAll(async () => {
  await pool.end();
  await plane.drop();
});

const project = () => projectLedger(pool, createLog('test'));
const list = (query: Record<string, unknown> = {}): Promise<InventoryPage> => readInventory(InventoryQuery.parse(query));
const idsOf = ({ rows }: InventoryPage) => rows.map((row) => row.id);

async function userOf({ id: userId }: TestPerson): Promise<User> {
  const user = await findUser(userId);
  if (!user) throw new Error('nobody');
  return user;
}

/** A decision's row in the explorer's table, as if the agent had just asked. */
const ask = (agent: string, action: string, at: string) =>
  pool.query(
    `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, action_type)
     SELECT coalesce(max(seq), 0) + 1000000, $3, 'decision.made', 'dec_' || (coalesce(max(seq), 0) + 1), $1, $2 FROM ledger_entries`,
    [agent, action, at],
  );

describe('an agent’s history', () => {
  it('says in words who did what, newest first, and what was written only to those who may read it', async () => {
    await submitAgent(engineer.actor, id);
    await rejectAgent(security.actor, id, 'It pays too much, says Ana.');
    await reopenAgent(engineer.actor, id);
    const agent = await findAgent(id);
    if (!agent) throw new Error('no agent');
    await editAgent(engineer.actor, id, {
      ...agent,
      sponsorId: security.id,
      permissions: ['invoices.list'],
      autonomyFloor: 3,
      name: 'Renamed',
    });
    await project();
    const seen = await readHistory(await userOf(security), id);
    expect(seen.rows.map(({ words }) => words)).toEqual([
      'changed the name; sponsor: none → Test Person; autonomy floor: 2 → 3; permissions: added invoices.list, took away invoices.read',
      'took it back to draft',
      'sent it back',
      'handed it over for review',
      'registered it',
    ]);
    expect(seen.rows[2]).toMatchObject({ text: 'It pays too much, says Ana.', actor: { type: 'user', name: 'Test Person' } });
    expect(seen.rows[0]).toMatchObject({ text: 'name: “Invoice agent” → “Renamed”' });
    const redacted = await readHistory(await userOf(engineer), id);
    expect(redacted.rows[2]).toMatchObject({ text: 'hidden' });
    expect(JSON.stringify(redacted)).not.toContain('Ana');
  });

  it('leaves out what the agent did itself, and finds the rest without walking through it', async () => {
    await pool.query(
      `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, action_type)
       SELECT 900000000 + i, now() - interval '2 days', 'decision.made', 'dec_busy' || i, $1, 'invoices.list' FROM generate_series(1, 20000) i`,
      [id],
    );
    await pool.query('ANALYZE ledger_entries');
    expect((await readHistory(await userOf(security), id)).rows).toHaveLength(5);
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT seq FROM ledger_entries WHERE agent_id = '${id}' AND kind NOT IN ('decision.made', 'grant.issued', 'outcome.reported') ORDER BY seq DESC LIMIT 51`,
    );
    expect(JSON.stringify(rows)).toContain('ledger_entries_agent_history_idx');
  });

  it('is empty for an agent that is not there, and begins at the beginning after a cursor that is none', async () => {
    expect(await readHistory(await userOf(security), 'agt_none')).toEqual({ rows: [], next: null });
    expect((await readHistory(await userOf(security), id, '1; DROP TABLE agents')).rows).toHaveLength(5);
  });
});

describe('an agent’s page', () => {
  it('names for each gap who can close it, never whoever wrote the record for the review', async () => {
    const reviewer = await person(['security', 'engineer'], engineer.personId);
    const view = await readAgentView(await userOf(reviewer), id);
    const gap = (code: string) => view?.gate.gaps.find((one) => one.code === code);
    expect(gap('CREDENTIAL_MISSING')).toMatchObject({
      href: `/registry/agents/${id}/credentials`,
      people: expect.arrayContaining(['Test Person']),
    });
    // The owner and security may; the engineer's second account wrote it.
    expect(gap('REVIEWER_MISSING')).toMatchObject({ people: ['Test Person', 'Test Person'], more: 0 });
    expect(gap('POLICY_MISSING')).toMatchObject({ actions: ['invoices.list'] });
  });

  it('offers each person the steps of this state, and says why they cannot take one', async () => {
    const steps = async (who: TestPerson) =>
      (await readAgentView(await userOf(who), id))?.steps.map(({ move, why }) => [move, why === null]);
    expect(await steps(engineer)).toEqual([
      ['submit', true],
      ['decommission', false],
    ]);
    await submitAgent(engineer.actor, id);
    expect(await steps(owner)).toEqual([
      ['approve', true],
      ['reject', true],
      ['reopen', false],
      ['decommission', true],
    ]);
    await approveAgent(owner.actor, id);
    expect(await readAgentView(await userOf(owner), 'agt_none')).toBeUndefined();
  });

  it('says when each permission was last used', async () => {
    expect(await readPermissions(id)).toMatchObject([
      { action: 'invoices.list', system: 'ERP', status: 'approved', lastUsedAt: expect.any(String) },
    ]);
  });
});

describe('the inventory', () => {
  beforeAll(async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO agents (id, name, purpose, process_id, owner_id, status, environment, next_review_on)
         SELECT 'agt_crowd' || i, 'Agent ' || lpad(i::text, 5, '0'), 'One of many, number ' || i, 'prc_support', $1,
           CASE WHEN i % 10 = 0 THEN 'suspended' ELSE 'active' END, CASE WHEN i % 4 = 0 THEN 'staging' ELSE 'production' END,
           CASE WHEN i % 2 = 0 THEN date '2027-01-01' + i % 300 END FROM generate_series(1, ${crowd}) i`,
        [owner.id],
      );
      await client.query(
        `INSERT INTO ledger_intake (kind, subject, payload) VALUES ('agent.registered', 'agt_crowd1', convert_to('{"kind":"agent.registered","id":"evt_x","subject":{"type":"agent","id":"agt_crowd1"}}', 'UTF8'))`,
      );
      await client.query('COMMIT');
    } finally {
      client.release();
    }
    await pool.query('ANALYZE agents');
  });

  it('counts every value of every facet under all conditions but its own', async () => {
    const page = await list({ status: 'suspended', environment: 'staging', process: 'prc_support' });
    expect(page).toMatchObject({ total: crowd / 20, all: crowd + 1 });
    expect(page.facets.status).toEqual([
      { value: 'active', label: 'active', count: crowd / 4 - crowd / 20 },
      { value: 'suspended', label: 'suspended', count: crowd / 20 },
    ]);
    expect(page.facets.environment).toEqual([
      { value: 'production', label: 'production', count: crowd / 20 },
      { value: 'staging', label: 'staging', count: crowd / 20 },
    ]);
    expect(page.facets.process).toEqual([{ value: 'prc_support', label: 'Support', count: crowd / 20 }]);
  });

  it.each([
    ['a name', 'renamed', [id]],
    ['an id', 'AGT_INVOICES', [id]],
    ['a purpose', 'and pays them', [id]],
    ['a per cent sign, literally', '100%', [id]],
    ['an underscore, literally', 's_in', [id]],
    ['wildcards alone', '%%', []],
    ['a backslash', '\\', []],
    ['what would be SQL elsewhere', "'; DROP TABLE agents; --", []],
  ])('is searched by %s', async (_, q, expected) => {
    expect(idsOf(await list({ q }))).toEqual(expected);
  });

  it.each(inventorySorts)('is read to its end by %s, every agent once', async (sort) => {
    const seen: string[] = [];
    let after: string | null | undefined;
    while (after !== null) {
      const page = await list({ sort, q: 'number 99', limit: 50, ...(after === undefined ? {} : { after }) });
      seen.push(...idsOf(page));
      after = page.next;
    }
    expect(seen).toHaveLength(111);
    expect(new Set(seen).size).toBe(111);
  });

  it('puts who was heard last first, and who never was last; what people did to an agent is not hearing from it', async () => {
    await ask('agt_crowd7', 'invoices.read', '2026-11-01T10:00:00Z');
    await ask('agt_crowd8', 'invoices.read', '2026-11-02T10:00:00Z');
    await issueCredential(engineer.actor, 'agt_crowd9');
    await project();
    const page = await list({ sort: '-last_seen', q: 'agt_crowd', limit: 3 });
    expect(page.rows.map((row) => [row.id, row.lastSeenAt])).toEqual([
      ['agt_crowd8', '2026-11-02T10:00:00.000Z'],
      ['agt_crowd7', '2026-11-01T10:00:00.000Z'],
      ['agt_crowd1', null],
    ]);
  });

  it('tells a secret that works from one that ends soon, one that is over and none', async () => {
    await issueCredential(engineer.actor, 'agt_crowd11', { days: 3 });
    const states = async (q: string, now?: Date) =>
      (await readInventory(InventoryQuery.parse({ q }), now)).rows.map(({ credential }) => credential);
    expect(await states('agt_crowd9999')).toEqual(['none']);
    expect((await list({ q: 'number 9', limit: 1 })).rows[0]).toMatchObject({ id: 'agt_crowd9', credential: 'live' });
    expect((await list({ q: 'number 11', limit: 1 })).rows[0]).toMatchObject({ id: 'agt_crowd11', credential: 'ending' });
  });

  it.each(['not a cursor', '', 'eyJrZXkiOjF9', 'e30'])('begins at the beginning after the cursor “%s”', async (after) => {
    const page = await list({ limit: 1, ...(after === '' ? {} : { after: after.replaceAll(' ', '_') }) });
    expect(page.rows[0]).toMatchObject({ id: 'agt_crowd1' });
  });

  it.each([{ sort: 'purpose' }, { status: 'gone' }, { limit: 100_000 }, { after: '../../x' }, { risk: 'all' }])(
    'does not know %o',
    (query) => {
      expect(InventoryQuery.safeParse(query).success).toBe(false);
    },
  );

  it('does not walk through one busy agent’s rows to find when the others were heard', async () => {
    // Were the 20,000 rows of the busy one walked through for each of the 10,000 others, the page would take most of a minute.
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT (SELECT e.at FROM ledger_entries e WHERE e.agent_id BETWEEN a.id AND a.id AND e.kind IN ('decision.made')
        ORDER BY e.agent_id DESC, e.seq DESC LIMIT 1) FROM agents a`,
    );
    expect(JSON.stringify(rows)).toContain('ledger_entries_agent_id_seq_idx');
    expect((await list({ sort: '-last_seen', limit: 1 })).rows[0]).toMatchObject({ id });
  });
});
