import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askResumption, signResumption } from '@/lib/containment/service';
import { OutsidePlace } from '@/lib/ledger/testing/outside';
import { appendEvents, commitDecisions } from '@/lib/ledger/testing/rows';
import { eventsAbout } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { seedIfEmpty } from '@/prisma/seed';
import { freePort } from '@/scripts/start/ports.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
let plane: PeoplePlane;
let place: OutsidePlace;
let kept = 0;

beforeAll(async () => {
  plane = await testPeoplePlane();
  await seedIfEmpty();
  place = await OutsidePlace.make(plane);
  await place.sign();
  kept = Number((await place.newest()).size);
});
afterAll(() => place.end());

type Ran = { code: number; out: string; err: string };

/** run is the door as an operator runs it: a process of its own, with PostgreSQL and the directory and nothing else up. */
function run(args: string[], environment: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, COUNTERSIGN_DATA_DIR: plane.secretsDir, CHECKPOINT_DIR: place.directory, ...environment };
    execFile(process.execPath, ['--import', 'tsx', 'scripts/resume.ts', ...args], { cwd: root, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() });
    });
  });
}

const why = ['--reason', 'The disk is gone.'];
const asSofia = ['--as', 'sofia@example.com'];
const liam = { type: 'user', id: 'usr_liam' } as const;
const asLiam = ['--as', 'liam@example.com'];

describe('the resume door', () => {
  it('has nothing to ask while the database agrees', async () => {
    expect(await run([...why, ...asSofia])).toEqual({
      code: 1,
      out: '',
      err: 'The database agrees with what was handed outside: there is nothing to resume.',
    });
    expect(await run(['--list'])).toEqual({ code: 0, out: 'The database agrees with what was handed outside.', err: '' });
  });

  it('says what is lost, is asked by one person here and signed by another who signed in, each named in the ledger', async () => {
    await appendEvents(plane, 4);
    await commitDecisions(plane, 6);
    await place.sign();
    const end = kept + 10;
    await place.rollBackTo(kept + 4);
    const lost = new RegExp(
      `ends at row ${kept + 4} .*, and row ${end} was handed outside.*\n.*up to row ${kept} .*; of rows ${kept + 1} to ${end} `,
    );
    expect((await run(['--list'])).out).toMatch(lost);
    const asked = await run([...why, ...asSofia]);
    expect(asked).toMatchObject({ code: 0, err: '' });
    expect(asked.out).toMatch(lost);
    const id = /rsm_[0-9a-z]{26}/.exec(asked.out)?.[0] ?? '';
    expect(asked.out).toContain('A second person signs in the console');
    expect((await run([...why, ...asSofia])).out).toContain(`You asked for this before: ${id}.`);
    expect(await run(['--sign', id, ...why, ...asSofia])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ask a second person/) as string,
    });
    // Whoever owns this shell could be both.
    expect(await run(['--sign', id, ...why, ...asLiam])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/signs in the console/) as string,
    });
    expect(await place.compare()).toMatchObject({ agrees: false, resumed: undefined });
    expect(await signResumption(liam, { id, reason: 'Seen.' })).toMatchObject({ ok: true });
    expect((await run(['--list'])).out).toMatch(
      new RegExp(`${id}  checkpoint of row ${end}  asked .* by Sofia Rossi: The disk is gone.; signed .* by `),
    );
    expect(await eventsAbout(id)).toMatchObject([
      { kind: 'resumption.asked', actor: { type: 'operator', id: 'usr_sofia' } },
      { kind: 'resumption.signed', actor: liam },
    ]);
    expect(await place.compare()).toMatchObject({ agrees: false, resumed: { id } });
    expect(await run([...why, ...asLiam])).toMatchObject({ code: 1, err: 'Two people have signed this already.' });
  });

  it('signs what somebody asked in the console', async () => {
    await place.sign();
    await commitDecisions(plane, 6);
    await place.sign();
    const { size } = await place.newest();
    await place.rollBackTo(Number(size) - 6);
    const asked = await askResumption({ type: 'user', id: 'usr_sofia' }, { divergence: await place.divergence(), reason: 'Again.' });
    if (!asked.ok) throw new Error(asked.code);
    const { id } = asked.resumption;
    expect(await run(['--sign', id, ...why, ...asSofia])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ask a second person/) as string,
    });
    expect(await run(['--sign', id, ...why, ...asLiam])).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Signed: ${id}.`) as string,
    });
    expect(await place.compare()).toMatchObject({ agrees: false, resumed: { id } });
  });

  it('says so when the directory was lost, and what the database remembers', async () => {
    await place.sign();
    const { size } = await place.newest();
    rmSync(place.directory, { recursive: true });
    mkdirSync(place.directory);
    expect((await run(['--list'])).out).toMatch(
      new RegExp(`^Nothing lies in the directory of checkpoints. The database remembers having handed row ${size} outside`),
    );
  });

  it('explains itself', async () => {
    const help = await run(['--help']);
    expect(help.code).toBe(0);
    for (const word of ['--sign', '--list', '--reason', '--as', 'BEFORE signing']) expect(help.out).toContain(word);
  });

  it.each<[string, () => Promise<Ran>, RegExp]>([
    ['no reason', () => run([...asSofia]), /--reason/],
    ['nobody named', () => run([...why]), /--as EMAIL/],
    [
      'a person who may not',
      () => run(['--sign', `rsm_${'0'.repeat(26)}`, ...why, '--as', 'emma@example.com']),
      /Only a leader or security/,
    ],
    ['what nobody asked for', () => run(['--sign', `rsm_${'0'.repeat(26)}`, ...why, ...asSofia]), /Nobody asked/],
    ['a bare word', () => run(['rsm_1', ...why, ...asSofia]), /What is "rsm_1"/],
    ['no directory of checkpoints', () => run(['--list'], { CHECKPOINT_DIR: '' }), /CHECKPOINT_DIR/],
    [
      'PostgreSQL that is gone',
      async () => run(['--list'], { DATABASE_URL_WEB: `postgresql://countersign_web:x@127.0.0.1:${await freePort()}/countersign` }),
      /PostgreSQL cannot be reached/,
    ],
  ])('refuses %s in one sentence', async (_, work, said) => {
    const ran = await work();
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(said);
    expect(ran.err.split('\n')).toHaveLength(1);
  });
});
