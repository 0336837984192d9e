import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originOf, signCheckpoint } from '@/lib/ledger/domain/checkpoint';
import { newSigner, rawPublicKey } from '@/lib/ledger/domain/note';
import { Checkpointer } from '@/lib/ledger/service/checkpointer';
import { appendEvents, commitDecisions } from '@/lib/ledger/testing/rows';
import { createPool, withClient } from '@/lib/platform/db';
import { createLog } from '@/lib/platform/log';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';
import type { Kind } from './findings';
import { verify, type Verdict } from './verify';

const silent = createLog('test', new Writable({ write: (_chunk, _encoding, done) => done() }));
const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-verify-'));
const outside = path.join(folder, 'outside');
const keyFile = path.join(folder, 'key.pem');
const runs = Number(process.env['TORTURE'] ?? 0) > 0 ? 25 : 1;

let database: TestDatabase;
let pool: pg.Pool;
let sizes: number[] = [];
let last = 0;
/** The next number after each batch: where an honest backup can end. */
const boundaries: number[] = [];

const tables = ['ledger', 'ledger_batches', 'ledger_arguments', 'ledger_checkpoints'];
/** As an administrator of the server, with every trigger off. */
const asSuperuser = <Result>(work: (client: pg.Client) => Promise<Result>) =>
  withClient(database.superuserUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    return work(client);
  });
const run = (...statements: string[]) =>
  asSuperuser(async (client) => {
    for (const statement of statements) await client.query(statement);
  });
const restore = () => run(...tables.flatMap((table) => [`DELETE FROM ${table}`, `INSERT INTO ${table} SELECT * FROM pristine_${table}`]));
const check = (changes: Partial<Parameters<typeof verify>[0]> = {}) =>
  verify({ source: { kind: 'database', url: database.webUrl }, checkpoints: outside, vkey: undefined, ...changes });
const intervalOf = (seq: number) => ({
  after: BigInt(sizes.findLast((size) => size < seq) ?? 0),
  upTo: BigInt(sizes.find((size) => size >= seq) ?? -1),
});
const between = (from: number, to: number) => from + Math.floor(Math.random() * (to - from + 1));
const checkpointFiles = (directory: string) =>
  readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => path.join(directory, name));

beforeAll(async () => {
  writeFileSync(keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  database = await testDatabase();
  pool = createPool(database.webUrl, { application: 'test', max: 4 });
  const checkpointer = new Checkpointer({ pool, directory: outside, keyFile, log: silent });
  for (let batch = 0; batch < 12; batch++) {
    await (batch % 2 === 0 ? commitDecisions(database, between(10, 30)) : appendEvents(database, between(3, 12)));
    if (batch % 3 !== 1) await checkpointer.tick(true);
    const { rows } = await withClient(database.ownerUrl, (client) =>
      client.query<{ last: number }>('SELECT max(seq)::int AS last FROM ledger'),
    );
    last = rows[0]?.last ?? 0;
    boundaries.push(last);
  }
  await checkpointer.close();
  sizes = checkpointFiles(outside).map((file) => Number(path.basename(file, '.txt')));
  await run(...tables.map((table) => `CREATE TABLE pristine_${table} AS SELECT * FROM ${table}`));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes rows from `from` on anew, as somebody would who knows the format and has every right. */
async function rewrite(client: pg.Client, from: number, to: number, payloadOf: (seq: number, payload: Buffer) => Buffer): Promise<void> {
  const { rows } = await client.query<{ seq: string; bytes: Buffer }>(
    'SELECT seq, bytes FROM ledger WHERE seq BETWEEN $1 AND $2 ORDER BY seq',
    [from, to],
  );
  const before = await client.query<{ hash: Buffer }>('SELECT hash FROM ledger WHERE seq = $1', [from - 1]);
  let previous = before.rows[0]?.hash ?? Buffer.alloc(32);
  for (const row of rows) {
    const bytes = Buffer.concat([row.bytes.subarray(0, 16), previous, payloadOf(Number(row.seq), row.bytes.subarray(48))]);
    previous = createHash('sha256').update(Buffer.of(0)).update(bytes).digest();
    await client.query('UPDATE ledger SET bytes = $2, hash = $3 WHERE seq = $1', [row.seq, bytes, previous]);
    await client.query('UPDATE ledger_batches SET last_hash = $2 WHERE last_seq = $1', [row.seq, previous]);
  }
}
const withSpace = (target: number) => (seq: number, payload: Buffer) =>
  seq === target ? Buffer.concat([payload, Buffer.from(' ')]) : payload;
const rollBackTo = (n: number) => [
  `DELETE FROM ledger WHERE seq > ${n}`,
  `DELETE FROM ledger_batches WHERE last_seq > ${n}`,
  `DELETE FROM ledger_arguments WHERE seq > ${n}`,
  `DELETE FROM ledger_checkpoints WHERE size > ${n}`,
];

type Tampering = {
  name: string;
  kinds: Kind[];
  apply: (n: number, m: number) => Promise<unknown>;
  first?: (n: number) => number;
  exact?: boolean;
};
const tamperings: Tampering[] = [
  {
    name: 'one byte of one row',
    kinds: ['byte_changed'],
    exact: true,
    apply: (n, m) =>
      run(
        `UPDATE ledger SET bytes = set_byte(bytes, 48 + ${m % 60}, get_byte(bytes, 48 + ${m % 60}) # ${between(1, 255)}) WHERE seq = ${n}`,
      ),
  },
  {
    name: 'one byte of one row, with its hash made to fit',
    kinds: ['byte_changed', 'fork', 'rewritten_from_genesis'],
    apply: (n) =>
      run(
        `UPDATE ledger SET bytes = bytes || ' '::bytea WHERE seq = ${n}`,
        `UPDATE ledger SET hash = sha256('\\x00'::bytea || bytes) WHERE seq = ${n}`,
      ),
  },
  {
    name: 'the time of one row',
    kinds: ['column_changed'],
    exact: true,
    apply: (n) => run(`UPDATE ledger SET at = at + interval '1 microsecond' WHERE seq = ${n}`),
  },
  { name: 'a row removed', kinds: ['row_removed'], exact: true, apply: (n) => run(`DELETE FROM ledger WHERE seq = ${n}`) },
  {
    name: 'two rows swapped',
    kinds: ['rows_swapped'],
    exact: true,
    apply: (n, m) =>
      run(
        `UPDATE ledger l SET bytes = o.bytes, hash = o.hash FROM pristine_ledger o WHERE l.seq IN (${n}, ${m}) AND o.seq = ${n + m} - l.seq`,
      ),
  },
  {
    name: 'a row inserted under a number that is taken',
    kinds: ['row_inserted'],
    exact: true,
    apply: (n) =>
      run(`INSERT INTO ledger SELECT seq, at + interval '1 microsecond', bytes || ' '::bytea, hash FROM ledger WHERE seq = ${n}`),
  },
  {
    name: 'a row inserted and the later ones renumbered',
    kinds: ['row_inserted'],
    exact: true,
    apply: (n) =>
      run(
        `UPDATE ledger SET seq = -seq - 1 WHERE seq >= ${n}`,
        `UPDATE ledger SET seq = -seq WHERE seq < 0`,
        `UPDATE ledger_batches SET last_seq = last_seq + 1 WHERE last_seq = ${last}`,
        `INSERT INTO ledger SELECT seq, at, bytes, hash FROM pristine_ledger WHERE seq = ${n}`,
      ),
  },
  { name: 'the tail cut after a checkpoint', kinds: ['tail_cut'], exact: true, apply: (n) => run(`DELETE FROM ledger WHERE seq >= ${n}`) },
  {
    name: 'everything rewritten from one row on',
    kinds: ['fork', 'rewritten_from_genesis'],
    apply: (n) => asSuperuser((client) => rewrite(client, n, last, withSpace(n))),
  },
  {
    name: 'everything rewritten from genesis',
    kinds: ['rewritten_from_genesis'],
    first: () => 1,
    apply: () => asSuperuser((client) => rewrite(client, 1, last, withSpace(1))),
  },
  {
    name: 'some rows rewritten, up to where the chain breaks',
    kinds: ['byte_changed', 'fork', 'rewritten_from_genesis'],
    apply: (n, m) => asSuperuser((client) => rewrite(client, n, m - 1, withSpace(n))),
  },
];

describe('what an administrator of the server tampers with', () => {
  it.each(tamperings)('is found and located: $name', async ({ kinds, apply, first, exact }) => {
    for (let i = 0; i < runs; i++) {
      const signed = sizes.at(-1) ?? 0;
      const n = between(2, signed - 2);
      const m = between(n + 1, signed - 1);
      await restore();
      await apply(n, m);
      const found = await check();
      expect(found.ok).toBe(false);
      expect(found.firstBad).toEqual(intervalOf(first?.(n) ?? n));
      expect(kinds).toContain(found.findings[0]?.kind);
      if (exact) expect(found.findings.flatMap(({ seqs }) => seqs)).toContain(BigInt(n));
    }
    await restore();
  });

  it.each([
    ['an older backup restored', 'rollback', async () => undefined],
    ['an older backup restored and continued', 'fork', () => commitDecisions(database, last)],
  ])('is found and located: %s', async (_, kind, after) => {
    await restore();
    const [first = 0, second = 0] = sizes;
    const n = boundaries.find((boundary) => boundary >= first && boundary < (sizes.at(-1) ?? 0)) ?? second;
    await run(...rollBackTo(n));
    await after();
    const found = await check();
    expect(found.findings[0]).toMatchObject({ kind });
    expect(found.firstBad).toEqual(intervalOf(n + 1));
    expect(found.proven).toBe(BigInt(sizes.findLast((size) => size <= n) ?? 0));
    await restore();
  });

  it.each([
    [
      'a side row',
      'side_row_changed',
      `UPDATE ledger_arguments SET salted = set_byte(salted, 3, get_byte(salted, 3) # 1) WHERE seq = (SELECT min(seq) FROM ledger_arguments)`,
    ],
    [
      'a side row put where none was',
      'side_row_orphan',
      `INSERT INTO ledger_arguments SELECT (SELECT min(seq) FROM ledger l WHERE NOT convert_from(substring(l.bytes, 49), 'UTF8')::jsonb ? 'commitment'), salted, sealed FROM ledger_arguments LIMIT 1`,
    ],
  ])('is found: %s', async (_, kind, statement) => {
    await restore();
    await run(statement);
    expect((await check()).findings).toMatchObject([{ kind }]);
    await restore();
  });
});

describe('an outside checkpoint that is not as it was signed', () => {
  const copy = () => {
    const directory = mkdtempSync(path.join(folder, 'copy-'));
    cpSync(outside, directory, { recursive: true });
    return directory;
  };
  const other = generateKeyPairSync('ed25519').privateKey;
  const otherSigner = newSigner(originOf(rawPublicKey(other)), other);
  const cases: [string, Kind, (directory: string, file: string) => void][] = [
    ['another size', 'checkpoint_forged', (_, file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\d+\n/, '\n1\n'))],
    ['a half file', 'checkpoint_forged', (_, file) => writeFileSync(file, readFileSync(file).subarray(0, 60))],
    ['another key', 'checkpoint_forged', (_, file) => writeFileSync(file, signCheckpoint(1n, Buffer.alloc(32), otherSigner))],
    ['another name', 'checkpoint_forged', (_, file) => renameSync(file, file.replace(/\d{20}/, '0'.repeat(19) + '1'))],
    ['no key beside it', 'key_missing', (directory) => rmSync(path.join(directory, 'checkpoint.vkey'))],
    [
      'a key that replaced its own',
      'checkpoint_forged',
      (directory) => writeFileSync(path.join(directory, 'checkpoint.vkey'), otherSigner.text),
    ],
    [
      'a second history under the same key',
      'checkpoints_disagree',
      (directory, file) => {
        mkdirSync(path.join(directory, '2999-01-01'));
        const key = newSignerOfLog();
        writeFileSync(
          path.join(directory, '2999-01-01', path.basename(file)),
          signCheckpoint(BigInt(path.basename(file, '.txt')), Buffer.alloc(32), key),
        );
      },
    ],
  ];
  it.each(cases)('is found: %s', async (_, kind, forge) => {
    const directory = copy();
    forge(directory, checkpointFiles(directory)[1] ?? '');
    const found = await check({ checkpoints: directory });
    expect(found.ok).toBe(false);
    expect(found.findings.map((finding) => finding.kind)).toContain(kind);
  });

  it('is found when every one was signed anew by another key, and the true key is given', async () => {
    const directory = copy();
    for (const file of checkpointFiles(directory))
      writeFileSync(file, signCheckpoint(BigInt(path.basename(file, '.txt')), Buffer.alloc(32), otherSigner));
    const vkey = readFileSync(path.join(directory, 'checkpoint.vkey'), 'utf8');
    writeFileSync(path.join(directory, 'checkpoint.vkey'), otherSigner.text);
    expect((await check({ checkpoints: directory, vkey })).findings.map(({ kind }) => kind)).toEqual(sizes.map(() => 'checkpoint_forged'));
  });
});

function newSignerOfLog() {
  const pem = readFileSync(keyFile);
  const key = createPrivateKey(pem);
  return newSigner(originOf(rawPublicKey(key)), key);
}

describe('nothing is said against an honest ledger', () => {
  const agrees = (verdict: Verdict) =>
    expect(verdict).toMatchObject({
      ok: true,
      findings: [],
      firstBad: null,
      rows: last,
      last: BigInt(last),
      proven: BigInt(sizes.at(-1) ?? 0),
    });

  it('as it stands, read by each role that may read it', async () => {
    for (const url of [database.ownerUrl, database.webUrl]) agrees(await check({ source: { kind: 'database', url } }));
  });

  it('with another copy of the checkpoints, flat, with some missing, stray files and the key given by hand', async () => {
    const directory = mkdtempSync(path.join(folder, 'flat-'));
    checkpointFiles(outside).forEach(
      (file, i) => i % 2 === (sizes.length - 1) % 2 && cpSync(file, path.join(directory, path.basename(file))),
    );
    writeFileSync(path.join(directory, '.00000000000000000009.txt.0123abcd'), 'half');
    writeFileSync(path.join(directory, 'README.txt'), 'copied by hand');
    const verdict = await check({ checkpoints: directory, vkey: path.join(outside, 'checkpoint.vkey') });
    agrees(verdict);
    expect(verdict.checkpoints).toMatchObject({ ignored: 2 });
  });

  it('with erased side rows, which it counts', async () => {
    await run('DELETE FROM ledger_arguments WHERE seq % 3 = 0');
    const verdict = await check();
    agrees(verdict);
    expect(verdict.sides?.erased).toBeGreaterThan(0);
    await restore();
  });

  it('from an export, and finds a changed byte in it', async () => {
    const file = path.join(folder, 'export.jsonl');
    const exported = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/export.ts', file, '--database', database.webUrl], {
      encoding: 'utf8',
    });
    expect(exported.stderr).toBe('');
    const source = { kind: 'export' as const, file };
    agrees(await check({ source }));
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const n = sizes[1] ?? 0;
    const row = JSON.parse(lines[n - 1] ?? '') as { bytes: string };
    row.bytes = Buffer.from(row.bytes, 'base64').fill('x', 60, 61).toString('base64');
    writeFileSync(file, lines.with(n - 1, JSON.stringify(row)).join('\n'));
    expect(await check({ source })).toMatchObject({
      ok: false,
      firstBad: intervalOf(n),
      findings: [{ kind: 'byte_changed', seqs: [BigInt(n)] }],
    });
    writeFileSync(file, lines.slice(0, n - 1).join('\n'));
    expect(await check({ source })).toMatchObject({ ok: false, firstBad: intervalOf(n), findings: [{ kind: 'tail_cut' }] });
  });

  it('while writers go on', async () => {
    const writing = Promise.all([commitDecisions(database, 400), appendEvents(database, 60)]);
    const verdicts = [await check(), await check(), await check()];
    await writing;
    for (const verdict of [...verdicts, await check()]) expect(verdict).toMatchObject({ ok: true, proven: BigInt(sizes.at(-1) ?? 0) });
    await restore();
  });

  it('by its door: exit code 0, and the same as JSON', () => {
    const args = ['--import', 'tsx', 'scripts/verify/index.ts', '--database', database.webUrl, '--checkpoints', outside];
    const text = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout).toContain('AGREES');
    const json: unknown = JSON.parse(spawnSync(process.execPath, [...args, '--json'], { encoding: 'utf8' }).stdout);
    expect(json).toMatchObject({ ok: true, proven: String(sizes.at(-1)), findings: [] });
  });
});

describe('by its door', () => {
  const door = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/verify/index.ts', ...args], { encoding: 'utf8' });

  it('tampering is exit code 1 and a first bad interval', async () => {
    await run(`DELETE FROM ledger WHERE seq = 5`);
    const { status, stdout } = door('--database', database.webUrl, '--checkpoints', outside);
    expect(status).toBe(1);
    expect(stdout).toMatch(/TAMPERED:\n {2}row_removed .* row 5 is missing/);
    expect(stdout).toContain(`First bad interval: rows 1 to ${sizes[0]}.`);
    await restore();
  });

  it.each([
    [
      'a directory that is not there',
      () => ['--database', database.webUrl, '--checkpoints', path.join(folder, 'nowhere')],
      /There is no directory/,
    ],
    [
      'a directory without checkpoints',
      () => ['--database', database.webUrl, '--checkpoints', mkdtempSync(path.join(folder, 'empty-'))],
      /There is no checkpoint in/,
    ],
    [
      'a database that does not answer',
      () => ['--database', 'postgresql://x:y@127.0.0.1:9/none', '--checkpoints', outside],
      /ECONNREFUSED/,
    ],
    ['an export that is not there', () => ['--export', path.join(folder, 'none.jsonl'), '--checkpoints', outside], /ENOENT/],
    ['a key that is none', () => ['--database', database.webUrl, '--checkpoints', outside, '--vkey', 'countersign+00+AA'], /--vkey/],
    ['an option that it does not have', () => ['--fast'], /--fast/],
  ])('%s is exit code 2 and one sentence', (_, args, sentence) => {
    const { status, stderr, stdout } = door(...args());
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
