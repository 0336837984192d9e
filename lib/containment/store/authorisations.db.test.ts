import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, halted, prepare, type Halted } from '../testdata/halted';
import { World } from '@/lib/http/agent/testdata/world';
import { newId } from '@/lib/kernel/ids';
import type { Role } from '@/lib/people/schema';
import { person, type TestPerson } from '@/lib/people/testdata/people';

// What the web role itself could do, were its process taken over: raw SQL, with its own rights.
let world: World;
let web: pg.Client;
let leader: TestPerson;
let security: TestPerson;

beforeAll(async () => {
  world = await World.withPeople();
  await prepare(world);
  [leader, security] = [await person(['leader']), await person(['security'])];
  web = new pg.Client({ connectionString: world.database.webUrl });
  await web.connect();
});
afterAll(async () => {
  await web.end();
  await world.end();
});

type Asked = Halted & { request: string };
const asked = async (by = leader, as: 'leader' | 'security' = 'leader'): Promise<Asked> => {
  const halt = await halted(world);
  return { ...halt, request: await ask(by, halt, as) };
};

type Approval = Record<string, unknown>;
async function rowOf(halt: Asked, id: string): Promise<Approval> {
  const found = await world.rowOf(halt.decision);
  return {
    id,
    decision_id: halt.decision,
    decision_seq: found?.seq,
    agent_id: halt.agent,
    process_id: 'prc_test',
    workflow_id: halt.workflow,
    action_type: found?.payload['action'],
    digest: Buffer.from(halt.digest.replace('sha-256:', ''), 'hex'),
    tier: 4,
    deciding: [],
    status: 'approved',
    requested_at: new Date(),
    expires_at: new Date(Date.now() + 60_000),
    decided_at: new Date(),
    decided_by: security.id,
  };
}
const signSql = `UPDATE release_requests SET status = 'signed', signed_by = $2, signed_as = $3, signed_reason = 'x', approval_id = $4 WHERE id = $1`;
const sign = (halt: Asked, id: string, by = security.id, as = 'security') => web.query(signSql, [halt.request, by, as, id]);
function insert(row: Approval) {
  const names = Object.keys(row);
  return web.query(
    `INSERT INTO approvals (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    names.map((name) => row[name]),
  );
}
const event = (kind = 'release.signed') =>
  web.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ($1, 'x', convert_to($2, 'UTF8'))", [
    kind,
    JSON.stringify({ kind, id: newId('evt') }),
  ]);

/** inOne runs statements in one transaction of the web role; answers what PostgreSQL says against it, or undefined. */
async function inOne(work: () => Promise<unknown>): Promise<string | undefined> {
  await web.query('BEGIN');
  try {
    await work();
    await web.query('COMMIT');
    return undefined;
  } catch (error) {
    await web.query('ROLLBACK');
    return error instanceof Error ? error.message : String(error);
  }
}
const approvals = async () => (await world.owner.query<{ count: number }>('SELECT count(*)::int AS count FROM approvals')).rows[0]?.count;

/** refused expects that a transaction of the web role leaves no approval behind. */
async function refused(why: RegExp, work: () => Promise<unknown>): Promise<void> {
  const before = await approvals();
  expect(await inOne(work)).toMatch(why);
  expect(await approvals()).toBe(before);
}

describe('the web role makes an approval', () => {
  it('of a halted action that it has signed by two people in the same transaction, with its event', async () => {
    const halt = await asked();
    const id = newId('apr');
    expect(
      await inOne(async () => {
        await sign(halt, id);
        await insert(await rowOf(halt, id));
        await event();
      }),
    ).toBeUndefined();
  });
});

describe('the web role makes no approval', () => {
  it.each<[string, Approval]>([
    ['of another tier', { tier: 3 }],
    ['of another tier that waits', { tier: 3, status: 'pending', decided_by: null, decided_at: null }],
    ['that waits', { status: 'pending', decided_by: null, decided_at: null }],
    ['of another agent', { agent_id: 'agt_other' }],
    ['of another decision', { decision_id: 'dec_other' }],
    ['of another workflow', { workflow_id: 'wfl_other' }],
    ['of another process', { process_id: 'prc_other' }],
    ['of another action', { action_type: 'vendors.read' }],
    ['of other arguments', { digest: Buffer.alloc(32, 7) }],
    ['decided by somebody else', { decided_by: 'usr_ana' }],
    ['for longer than was signed', { expires_at: new Date(Date.now() + 2 * 3_600_000) }],
    ['under another id', { id: newId('apr') }],
    ['of another row of the ledger', { decision_seq: 1 }],
    ['of no row of the ledger', { decision_seq: 999_999 }],
  ])('%s', async (_, change) => {
    const halt = await asked();
    const id = newId('apr');
    await refused(/only the commit asks|what two people signed in this|not the action that was halted/, async () => {
      await sign(halt, id);
      await insert({ ...(await rowOf(halt, id)), ...change });
      await event();
    });
  });

  it('of what nobody signed, what only one signed, or what was signed in an earlier transaction', async () => {
    const halt = await asked();
    const row = await rowOf(halt, newId('apr'));
    await refused(/what two people signed in this/, async () => insert(row).then(() => event()));
    await refused(/what two people signed in this/, async () => {
      await web.query(`UPDATE release_requests SET status = 'withdrawn' WHERE id = $1`, [halt.request]);
      await insert(row);
    });
    const late = await asked();
    const id = newId('apr');
    await inOne(async () => {
      await sign(late, id);
      await insert(await rowOf(late, id));
      await event();
    });
    const other = await asked();
    await refused(/what two people signed in this/, async () => insert({ ...(await rowOf(other, newId('apr'))) }));
    await refused(/duplicate key|what two people signed in this/, async () => insert(await rowOf(late, id)));
  });

  it('a second time of the same halt', async () => {
    const halt = await asked();
    const id = newId('apr');
    const signed = async (request: Asked, approval: string) => {
      await sign(request, approval);
      await insert(await rowOf(request, approval));
      await event();
    };
    expect(await inOne(() => signed(halt, id))).toBeUndefined();
    const request = newId('rlr');
    const again = `INSERT INTO release_requests (id, workflow_id, decision_id, agent_id, valid_minutes, reason, asked_by, asked_as) VALUES ($1, $2, $3, $4, 60, 'x', $5, 'leader')`;
    await web.query(again, [request, halt.workflow, halt.decision, halt.agent, leader.id]);
    await refused(/let happen once before/, () => signed({ ...halt, request }, newId('apr')));
  });

  it('without an event that tells gateways, and signs nothing without its approval', async () => {
    const halt = await asked();
    const id = newId('apr');
    await refused(/without an event that moves the epoch/, async () => {
      await sign(halt, id);
      await insert(await rowOf(halt, id));
    });
    await refused(/without an event that moves the epoch/, async () => {
      await sign(halt, id);
      await insert(await rowOf(halt, id));
      await event('release.asked');
    });
    await refused(/signed without its approval/, async () => {
      await sign(halt, id);
      await event();
    });
  });
});

describe('the web role signs nothing', () => {
  const roles = async (...given: Role[]) => (await person(given)).id;
  it.each<[string, () => Promise<[by: string, as: string]>]>([
    ['as whoever asked', () => Promise.resolve([leader.id, 'security'])],
    ['as another account of whoever asked', async () => [(await person(['security'], leader.personId)).id, 'security']],
    ['under the same role', async () => [await roles('leader'), 'leader']],
    ['under a role that the person does not hold', async () => [await roles('leader'), 'security']],
    ['under a role that is none of the two', async () => [await roles('process_owner'), 'process_owner']],
    ['as nobody', () => Promise.resolve(['usr_nobody', 'security'])],
    [
      'as somebody who left',
      async () => {
        const gone = await roles('security');
        await world.owner.query("UPDATE users SET status = 'deactivated', deactivated_at = now() WHERE id = $1", [gone]);
        return [gone, 'security'];
      },
    ],
  ])('%s', async (_, signer) => {
    const halt = await asked();
    const [by, as] = await signer();
    const id = newId('apr');
    await refused(/signed by a second person|release_requests_roles_known/, async () => {
      await sign(halt, id, by, as);
      await insert({ ...(await rowOf(halt, id)), decided_by: by });
      await event();
    });
  });

  it('that it asks in the same transaction, or has already signed or withdrawn', async () => {
    const halt = await halted(world);
    const request = newId('rlr');
    const insertSql = `INSERT INTO release_requests (id, workflow_id, decision_id, agent_id, valid_minutes, reason, asked_by, asked_as) VALUES ($1, $2, $3, $4, 60, 'x', $5, 'leader')`;
    await refused(/after it was asked for/, async () => {
      await web.query(insertSql, [request, halt.workflow, halt.decision, halt.agent, leader.id]);
      await sign({ ...halt, request }, newId('apr'));
    });
    const withdrawn = await asked();
    await web.query(`UPDATE release_requests SET status = 'withdrawn' WHERE id = $1`, [withdrawn.request]);
    await refused(/never changed/, () => sign(withdrawn, newId('apr')));
    await refused(/never changed/, () => web.query(`UPDATE release_requests SET status = 'open' WHERE id = $1`, [withdrawn.request]));
  });

  it.each([
    [
      `INSERT INTO release_requests (id, workflow_id, decision_id, agent_id, valid_minutes, reason, asked_by, asked_as, status) VALUES ('rlr_x', 'w', 'd', 'a', 5, 'x', 'u', 'leader', 'signed')`,
    ],
    [
      `INSERT INTO release_requests (id, workflow_id, decision_id, agent_id, valid_minutes, reason, asked_by, asked_as, asked_xid) VALUES ('rlr_x', 'w', 'd', 'a', 5, 'x', 'u', 'leader', '1')`,
    ],
    [`UPDATE release_requests SET asked_by = 'usr_ana'`],
    [`UPDATE release_requests SET decision_id = 'dec_other'`],
    [`UPDATE release_requests SET signed_xid = pg_current_xact_id()`],
    [`UPDATE approvals SET digest = '\\x00'`],
    [`UPDATE approvals SET tier = 4`],
    [`UPDATE approvals SET expires_at = now() + interval '1 year'`],
    [`DELETE FROM release_requests`],
  ])('by %s', async (sql) => {
    await asked();
    await expect(web.query(sql)).rejects.toThrow(/permission denied/);
  });
});

describe('what two people signed only ends', () => {
  it.each(['approved', 'pending', 'rejected'])('and is never made good again: %s', async (status) => {
    const halt = await asked();
    const id = newId('apr');
    await inOne(async () => {
      await sign(halt, id);
      await insert(await rowOf(halt, id));
      await event();
    });
    await web.query("UPDATE approvals SET status = 'cancelled', reason_code = 'APPROVER_REMOVED' WHERE id = $1", [id]);
    await expect(web.query('UPDATE approvals SET status = $2, decided_by = $3 WHERE id = $1', [id, status, security.id])).rejects.toThrow(
      /only ends|check constraint/,
    );
  });
});
