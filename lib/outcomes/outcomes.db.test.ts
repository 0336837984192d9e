import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOutcome, readOutcomes } from './reading';
import { outcomesPageMax, type OutcomePage, type OutcomeQuery } from './schema';
import { settleOutcome } from './service/settle';
import { actionType, World } from '@/lib/http/agent/testdata/world';
import { newId } from '@/lib/kernel/ids';
import { readEvent, readSide } from '@/lib/ledger/reading';
import { createUser, findUser, type User } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';

let world: World;
let agent: string;
let token: string;
let leader: TestPerson;
let otherOwner: TestPerson;
let auditor: TestPerson;
let engineer: TestPerson;
const ana = { type: 'user', id: 'usr_ana' } as const;

beforeAll(async () => {
  world = await World.withPeople(1);
  await world.addActionTypes([actionType('files.read', { effect: 'read' })]);
  [leader, otherOwner, auditor, engineer] = [
    await person(['leader']),
    await person(['process_owner']),
    await person(['auditor']),
    await person(['engineer']),
  ];
  agent = await world.addAgent(['files.read']);
  token = await world.token(agent);
});
afterAll(() => world.end());

let files = 0;
const allowed = async (by = token): Promise<string> => (await world.check(by, 'files.read', { file: ++files })).answer.context.id;
const report = async (decision: string, status: string, more: Record<string, unknown> = {}, by = token): Promise<number> =>
  (await world.send(by, '/api/outcomes', { decision, status, ...more })).status;
async function ambiguous(): Promise<string> {
  const decision = await allowed();
  expect(await report(decision, 'ambiguous')).toBe(200);
  return decision;
}
const account = async (id: string): Promise<User> => {
  const user = await findUser(id);
  if (!user) throw new Error(id);
  return user;
};
/** As if so many minutes had passed since everything was allowed. */
const later = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
const page = async (query: Partial<OutcomeQuery>, who = leader.id, now = later(16)): Promise<OutcomePage> =>
  readOutcomes(await account(who), { list: 'missing', range: 'day', ...query }, now);

describe('an ambiguous outcome is settled', () => {
  test('by the owner of its process, with one event whose words are sealed, and the same effect may be tried again', async () => {
    const args = { file: ++files };
    const decision = (await world.check(token, 'files.read', args)).answer.context.id;
    await report(decision, 'ambiguous');
    expect((await world.check(token, 'files.read', args)).answer.decision).toBe(false);
    expect(await settleOutcome(ana, decision, 'failed', 'The bank says it never arrived; Frau Müller called')).toEqual({
      ok: true,
      status: 'failed',
    });
    const [, event] = await eventsAbout(decision);
    expect(event).toMatchObject({
      kind: 'outcome.settled',
      actor: ana,
      data: { decision, agent, process: 'prc_test', status: 'failed' },
    });
    expect(JSON.stringify(event)).not.toContain('Müller');
    const row = await readEvent(event?.id ?? '');
    expect(row && JSON.stringify(await readSide(row, true))).toContain('Müller');
    expect((await world.check(token, 'files.read', args)).answer.decision).toBe(true);
    expect(await report(decision, 'succeeded'), 'the agent does not overrule a person').toBe(409);
  });

  test('by a second account of the owner: persons are compared', async () => {
    const decision = await ambiguous();
    const twin = await createUser(setup, {
      email: 'ana.second@example.com',
      name: 'Ana again',
      password: 'correct horse battery staple',
      roles: ['process_owner'],
      personId: 'per_ana',
    });
    if (!twin.ok) throw new Error(twin.code);
    expect((await settleOutcome({ type: 'user', id: twin.user.id }, decision, 'partial', 'seen')).ok).toBe(true);
  });

  test('by leaders and security whoever owns the process', async () => {
    const security = await person(['security']);
    for (const { actor } of [leader, security]) expect((await settleOutcome(actor, await ambiguous(), 'succeeded', 'seen')).ok).toBe(true);
  });

  test('once, though ten people and the agent race', async () => {
    for (let round = 0; round < 10; round++) {
      const decision = await ambiguous();
      const [reported, ...settled] = await Promise.all([
        report(decision, 'succeeded'),
        ...Array.from({ length: 10 }, (_, i) => settleOutcome(i % 2 ? ana : leader.actor, decision, 'failed', 'seen')),
      ]);
      const said = settled.filter(({ ok }) => ok).length + (reported === 200 ? 1 : 0);
      expect(said).toBe(1);
      expect((await eventsAbout(decision)).map(({ kind }) => kind)).toEqual([
        'outcome.reported',
        reported === 200 ? 'outcome.reported' : 'outcome.settled',
      ]);
    }
  });
});

describe('an outcome is not settled', () => {
  test.each<[string, () => TestPerson, string]>([
    ['by the owner of another process', () => otherOwner, 'NOT_ALLOWED'],
    ['by an auditor', () => auditor, 'NOT_ALLOWED'],
    ['by an engineer', () => engineer, 'NOT_ALLOWED'],
  ])('%s', async (_name, who, code) => {
    const decision = await ambiguous();
    expect(await settleOutcome(who().actor, decision, 'succeeded', 'seen')).toEqual({ ok: false, code });
    expect(await eventsAbout(decision)).toHaveLength(1);
  });

  test('that is known', async () => {
    const decision = await allowed();
    await report(decision, 'succeeded');
    expect(await settleOutcome(leader.actor, decision, 'failed', 'no')).toEqual({ ok: false, code: 'NOT_AMBIGUOUS' });
  });

  test('that nobody reported', async () => {
    expect(await settleOutcome(leader.actor, await allowed(), 'failed', 'no')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await settleOutcome(leader.actor, newId('dec'), 'failed', 'no')).toEqual({ ok: false, code: 'NOT_FOUND' });
  });
});

describe('the page of outcomes', () => {
  test('counts what was allowed, reported, is missing past its time, and is ambiguous; for one agent or process too', async () => {
    const other = await world.addAgent(['files.read']);
    const by = await world.token(other);
    const [known, unknown, missing] = [await allowed(by), await allowed(by), await allowed(by)];
    await report(known, 'succeeded', {}, by);
    await report(unknown, 'ambiguous', {}, by);
    await world.check(by, 'bank.drain');
    await world.project();
    const { items, counts } = await page({ agent: other });
    expect(counts).toEqual({ allowed: 3, reported: 2, missing: 1, ambiguous: 1 });
    expect(items).toMatchObject([{ decision: missing, agent: { id: other }, process: { id: 'prc_test' }, reportedAt: null, mine: false }]);
    expect((await page({ agent: other }, leader.id, new Date())).counts, 'none is late yet').toMatchObject({ allowed: 3, missing: 0 });
    expect((await page({ agent: other, list: 'ambiguous' })).items).toMatchObject([{ decision: unknown, mine: true }]);
    expect((await page({ agent: other, list: 'ambiguous' }, otherOwner.id)).items).toMatchObject([{ decision: unknown, mine: false }]);
    expect((await page({ agent: other, process: 'prc_other' })).counts).toEqual({ allowed: 0, reported: 0, missing: 0, ambiguous: 0 });
    expect((await page({ agent: other }, leader.id, later(26 * 60))).counts, 'an ambiguous one stays until it is settled').toEqual({
      allowed: 0,
      reported: 0,
      missing: 0,
      ambiguous: 1,
    });
  });

  test('comes in pages that neither repeat nor leave out', async () => {
    const many = await world.addAgent(['files.read']);
    const by = await world.token(many);
    const made = await Promise.all(Array.from({ length: outcomesPageMax + 5 }, () => allowed(by)));
    await world.project();
    const first = await page({ agent: many });
    expect(first.items).toHaveLength(outcomesPageMax);
    const second = await page({ agent: many, before: first.next ?? '' });
    expect(second.next).toBeNull();
    expect([...first.items, ...second.items].map(({ decision }) => decision).sort()).toEqual(made.sort());
  });
});

describe('a decision’s outcome', () => {
  test('is shown whole to whoever may read arguments, without its words to the others', async () => {
    const decision = await allowed();
    await report(decision, 'succeeded', { summary: 'Read it', side_effects: ['none'], tokens: 5, cost_usd: '0.1' });
    expect(await readOutcome(await account('usr_ana'), decision)).toMatchObject({
      reported: {
        status: 'succeeded',
        tokens: '5',
        costUsd: '0.1',
        words: { summary: 'Read it', side_effects: ['none'] },
        settledBy: null,
      },
      mine: false,
    });
    expect(await readOutcome(await account(engineer.id), decision)).toMatchObject({ reported: { status: 'succeeded', words: 'hidden' } });
  });

  test('says who settled it', async () => {
    const decision = await ambiguous();
    expect(await readOutcome(await account(leader.id), decision)).toMatchObject({ mine: true, reported: { status: 'ambiguous' } });
    await settleOutcome(leader.actor, decision, 'partial', 'seen');
    expect(await readOutcome(await account(leader.id), decision)).toMatchObject({
      mine: false,
      reported: { status: 'partial', reportedAs: 'ambiguous', settledBy: { id: leader.id, agent: false } },
    });
  });

  test('is missing only once its time is over; a refusal has none', async () => {
    const decision = await allowed();
    const who = await account(auditor.id);
    expect(await readOutcome(who, decision)).toEqual({ decision, reported: null, due: false, mine: false });
    expect(await readOutcome(who, decision, later(16))).toMatchObject({ due: true });
    const halted = (await world.check(await world.token(agent), 'bank.drain')).answer.context.id;
    expect(await readOutcome(who, halted)).toBeUndefined();
    expect(await readOutcome(who, newId('dec'))).toBeUndefined();
  });
});
