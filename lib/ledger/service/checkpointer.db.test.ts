import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import type pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendEvents, commitDecisions } from '../testing/rows';
import { originOf } from '../domain/checkpoint';
import { newSigner, rawPublicKey } from '../domain/note';
import { Checkpointer } from './checkpointer';
import { compareWithOutside } from './divergence';
import { createPool, withClient } from '@/lib/platform/db';
import { createLog } from '@/lib/platform/log';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';

const lines: string[] = [];
const log = createLog('test', new Writable({ write: (chunk, _, done) => (lines.push(String(chunk)), done()) }));
const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-checkpoints-'));
let count = 0;

type Place = { database: TestDatabase; directory: string; keyFile: string; pool: pg.Pool };
let place: Place;

function newKey(): string {
  const file = path.join(folder, `${++count}.pem`);
  writeFileSync(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return file;
}
function newPlace(database: TestDatabase): Place {
  return {
    database,
    directory: path.join(folder, `outside-${++count}`),
    keyFile: newKey(),
    pool: createPool(database.webUrl, { application: 'test', max: 6 }),
  };
}
const checkpointers: Checkpointer[] = [];
function newCheckpointer(changes: Partial<Place> = {}): Checkpointer {
  const checkpointer = new Checkpointer({ ...place, log, ...changes });
  checkpointers.push(checkpointer);
  return checkpointer;
}
const outside = (directory = place.directory): string[] =>
  readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => /\d{20}\.txt$/.test(name))
    .sort();
const sizes = (directory = place.directory) => outside(directory).map((name) => Number(path.basename(name, '.txt')));
const asSuperuser = (...statements: string[]) =>
  withClient(place.database.superuserUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    for (const statement of statements) await client.query(statement);
  });
/** What a restore of a backup made at row n leaves. */
const rollBackTo = (n: number) =>
  asSuperuser(
    `DELETE FROM ledger WHERE seq > ${n}`,
    `DELETE FROM ledger_batches WHERE last_seq > ${n}`,
    `DELETE FROM ledger_checkpoints WHERE size > ${n}`,
    `DELETE FROM ledger_arguments WHERE seq > ${n}`,
  );

async function signed(checkpointer: Checkpointer): Promise<Checkpointer> {
  await checkpointer.tick(true);
  return checkpointer;
}

beforeEach(async () => {
  place = newPlace(await testDatabase());
});
afterEach(async () => {
  for (const checkpointer of checkpointers.splice(0)) await checkpointer.close();
  await place.pool.end();
  await place.database.drop();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the signer of checkpoints', () => {
  it('signs what was written, and nothing when nothing was', async () => {
    const checkpointer = await signed(newCheckpointer());
    expect(checkpointer.standing).toEqual({ standing: 'signs', size: 0n });
    await appendEvents(place.database, 3);
    await checkpointer.tick();
    await checkpointer.tick(true);
    expect(sizes()).toEqual([3]);
    await checkpointer.close();
    expect(readdirSync(place.directory)).toContain('checkpoint.vkey');
    expect(readFileSync(path.join(place.directory, outside()[0] ?? ''), 'utf8')).toMatch(
      /^countersign\/[0-9a-f]{16}\n3\n[A-Za-z0-9+/]{43}=\n\n— countersign\/[0-9a-f]{16} [A-Za-z0-9+/=]+\n$/,
    );
  });

  it('goes on from where another process left', async () => {
    await appendEvents(place.database, 3);
    await (await signed(newCheckpointer())).close();
    await commitDecisions(place.database, 40);
    await (await signed(newCheckpointer())).close();
    expect(sizes()).toEqual([3, 43]);
  });

  it('signs what is unsigned when it stops', async () => {
    await appendEvents(place.database, 1);
    const checkpointer = newCheckpointer();
    await checkpointer.tick();
    await appendEvents(place.database, 1);
    await checkpointer.tick();
    expect(sizes()).toEqual([1]);
    await checkpointer.close();
    expect(sizes()).toEqual([1, 2]);
  });

  it('hands a stop outside within seconds: a restore that lacks it must not go unnoticed', async () => {
    await appendEvents(place.database, 1);
    const checkpointer = await signed(newCheckpointer());
    await appendEvents(place.database, 1, 'kill.set');
    await appendEvents(place.database, 1);
    await expect
      .poll(
        async () => {
          await checkpointer.tick();
          return sizes();
        },
        { timeout: 10_000 },
      )
      .toEqual([1, 3]);
  });

  it('is one of several processes at a time, and another takes over', async () => {
    await appendEvents(place.database, 2);
    const [first, second] = [newCheckpointer(), newCheckpointer()];
    await Promise.all([first.tick(true), second.tick(true)]);
    const standings = [first.standing, second.standing].map(({ standing }) => standing);
    expect(standings.sort()).toEqual(['signs', 'waits']);
    const [leader, other] = first.standing.standing === 'signs' ? [first, second] : [second, first];
    await leader.close();
    await appendEvents(place.database, 2);
    await expect.poll(async () => (await signed(other)).standing).toEqual({ standing: 'signs', size: 4n });
    await other.close();
    expect(sizes()).toEqual([2, 4]);
  });

  it('takes up after a crash between handing outside and the database’s copy', async () => {
    await appendEvents(place.database, 5);
    await (await signed(newCheckpointer())).close();
    await asSuperuser('DELETE FROM ledger_checkpoints');
    const checkpointer = await signed(newCheckpointer());
    expect(checkpointer.standing).toEqual({ standing: 'signs', size: 5n });
    await appendEvents(place.database, 1);
    await signed(checkpointer);
    await checkpointer.close();
    expect(sizes()).toEqual([5, 6]);
  });

  it('signs into a copy of the directory what it signs into the first', async () => {
    await appendEvents(place.database, 2);
    await (await signed(newCheckpointer())).close();
    const elsewhere = path.join(folder, 'elsewhere');
    cpSync(place.directory, elsewhere, { recursive: true });
    await appendEvents(place.database, 2);
    await (await signed(newCheckpointer())).close();
    await (await signed(newCheckpointer({ directory: elsewhere }))).close();
    expect(readFileSync(path.join(elsewhere, outside(elsewhere).at(-1) ?? ''), 'utf8')).toBe(
      readFileSync(path.join(place.directory, outside().at(-1) ?? ''), 'utf8'),
    );
    expect(sizes(elsewhere)).toEqual([2, 4]);
  });

  it('passes over the unfinished file of a crash', async () => {
    await appendEvents(place.database, 4);
    await (await signed(newCheckpointer())).close();
    const day = path.dirname(outside()[0] ?? '');
    writeFileSync(path.join(place.directory, day, '.00000000000000000009.txt.0123'), 'half');
    expect((await signed(newCheckpointer())).standing).toEqual({ standing: 'signs', size: 4n });
  });

  it('keeps the newest checkpoint in the newest folder when the clock was set back', async () => {
    await appendEvents(place.database, 2);
    await (await signed(newCheckpointer())).close();
    const future = path.join(place.directory, '2999-01-01');
    mkdirSync(future);
    const [file = ''] = outside();
    writeFileSync(path.join(future, path.basename(file)), readFileSync(path.join(place.directory, file)));
    await appendEvents(place.database, 1);
    await (await signed(newCheckpointer())).close();
    expect(outside().at(-1)).toBe('2999-01-01/00000000000000000003.txt');
  });
});

describe('the signer refuses to sign', () => {
  const refusals: [string, string, () => Promise<void>][] = [
    ['a database older than what was handed outside', 'behind', () => rollBackTo(20)],
    ['a ledger whose tail was cut', 'behind', () => asSuperuser('DELETE FROM ledger WHERE seq > 25')],
    [
      'an older backup that was continued',
      'forked',
      async () => {
        await rollBackTo(20);
        await appendEvents(place.database, 30);
      },
    ],
    [
      'a row that does not follow the row before it',
      'chain_broken',
      () => asSuperuser(`UPDATE ledger SET bytes = set_byte(bytes, 60, get_byte(bytes, 60) # 1) WHERE seq = 28`),
    ],
    ['rows with a gap', 'chain_broken', () => asSuperuser('DELETE FROM ledger WHERE seq = 28')],
    [
      'when the newest outside checkpoint is not its own',
      'outside_unreadable',
      async () => {
        const file = path.join(place.directory, outside().at(-1) ?? '');
        writeFileSync(file, readFileSync(file, 'utf8').replace('\n30\n', '\n31\n'));
      },
    ],
    ['when the directory belongs to another key', 'other_key', async () => void (place.keyFile = newKey())],
  ];
  it.each(refusals)('%s', async (_, refused, tamper) => {
    await commitDecisions(place.database, 10);
    await (await signed(newCheckpointer())).close();
    await commitDecisions(place.database, 10);
    await commitDecisions(place.database, 10);
    await (await signed(newCheckpointer())).close();
    const before = outside();
    await tamper();
    lines.length = 0;
    const checkpointer = newCheckpointer();
    await signed(checkpointer);
    expect(checkpointer.standing).toMatchObject({ standing: 'refuses', refused });
    expect(lines.join('')).toContain('"alarm":"checkpoint_refused"');
    await signed(checkpointer);
    await checkpointer.close();
    expect(outside()).toEqual(before);
  });

  it('when the database is rolled back under it', async () => {
    await commitDecisions(place.database, 5);
    await commitDecisions(place.database, 5);
    const checkpointer = await signed(newCheckpointer());
    await rollBackTo(5);
    await appendEvents(place.database, 20);
    await signed(checkpointer);
    expect(checkpointer.standing).toMatchObject({ standing: 'refuses', refused: 'forked' });
    expect(sizes()).toEqual([10]);
  });

  it('over another checkpoint of the same size, which it leaves as it is', async () => {
    await commitDecisions(place.database, 10);
    const checkpointer = await signed(newCheckpointer());
    await commitDecisions(place.database, 1);
    const file = path.join(place.directory, path.dirname(outside()[0] ?? ''), '00000000000000000011.txt');
    writeFileSync(file, 'another');
    await signed(checkpointer);
    expect(checkpointer.standing).toMatchObject({ standing: 'refuses', refused: 'forked' });
    expect(readFileSync(file, 'utf8')).toBe('another');
  });
});

describe('a gateway that starts', () => {
  const compare = (vkey?: string) =>
    withClient(place.database.gatewayUrl, (client) => compareWithOutside(client, { directory: place.directory, vkey }));

  it('agrees with an empty directory, and with the rows that were handed outside', async () => {
    expect(await compare()).toMatchObject({ agrees: true, outside: undefined });
    await commitDecisions(place.database, 10);
    await (await signed(newCheckpointer())).close();
    await commitDecisions(place.database, 10);
    expect(await compare()).toMatchObject({ agrees: true, outside: { newest: { size: 10n } } });
  });

  it('does not agree with a database that is behind or forked', async () => {
    await commitDecisions(place.database, 5);
    await commitDecisions(place.database, 5);
    await (await signed(newCheckpointer())).close();
    await rollBackTo(5);
    expect(await compare()).toMatchObject({ agrees: false, refusal: { refused: 'behind' } });
    await appendEvents(place.database, 6);
    expect(await compare()).toMatchObject({ agrees: false, refusal: { refused: 'forked' } });
  });

  it('does not agree with checkpoints of another key than the one it was given, or of no key at all', async () => {
    await commitDecisions(place.database, 5);
    await (await signed(newCheckpointer())).close();
    const other = generateKeyPairSync('ed25519').privateKey;
    expect(await compare(newSigner(originOf(rawPublicKey(other)), other).text)).toMatchObject({
      agrees: false,
      refusal: { refused: 'other_key' },
    });
    rmSync(path.join(place.directory, 'checkpoint.vkey'));
    expect(await compare()).toMatchObject({ agrees: false, refusal: { refused: 'outside_unreadable' } });
  });
});
