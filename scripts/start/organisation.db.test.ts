import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOrganisation } from '@/lib/organisation/reading';
import { leaveSample } from '@/lib/organisation/service';
import { closeClients, withClient } from '@/lib/platform/db';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';
import { Organisation, type Wish } from './organisation';
import { hasPeople, hasSample, keepPlace, keptPlace, sampleUrls } from './sample';
import type { Urls } from './config';

const loadMs = 120_000;
const plain: Wish = { empty: false, sample: false };

let database: TestDatabase;
let home: string;
let own: Urls;

const where = () => ({ root: process.cwd(), home, host: '127.0.0.1', ports: { web: 3000, gateway: 4000 } });
const choose = (wish: Wish = plain, given: Record<string, string> = {}) =>
  Organisation.choose(where(), own, { SAMPLE_STORY: 'scope-creep', ...given }, wish);

beforeAll(async () => {
  database = await testDatabase();
  own = { owner: database.ownerUrl, web: database.webUrl, gateway: database.gatewayUrl, superuser: database.superuserUrl };
  home = mkdtempSync(path.join(os.tmpdir(), 'countersign-place-'));
  for (const folder of ['secrets', 'checkpoints', 'logs']) mkdirSync(path.join(home, folder));
});
afterAll(async () => {
  await closeClients();
  await withClient(database.superuserUrl, (client) => client.query(`DROP DATABASE IF EXISTS "${database.name}_sample" WITH (FORCE)`));
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

describe('which organisation a start shows', () => {
  it('is the sample on a fresh machine, one’s own when asked for, and what it was the last time', async () => {
    expect((await choose()).isSample).toBe(true);
    expect((await choose({ ...plain, empty: true })).isSample).toBe(false);
    expect((await choose()).isSample).toBe(false);
    expect((await choose({ ...plain, sample: true })).isSample).toBe(true);
    expect((await choose()).isSample).toBe(true);
  });

  it('is never the sample with DATABASE_URL, unless it is asked for', async () => {
    const given = { DATABASE_URL: own.owner };
    keepPlace(home, 'sample');
    expect((await choose(plain, given)).isSample).toBe(false);
    rmSync(path.join(home, 'organisation'));
    expect((await choose(plain, given)).isSample).toBe(false);
    expect((await choose({ ...plain, sample: true }, given)).isSample).toBe(true);
  });
});

describe('the sample of an installation', () => {
  it(
    'has a database of its own, made once, with how to sign in',
    async () => {
      keepPlace(home, 'sample');
      const organisation = await choose();
      organisation.environment();
      const said: string[] = [];
      const first = await organisation.fill((line) => said.push(line));
      expect(first).toMatchObject({ told: 'the sample organisation was made', door: { signIn: { email: 'ana@example.com' } } });
      expect(said.length).toBeGreaterThan(0);
      expect(await organisation.fill(() => undefined)).toEqual({ ...first, told: 'the sample organisation' });
      expect(await hasPeople(own.owner)).toBe(false);
      expect(await hasPeople(sampleUrls(own).owner)).toBe(true);
      expect(readFileSync(path.join(home, 'secrets', 'env.json'), 'utf8')).toContain(`${database.name}_sample`);
      expect(await readOrganisation()).toMatchObject({ sample: true, leaving: false });
    },
    loadMs,
  );

  it('is left for an empty installation, whose first administrator is whoever left it, and never comes back by itself', async () => {
    const organisation = await choose();
    organisation.environment();
    const left = await new Promise<Awaited<ReturnType<typeof leaveSample>>>((resolve, reject) => {
      let outcome: Awaited<ReturnType<typeof leaveSample>> | undefined;
      organisation.whenLeft(() => (outcome ? resolve(outcome) : reject(new Error('nobody asked'))));
      leaveSample({ type: 'operator', id: 'usr_grace' }).then((answer) => (outcome = answer), reject);
    });
    if (!left.ok) throw new Error(left.code);
    await closeClients();
    await organisation.leave();
    expect(await hasSample(own)).toBe(false);
    for (const gone of ['secrets/people.json', 'secrets/agents.json', 'checkpoints-sample'])
      expect(existsSync(path.join(home, gone)), gone).toBe(false);
    expect(keptPlace(home)).toBe('own');
    expect((await choose()).isSample).toBe(false);
    const { rows } = await withClient(own.owner, (client) =>
      client.query('SELECT sample, first_admin_hash IS NOT NULL AS open FROM organisation'),
    );
    expect(rows).toEqual([{ sample: false, open: true }]);
  });
});
