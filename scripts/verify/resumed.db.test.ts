import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { branchOrigin, signAbandonment } from '@/lib/ledger/domain/branch';
import { fileNameOf, signCheckpoint } from '@/lib/ledger/domain/checkpoint';
import { newSigner } from '@/lib/ledger/domain/note';
import { OutsidePlace } from '@/lib/ledger/testing/outside';
import { resume, type About } from '@/lib/ledger/testing/resumptions';
import { appendEvents, commitDecisions } from '@/lib/ledger/testing/rows';
import type { Kind } from './findings';
import { reportText } from './report';
import { verify } from './verify';

let place: OutsidePlace;
let lost: About;
let again: About;
let [first, second] = ['', ''];
/** The directory as it was after the first resumption, and after the second. */
let [once, twice] = ['', ''];

const check = (checkpoints: string, resumed: string[] = []) =>
  verify({ source: { kind: 'database', url: place.database.webUrl }, checkpoints, vkey: undefined, resumed });
const copy = (of: string) => {
  const directory = mkdtempSync(path.join(place.folder, 'copy-'));
  cpSync(of, directory, { recursive: true });
  return directory;
};
const door = (...args: string[]) => {
  const all = ['--import', 'tsx', 'scripts/verify/index.ts', '--database', place.database.webUrl, ...args];
  return spawnSync(process.execPath, all, { encoding: 'utf8' });
};

// Rows 1 to 20 are handed outside; a backup of row 13 is resumed (rows 14, 15), goes on to row 30, and of that a backup of row 20 is resumed again.
beforeAll(async () => {
  place = await OutsidePlace.make();
  const { database } = place;
  await commitDecisions(database, 10);
  await place.sign();
  await appendEvents(database, 3);
  await commitDecisions(database, 7);
  await place.sign();
  lost = await place.newest();
  await place.rollBackTo(13);
});
afterAll(() => place.end());

describe('a ledger that is older than what was handed outside', () => {
  it('is tampered with, before anybody resumed it', async () => {
    expect(await check(place.directory)).toMatchObject({ ok: false, result: 'tampered', findings: [{ kind: 'rollback' }] });
  });

  it('is tampered with although the database says that two people resumed it: nothing outside says so', async () => {
    first = await resume(place.database, lost);
    const verdict = await check(place.directory);
    expect(verdict).toMatchObject({ ok: false, result: 'tampered', proven: 10n });
    expect(verdict.notes.join('\n')).toContain(`Row 15 says that usr_two signed resumption ${first}`);
  });

  it('once it was resumed and signed on: not whole, with the rows that are gone and who signed where', async () => {
    await place.sign();
    await commitDecisions(place.database, 5);
    await place.sign();
    once = copy(place.directory);
    expect(await check(once)).toMatchObject({
      ok: false,
      result: 'resumed',
      findings: [],
      firstBad: null,
      proven: 20n,
      resumptions: [
        {
          id: first,
          row: 15n,
          askedRow: 14n,
          askedBy: 'usr_one',
          signedBy: 'usr_two',
          from: 11n,
          to: 20n,
          origin: lost.origin,
          known: false,
        },
      ],
    });
  });

  it('agrees for who knows of that resumption, and still says what is gone', async () => {
    expect(await check(once, [first])).toMatchObject({ ok: true, result: 'agrees_as_resumed', resumptions: [{ known: true, to: 20n }] });
  });

  it('is not whole for who knows of one resumption when there are two', async () => {
    await commitDecisions(place.database, 10);
    await place.sign();
    again = await place.newest();
    await place.rollBackTo(20);
    second = await resume(place.database, again);
    await place.sign();
    twice = copy(place.directory);
    expect(await check(twice, [first])).toMatchObject({
      ok: false,
      result: 'resumed',
      resumptions: [
        { id: first, from: 11n, to: 20n, known: true },
        { id: second, row: 22n, from: 21n, to: 30n, origin: branchOrigin(place.signer.name, first), known: false },
      ],
    });
    expect(await check(twice, [first, second])).toMatchObject({ ok: true, result: 'agrees_as_resumed', proven: 22n });
  });
});

describe('a ledger whose checkpoints were lost', () => {
  it('goes on after two people resumed what the database remembers: not whole, and nobody claims to know what is missing', async () => {
    const other = await OutsidePlace.make();
    try {
      await commitDecisions(other.database, 10);
      await other.sign();
      const remembered = await other.newest();
      rmSync(other.directory, { recursive: true });
      const id = await resume(other.database, { ...remembered, kept: 10n });
      expect(await other.sign()).toMatchObject({ standing: 'signs' });
      const options = { source: { kind: 'database', url: other.database.webUrl }, checkpoints: other.directory, vkey: undefined } as const;
      const verdict = await verify(options);
      expect(verdict).toMatchObject({ result: 'resumed', findings: [], proven: 12n, resumptions: [{ id, from: 11n, to: 10n }] });
      expect(reportText(verdict)).toContain('Whatever followed row 10 under');
      expect(await verify({ ...options, resumed: [id] })).toMatchObject({ ok: true, result: 'agrees_as_resumed' });
    } finally {
      await other.end();
    }
  });
});

describe('by its door', () => {
  it('a resumption that the caller did not name is exit code 3 and says whom to ask', () => {
    const { status, stdout, stderr } = door('--checkpoints', twice, '--resumed', first);
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
    expect(stdout).not.toMatch(/AGREES|nothing was changed/);
    expect(stdout).toContain('RESUMED, NOT WHOLE');
    expect(stdout).toContain('rows 11 to 20, as they were signed under');
    expect(stdout).toContain(`Resumption ${second}: asked by usr_one (row 21), signed by usr_two (row 22), as the ledger says.`);
    expect(stdout).toMatch(new RegExp(`\n +--resumed ${second}\n`));
    expect(stdout).not.toContain(`--resumed ${first}`);
  });

  it('with every one named it is 0, says that rows are gone, and the same as JSON', () => {
    const args = ['--checkpoints', twice, '--resumed', first, '--resumed', second];
    const { status, stdout } = door(...args);
    expect(status).toBe(0);
    expect(stdout).toContain('AGREES, but for what you named');
    expect(stdout).toContain('rows 21 to 30');
    const json: unknown = JSON.parse(door(...args, '--json').stdout);
    expect(json).toMatchObject({
      ok: true,
      result: 'agrees_as_resumed',
      resumptions: [
        { id: first, to: '20' },
        { id: second, known: true },
      ],
    });
  });

  it('one that nothing tells of is exit code 2 and one sentence', () => {
    const { status, stdout, stderr } = door('--checkpoints', once, '--resumed', second);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim()).toBe(`Could not verify: Nothing that was handed outside tells of a resumption ${second}.`);
  });
});

describe('is tampered with, whatever was resumed', () => {
  const folderOf = (directory: string, number: number) => path.join(directory, `resumed-${number}`);
  const dayOf = (folder: string) => path.join(folder, readdirSync(folder).find((name) => /^\d{4}-/.test(name)) ?? '');
  const noteOf = (changes: Partial<Parameters<typeof signAbandonment>[0]>) =>
    signAbandonment(
      { number: 2, resumption: second, row: 22n, abandoned: again, kept: { size: 20n, root: Buffer.alloc(32) }, ...changes } as Parameters<
        typeof signAbandonment
      >[0],
      place.signer,
    );
  const cases: [string, Kind, (directory: string) => void][] = [
    [
      'an abandoned history that was signed on',
      'checkpoints_disagree',
      (directory) => writeFileSync(path.join(dayOf(directory), fileNameOf(21n)), signCheckpoint(21n, Buffer.alloc(32), place.signer)),
    ],
    [
      'what a resumption abandoned, changed',
      'resumption_forged',
      (directory) => {
        const file = path.join(folderOf(directory, 1), 'resumption.txt');
        writeFileSync(file, readFileSync(file, 'utf8').replace('row 15', 'row 14'));
      },
    ],
    ['what a resumption abandoned, gone', 'checkpoint_forged', (directory) => rmSync(path.join(folderOf(directory, 2), 'resumption.txt'))],
    [
      'a resumption that names another checkpoint than was signed',
      'resumption_forged',
      (directory) =>
        writeFileSync(path.join(folderOf(directory, 2), 'resumption.txt'), noteOf({ abandoned: { ...again, root: Buffer.alloc(32, 1) } })),
    ],
    [
      'a resumption whose row is not the one that says so',
      'resumption_unfounded',
      (directory) => writeFileSync(path.join(folderOf(directory, 2), 'resumption.txt'), noteOf({ row: 21n })),
    ],
    [
      'a later history that was signed for another ledger',
      'rollback',
      (directory) => {
        const folder = folderOf(directory, 3);
        const id = `rsm_${'0'.repeat(26)}`;
        mkdirSync(path.join(folder, '2999-01-01'), { recursive: true });
        const abandoned = { origin: branchOrigin(place.signer.name, second), size: 22n, root: Buffer.alloc(32) };
        writeFileSync(
          path.join(folder, 'resumption.txt'),
          noteOf({ number: 3, resumption: id, row: 23n, abandoned, kept: { size: 0n, root: Buffer.alloc(32) } }),
        );
        const origin = branchOrigin(place.signer.name, id);
        writeFileSync(
          path.join(folder, '2999-01-01', fileNameOf(40n)),
          signCheckpoint(40n, Buffer.alloc(32), newSigner(origin, place.signer.privateKey)),
        );
      },
    ],
  ];
  it.each(cases)('%s', async (_, kind, forge) => {
    const directory = copy(twice);
    forge(directory);
    const verdict = await check(directory, []);
    expect(verdict.result).toBe('tampered');
    expect(verdict.findings.map((finding) => finding.kind)).toContain(kind);
  });

  it('an older directory, for which the newest rows are of no history at all', async () => {
    expect(await check(once, [first])).toMatchObject({ result: 'agrees_as_resumed', proven: 20n });
    await place.asSuperuser(
      `UPDATE ledger SET bytes = bytes || ' '::bytea, hash = sha256('\\x00'::bytea || bytes || ' '::bytea) WHERE seq = 17`,
    );
    expect(await check(twice, [first, second])).toMatchObject({ ok: false, result: 'tampered', firstBad: { after: 15n, upTo: 20n } });
  });
});
