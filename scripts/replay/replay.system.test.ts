import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { withClient } from '@/lib/platform/db';
import { startCountersign, type Countersign } from '@/scripts/testing/harness';
import { makePrograms, type Programs } from '@/scripts/testing/programs';

const recorded = path.join(process.env['COUNTERSIGN_DATA'] ?? path.resolve('../shared/data'), 'airline-agent-runs.jsonl');
const mapFile = 'examples/airline/map.yaml';

const Printed = z.object({
  replay: z.string(),
  complete: z.boolean(),
  calls: z.number(),
  decisions: z.number(),
  redemptions: z.number(),
  digest: z.string(),
  approvals: z.object({ asked: z.number(), approved: z.number(), rejected: z.number(), redeemed: z.number() }),
  outcomes: z.array(
    z.object({
      run: z.string(),
      tool: z.string(),
      answer: z.object({ decision: z.string(), verdict: z.string(), tier: z.number().nullable() }),
    }),
  ),
});

let folder: string;
let first: Countersign;
let second: Countersign;
let programs: Programs<'replay' | 'verify'>;
beforeAll(async () => {
  programs = await makePrograms({ replay: 'scripts/replay/index.ts', verify: 'scripts/verify/index.ts' });
  folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-replay-'));
  [first, second] = await Promise.all([startCountersign({ services: ['gateway'] }), startCountersign({ services: ['gateway'] })]);
});
afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
  programs?.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Call = { tool: string; arguments: object; value_usd?: number };
const look: Call = { tool: 'get_user_details', arguments: { user_id: 'mia_li_3668' } };
const cancel: Call = { tool: 'cancel_reservation', arguments: { reservation_id: 'GV1N64' }, value_usd: 54 };
const book: Call = {
  tool: 'book_reservation',
  arguments: {
    user_id: 'mia_li_3668',
    origin: 'JFK',
    destination: 'SEA',
    flight_type: 'one_way',
    cabin: 'economy',
    flights: [{ flight_number: 'HAT136', date: '2024-05-20' }],
    passengers: [{ first_name: 'Mia', last_name: 'Li', dob: '1990-04-05' }],
    payment_methods: [{ payment_id: 'credit_card_4421486', amount: 255 }],
    total_baggages: 0,
    nonfree_baggages: 0,
    insurance: 'no',
  },
};
const undeclared: Call = { tool: 'drop_database', arguments: {} };

/** Writes a recording of runs, each a list of calls, and answers its file. */
function recording(name: string, runs: Record<string, Call[]>): string {
  const lines = Object.entries(runs).flatMap(([run, calls]) => calls.map((call, seq) => JSON.stringify({ run, seq, ...call })));
  const file = path.join(folder, `${name}.jsonl`);
  writeFileSync(file, lines.join('\n'));
  return file;
}

const command = (system: Countersign, file: string, ...options: string[]) =>
  system.run(programs.fileOf('replay'), [file, '--map', mapFile, '--json', ...options]);

async function replayed(system: Countersign, file: string, ...options: string[]): Promise<z.infer<typeof Printed>> {
  const { code, stdout, stderr } = await command(system, file, ...options);
  expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
  return Printed.parse(JSON.parse(stdout));
}

const superuserUrl = (system: Countersign): string => {
  const url = system.urls.superuser;
  if (url === undefined) throw new Error('the system has no superuser URL');
  return url;
};
const asSuperuser = <Row>(system: Countersign, sql: string): Promise<Row[]> =>
  withClient(superuserUrl(system), async (client) => (await client.query(sql)).rows);
const decisionRows = `convert_from(substring(bytes FROM 49), 'UTF8')::jsonb->>'kind' = 'decision.made'`;
const count = async (system: Countersign, from: string): Promise<number> =>
  Number((await asSuperuser<{ n: string }>(system, `SELECT count(*) AS n FROM ${from}`))[0]?.n);

describe('A recording replayed on two fresh systems', () => {
  const small = () => recording('small', { a: [look, book, cancel], b: [cancel, look], c: [look, undeclared, look, cancel], d: [look] });
  const file = () => (existsSync(recorded) ? recorded : small());

  test('gets the same verdicts, one decision for each call, each approval redeemed once, though one gateway is killed in the middle', async () => {
    const calm = await replayed(first, file(), '--decide', 'approve');
    let over = false;
    const running = replayed(second, file(), '--decide', 'approve').finally(() => (over = true));
    while (!over && (await count(second, `ledger WHERE ${decisionRows}`)) < calm.calls / 4) await delay(20);
    await second.kill('gateway');
    await second.restart('gateway');
    const stormy = await running;
    expect(stormy.digest).toBe(calm.digest);
    for (const [system, printed] of [
      [first, calm],
      [second, stormy],
    ] as const) {
      const { asked } = printed.approvals;
      expect(printed).toMatchObject({
        complete: true,
        decisions: printed.calls,
        redemptions: asked,
        approvals: { approved: asked, redeemed: asked },
      });
      expect(await count(system, `ledger WHERE ${decisionRows}`)).toBe(printed.calls + asked);
      expect(await count(system, `approvals WHERE status = 'used'`)).toBe(asked);
      expect(await count(system, 'approvals')).toBe(asked);
      const verified = await system.run(programs.fileOf('verify'), ['--chain-only']);
      expect(`${verified.code} ${verified.stderr}`).toBe('0 ');
    }
  });

  test('has each run in a workflow of its own', async () => {
    const runs = new Set(
      readFileSync(file(), 'utf8')
        .split('\n')
        .flatMap((line) => (line.trim() === '' ? [] : [z.object({ run: z.string() }).parse(JSON.parse(line)).run])),
    );
    expect(await count(first, 'grants')).toBe(runs.size);
  });
});

describe('A replay', () => {
  test('that is run again changes nothing in the registry, and leaves no secret behind that still works', async () => {
    const file = recording('again', { a: [look] });
    await replayed(first, file);
    const before = await asSuperuser(first, 'SELECT name, schema_version, changed_at FROM action_types ORDER BY name');
    const { stderr } = await command(first, file);
    expect(stderr).toContain('registered as the map says');
    expect(await asSuperuser(first, 'SELECT name, schema_version, changed_at FROM action_types ORDER BY name')).toEqual(before);
    expect(await count(first, `credentials WHERE agent_id = 'agt_airline' AND revoked_at IS NULL`)).toBe(0);
  });

  test('starts the agent at the floor the map says, by a recorded event', async () => {
    const events = await asSuperuser<{ floor: string }>(
      first,
      `SELECT p->'data'->>'autonomy_floor' AS floor FROM ledger, LATERAL (SELECT convert_from(substring(bytes FROM 49), 'UTF8')::jsonb AS p) AS payload
       WHERE p->>'kind' = 'agent.registered' AND p->'subject'->>'id' = 'agt_airline'`,
    );
    expect(events).toEqual([{ floor: '1' }]);
  });

  test('of a parameter schema that changed records the next version of that action type alone', async () => {
    const map = path.join(folder, 'changed.yaml');
    writeFileSync(
      map,
      readFileSync(mapFile, 'utf8').replace('thought: { type: string, maxLength: 10000 }', 'thought: { type: string, maxLength: 9000 }'),
    );
    const { code } = await first.run('scripts/replay/index.ts', [recording('changed', { a: [look] }), '--map', map]);
    expect(code).toBe(0);
    expect(await asSuperuser(first, 'SELECT name, schema_version FROM action_types WHERE schema_version > 1')).toEqual([
      { name: 'airline.think', schema_version: 2 },
    ]);
  });

  test('whose requests are rejected redeems nothing and goes on', async () => {
    const printed = await replayed(
      first,
      recording('rejected', { a: [cancel, look], b: [cancel] }),
      '--decide',
      'reject',
      '--as',
      'liam@example.com',
    );
    expect(printed).toMatchObject({ complete: true, decisions: 3, redemptions: 0, approvals: { asked: 2, rejected: 2, redeemed: 0 } });
  });

  test('with a tool nobody declared has that run halted to its end, each call by a decision of its own, and no other run', async () => {
    const printed = await replayed(first, recording('undeclared', { a: [look, undeclared, look, cancel], b: [look] }));
    expect(printed.outcomes.map(({ answer }) => answer.verdict)).toEqual(['allow', 'halt', 'halt', 'halt', 'allow']);
    expect(printed.decisions).toBe(5);
  });

  test('that is resumed decides nothing twice, and is not answered for another recording', async () => {
    const file = recording('resumed', { a: [look, cancel, look] });
    const once = await replayed(first, file, '--decide', 'approve');
    const rows = await count(first, `ledger WHERE ${decisionRows}`);
    const again = await replayed(first, file, '--decide', 'approve', '--resume', once.replay);
    expect(again.outcomes).toEqual(once.outcomes);
    const other = await command(
      first,
      recording('other', { a: [{ ...look, arguments: { user_id: 'omar_davis_3817' } }] }),
      '--resume',
      once.replay,
    );
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/409/);
    expect(await count(first, `ledger WHERE ${decisionRows}`)).toBe(rows);
  });

  test('whose decider may not decide says so and how to go on, and then asks for nothing twice', async () => {
    const file = recording('auditor', { a: [look, cancel] });
    const before = await count(first, 'approvals');
    const refused = await command(first, file, '--decide', 'approve', '--as', 'omar@example.com');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/omar@example\.com cannot decide apr_/);
    const id = /--resume ([0-9a-f]{16})/.exec(refused.stderr)?.[1] ?? '';
    const resumed = await replayed(first, file, '--decide', 'approve', '--as', 'liam@example.com', '--resume', id);
    expect(resumed).toMatchObject({ complete: true, approvals: { asked: 1, redeemed: 1 } });
    expect(await count(first, 'approvals')).toBe(before + 1);
  });

  test('without its recording or with a mapping that is none ends with one sentence', async () => {
    for (const [file, map, sentence] of [
      ['nowhere.jsonl', mapFile, /^The recording nowhere\.jsonl is not there\.$/m],
      [recording('sentence', { a: [look] }), 'package.json', /^The map package\.json cannot be used:$/m],
    ] as const) {
      const { code, stderr } = await first.run('scripts/replay/index.ts', [file, '--map', map]);
      expect(code).toBe(1);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });
});
