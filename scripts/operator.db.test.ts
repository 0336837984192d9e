import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listKills } from '@/lib/containment/service';
import { freePort } from '@/scripts/start/ports.mjs';
import { eventsAbout } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { seedIfEmpty } from '@/prisma/seed';
import { makePrograms, type Programs } from '@/scripts/testing/programs';

const doors = { kill: 'scripts/kill.ts', release: 'scripts/release.ts', keys: 'scripts/keys.ts' };
type Door = keyof typeof doors;
let plane: PeoplePlane;
let programs: Programs<Door>;

beforeAll(async () => {
  plane = await testPeoplePlane();
  programs = await makePrograms(doors);
  await seedIfEmpty();
});
afterAll(async () => {
  programs.remove();
  await plane.drop();
});

type Ran = { code: number; out: string; err: string };

function start(program: readonly string[], environment: Record<string, string>): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, COUNTERSIGN_DATA_DIR: plane.secretsDir, ...environment };
    execFile(process.execPath, [...program], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() });
    });
  });
}
/** run is one door as an operator runs it: a process of its own, with PostgreSQL and nothing else up. */
const run = (door: Door, args: string[], environment: Record<string, string> = {}): Promise<Ran> =>
  start([programs.fileOf(door), ...args], environment);

const why = ['--reason', 'It pays twice.'];
const asSofia = ['--as', 'sofia@example.com'];
const asLiam = ['--as', 'liam@example.com'];

describe('the kill door', () => {
  it('stops an agent by one person and lets another lift it, each named in the ledger as an operator', async () => {
    const stopped = await run('kill', ['--agent', 'agt_invoices', ...why, ...asSofia]);
    expect(stopped).toMatchObject({ code: 0, err: '' });
    const id = /kil_[0-9a-z]{26}/.exec(stopped.out)?.[0] ?? '';
    expect((await run('kill', ['--list'])).out).toBe(
      `${id}  agent agt_invoices  set ${(await listKills())[0]?.setAt.toISOString()} by Sofia Rossi: It pays twice.`,
    );
    expect(await run('kill', ['--lift', id, ...why, ...asSofia])).toMatchObject({
      code: 1,
      out: '',
      err: 'Whoever set a stop cannot lift it: ask a second person.',
    });
    expect(await run('kill', ['--lift', id, ...why, ...asLiam])).toMatchObject({ code: 0, out: `Lifted: agent agt_invoices (${id}).` });
    expect((await run('kill', ['--list'])).out).toBe('Nothing is stopped.');
    expect(await eventsAbout(id)).toMatchObject([
      { kind: 'kill.set', actor: { type: 'operator', id: 'usr_sofia' } },
      { kind: 'kill.lifted', actor: { type: 'operator', id: 'usr_liam' } },
    ]);
  });

  it.each(Object.entries(doors))('%s explains itself, as npm runs it', async (door, script) => {
    const help = await start(['--import', 'tsx', script, '--help'], {});
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain(`npm run ${door}`);
  });

  it('names every way to stop', async () => {
    const help = await run('kill', ['--help']);
    expect(help.code).toBe(0);
    for (const word of ['--agent', '--process', '--action-type', '--system', '--organisation', '--lift', '--list', '--reason', '--as'])
      expect(help.out).toContain(word);
  });

  it.each<[string, string[], RegExp]>([
    ['nothing to stop', [...why, ...asSofia], /exactly one thing/],
    ['two things to stop', ['--agent', 'agt_invoices', '--organisation', ...why, ...asSofia], /exactly one thing/],
    ['no reason', ['--agent', 'agt_invoices', ...asSofia], /--reason/],
    ['a person nobody knows', ['--agent', 'agt_invoices', ...why, '--as', 'nobody@example.com'], /no active person/],
    ['a person who may not', ['--agent', 'agt_invoices', ...why, '--as', 'emma@example.com'], /may not do that/],
    ['an agent nobody knows', ['--agent', 'agt_typo', ...why, ...asSofia], /no such thing/],
    ['a bare word', ['agt_invoices', ...why, ...asSofia], /--agent agt_invoices/],
  ])('refuses %s in one sentence and stops nothing', async (_, args, said) => {
    const ran = await run('kill', args);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(said);
    expect(ran.err.split('\n')).toHaveLength(1);
    expect(await listKills()).toEqual([]);
  });

  it('says in one sentence that PostgreSQL is gone', async () => {
    const gone = `postgresql://countersign_web:x@127.0.0.1:${await freePort()}/countersign`;
    const ran = await run('kill', ['--organisation', ...why, ...asSofia], { DATABASE_URL_WEB: gone });
    expect(ran).toEqual({ code: 1, out: '', err: 'PostgreSQL cannot be reached; is "npm start" (or your own server) running?' });
  });
});

describe('the release door', () => {
  it.each<[string, string[], RegExp]>([
    ['a workflow that is not halted', ['wfl_none', ...why, ...asLiam], /not halted/],
    ['a person who may not', ['wfl_none', ...why, '--as', 'ana@example.com'], /Only a leader or security/],
  ])('refuses %s in one sentence', async (_, args, said) => {
    const ran = await run('release', args);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(said);
  });

  it('says when no workflow is halted', async () => {
    expect(await run('release', ['--list'])).toEqual({ code: 0, out: 'No workflow is halted.', err: '' });
  });
});

describe('the keys door', () => {
  it('rotates, refuses a second rotation while one is running, and lists both keys', async () => {
    expect((await run('keys', ['rotate', '--as', 'emma@example.com'])).err).toBe('Only an administrator or security rotates keys.');
    expect(await run('keys', ['rotate', ...asSofia])).toMatchObject({ code: 0, err: '' });
    expect(await run('keys', ['rotate'])).toMatchObject({ code: 1, out: '' });
    const listed = (await run('keys', ['list'])).out.split('\n');
    expect(listed.map((line) => line.split('  ')[1])).toEqual(['signs', 'next']);
  });

  it('refuses anything else', async () => {
    expect(await run('keys', ['burn'])).toMatchObject({ code: 1, err: 'Say list or rotate (--help shows how).' });
  });
});
