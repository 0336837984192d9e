import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liftKill, setKill } from '@/lib/containment/service';
import { projectLedger } from '@/lib/ledger/service/projection';
import { readEvent, readSide } from '@/lib/ledger/reading';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { listCatalogue, listSystemRows, readActionView } from '../reading/actions';
import { CATALOGUE_PAGE } from '../schema/catalogue';
import type { Classification, NewActionType, SeenActionType } from '../schema';
import {
  changeSystem,
  classifyActionType,
  createSystem,
  disableActionType,
  findActionType,
  findRecordedActionType,
  listSystems,
  proposeActionType,
} from '.';

let plane: PeoplePlane;
let engineer: TestPerson;
let risk: TestPerson;
let auditor: TestPerson;
let admin: TestPerson;

const read: Classification = {
  effect: 'read',
  reversibility: 'reversible',
  sensitivity: { constant: 'internal' },
  audience: { constant: 'internal' },
};
const parameters = { type: 'object', properties: { id: { type: 'string' } } };
const record = (name: string, change: Partial<NewActionType> = {}): NewActionType => ({
  name,
  title: 'Reads',
  system: 'sys_erp',
  parameters,
  classification: read,
  ...change,
});

async function seenOf(name: string): Promise<NonNullable<SeenActionType>> {
  const recorded = await findRecordedActionType(name);
  if (!recorded) throw new Error(`${name} is not recorded`);
  return { version: recorded.type.version, changedAt: recorded.changedAt.toISOString() };
}

/** approved is a type that is in force. */
async function approved(name: string): Promise<NonNullable<SeenActionType>> {
  expect(await classifyActionType(risk.actor, record(name))).toMatchObject({ ok: true, actionType: { status: 'approved' } });
  return seenOf(name);
}

beforeAll(async () => {
  plane = await testPeoplePlane();
  [engineer, risk, auditor, admin] = await Promise.all([person(['engineer']), person(['risk']), person(['auditor']), person(['admin'])]);
  await createSystem(engineer.actor, { id: 'sys_erp', name: 'ERP' });
});
afterAll(() => plane.drop());

describe('a proposal', () => {
  it('of a new type is recorded, unset, with its suggested reading', async () => {
    expect(await proposeActionType(engineer.actor, record('p.new'), null)).toMatchObject({
      ok: true,
      actionType: { status: 'unset', version: 1, classification: read },
    });
    expect(await eventsAbout('p.new')).toMatchObject([
      { kind: 'action_type.classified', actor: engineer.actor, data: { status: 'unset', schema_version: 1 } },
    ]);
  });

  it('that changes the schema of one in force makes the next version and takes it out of scope', async () => {
    const seen = await approved('p.schema');
    const changed = record('p.schema', { parameters: { type: 'object' } });
    expect(await proposeActionType(engineer.actor, changed, seen)).toMatchObject({ ok: true, actionType: { status: 'unset', version: 2 } });
    expect((await eventsAbout('p.schema')).at(-1)?.data).toMatchObject({ status: 'unset', schema_version: 2, changed: ['parameters'] });
  });

  it('that changes its reading takes it out of scope too, under the same version', async () => {
    const seen = await approved('p.reading');
    const changed = record('p.reading', { classification: { ...read, sensitivity: { constant: 'public' } } });
    expect(await proposeActionType(engineer.actor, changed, seen)).toMatchObject({ ok: true, actionType: { status: 'unset', version: 1 } });
  });

  it('that changes only what people read leaves it in force', async () => {
    const seen = await approved('p.title');
    const changed = record('p.title', { title: 'Other reads', sentence: 'Read {id}' });
    expect(await proposeActionType(engineer.actor, changed, seen)).toMatchObject({
      ok: true,
      actionType: { status: 'approved', version: 1 },
    });
  });

  it.each<[string, Partial<NewActionType>, string]>([
    ['of another draft', { parameters: { $schema: 'http://json-schema.org/draft-07/schema#' } }, 'GAPS'],
    ['whose schema goes in a circle', { parameters: { $ref: '#' } }, 'GAPS'],
    ['with a pattern that looks ahead', { parameters: { type: 'string', pattern: '(?=a)' } }, 'GAPS'],
    ['of a system nobody recorded', { system: 'sys_none' }, 'SYSTEM_UNKNOWN'],
  ])('%s is refused and leaves nothing', async (_name, change, code) => {
    expect(await proposeActionType(engineer.actor, record('p.refused', change), null)).toMatchObject({ ok: false, code });
    expect(await findActionType('p.refused')).toBeUndefined();
    expect(await eventsAbout('p.refused')).toEqual([]);
  });

  it('under a taken name is refused, and so is a change of what is not there', async () => {
    await approved('p.taken');
    expect(await proposeActionType(engineer.actor, record('p.taken', { title: 'Mine' }), null)).toEqual({ ok: false, code: 'NAME_TAKEN' });
    const gone = { version: 1, changedAt: new Date().toISOString() };
    expect(await proposeActionType(engineer.actor, record('p.gone'), gone)).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await findActionType('p.taken')).toMatchObject({ title: 'Reads', status: 'approved' });
  });

  it('is refused to who may not, and to who was removed', async () => {
    expect(await proposeActionType(auditor.actor, record('p.auditor'), null)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await proposeActionType(admin.actor, record('p.admin'), null)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    const leaver = await person(['engineer']);
    await deactivateUser(setup, leaver.id);
    expect(await proposeActionType(leaver.actor, record('p.leaver'), null)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
  });
});

describe('classifying', () => {
  it('puts a proposal in force', async () => {
    await proposeActionType(engineer.actor, record('c.proposed', { classification: null }), null);
    expect(await classifyActionType(risk.actor, record('c.proposed'), await seenOf('c.proposed'))).toMatchObject({
      ok: true,
      actionType: { status: 'approved', version: 1 },
    });
    expect((await eventsAbout('c.proposed')).map(({ data }) => [data['status'], data['changed']])).toEqual([
      ['unset', undefined],
      ['approved', ['classification']],
    ]);
  });

  it('in the same act as a change of the schema keeps it in force, as the next version', async () => {
    const seen = await approved('c.both');
    expect(await classifyActionType(risk.actor, record('c.both', { parameters: { type: 'object' } }), seen)).toMatchObject({
      ok: true,
      actionType: { status: 'approved', version: 2 },
    });
  });

  it('from a state that is gone is refused with what is there now', async () => {
    const seen = await approved('c.stale');
    await classifyActionType(risk.actor, record('c.stale', { title: 'Newer reads' }), seen);
    expect(await classifyActionType(engineer.actor, record('c.stale', { title: 'Older reads' }), seen)).toMatchObject({
      ok: false,
      code: 'CHANGED_MEANWHILE',
      recorded: { type: { title: 'Newer reads' } },
    });
    expect(await findActionType('c.stale')).toMatchObject({ title: 'Newer reads' });
  });

  it('from a state in which it was not disabled yet is refused', async () => {
    const seen = await approved('c.disabled');
    await disableActionType(risk.actor, 'c.disabled');
    expect(await classifyActionType(engineer.actor, record('c.disabled'), seen)).toMatchObject({ ok: false, code: 'CHANGED_MEANWHILE' });
    expect(await findActionType('c.disabled')).toMatchObject({ status: 'disabled' });
  });

  it('raced by eight people from one state: one is recorded, seven are told', async () => {
    const seen = await approved('c.race');
    for (let round = 0; round < 5; round++) {
      const before = round === 0 ? seen : await seenOf('c.race');
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          classifyActionType(risk.actor, record('c.race', { title: `Reads ${round} ${index}` }), before),
        ),
      );
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      expect(outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.code]))).toEqual(Array(7).fill('CHANGED_MEANWHILE'));
    }
    expect(await eventsAbout('c.race')).toHaveLength(6);
  });

  it('raced by eight people who record the same new name: one is recorded', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => proposeActionType(engineer.actor, record('c.first'), null)));
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)).sort()).toEqual([...Array<string>(7).fill('NAME_TAKEN'), 'ok']);
    expect(await eventsAbout('c.first')).toHaveLength(1);
  });
});

describe('a system that is stopped', () => {
  it('keeps its actions: who classifies them does not lift the stop by naming another system', async () => {
    const [security, leader] = [await person(['security']), await person(['leader'])];
    await createSystem(engineer.actor, { id: 'sys_mill', name: 'Mill' });
    const before = record('m.run', { system: 'sys_mill' });
    expect(await classifyActionType(risk.actor, before)).toMatchObject({ ok: true });
    const set = await setKill(security.actor, { scope: 'system', target: 'sys_mill', reason: 'It runs hot.' });
    const refused = { ok: false, code: 'SYSTEM_STOPPED' };
    expect(await classifyActionType(engineer.actor, record('m.run'))).toEqual(refused);
    expect(await proposeActionType(engineer.actor, record('m.run'))).toEqual(refused);
    expect(await findActionType('m.run')).toMatchObject({ system: 'sys_mill', status: 'approved' });
    expect(await classifyActionType(engineer.actor, { ...before, title: 'Runs' })).toMatchObject({ ok: true });
    expect(await liftKill(leader.actor, { id: set.ok ? set.kill.id : '', reason: 'It has cooled.' })).toMatchObject({ ok: true });
    expect(await classifyActionType(engineer.actor, record('m.run'))).toMatchObject({ ok: true });
  });
});

describe('disabling', () => {
  it('keeps what the person said with the event, sealed', async () => {
    await approved('d.reason');
    expect(await disableActionType(risk.actor, 'd.reason', 'Müller asked for it.')).toEqual({ ok: true });
    const [row] = await prisma().$queryRaw<{ seq: bigint }[]>`SELECT last_seq AS seq FROM ledger_batches ORDER BY last_seq DESC LIMIT 1`;
    const event = await readEvent(String(row?.seq));
    expect(event?.kind).toBe('action_type.disabled');
    expect(JSON.stringify(event?.payload)).not.toContain('Müller');
    expect(event && JSON.stringify(await readSide(event, true))).toContain('Müller');
  });

  it('is refused from a state that is gone, twice, of what is not there and to who may not', async () => {
    const seen = await approved('d.refused');
    await classifyActionType(risk.actor, record('d.refused', { title: 'Newer' }), seen);
    expect(await disableActionType(engineer.actor, 'd.refused', undefined, seen)).toMatchObject({ ok: false, code: 'CHANGED_MEANWHILE' });
    expect(await disableActionType(auditor.actor, 'd.refused')).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await findActionType('d.refused')).toMatchObject({ status: 'approved' });
    expect(await disableActionType(engineer.actor, 'd.refused')).toEqual({ ok: true });
    expect(await disableActionType(engineer.actor, 'd.refused')).toEqual({ ok: false, code: 'ALREADY_DISABLED' });
    expect(await disableActionType(engineer.actor, 'd.none')).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  it('cannot be done behind the ledger', async () => {
    await approved('d.behind');
    await expect(prisma().$executeRaw`UPDATE action_types SET status = 'disabled' WHERE name = 'd.behind'`).rejects.toThrow(
      /changed without an event that moves the epoch/,
    );
  });
});

describe('a system', () => {
  it('is described, changed with an event that names the parts, and not when nothing differs', async () => {
    const made = await createSystem(engineer.actor, { id: 'sys_mail', name: 'Mail', description: 'Sends letters.' });
    expect(made).toEqual({ ok: true, system: { id: 'sys_mail', name: 'Mail', description: 'Sends letters.' } });
    const text = { name: 'Mail server', description: 'Sends letters.' };
    expect(await changeSystem(admin.actor, 'sys_mail', text, { name: 'Mail', description: 'Sends letters.' })).toMatchObject({ ok: true });
    expect(await changeSystem(admin.actor, 'sys_mail', text)).toMatchObject({ ok: true });
    expect((await eventsAbout('sys_mail')).map(({ kind, data }) => [kind, data])).toEqual([
      ['system.created', {}],
      ['system.changed', { changed: ['name'] }],
    ]);
  });

  it('is not changed from a state that is gone, when it is not there, or by who may not', async () => {
    await createSystem(engineer.actor, { id: 'sys_crm', name: 'CRM' });
    const text = { name: 'Customers', description: '' };
    expect(await changeSystem(admin.actor, 'sys_crm', text, { name: 'Other', description: '' })).toMatchObject({
      code: 'CHANGED_MEANWHILE',
      system: { name: 'CRM' },
    });
    expect(await changeSystem(admin.actor, 'sys_none', text)).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await changeSystem(risk.actor, 'sys_crm', text)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await createSystem(risk.actor, { name: 'Mine' })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await createSystem(admin.actor, { id: 'sys_crm', name: 'Mine' })).toEqual({ ok: false, code: 'ID_TAKEN' });
    await expect(async () => changeSystem(admin.actor, 'sys_crm', { ...text, name: 'a\u202eb' })).rejects.toThrow();
    expect((await listSystems()).find(({ id }) => id === 'sys_crm')).toEqual({ id: 'sys_crm', name: 'CRM', description: '' });
  });

  it('changed by six people at once from one state is changed by one', async () => {
    await createSystem(engineer.actor, { id: 'sys_race', name: 'Race' });
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        changeSystem(admin.actor, 'sys_race', { name: `Race ${index}`, description: '' }, { name: 'Race', description: '' }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe('the catalogue', () => {
  it('shows unset types first, pages without loss, and finds by text taken literally', async () => {
    await createSystem(engineer.actor, { id: 'sys_many', name: 'Many' });
    for (let index = 0; index < CATALOGUE_PAGE + 3; index++)
      await classifyActionType(
        risk.actor,
        record(`many.a${String(index).padStart(3, '0')}`, { system: 'sys_many', title: index === 7 ? '100% of_it' : 'Many' }),
      );
    await proposeActionType(engineer.actor, record('many.zzz', { system: 'sys_many', classification: null }), null);
    const first = await listCatalogue({ system: 'sys_many' });
    expect(first).toMatchObject({ total: CATALOGUE_PAGE + 4, unset: 1 });
    expect(first.rows[0]).toMatchObject({ name: 'many.zzz', status: 'unset', effect: null, calls: 0, agents: { count: 0, names: [] } });
    const second = await listCatalogue({ system: 'sys_many', after: first.next ?? '' });
    expect(second.next).toBeNull();
    expect(new Set([...first.rows, ...second.rows].map(({ name }) => name)).size).toBe(CATALOGUE_PAGE + 4);
    for (const [q, found] of [
      ['100%', 1],
      ['of_it', 1],
      ['%', 1],
      ['_', 1],
      ['MANY.A00', 10],
      ["'; DROP TABLE", 0],
      ['nowhere', 0],
    ] as const)
      expect([q, (await listCatalogue({ system: 'sys_many', q })).total]).toEqual([q, found]);
    expect((await listCatalogue({ system: 'sys_many', status: 'unset' })).total).toBe(1);
    expect((await listCatalogue({ system: 'sys_many', effect: 'delete' })).total).toBe(0);
    expect((await listSystemRows()).find(({ id }) => id === 'sys_many')).toMatchObject({
      actionTypes: CATALOGUE_PAGE + 4,
      unset: 1,
      agents: 0,
    });
  });

  it('says of one type what people did about it, newest first, and nothing of one that is not there', async () => {
    const seen = await approved('view.one');
    await proposeActionType(engineer.actor, record('view.one', { parameters: { type: 'object' } }), seen);
    await disableActionType(risk.actor, 'view.one');
    const pool = new pg.Pool({ connectionString: plane.webUrl });
    await projectLedger(pool, pino({ enabled: false })).finally(() => pool.end());
    const view = await readActionView('view.one');
    expect(view?.history.map(({ kind, status, version, changed }) => [kind, status, version, changed])).toEqual([
      ['action_type.disabled', null, 2, []],
      ['action_type.classified', 'unset', 2, ['parameters']],
      ['action_type.classified', 'approved', 1, []],
    ]);
    expect(view?.history[0]?.who).toBe('Test Person');
    expect(await readActionView('view.none')).toBeUndefined();
  });
});
