import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createSystem } from '.';
import { toolKeysPerSystemMax } from '../schema/tool-keys';
import { workingKeysPage } from '../store/tool-keys';
import { ToolKeyKeeper } from './tool-key-keeper';
import { issueToolKey, listToolKeys, revokeToolKey } from './tool-keys';

let plane: PeoplePlane;
let gateway: pg.Pool;
let engineer: TestPerson;
let security: TestPerson;
beforeAll(async () => {
  plane = await testPeoplePlane();
  gateway = new pg.Pool({ connectionString: plane.gatewayUrl });
  [engineer, security] = await Promise.all([person(['engineer']), person(['security'])]);
});
afterAll(async () => {
  await gateway.end();
  await plane.drop();
});

let systems = 0;
async function system(): Promise<string> {
  const made = await createSystem(setup, { id: `sys_t${++systems}`, name: 'Test' });
  if (!made.ok) throw new Error(made.code);
  return made.system.id;
}
async function issued(of: string, by = engineer): Promise<{ id: string; secret: string }> {
  const outcome = await issueToolKey(by.actor, of, { label: 'ERP' });
  if (!outcome.ok) throw new Error(outcome.code);
  return { id: outcome.key.id, secret: outcome.secret };
}
const kindsOf = async (of: string) => (await eventsAbout(of)).map(({ kind, data }) => [kind, data['key']]);

describe('a tool key', () => {
  test('is made by engineers and by security, with its secret in the answer and nowhere else', async () => {
    const of = await system();
    const [one, two] = [await issued(of), await issued(of, security)];
    const listed = await listToolKeys(of);
    expect(listed.map(({ id, createdBy }) => [id, createdBy])).toEqual([
      [two.id, security.id],
      [one.id, engineer.id],
    ]);
    expect(JSON.stringify([listed, await eventsAbout(of)])).not.toContain(one.secret);
    expect(await kindsOf(of)).toEqual([
      ['system.created', undefined],
      ['tool_key.issued', one.id],
      ['tool_key.issued', two.id],
    ]);
  });

  test('opens with its secret, for its own system, at once', async () => {
    const keeper = new ToolKeyKeeper(gateway);
    const [mine, theirs] = [await system(), await system()];
    const [key, other] = [await issued(mine), await issued(theirs)];
    expect(await keeper.verify(key.id, key.secret)).toEqual({ ok: true, key: key.id, system: mine });
    expect(await keeper.verify(key.id, other.secret)).toEqual({ ok: false, code: 'UNKNOWN' });
    expect(await keeper.verify('tky_none', key.secret)).toEqual({ ok: false, code: 'UNKNOWN' });
    const later = await issued(mine);
    keeper.forget();
    expect(await keeper.verify(later.id, later.secret)).toMatchObject({ ok: true });
  });

  test('opens nothing once it is revoked, from the moment that is heard of', async () => {
    const keeper = new ToolKeyKeeper(gateway);
    const of = await system();
    const key = await issued(of);
    expect(await keeper.verify(key.id, key.secret)).toMatchObject({ ok: true });
    expect(await revokeToolKey(security.actor, of, key.id)).toEqual({ ok: true });
    keeper.forget();
    expect(await keeper.verify(key.id, key.secret)).toEqual({ ok: false, code: 'UNKNOWN' });
    expect((await kindsOf(of)).at(-1)).toEqual(['tool_key.revoked', key.id]);
  });

  test('is nobody’s while the database does not answer: neither believed nor refused', async () => {
    const away = new pg.Pool({ connectionString: plane.gatewayUrl.replace(/:\d+\//, ':1/'), connectionTimeoutMillis: 300 });
    expect(await new ToolKeyKeeper(away).verify('tky_any', 'x')).toEqual({ ok: false, code: 'UNAVAILABLE' });
    await away.end();
  });

  test('opens though there are more keys than one read takes, however old it is', async () => {
    const of = await system();
    const keys = [await issued(of)];
    const owner = new pg.Client({ connectionString: plane.ownerUrl });
    await owner.connect();
    await owner.query(
      `INSERT INTO tool_keys (id, system_id, secret_hash, created_by)
       SELECT 'tky_' || lpad(n::text, 26, '0'), $1, sha256(n::text::bytea), 'setup' FROM generate_series(1, $2::int) n`,
      [of, workingKeysPage + 5],
    );
    keys.push(await issued(await system()));
    const keeper = new ToolKeyKeeper(gateway);
    for (const { id, secret } of keys) expect(await keeper.verify(id, secret)).toMatchObject({ ok: true });
    await owner.query('DELETE FROM tool_keys WHERE system_id = $1', [of]);
    await owner.end();
  });

  test('costs the database little, however many strangers try', async () => {
    let reads = 0;
    gateway.on('acquire', () => void reads++);
    const keeper = new ToolKeyKeeper(gateway);
    await Promise.all(Array.from({ length: 2_000 }, (_, i) => keeper.verify(`tky_${i}`, 'x')));
    expect(reads).toBeLessThan(20);
  });
});

describe('nothing is changed', () => {
  test.each(['admin', 'auditor', 'leader', 'process_owner', 'risk'] as const)('by the role %s', async (role) => {
    const of = await system();
    const key = await issued(of);
    const other = await person([role]);
    expect(await issueToolKey(other.actor, of)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await revokeToolKey(other.actor, of, key.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await listToolKeys(of)).toMatchObject([{ id: key.id, revokedAt: null }]);
  });

  test('for a system that is not there, or by a key of another one', async () => {
    const [mine, theirs] = [await system(), await system()];
    const key = await issued(mine);
    expect(await issueToolKey(engineer.actor, 'sys_none')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await revokeToolKey(engineer.actor, theirs, key.id)).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  test('by the second of two who revoke the same key at once', async () => {
    const of = await system();
    const key = await issued(of);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => revokeToolKey(engineer.actor, of, key.id)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await kindsOf(of)).filter(([kind]) => kind === 'tool_key.revoked')).toHaveLength(1);
  });

  test('past twenty keys that work, also when they are asked for at once', async () => {
    const of = await system();
    for (let i = 0; i < toolKeysPerSystemMax - 2; i++) await issued(of);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => issueToolKey(engineer.actor, of)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2);
    const [first] = await listToolKeys(of);
    await revokeToolKey(engineer.actor, of, first?.id ?? '');
    await issued(of);
  });

  test.each(['a\u202eb', 'x'.repeat(81)])('by a label that hides or does not end', (label) => {
    expect(() => issueToolKey(engineer.actor, 'sys_t1', { label })).toThrow();
  });
});
