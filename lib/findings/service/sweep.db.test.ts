import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '@/lib/platform/log';
import { projectLedger } from '@/lib/ledger/service/projection';
import { deactivateUser, findUser, type User } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import type { PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess } from '@/lib/registry/service';
import { active, admin, closeOffice, engineer, leader, openOffice, owner, risk, security } from '@/lib/registry/testdata/office';
import { Fate, findingOf, look } from '../testdata/causes';
import { findDetector, type Detector } from '../domain';
import { listMyFindings, readDetectors, readFinding, readFindings, readFindingsOf } from '../reading';
import { FindingQuery, findingsPageMax, type Finding } from '../schema';
import { assignFindings, settleFinding, snoozeFindings, sweepFindings, wakeFindings } from '.';
import pg from 'pg';

let plane: PeoplePlane;
let fate: Fate;
let pool: pg.Pool;
let auditor: TestPerson;
let stranger: TestPerson;
beforeAll(async () => {
  plane = await openOffice();
  fate = await Fate.begin(plane);
  pool = new pg.Pool({ connectionString: plane.webUrl, max: 2 });
  pool.on('error', () => undefined);
  auditor = await person(['auditor']);
  stranger = await person(['process_owner']);
});
afterAll(async () => {
  await fate.end();
  await pool.end();
  await closeOffice();
});

const overdue = async (agent: string): Promise<void> =>
  fate.sql('UPDATE agents SET next_review_on = current_date - 1 WHERE id = $1', [agent]);
const onTime = async (agent: string): Promise<void> => fate.sql('UPDATE agents SET next_review_on = NULL WHERE id = $1', [agent]);
/** open makes an agent whose review is overdue, and its finding. */
async function open(): Promise<Finding> {
  const agent = await active();
  await overdue(agent);
  return found(await look('review_overdue', agent));
}
function found(finding: Finding | undefined): Finding {
  if (!finding) throw new Error('it was not found');
  return finding;
}
const account = async ({ id }: TestPerson): Promise<User> => {
  const user = await findUser(id);
  if (!user) throw new Error(id);
  return user;
};
const kinds = async (id: string): Promise<string[]> => (await eventsAbout(id)).map(({ kind }) => kind);
const inDays = (days: number): string => new Date(Date.now() + days * 24 * 3_600_000).toISOString().slice(0, 10);
const reviewOverdue = (): Detector => {
  const row = findDetector('review_overdue');
  if (!row) throw new Error('gone');
  return row;
};

describe('a look', () => {
  test('opens what is new with one event, and changes nothing when it looks again', async () => {
    const finding = await open();
    expect(finding).toMatchObject({ status: 'open', processId: 'prc_payables', severity: 'medium', subject: { type: 'agent' } });
    expect(await sweepFindings([reviewOverdue()])).toBe(0);
    expect(await eventsAbout(finding.id)).toMatchObject([
      { kind: 'finding.opened', data: { detector: 'review_overdue', about: finding.key, agent: finding.key, process: 'prc_payables' } },
    ]);
  });

  test('by several processes at once opens, closes and reopens once', async () => {
    const agents = await Promise.all(Array.from({ length: 4 }, () => active()));
    const everybody = () => Promise.all(Array.from({ length: 6 }, () => sweepFindings([reviewOverdue()])));
    for (const agent of agents) await overdue(agent);
    const opened = await everybody();
    expect(opened.reduce((sum, count) => sum + count, 0)).toBe(4);
    for (const agent of agents) await onTime(agent);
    await everybody();
    for (const agent of agents) await overdue(agent);
    await everybody();
    for (const agent of agents) {
      const finding = found(await findingOf('review_overdue', agent));
      expect(finding).toMatchObject({ status: 'open', timesOpened: 2 });
      expect(await kinds(finding.id)).toEqual(['finding.opened', 'finding.closed', 'finding.reopened']);
    }
  });

  test('that fails is noted, leaves its findings as they were, and the others go on', async () => {
    const finding = await open();
    await onTime(finding.key);
    const agent = await active();
    await fate.sql('UPDATE agents SET ends_on = current_date - 1 WHERE id = $1', [agent]);
    const failing: Detector = {
      ...reviewOverdue(),
      find: () => {
        throw new Error('it stumbled');
      },
    };
    const endDate = findDetector('end_date_past');
    await sweepFindings(endDate ? [failing, endDate] : []);
    expect(await findingOf('review_overdue', finding.key)).toMatchObject({ status: 'open' });
    expect(await findingOf('end_date_past', agent)).toMatchObject({ status: 'open' });
    for (const roles of [['admin'], ['security']] as const) {
      const [first, ...others] = await readDetectors({ roles: [...roles] });
      expect(first).toMatchObject({ id: 'review_overdue', failed: true, error: 'it stumbled', okAt: expect.any(String) });
      expect(others.filter(({ failed, error }) => failed || error !== null)).toEqual([]);
    }
    for (const role of ['process_owner', 'leader', 'risk', 'engineer', 'auditor'] as const) {
      const told = await readDetectors({ roles: [role] });
      expect(told[0], role).toMatchObject({ id: 'review_overdue', failed: true, error: null });
      expect(JSON.stringify(told), 'what a program says may name what is inside').not.toContain('stumbled');
    }
    await sweepFindings([reviewOverdue()]);
    expect((await readDetectors({ roles: ['admin'] })).filter(({ failed }) => failed)).toEqual([]);
    expect(await findingOf('review_overdue', finding.key)).toMatchObject({ status: 'closed' });
  });

  test('that is older than the last one undoes nothing', async () => {
    const finding = await open();
    await fate.sql("UPDATE detector_runs SET ran_at = ran_at + interval '1 hour' WHERE detector = 'review_overdue'");
    await onTime(finding.key);
    expect(await look('review_overdue', finding.key)).toMatchObject({ status: 'open' });
    await fate.sql("UPDATE detector_runs SET ran_at = ran_at - interval '1 hour' WHERE detector = 'review_overdue'");
    expect(await look('review_overdue', finding.key)).toMatchObject({ status: 'closed' });
  });

  test('with every detector runs through on a real office, twice with nothing to change', async () => {
    await sweepFindings();
    expect(await sweepFindings()).toBe(0);
    expect((await readDetectors({ roles: ['admin'] })).filter(({ error, ranAt }) => error !== null || ranAt === null)).toEqual([]);
  });

  test('gives what nobody answers for a grace', async () => {
    const agent = await active();
    await fate.sql("UPDATE users SET status = 'deactivated', deactivated_at = now() WHERE id = $1", [stranger.id]);
    await fate.sql('UPDATE agents SET owner_id = $2 WHERE id = $1', [agent, stranger.id]);
    const finding = found(await look('owner_left', agent));
    expect(Math.round(((finding.graceUntil?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(7);
    await fate.sql("UPDATE users SET status = 'active', deactivated_at = NULL WHERE id = $1", [stranger.id]);
    expect(await look('owner_left', agent)).toMatchObject({ status: 'closed', graceUntil: null });
  });
});

describe('a finding is given', () => {
  test('to a person and taken back, each with its event, and stands on their Home meanwhile', async () => {
    const finding = await open();
    const mine = async () => (await listMyFindings(await account(engineer), 50)).items.map(({ id }) => id);
    expect(await mine()).not.toContain(finding.id);
    expect(await assignFindings(security.actor, { ids: [finding.id], to: engineer.id })).toEqual({ ok: true, changed: 1 });
    expect(await assignFindings(security.actor, { ids: [finding.id], to: engineer.id })).toEqual({ ok: true, changed: 0 });
    expect(await mine()).toContain(finding.id);
    expect(await assignFindings(engineer.actor, { ids: [finding.id], to: null }), 'given back').toEqual({ ok: true, changed: 1 });
    expect(await mine()).not.toContain(finding.id);
    expect(await kinds(finding.id)).toEqual(['finding.opened', 'finding.assigned', 'finding.assigned']);
  });

  test('by the owner of its process, and by no other', async () => {
    const finding = await open();
    expect(await assignFindings(owner.actor, { ids: [finding.id], to: owner.id })).toMatchObject({ ok: true });
    expect(await assignFindings(stranger.actor, { ids: [finding.id], to: stranger.id })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
  });

  test.each<[string, () => TestPerson]>([
    ['an engineer', () => engineer],
    ['a leader', () => leader],
    ['an administrator', () => admin],
    ['an auditor', () => auditor],
  ])('not by %s', async (_, who) => {
    const finding = await open();
    expect(await assignFindings(who().actor, { ids: [finding.id], to: who().id })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await assignFindings(who().actor, { ids: [finding.id], to: null })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await snoozeFindings(who().actor, { ids: [finding.id], until: inDays(5), reason: 'later' })).toEqual({
      ok: false,
      code: 'NOT_ALLOWED',
    });
    expect(await kinds(finding.id)).toEqual(['finding.opened']);
  });

  test('not to somebody who left, nor when it is closed, nor one that is none; and then none of several', async () => {
    const [one, two] = [await open(), await open()];
    const left = await person(['engineer']);
    await deactivateUser(admin.actor, left.id);
    expect(await assignFindings(risk.actor, { ids: [one.id], to: left.id })).toEqual({ ok: false, code: 'PERSON_INACTIVE' });
    await onTime(two.key);
    await look('review_overdue', two.key);
    expect(await assignFindings(risk.actor, { ids: [one.id, two.id], to: risk.id })).toEqual({ ok: false, code: 'CLOSED' });
    const none = `fnd_${'0'.repeat(26)}`;
    expect(await assignFindings(risk.actor, { ids: [one.id, none], to: risk.id })).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await findingOf('review_overdue', one.key)).toMatchObject({ assignedTo: null });
  });

  test('is nobody’s again in the commit that removes its person', async () => {
    const finding = await open();
    const leaving = await person(['engineer']);
    await assignFindings(risk.actor, { ids: [finding.id], to: leaving.id });
    expect(await deactivateUser(admin.actor, leaving.id)).toMatchObject({ ok: true });
    expect(await findingOf('review_overdue', finding.key)).toMatchObject({ assignedTo: null, status: 'open' });
    expect((await eventsAbout(finding.id)).at(-1)).toMatchObject({ kind: 'finding.assigned', data: { because: 'PERSON_LEFT', to: null } });
  });
});

describe('a finding that comes back', () => {
  test('is with whoever had it, unless they left meanwhile', async () => {
    const [one, two] = [await open(), await open()];
    const leaving = await person(['engineer']);
    await assignFindings(risk.actor, { ids: [one.id], to: engineer.id });
    await assignFindings(risk.actor, { ids: [two.id], to: leaving.id });
    for (const { key } of [one, two]) await onTime(key);
    await sweepFindings([reviewOverdue()]);
    await deactivateUser(admin.actor, leaving.id);
    for (const { key } of [one, two]) await overdue(key);
    expect(await look('review_overdue', one.key)).toMatchObject({ status: 'open', assignedTo: engineer.id });
    expect(await look('review_overdue', two.key)).toMatchObject({ status: 'open', assignedTo: null });
  });
});

describe('a finding is put off', () => {
  let finding: Finding;
  beforeEach(async () => {
    finding = await open();
  });

  test('until a day, with a reason that is sealed beside the ledger, and is open again on that day', async () => {
    expect(await snoozeFindings(risk.actor, { ids: [finding.id], until: inDays(90), reason: 'Frau Müller is on leave' })).toEqual({
      ok: true,
      changed: 1,
    });
    expect(await look('review_overdue', finding.key)).toMatchObject({ status: 'snoozed', snoozeReason: 'Frau Müller is on leave' });
    expect(JSON.stringify(await eventsAbout(finding.id))).not.toContain('Müller');
    await fate.sql("UPDATE findings SET snoozed_until = now() - interval '1 second' WHERE id = $1", [finding.id]);
    expect(await look('review_overdue', finding.key)).toMatchObject({ status: 'open', snoozedUntil: null, snoozeReason: null });
    expect(await kinds(finding.id)).toEqual(['finding.opened', 'finding.snoozed', 'finding.woken']);
  });

  test('and closes all the same when its cause goes, and is open when it returns', async () => {
    await snoozeFindings(risk.actor, { ids: [finding.id], until: inDays(30), reason: 'later' });
    await onTime(finding.key);
    expect(await look('review_overdue', finding.key)).toMatchObject({ status: 'closed', snoozedUntil: null });
    await overdue(finding.key);
    expect(await look('review_overdue', finding.key)).toMatchObject({ status: 'open', timesOpened: 2 });
  });

  test('and opened before its day', async () => {
    expect(await wakeFindings(risk.actor, { ids: [finding.id] })).toEqual({ ok: false, code: 'NOT_SNOOZED' });
    await snoozeFindings(risk.actor, { ids: [finding.id], until: inDays(30), reason: 'later' });
    expect(await wakeFindings(risk.actor, { ids: [finding.id] })).toEqual({ ok: true, changed: 1 });
    expect(await findingOf('review_overdue', finding.key)).toMatchObject({ status: 'open' });
  });

  test.each([
    ['today', 0, 'DAY_PAST'],
    ['yesterday', -1, 'DAY_PAST'],
    ['in 91 days', 91, 'DAY_TOO_FAR'],
  ])('not until %s', async (_, days, code) => {
    expect(await snoozeFindings(risk.actor, { ids: [finding.id], until: inDays(days), reason: 'later' })).toEqual({ ok: false, code });
  });

  test('not without a reason', () => {
    expect(() => snoozeFindings(risk.actor, { ids: [finding.id], until: inDays(5), reason: '  ' })).toThrow();
  });
});

describe('a finding is closed', () => {
  test('by a word only where something was noticed: never where a cause can be looked at', async () => {
    const finding = await open();
    expect(await settleFinding(security.actor, finding.id, { reason: 'I said so' })).toEqual({ ok: false, code: 'NOT_SETTLED_HERE' });
    await fate.observe('client.unknown', 'ghost-of-settle', ['x']);
    const ghost = found(await look('unknown_client', 'ghost-of-settle'));
    expect(await settleFinding(engineer.actor, ghost.id, { reason: 'mine' })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await settleFinding(stranger.actor, ghost.id, { reason: 'of no process' })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await settleFinding(security.actor, ghost.id, { reason: 'A test of ours' })).toEqual({ ok: true, changed: 1 });
    expect(await look('unknown_client', 'ghost-of-settle')).toMatchObject({ status: 'closed' });
    const told = await eventsAbout(ghost.id);
    expect(told.at(-1)).toMatchObject({ kind: 'finding.closed', data: { because: 'DEALT_WITH' } });
    expect(JSON.stringify(told), 'what a stranger calls itself is kept for ever nowhere').not.toContain('ghost-of-settle');
  });
});

describe('the list of findings', () => {
  const page = async (query: Partial<FindingQuery>, who = risk) => readFindings(await account(who), FindingQuery.parse(query));

  test('comes worst and oldest first in pages that neither repeat nor leave out', async () => {
    await Promise.all([open(), open(), open()]);
    await sweepFindings();
    const seen: string[] = [];
    let after: string | undefined;
    const ranks: number[] = [];
    do {
      const { items, next, total } = await page({ limit: 3, ...(after === undefined ? {} : { after }) });
      seen.push(...items.map(({ id }) => id));
      ranks.push(...items.map(({ severity }) => ['critical', 'high', 'medium', 'low'].indexOf(severity)));
      after = next ?? undefined;
      if (after === undefined) expect(seen).toHaveLength(total);
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const closed = (await page({ status: 'closed' })).items.map(({ closedAt }) => closedAt ?? '');
    expect(closed.length).toBeGreaterThan(1);
    expect(closed).toEqual(closed.toSorted().reverse());
  });

  test('is narrowed by detector, severity, process, agent and person, with what each would leave', async () => {
    const finding = await open();
    await assignFindings(risk.actor, { ids: [finding.id], to: auditor.id });
    const only = await page({ subject: finding.key });
    expect(only.items.map(({ id }) => id)).toContain(finding.id);
    expect((await page({ mine: 'yes' }, auditor)).items).toMatchObject([
      { id: finding.id, manageable: false, process: { id: 'prc_payables' } },
    ]);
    const narrow = await page({ detector: 'review_overdue', severity: 'medium', process: 'prc_payables' });
    expect(new Set(narrow.items.map(({ detector }) => detector))).toEqual(new Set(['review_overdue']));
    expect(narrow.total).toBe(narrow.detectors.find(({ value }) => value === 'review_overdue')?.count);
    expect((await page({ process: 'prc_none' })).items).toEqual([]);
    const none = [
      { at: 'soon' },
      { at: '1.5' },
      { at: '9'.repeat(25) },
      { at: '2026-02-30 00:00:00+00' },
      { rank: 1.5 },
      { rank: 1e12 },
      { id: '\0' },
    ];
    const cursors = none.map((change) =>
      Buffer.from(JSON.stringify({ rank: 1, at: '0', id: `fnd_${'0'.repeat(26)}`, ...change })).toString('base64url'),
    );
    for (const after of ['rubbish', ...cursors])
      expect((await page({ after })).items, Buffer.from(after, 'base64url').toString()).toEqual((await page({})).items);
  });

  test('lets a process owner act on those of their own processes alone', async () => {
    const process = await createProcess(setup, { name: 'Of a stranger', ownerId: stranger.id });
    if (!process.ok) throw new Error(process.code);
    const finding = await open();
    const see = async (who: TestPerson) =>
      (await page({ subject: finding.key }, who)).items.find(({ id }) => id === finding.id)?.manageable;
    expect([await see(owner), await see(stranger), await see(security), await see(auditor)]).toEqual([true, false, true, false]);
  });

  test('stands on an agent’s page', async () => {
    const finding = await open();
    expect(await readFindingsOf(await account(auditor), finding.key)).toMatchObject([{ id: finding.id }]);
  });
});

describe('Home', () => {
  test('shows a process owner what is nobody’s in their process, and security what is grave', async () => {
    const finding = await open();
    const of = async (who: TestPerson) => (await listMyFindings(await account(who), 1_000)).items.map(({ id }) => id);
    expect(await of(owner)).toContain(finding.id);
    expect(await of(stranger)).not.toContain(finding.id);
    expect(await of(security), 'medium is not grave').not.toContain(finding.id);
    await fate.observe('tool.unreceipted', 'sys_erp', ['invoices.pay unknown']);
    const grave = found(await look('receiptless_call', 'sys_erp'));
    expect(await of(security)).toContain(grave.id);
    expect(await of(auditor)).not.toContain(grave.id);
    for (const who of [owner, stranger, security, auditor]) {
      const home = await listMyFindings(await account(who), 1_000);
      const listed = await readFindings(await account(who), FindingQuery.parse({ mine: 'waits' }));
      expect([listed.total, listed.waits], 'where its number leads').toEqual([home.total, home.total]);
      expect(listed.items.map(({ id }) => id)).toEqual(home.items.map(({ id }) => id).slice(0, findingsPageMax));
    }
    const { items, total } = await listMyFindings(await account(security), 1);
    expect(items).toMatchObject([{ href: expect.stringMatching(/^\/findings\/fnd_/), title: expect.stringMatching(/\.$/) }]);
    expect(total).toBeGreaterThanOrEqual(1);
  });
});

describe('the page of a finding', () => {
  test('tells what, since when, who answers, what can be done by whom, and its history with names', async () => {
    const finding = await open();
    await snoozeFindings(risk.actor, { ids: [finding.id], until: inDays(3), reason: 'After the audit' });
    await projectLedger(pool, createLog('test'));
    const view = await readFinding(await account(owner), finding.id);
    expect(view).toMatchObject({
      sentence: expect.stringMatching(/^Invoice agent should have been reviewed by /),
      answers: [
        { id: owner.id, part: 'answers for the agent' },
        { id: owner.id, part: 'owns the process' },
      ],
      snoozeReason: 'After the audit',
      manageable: true,
    });
    expect(view?.history).toMatchObject([
      {
        words: expect.stringMatching(/^Test Person put off a finding until .*: review overdue at Invoice agent$/),
        text: 'After the audit',
      },
      { words: 'Found: review overdue at Invoice agent', text: null },
    ]);
    expect(view?.fixes.map(({ mine }) => mine)).toContain(true);
    const seen = await readFinding(await account(auditor), finding.id);
    expect(seen?.fixes.filter(({ mine }) => mine)).toEqual([]);
    expect(seen?.fixes[0]?.who).not.toBe('');
    const redacted = await readFinding(await account(engineer), finding.id);
    expect(redacted?.history[0]?.text).toBe('hidden');
    expect(JSON.stringify(redacted), 'what people wrote is for those who read arguments').not.toContain('After the audit');
    expect(await readFinding(await account(owner), `fnd_${'0'.repeat(26)}`)).toBeUndefined();
  });
});
