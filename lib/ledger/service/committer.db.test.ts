import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealSide } from '../domain/side';
import type { CommitItem } from '../domain/batch';
import { Committer, type CommitOutcome } from './committer';
import { sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';

let database: TestDatabase;
let owner: pg.Pool;
let web: pg.Pool;
const committers: Committer[] = [];
const sealingKey = Buffer.alloc(32, 7);

beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 4 });
  web = new pg.Pool({ connectionString: database.webUrl, max: 12 });
});
afterAll(async () => {
  await Promise.all(committers.map((committer) => committer.close()));
  await Promise.all([owner.end(), web.end()]);
  await database.drop();
});

async function newCommitter(): Promise<Committer> {
  const committer = new Committer({
    newClient: () => new pg.Client({ connectionString: database.gatewayUrl, options: '-c statement_timeout=5000' }),
    writer: 'test',
  });
  expect(await committer.start()).toBeUndefined();
  committers.push(committer);
  return committer;
}

const digestOf = (text: string): Buffer => sha256(text);
function item(changes: Partial<CommitItem> & { digest?: Buffer } = {}): CommitItem {
  const { digest, ...rest } = changes;
  const eventId = newId('dec');
  return {
    eventId,
    agent: 'agt_test',
    workflow: newId('wfl'),
    payload: JSON.stringify({ kind: 'decision.made', id: eventId }),
    side: sealSide(sealingKey, '{}', digest ?? digestOf(eventId), eventId),
    refuseWhenHalted: true,
    haltsWorkflow: false,
    ...rest,
  };
}
const ask = (id = newId('apr')): NonNullable<CommitItem['ask']> => ({
  id,
  process: 'prc_x',
  action: 'payments.execute',
  asker: null,
  tier: 3,
  deciding: ['money'],
  slaSeconds: 60,
});

async function epochNow(): Promise<number> {
  const { rows } = await owner.query<{ epoch: string }>('SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1');
  return Number(rows[0]?.epoch ?? 0);
}
async function appendAsPerson(kind: string, subject = 'x', client: pg.Pool | pg.PoolClient = web): Promise<void> {
  await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ($1, $2, convert_to($3, 'UTF8'))", [
    kind,
    subject,
    JSON.stringify({ kind, subject }),
  ]);
}
async function expectOneOrder(): Promise<void> {
  const { rows } = await owner.query<{ seq: string; bytes: Buffer; hash: Buffer; at_us: string }>(
    'SELECT seq, bytes, hash, (extract(epoch FROM at) * 1000000)::bigint AS at_us FROM ledger ORDER BY seq',
  );
  let previous: Buffer = Buffer.alloc(32);
  rows.forEach((row, index) => {
    expect(Number(row.seq)).toBe(index + 1);
    expect(row.bytes.readBigUInt64BE(0)).toBe(BigInt(index + 1));
    expect(row.bytes.readBigInt64BE(8)).toBe(BigInt(row.at_us));
    expect(row.bytes.subarray(16, 48).equals(previous)).toBe(true);
    expect(row.hash.equals(sha256(Buffer.from([0]), row.bytes))).toBe(true);
    previous = row.hash;
  });
}

describe('one item of a batch', () => {
  test('of every bad kind costs the other 511 nothing', async () => {
    const committer = await newCommitter();
    let epoch = await epochNow();
    const one = async (changes: Parameters<typeof item>[0]): Promise<CommitOutcome> => committer.submit(item(changes), epoch);

    // What stands before the batch: a taken key, a used approval, a pending one, an approved one whose row a person holds, a halted workflow, a full counter.
    const key = { keyHash: sha256('k'), bodyHash: sha256('b'), answer: '{}' };
    await one({ idempotency: key });
    const [used, pending, busy, late] = [ask(), ask(), ask(), { ...ask(), slaSeconds: 0 }];
    for (const request of [used, pending, busy, late])
      expect((await one({ ask: request, digest: digestOf(request.id) })).outcome).toBe('written');
    await owner.query("UPDATE approvals SET status = 'approved', decided_by = 'usr_x', decided_at = now() WHERE id = ANY ($1)", [
      [used.id, busy.id, late.id],
    ]);
    expect((await one({ use: used.id, digest: digestOf(used.id) })).outcome).toBe('written');
    const halted = newId('wfl');
    expect((await one({ workflow: halted, haltsWorkflow: true })).outcome).toBe('written');
    const charge = { counter: 'c0ffee', amount: '40', ceiling: '50', window_seconds: 3600 };
    expect((await one({ charges: [charge] })).outcome).toBe('written');
    const person = await web.connect();
    await person.query('BEGIN');
    await person.query("UPDATE approvals SET reason = 'thinking' WHERE id = $1", [busy.id]);

    const bad: [string, Partial<CommitItem> & { digest?: Buffer }, Partial<CommitOutcome>][] = [
      ['a taken idempotency key', { idempotency: key }, { outcome: 'key_taken' }],
      ['a used approval', { use: used.id, digest: digestOf(used.id) }, { outcome: 'approval_unusable', why: 'used' }],
      ['a pending approval', { use: pending.id, digest: digestOf(pending.id) }, { outcome: 'approval_unusable', why: 'pending' }],
      [
        'an approval for another action',
        { use: newId('apr'), digest: digestOf('other') },
        { outcome: 'approval_unusable', why: 'missing' },
      ],
      ['an approval past its deadline', { use: late.id, digest: digestOf(late.id) }, { outcome: 'approval_unusable', why: 'expired' }],
      ['an approval whose row a person holds', { use: busy.id, digest: digestOf(busy.id) }, { outcome: 'approval_busy' }],
      ['a halted workflow', { workflow: halted }, { outcome: 'workflow_halted' }],
      ['an open request asked again', { ask: ask(), digest: digestOf(pending.id) }, { outcome: 'duplicate' }],
      ['a counter over its ceiling', { charges: [charge] }, { outcome: 'over_limit', counter: 'c0ffee', total: '40' }],
      ['a NUL in an id', { agent: 'agt\u0000x', idempotency: { ...key, keyHash: sha256('n') } }, { outcome: 'unavailable' }],
      ['a \\u0000 in a request for approval', { ask: { ...ask(), asker: 'a\u0000b' } }, { outcome: 'unavailable' }],
      ['a charge that overflows', { charges: [{ ...charge, amount: '1e200000' }] }, { outcome: 'unavailable' }],
      ['a key that stands twice in the batch', { idempotency: { ...key, keyHash: sha256('twice') } }, { outcome: 'key_taken' }],
    ];
    const batch: { items: CommitItem[]; expected: (Partial<CommitOutcome> | undefined)[] } = { items: [], expected: [] };
    batch.items.push(item({ idempotency: { ...key, keyHash: sha256('twice') } }));
    batch.expected.push({ outcome: 'written' });
    for (const [, changes, expected] of bad) {
      batch.items.push(item(changes));
      batch.expected.push(expected);
    }
    // Hostile payload bytes are bytes: nothing parses them.
    const hostile = ['"\\u0000"', '\u0000', '{"a":1,"a":2}', '\ud800'];
    for (const payload of hostile) {
      batch.items.push(item({ payload }));
      batch.expected.push({ outcome: 'written' });
    }
    while (batch.items.length < 512) {
      batch.items.push(item());
      batch.expected.push({ outcome: 'written' });
    }
    epoch = await epochNow();
    const outcomes = await Promise.all(batch.items.map((one) => committer.submit(one, epoch)));
    await person.query('ROLLBACK');
    person.release();
    outcomes.forEach((outcome, index) => expect(outcome, `item ${index}`).toMatchObject(batch.expected[index] ?? {}));
    expect(outcomes.filter(({ outcome }) => outcome === 'written')).toHaveLength(512 - bad.length);
    await expectOneOrder();
  });

  const refusals: [string, (approval: string, digest: Buffer) => Partial<CommitItem> & { digest?: Buffer }, string][] = [
    ['the approval belongs to another agent', (use, digest) => ({ use, digest, agent: 'agt_other' }), 'missing'],
    ['the arguments differ by a byte', (use) => ({ use, digest: digestOf('changed') }), 'mismatch'],
  ];
  test.each(refusals)('is refused when %s', async (_name, changes, why) => {
    const committer = await newCommitter();
    const epoch = await epochNow();
    const request = ask();
    const digest = digestOf(request.id);
    await committer.submit(item({ ask: request, digest }), epoch);
    await owner.query("UPDATE approvals SET status = 'approved', decided_by = 'usr_x', decided_at = now() WHERE id = $1", [request.id]);
    expect(await committer.submit(item(changes(request.id, digest)), epoch)).toEqual({ outcome: 'approval_unusable', why });
    const { rows } = await owner.query<{ status: string }>('SELECT status FROM approvals WHERE id = $1', [request.id]);
    expect(rows[0]?.status).toBe('approved');
  });

  test('that fails after an approval was found good leaves the approval unused', async () => {
    const committer = await newCommitter();
    const epoch = await epochNow();
    const request = ask();
    const digest = digestOf(request.id);
    await committer.submit(item({ ask: request, digest }), epoch);
    await owner.query("UPDATE approvals SET status = 'approved', decided_by = 'usr_x', decided_at = now() WHERE id = $1", [request.id]);
    const outcome = await committer.submit(
      item({ use: request.id, digest, charges: [{ counter: 'aa', amount: '2', ceiling: '1', window_seconds: 60 }] }),
      epoch,
    );
    expect(outcome.outcome).toBe('over_limit');
    const { rows } = await owner.query<{ status: string }>('SELECT status FROM approvals WHERE id = $1', [request.id]);
    expect(rows[0]?.status).toBe('approved');
  });

  test('uses an approval once, however many gateways race for it', async () => {
    const racing = await Promise.all([newCommitter(), newCommitter()]);
    const epoch = await epochNow();
    const request = ask();
    const digest = digestOf(request.id);
    await racing[0]?.submit(item({ ask: request, digest }), epoch);
    await owner.query("UPDATE approvals SET status = 'approved', decided_by = 'usr_x', decided_at = now() WHERE id = $1", [request.id]);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        racing[i % 2]?.submit(
          item({ use: request.id, digest, idempotency: { keyHash: sha256(`r${i}`), bodyHash: sha256('b'), answer: '{}' } }),
          epoch,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome?.outcome === 'written')).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => outcome?.outcome))).toEqual(new Set(['written', 'approval_unusable']));
  });

  test('never passes a ceiling, however many gateways charge it at once', async () => {
    const racing = await Promise.all([newCommitter(), newCommitter()]);
    const epoch = await epochNow();
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        racing[i % 2]?.submit(item({ charges: [{ counter: 'beef', amount: '1', ceiling: '50', window_seconds: 3600 }] }), epoch),
      ),
    );
    expect(outcomes.filter((outcome) => outcome?.outcome === 'written')).toHaveLength(50);
  });

  test('behind an ambiguous outcome of the same action is held back, in the very batch that brings it too', async () => {
    const committer = await newCommitter();
    const epoch = await epochNow();
    const digest = digestOf('the same effect');
    const outcome = { decision: newId('dec'), digest: digest.toString('hex'), status: 'ambiguous' as const };
    const [before, reported, behind, other] = await Promise.all([
      committer.submit(item({ digest, refuseWhenAmbiguous: true }), epoch),
      committer.submit(item({ outcome }), epoch),
      committer.submit(item({ digest, refuseWhenAmbiguous: true }), epoch),
      committer.submit(item({ digest, agent: 'agt_other', refuseWhenAmbiguous: true }), epoch),
    ]);
    expect([before.outcome, reported.outcome, other.outcome]).toEqual(['written', 'written', 'written']);
    expect(behind).toEqual({ outcome: 'effect_ambiguous', decision: outcome.decision });
    expect(await committer.submit(item({ digest, refuseWhenAmbiguous: true }), epoch)).toEqual(behind);
    await committer.submit(item({ outcome: { ...outcome, status: 'failed' } }), epoch);
    expect((await committer.submit(item({ digest, refuseWhenAmbiguous: true }), epoch)).outcome).toBe('written');
  });

  test('joins the workflow its task was first given', async () => {
    const racing = await Promise.all([newCommitter(), newCommitter()]);
    const epoch = await epochNow();
    const workflows = Array.from({ length: 20 }, () => newId('wfl'));
    const outcomes = await Promise.all(
      workflows.map((workflow, i) =>
        racing[i % 2]?.submit(item({ eventId: newId('grt'), workflow, task: 'batch 88', refuseWhenHalted: false }), epoch),
      ),
    );
    const first = workflows[outcomes.findIndex((outcome) => outcome?.outcome === 'written')];
    const others = outcomes.filter((outcome) => outcome?.outcome !== 'written');
    expect(others).toHaveLength(19);
    expect(new Set(others.map((outcome) => outcome?.outcome === 'duplicate' && outcome.existing))).toEqual(new Set([first]));
  });
});

test('nothing is committed on a server whose commits would not survive a crash', async () => {
  const careless = await testDatabase();
  const admin = new pg.Client({ connectionString: careless.superuserUrl });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${careless.name} SET synchronous_commit = off`);
  await admin.end();
  const committer = new Committer({ newClient: () => new pg.Client({ connectionString: careless.gatewayUrl }), writer: 'test' });
  expect(await committer.start()).toContain('synchronous_commit = off');
  expect(await committer.submit(item(), 0)).toMatchObject({ outcome: 'unavailable' });
  await committer.close();
  await careless.drop();
});

test('another database put in its place without ending the connection is noticed by the first commit: nothing of it is a fact', async () => {
  const restored = await testDatabase();
  const superuser = new pg.Pool({ connectionString: restored.superuserUrl, max: 1 });
  const asked: string[] = [];
  const committer = new Committer({
    newClient: () => new pg.Client({ connectionString: restored.gatewayUrl }),
    writer: 'test',
    admit: async () => void asked.push('admitted'),
  });
  await committer.start();
  const written = [];
  for (let i = 0; i < 6; i++) written.push(await committer.submit(item(), 0));
  expect(written.map(({ outcome }) => outcome)).toEqual(Array(6).fill('written'));
  await superuser.query(`SET session_replication_role = replica; DELETE FROM ledger WHERE seq > 3; DELETE FROM ledger_arguments WHERE seq > 3;
    DELETE FROM ledger_batches WHERE last_seq > 3`);
  expect(await committer.submit(item(), 0)).toMatchObject({ outcome: 'unavailable' });
  expect(committer.isUp).toBe(false);
  await expect.poll(() => committer.isUp).toBe(true);
  expect(asked).toHaveLength(2);
  expect(await committer.submit(item(), 0)).toMatchObject({ outcome: 'written', seq: 5 });
  await committer.close();
  await superuser.end();
  await restored.drop();
});

describe('the one order', () => {
  test('two gateways and people together leave no gap and no fork', async () => {
    const racing = await Promise.all([newCommitter(), newCommitter()]);
    const epoch = await epochNow();
    const people = Promise.all(Array.from({ length: 60 }, () => appendAsPerson('user.signed_in')));
    const outcomes = await Promise.all(Array.from({ length: 3000 }, (_, i) => racing[i % 2]?.submit(item(), epoch)));
    await people;
    expect(outcomes.every((outcome) => outcome?.outcome === 'written')).toBe(true);
    await expectOneOrder();
  });

  test('no decision is ordered after a rule change it did not see', async () => {
    const racing = await Promise.all([newCommitter(), newCommitter()]);
    for (let round = 0; round < 20; round++) {
      const epoch = await epochNow();
      const work = Array.from({ length: 200 }, (_, i) => racing[i % 2]?.submit(item(), epoch));
      const change = appendAsPerson('rates.published', 'rates');
      const outcomes = await Promise.all(work);
      await change;
      const moved = await epochNow();
      expect(moved).toBeGreaterThan(epoch);
      for (const outcome of outcomes) {
        if (outcome?.outcome === 'written') expect(outcome.seq).toBeLessThan(moved);
        else expect(outcome).toEqual({ outcome: 'epoch_moved', epoch: moved });
      }
    }
    await expectOneOrder();
  });

  const refusals: [string, () => Promise<unknown>, RegExp][] = [
    [
      'a rule that changes without its event',
      () => web.query("INSERT INTO kill_switches (id, scope, target, reason, set_by) VALUES ('kil_x', 'agent', 'agt_test', 'r', 'usr_x')"),
      /without an event/,
    ],
    ['an event of a kind nobody listed', () => appendAsPerson('sky.fell'), /unknown event kind/],
    [
      'an event under a snapshot taken before the lock',
      async () => {
        const client = await web.connect();
        try {
          await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
          await appendAsPerson('user.signed_in', 'x', client as unknown as pg.Pool);
          await client.query('COMMIT');
        } finally {
          await client.query('ROLLBACK');
          client.release();
        }
      },
      /READ COMMITTED/,
    ],
    [
      'web writing a ledger row by hand',
      () => web.query("INSERT INTO ledger (seq, at, bytes, hash) VALUES (1, now(), '', '')"),
      /permission denied/,
    ],
    ['web calling the gateways’ commit', () => web.query("SELECT ledger_commit(0, 'x', '{}', '')"), /permission denied/],
    ['the owner changing a row', () => owner.query("UPDATE ledger SET bytes = ''"), /never changed/],
    ['the owner removing a row', () => owner.query('DELETE FROM ledger'), /never changed/],
    ['the owner emptying the ledger', () => owner.query('TRUNCATE ledger'), /never changed/],
    [
      'the owner emptying one month of it',
      async () => {
        const { rows } = await owner.query<{ name: string }>(
          "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'ledger'::regclass",
        );
        for (const { name } of rows) await owner.query(`TRUNCATE ${name}`);
      },
      /never changed/,
    ],
  ];
  test.each(refusals)('refuses %s', async (_name, attempt, message) => {
    await expect(attempt()).rejects.toThrow(message);
  });

  const gatewayRefusals = [
    'UPDATE approvals SET status = $$approved$$',
    'DELETE FROM kill_switches',
    'INSERT INTO ledger_intake (kind, subject, payload) VALUES ($$kill.lifted$$, $$x$$, $$$$)',
    'SELECT password_hash FROM users',
    'SELECT * FROM ledger_arguments',
  ];
  test.each(gatewayRefusals)('refuses the gateway: %s', async (sql) => {
    const gateway = new pg.Client({ connectionString: database.gatewayUrl });
    await gateway.connect();
    await expect(gateway.query(sql)).rejects.toThrow(/permission denied/);
    await gateway.end();
  });
});
