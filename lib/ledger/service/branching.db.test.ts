import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { branchOrigin, signAbandonment } from '../domain/branch';
import { fileNameOf, signCheckpoint } from '../domain/checkpoint';
import { newSigner } from '../domain/note';
import { OutsidePlace } from '../testing/outside';
import { resume, type About } from '../testing/resumptions';
import { appendEvents, commitDecisions } from '../testing/rows';
import { withClient } from '@/lib/platform/db';

let place: OutsidePlace;
/** Rows 1 to 10 and 11 to 20 were handed outside, and the database is the one of row 13 again. */
let lost: About;

beforeEach(async () => {
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
afterEach(() => place.end());

const behind = { standing: 'refuses', refused: 'behind' };

describe('a ledger that two people resumed', () => {
  it('goes on under an origin of its own, and leaves what was handed outside as it was', async () => {
    const before = place.read();
    expect(await place.sign()).toMatchObject(behind);
    const id = await resume(place.database, lost);
    expect(await place.sign()).toEqual({ standing: 'signs', size: 15n });
    expect(place.read()).toMatchObject(before);
    const added = place.files().filter((name) => !(name in before));
    expect(added).toEqual([expect.stringMatching(/^resumed-1\/\d{4}-\d\d-\d\d\/0{18}15\.txt$/), 'resumed-1/resumption.txt']);
    const text = place.read();
    expect(text[added[0] ?? '']).toMatch(new RegExp(`^${branchOrigin(place.signer.name, id)}\n15\n`));
    expect(text['resumed-1/resumption.txt']).toContain(`resumption ${id}\nrow 15\nabandoned ${place.signer.name} 20 `);
    expect(text['resumed-1/resumption.txt']).toMatch(/\nkept 10 /);
    expect(await place.compare()).toMatchObject({ agrees: true, outside: { newest: { size: 15n } } });
  });

  it('is signed by every later process where it went on, and a signer that was refused does not wait for its minute', async () => {
    const checkpointer = place.checkpointer();
    await checkpointer.tick();
    await checkpointer.tick();
    expect(checkpointer.standing).toMatchObject(behind);
    await resume(place.database, lost);
    await checkpointer.tick();
    expect(checkpointer.standing).toEqual({ standing: 'signs', size: 15n });
    await checkpointer.close();
    await commitDecisions(place.database, 30);
    expect(await place.sign()).toEqual({ standing: 'signs', size: 45n });
    expect(place.files().filter((name) => name.startsWith('resumed-'))).toHaveLength(3);
    expect(await place.compare()).toMatchObject({ agrees: true, outside: { newest: { size: 45n } } });
  });

  it('is taken up again where a crash left it, with the same words', async () => {
    await resume(place.database, lost);
    await place.sign();
    const said = place.read()['resumed-1/resumption.txt'];
    const [day = ''] = readdirSync(path.join(place.directory, 'resumed-1')).filter((name) => name.startsWith('2'));
    rmSync(path.join(place.directory, 'resumed-1', day), { recursive: true });
    expect(await place.compare()).toMatchObject({ agrees: false, resumed: { row: 15n } });
    expect(await place.sign()).toEqual({ standing: 'signs', size: 15n });
    expect(place.read()['resumed-1/resumption.txt']).toBe(said);
    expect(place.files().filter((name) => name.startsWith('resumed-2'))).toEqual([]);
  });

  it('can be restored and resumed again: the second time it abandons the first', async () => {
    await resume(place.database, lost);
    await place.sign();
    await commitDecisions(place.database, 10);
    await place.sign();
    const again = await place.newest();
    expect(again).toMatchObject({ size: 25n });
    await place.rollBackTo(15);
    expect(await place.sign()).toMatchObject(behind);
    await resume(place.database, again);
    expect(await place.sign()).toEqual({ standing: 'signs', size: 17n });
    expect(place.read()['resumed-2/resumption.txt']).toMatch(new RegExp(`\nabandoned ${again.origin} 25 .*\nkept 15 `));
    expect(await place.compare()).toMatchObject({ agrees: true });
  });

  it('is not the one before it: an older backup of the time before is locked again, also where nobody signed anything since', async () => {
    await resume(place.database, lost);
    await place.sign();
    await place.rollBackTo(13);
    expect(await place.compare()).toMatchObject({ agrees: false, refusal: { refused: 'behind' }, resumed: undefined });
  });

  it('is not begun in a directory that knows nothing of it, while the database remembers another one', async () => {
    await resume(place.database, { ...lost, kept: 10n });
    const elsewhere = path.join(place.folder, 'elsewhere');
    expect(await place.sign(elsewhere)).toMatchObject({ standing: 'refuses', refused: 'gone' });
    expect(existsSync(elsewhere)).toBe(false);
    cpSync(place.directory, elsewhere, { recursive: true });
    expect(await place.sign(elsewhere)).toEqual({ standing: 'signs', size: 15n });
  });

  it('keeps its origin where both the directory and what the database remembered are lost', async () => {
    const id = await resume(place.database, { ...lost, kept: 10n });
    await place.asSuperuser('DELETE FROM ledger_checkpoints');
    rmSync(place.directory, { recursive: true });
    expect(await place.sign()).toEqual({ standing: 'signs', size: 15n });
    expect(place.files()).toEqual([expect.stringMatching(/^resumed-1\/.*15\.txt$/), 'resumed-1/resumption.txt']);
    expect(place.read()['resumed-1/resumption.txt']).toContain(id);
  });
});

describe('nothing is signed', () => {
  const refusals: [string, () => Promise<unknown>][] = [
    ['while one person has asked and nobody signed', () => resume(place.database, lost, { signed: false })],
    ['for a resumption of another size', () => resume(place.database, { ...lost, size: 19n })],
    ['for a resumption of another root', () => resume(place.database, { ...lost, root: Buffer.alloc(32, 9) })],
    ['when the event says another checkpoint than the table', () => resume(place.database, lost, { event: { size: 10n } })],
    [
      'when the table says that it was signed and no event does',
      async () => {
        const id = await resume(place.database, lost, { signed: false });
        await place.asSuperuser(`UPDATE resumptions SET signed_by = 'usr_two', signed_at = now(), signed_reason = 'y' WHERE id = '${id}'`);
      },
    ],
    [
      'when rows do not even form a chain',
      async () => {
        await resume(place.database, lost);
        await place.asSuperuser('UPDATE ledger SET bytes = set_byte(bytes, 60, get_byte(bytes, 60) # 1) WHERE seq = 4');
      },
    ],
  ];
  it.each(refusals)('%s', async (_, work) => {
    const before = place.read();
    await work();
    expect(await place.sign()).toMatchObject({ standing: 'refuses' });
    expect(place.read()).toEqual(before);
  });

  it('under the origin of a resumption that was used before, whatever the table says now', async () => {
    const id = await resume(place.database, lost);
    await place.sign();
    await commitDecisions(place.database, 10);
    await place.sign();
    const again = await place.newest();
    await place.rollBackTo(15);
    // An administrator of the server makes the first resumption one of the second checkpoint.
    await place.asSuperuser('DELETE FROM resumptions', "DELETE FROM ledger_epochs WHERE kind = 'resumption.signed'");
    await resume(place.database, again, { id });
    const before = place.read();
    expect(await place.sign()).toMatchObject({ standing: 'refuses', refused: 'forked' });
    expect(place.read()).toEqual(before);
  });

  it('by a process that still follows what was abandoned meanwhile', async () => {
    await resume(place.database, lost);
    const checkpointer = place.checkpointer();
    await checkpointer.tick(true);
    expect(checkpointer.standing).toMatchObject({ standing: 'signs' });
    const { origin, size, root } = await place.newest();
    const folder = path.join(place.directory, 'resumed-2');
    const id = `rsm_${'0'.repeat(26)}`;
    mkdirSync(path.join(folder, '2999-01-01'), { recursive: true });
    const kept = { size: 10n, root };
    writeFileSync(
      path.join(folder, 'resumption.txt'),
      signAbandonment({ number: 2, resumption: id, row: 99n, abandoned: { origin, size, root }, kept }, place.signer),
    );
    const later = newSigner(branchOrigin(place.signer.name, id), place.signer.privateKey);
    writeFileSync(path.join(folder, '2999-01-01', fileNameOf(100n)), signCheckpoint(100n, Buffer.alloc(32), later));
    await commitDecisions(place.database, 5);
    const before = place.read();
    await checkpointer.tick(true);
    expect(checkpointer.standing).toMatchObject({ standing: 'refuses', refused: 'forked' });
    expect(place.read()).toEqual(before);
  });
});

describe('what is kept', () => {
  it('is found by reading every row, whatever the database remembers having signed, over many days', async () => {
    const { database, directory } = place;
    await resume(database, lost);
    await place.sign();
    const sizes = [15];
    for (let i = 0; i < 8; i++) {
      await commitDecisions(database, 4);
      await place.sign();
      sizes.push(15 + 4 * (i + 1));
    }
    const branch = path.join(directory, 'resumed-1');
    const [today = ''] = readdirSync(branch).filter((name) => /^\d{4}-/.test(name));
    for (const [day, names] of [
      ['2026-01-01', sizes.slice(0, 3)],
      ['2026-01-02', sizes.slice(3, 6)],
    ] as const) {
      mkdirSync(path.join(branch, day));
      for (const size of names)
        renameSync(path.join(branch, today, fileNameOf(BigInt(size))), path.join(branch, day, fileNameOf(BigInt(size))));
    }
    for (const from of [5, 12, 16, 23, 28, 30, 36, 47]) {
      await rewrite(from);
      const expected = [10, ...sizes].findLast((size) => size < from) ?? 0;
      expect((await place.divergence()).kept.size, `rewritten from row ${from}`).toBe(String(expected));
      await rewrite(from, 'back');
    }
  });

  it('is named with the times of its rows, the last row there is, and when the file outside was written', async () => {
    expect(await place.divergence()).toMatchObject({
      refused: 'behind',
      outside: { origin: place.signer.name, size: '20', root: lost.root.toString('hex') },
      kept: { size: '10' },
      head: { size: '13' },
    });
  });
});

/** Writes the rows from one on anew, with a space more at the end of the first, or without it again; what the database says it signed stays. */
async function rewrite(from: number, way: 'there' | 'back' = 'there'): Promise<void> {
  await withClient(place.database.superuserUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    const { rows } = await client.query<{ seq: string; bytes: Buffer; hash: Buffer }>(
      'SELECT seq, bytes, hash FROM ledger WHERE seq >= $1 ORDER BY seq',
      [from - 1],
    );
    let previous = from === 1 ? Buffer.alloc(32) : (rows[0]?.hash ?? Buffer.alloc(32));
    for (const { seq, bytes } of rows.filter((row) => Number(row.seq) >= from)) {
      const payload = bytes.subarray(48);
      const changed =
        Number(seq) !== from ? payload : way === 'there' ? Buffer.concat([payload, Buffer.from(' ')]) : payload.subarray(0, -1);
      const written = Buffer.concat([bytes.subarray(0, 16), previous, changed]);
      previous = createHash('sha256').update(Buffer.of(0)).update(written).digest();
      await client.query('UPDATE ledger SET bytes = $2, hash = $3 WHERE seq = $1', [seq, written, previous]);
    }
  });
}
