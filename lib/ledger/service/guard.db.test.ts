import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutsidePlace } from '../testing/outside';
import { resume } from '../testing/resumptions';
import { appendEvents, commitDecisions } from '../testing/rows';
import { OutsideGuard, type Locked } from './guard';
import { createPool, withClient } from '@/lib/platform/db';

let place: OutsidePlace;
const guards: OutsideGuard[] = [];
const changes: (Locked | undefined)[] = [];

type OutsidePlaceGiven = NonNullable<ConstructorParameters<typeof OutsideGuard>[0]['place']> | 'none';

/** A gateway that starts; `again` looks anew, as it does for each new connection. */
function gateway(outside: OutsidePlaceGiven = { directory: place.directory, vkey: undefined }) {
  const newClient = () => new pg.Client({ connectionString: place.database.gatewayUrl });
  const guard = new OutsideGuard({
    place: outside === 'none' ? undefined : outside,
    newClient,
    log: place.log,
    onChange: (locked) => changes.push(locked),
  });
  guards.push(guard);
  return { guard, again: () => withClient(place.database.gatewayUrl, (client) => guard.admit(client)) };
}
/** Another, empty directory where the right one was. */
function emptied(): void {
  rmSync(place.directory, { recursive: true });
  mkdirSync(place.directory);
}
const logged = (): string => place.lines.join('');

beforeEach(async () => {
  place = await OutsidePlace.make();
  changes.length = 0;
});
afterEach(async () => {
  for (const guard of guards.splice(0)) guard.close();
  await place.end();
});

/** Rows up to 10 and up to 20 are handed outside; a backup can end at row 13. */
async function history(): Promise<void> {
  await commitDecisions(place.database, 10);
  await place.sign();
  await appendEvents(place.database, 3);
  await commitDecisions(place.database, 7);
  await place.sign();
}
/** Other rows in the place of those from 14 on, as many as there were, or more. */
async function forked(rows = 7): Promise<void> {
  await history();
  await place.rollBackTo(13);
  await appendEvents(place.database, rows);
}

describe('a gateway decides', () => {
  const cases: [string, () => Promise<unknown>][] = [
    ['on an empty database, with an empty directory', async () => mkdirSync(place.directory)],
    [
      'before anything was ever handed outside',
      async () => {
        mkdirSync(place.directory);
        await commitDecisions(place.database, 3);
      },
    ],
    ['right after everything was signed', history],
    [
      'while the signer is behind',
      async () => {
        await history();
        await commitDecisions(place.database, 30);
      },
    ],
    [
      'when the database forgot what it signed',
      async () => {
        await history();
        await place.asSuperuser('DELETE FROM ledger_checkpoints');
      },
    ],
    [
      'beside stray files and the half file of a crash',
      async () => {
        await history();
        mkdirSync(path.join(place.directory, 'resumed-1'));
        writeFileSync(path.join(place.directory, 'README.txt'), 'copied by hand');
        writeFileSync(path.join(place.directory, '2999-01-01'), 'no folder');
        rmSync(path.join(place.directory, '2999-01-01'));
      },
    ],
  ];
  it.each(cases)('%s', async (_, before) => {
    await before();
    const { guard, again } = gateway();
    expect(await again()).toBeUndefined();
    expect(guard.locked).toBeUndefined();
    expect(logged()).not.toContain('gateway_locked');
  });

  it('with no directory configured, and says once that nothing is compared', async () => {
    await forked();
    const { again } = gateway('none');
    expect([await again(), await again()]).toEqual([undefined, undefined]);
    expect(logged().match(/CHECKPOINT_DIR is not set/g)).toHaveLength(1);
  });

  it('whenever it looks, while rows are written and signed all the time: no false alarm in 40 looks', async () => {
    await history();
    const signer = place.checkpointer();
    const pool = createPool(place.database.gatewayUrl, { application: 'test', max: 1 });
    let over = false;
    const writing = (async () => {
      while (!over) await Promise.all([commitDecisions(place.database, 20), signer.tick(true)]);
    })();
    const refused: string[] = [];
    try {
      const { guard, again } = gateway();
      guard.start(pool, () => refused.push('behind'));
      for (let look = 0; look < 20; look++) {
        for (const why of [await again(), await gateway().again()]) if (why !== undefined) refused.push(why);
        if (await guard.look(pool)) refused.push('behind');
      }
    } finally {
      over = true;
      await writing;
      await pool.end();
    }
    expect(refused).toEqual([]);
  });
});

describe('a gateway stays locked', () => {
  const cases: [string, RegExp, () => Promise<unknown>][] = [
    [
      'on a database that is behind',
      /ends at row 13, and row 20 was handed outside/,
      async () => {
        await history();
        await place.rollBackTo(13);
      },
    ],
    [
      'on an empty database',
      /ends at row 0/,
      async () => {
        await history();
        await place.rollBackTo(0);
      },
    ],
    ['on a database with as many rows, but other ones', /rows up to 20 are not the ones/, () => forked()],
    ['on a database with more rows, but other ones', /rows up to 20 are not the ones/, () => forked(30)],
    [
      'on a database whose rows were written anew without moving the last one',
      /rows up to 20 are not the ones|does not follow/,
      async () => {
        await history();
        await place.asSuperuser(
          `UPDATE ledger SET bytes = bytes || ' '::bytea, hash = sha256('\\x00'::bytea || bytes || ' '::bytea) WHERE seq = 20`,
        );
      },
    ],
    [
      'when the directory is empty, and the database remembers having handed something outside',
      /holds none, and the database remembers one of row 20/,
      async () => {
        await history();
        await emptied();
      },
    ],
    [
      'when the directory is empty but for the key',
      /holds none, and the database remembers one of row 20/,
      async () => {
        await history();
        for (const name of place.files()) rmSync(path.join(place.directory, name));
      },
    ],
    ['when there is no such directory', /there is no directory/, () => commitDecisions(place.database, 3)],
    ['when the directory is no directory', /cannot be read/, async () => writeFileSync(place.directory, '')],
    [
      'when checkpoints are there and no key to check them with',
      /no verifier key/,
      async () => {
        await history();
        rmSync(path.join(place.directory, 'checkpoint.vkey'));
      },
    ],
    [
      'when the newest checkpoint is not signed by the key',
      /not one that this key signed/,
      async () => {
        await history();
        const [name = ''] = place.files().slice(-1);
        writeFileSync(path.join(place.directory, name), place.read()[name]?.replace('\n20\n', '\n21\n') ?? '');
      },
    ],
  ];
  it.each(cases)('%s, and says why', async (_, why, before) => {
    await before();
    const { guard, again } = gateway();
    expect(await again()).toMatch(why);
    expect(guard.locked?.why).toMatch(why);
    expect(logged()).toContain('"alarm":"gateway_locked"');
    expect(await again()).toMatch(why);
    expect(logged().match(/gateway_locked/g)).toHaveLength(1);
  });

  it('under a key of its own that is not the directory’s', async () => {
    await history();
    const other = await OutsidePlace.make();
    const { guard, again } = gateway({ directory: place.directory, vkey: other.signer.text });
    await other.end();
    expect(await again()).toMatch(/another key/);
    expect(guard.locked).toMatchObject({ differs: false });
    expect(await gateway({ directory: place.directory, vkey: place.signer.text }).again()).toBeUndefined();
  });

  it('until the right database is back', async () => {
    await history();
    const restore = await place.database.backUp();
    await place.rollBackTo(13);
    const { guard, again } = gateway();
    expect(await again()).toMatch(/ends at row 13/);
    await restore();
    expect(await again()).toBeUndefined();
    expect(guard.locked).toBeUndefined();
    expect(changes.at(-1)).toBeUndefined();
  });

  it('until the directory can be read', async () => {
    const { again } = gateway();
    expect(await again()).toMatch(/no directory/);
    mkdirSync(place.directory);
    expect(await again()).toBeUndefined();
  });

  it('and finds out what the database still has, once, while it is locked', async () => {
    await history();
    await place.rollBackTo(13);
    const { guard, again } = gateway();
    await again();
    await expect
      .poll(() => guard.locked?.divergence, { timeout: 10_000 })
      .toMatchObject({ refused: 'behind', kept: { size: '10' }, head: { size: '13' } });
    await again();
    expect(guard.locked?.divergence).toBeDefined();
    expect(changes.at(-1)).toMatchObject({ divergence: { outside: { size: '20' } } });
  });

  it('on rows that form no chain, which nobody can resume', async () => {
    await forked();
    await place.asSuperuser('UPDATE ledger SET bytes = set_byte(bytes, 60, get_byte(bytes, 60) # 1) WHERE seq = 4');
    const { guard, again } = gateway();
    await again();
    await expect.poll(() => guard.locked?.why, { timeout: 10_000 }).toMatch(/row 4 does not follow/);
    expect(guard.locked?.divergence).toBeUndefined();
    await resume(place.database, { ...(await place.newest()), size: 19n });
    expect(await again()).toMatch(/row 4 does not follow/);
  });
});

describe('two people’s word', () => {
  const behind = async () => {
    await history();
    const lost = await place.newest();
    await place.rollBackTo(13);
    return lost;
  };

  it('unlocks a gateway that is locked by exactly this checkpoint, and one that starts later', async () => {
    const lost = await behind();
    const { guard, again } = gateway();
    await again();
    const id = await resume(place.database, lost);
    expect(await again()).toBeUndefined();
    expect(guard.locked).toBeUndefined();
    expect(logged()).toContain(id);
    expect(await gateway().again()).toBeUndefined();
    await place.sign();
    expect([await again(), await gateway().again()]).toEqual([undefined, undefined]);
  });

  it('holds while nobody signs checkpoints yet: no look cuts the gateway off again, but one at another restore', async () => {
    const lost = await behind();
    const pool = createPool(place.database.gatewayUrl, { application: 'test', max: 1 });
    try {
      const { guard, again } = gateway();
      await resume(place.database, lost);
      expect(await again()).toBeUndefined();
      expect(await guard.look(pool)).toBe(false);
      await place.rollBackTo(12);
      expect(await guard.look(pool)).toBe(true);
      expect(await again()).toMatch(/ends at row 12/);
    } finally {
      await pool.end();
    }
  });

  it.each<[string, (lost: { origin: string; size: bigint; root: Buffer }) => Promise<unknown>]>([
    ['not signed', (lost) => resume(place.database, lost, { signed: false })],
    ['about another size', (lost) => resume(place.database, { ...lost, size: lost.size + 1n })],
    ['about another root', (lost) => resume(place.database, { ...lost, root: Buffer.alloc(32, 1) })],
    [
      'that stands in the table without its event',
      async (lost) => {
        const id = await resume(place.database, lost, { signed: false });
        await place.asSuperuser(`UPDATE resumptions SET signed_by = 'usr_two', signed_at = now(), signed_reason = 'y' WHERE id = '${id}'`);
      },
    ],
  ])('does not unlock when it is %s', async (_, work) => {
    await work(await behind());
    const { again } = gateway();
    expect(await again()).toMatch(/handed outside/);
  });

  it('unlocks a gateway whose directory was lost, about exactly what the database remembers; the signer goes on under another origin', async () => {
    await history();
    emptied();
    const { guard, again } = gateway();
    expect(await again()).toMatch(/remembers one of row 20/);
    await expect
      .poll(() => guard.locked?.divergence, { timeout: 10_000 })
      .toMatchObject({
        refused: 'gone',
        outside: { size: '20', origin: place.signer.name },
        kept: { size: '20' },
        head: { size: '20' },
      });
    expect(guard.locked?.differs).toBe(false);
    expect(await place.sign()).toMatchObject({ standing: 'refuses', refused: 'gone' });
    expect(place.files()).toEqual([]);
    const { origin, size, root } = guard.locked?.divergence?.outside ?? { origin: '', size: '0', root: '' };
    const about = { origin, size: BigInt(size), root: Buffer.from(root, 'hex'), kept: 20n };
    await resume(place.database, { ...about, size: 10n });
    expect(await again()).toMatch(/remembers one of row 20/);
    await resume(place.database, about);
    expect(await again()).toBeUndefined();
    expect(await gateway().again()).toBeUndefined();
    expect(await place.sign()).toEqual({ standing: 'signs', size: 24n });
    expect(place.read()['resumed-1/resumption.txt']).toMatch(/\nabandoned \S+ 20 .*\nkept 20 /);
    expect([await again(), await gateway().again()]).toEqual([undefined, undefined]);
  });

  it('of an older time does not unlock what was signed since', async () => {
    await resume(place.database, await behind());
    await place.sign();
    await commitDecisions(place.database, 10);
    await place.sign();
    await place.rollBackTo(15);
    expect(await gateway().again()).toMatch(/ends at row 15, and row 25 was handed outside/);
  });
});

describe('a directory that goes away from under a gateway', () => {
  const away = () => path.join(mkdtempSync(path.join(place.folder, 'away-')), 'outside');

  it('does not stop it: it goes on by what it has seen, says so once, and when it is back', async () => {
    await history();
    const { again } = gateway();
    expect(await again()).toBeUndefined();
    const moved = away();
    renameSync(place.directory, moved);
    expect([await again(), await again()]).toEqual([undefined, undefined]);
    expect(logged().match(/checkpoints_missing/g)).toHaveLength(1);
    renameSync(moved, place.directory);
    expect(await again()).toBeUndefined();
    expect(logged()).toContain('can be read again');
  });

  it.each([
    ['gone', () => renameSync(place.directory, away())],
    [
      'empty',
      () => {
        renameSync(place.directory, away());
        mkdirSync(place.directory);
      },
    ],
  ])('does not hide a restore that comes with it: %s', async (_, vanish) => {
    await history();
    const { again } = gateway();
    expect(await again()).toBeUndefined();
    vanish();
    await place.rollBackTo(13);
    expect(await again()).toMatch(/ends at row 13/);
  });
});

describe('between two connections', () => {
  it('a gateway notices another database in the place of the one it compared, also one that has grown past what was handed outside', async () => {
    await history();
    const pool = createPool(place.database.gatewayUrl, { application: 'test', max: 1 });
    try {
      const { guard, again } = gateway();
      expect(await again()).toBeUndefined();
      await commitDecisions(place.database, 5);
      expect(await guard.look(pool)).toBe(false);
      await place.rollBackTo(13);
      await appendEvents(place.database, 30);
      expect(await guard.look(pool)).toBe(true);
      expect(await again()).toMatch(/rows up to 20 are not the ones/);
    } finally {
      await pool.end();
    }
  });

  it('a gateway notices that more was handed outside than its database holds', async () => {
    await history();
    const pool = createPool(place.database.gatewayUrl, { application: 'test', max: 1 });
    try {
      const { guard, again } = gateway();
      expect(await again()).toBeUndefined();
      expect(await guard.look(pool)).toBe(false);
      await place.rollBackTo(13);
      expect(await guard.look(pool)).toBe(true);
    } finally {
      await pool.end();
    }
  });
});
