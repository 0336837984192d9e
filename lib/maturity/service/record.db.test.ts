import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '@/lib/kernel/ids';
import { agentsOf } from '@/lib/lifecycle/testdata/succession';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { agentIn, editRow, user } from '@/lib/raci/testdata/matrix';
import { stages } from '@/lib/raci/schema';
import { roles } from '@/lib/people/schema';
import { createProcess } from '@/lib/registry/service';
import { readChecklist, readMaturity, readStageLine } from '../reading';
import { partsMax, type MaturityView, type Scope } from '../schema';
import { narrow } from '../domain/facts';
import { readCriteria } from '../domain/stage';
import { loadFacts } from './facts';
import { recordMaturity } from '.';

let plane: PeoplePlane;
let superuser: pg.Client;
let owner: TestPerson;
let leader: TestPerson;
let process: string;
let agent: string;

/** Rows past triggers: what is tested is how they are read. */
async function write(statement: string, values: unknown[] = []): Promise<void> {
  await superuser.query('BEGIN');
  await superuser.query("SET LOCAL session_replication_role = 'replica'");
  await superuser.query(statement, values);
  await superuser.query('COMMIT');
}

beforeAll(async () => {
  plane = await testPeoplePlane();
  superuser = new pg.Client({ connectionString: plane.superuserUrl });
  await superuser.connect();
  for (const role of roles) await person([role]);
  [owner, leader] = [await person(['process_owner']), await person(['leader'])];
  const created = await createProcess(setup, { name: 'Payables', ownerId: owner.id });
  if (!created.ok) throw new Error(created.code);
  process = created.process.id;
  for (const stage of stages) await editRow(process, stage, { responsible: [user(leader.id)] });
  agent = await agentIn(process, owner.id, null);
});
afterAll(async () => {
  await superuser.end();
  await plane.drop();
});

const viewOf = async (scope: Scope = { type: 'organisation' }): Promise<MaturityView> => {
  const view = await readMaturity(owner, scope);
  if (!view) throw new Error('nothing was read');
  return view;
};
const criterionOf = async (id: string, scope?: Scope) => {
  const found = (await viewOf(scope)).criteria.find((criterion) => criterion.id === id);
  if (!found) throw new Error(id);
  return found;
};
const missingOf = async (id: string): Promise<string[]> =>
  (await viewOf()).missing.filter(({ criterion }) => criterion === id).map(({ text }) => text);

describe('a stage is read from the records', () => {
  test('and says what is missing with those who can close it and the page that does', async () => {
    const view = await viewOf();
    expect(view).toMatchObject({ stage: 1, word: 'Ad hoc', next: 2, work: 'organisational' });
    const sponsor = view.missing.find(({ text }) => /sponsor/.test(text));
    expect(sponsor).toMatchObject({ criterion: 'agents.described', mine: true, href: `/registry/agents/${agent}/edit` });
    expect(sponsor?.who[0]?.id).toBe(owner.id);
    expect(view.parts).toMatchObject([{ type: 'process', id: process, stage: 1 }]);
    expect(
      (await readMaturity(leader, { type: 'organisation' }))?.missing.find(({ criterion }) => criterion === 'policies.written'),
    ).toMatchObject({
      mine: false,
    });
  });

  test('of a process, of an agent, and of none', async () => {
    expect(await viewOf({ type: 'process', id: process })).toMatchObject({
      scope: { name: 'Payables' },
      parts: [{ type: 'agent', id: agent }],
    });
    expect((await viewOf({ type: 'agent', id: agent })).parts).toEqual([]);
    expect(await readMaturity(owner, { type: 'process', id: 'prc_none' })).toBeUndefined();
    expect(await readStageLine({ type: 'agent', id: 'agt_none' })).toBeUndefined();
    expect(await readStageLine({ type: 'agent', id: agent })).toMatchObject({ stage: 1, word: 'Ad hoc', href: `/maturity?agent=${agent}` });
  });

  test('whose gap goes when it is closed: a sponsor, a policy, a credential, a decision', async () => {
    await write('UPDATE agents SET sponsor_id = $2 WHERE id = $1', [agent, leader.id]);
    expect(await missingOf('agents.described')).toEqual([]);

    await write(
      `INSERT INTO action_types (name, system_id, title, status, document) VALUES ('files.read', 'sys_none', 'Read', 'approved', '{}')`,
    );
    await write('INSERT INTO agent_permissions (agent_id, action_type) VALUES ($1, $2)', [agent, 'files.read']);
    expect(await missingOf('policies.written')).toEqual(['Payables has no policy of its own for files.read.']);
    const policy = (id: string, selector: object, baseline: boolean) =>
      write(`INSERT INTO policies (id, version, name, status, document) VALUES ($1, 1, $1, 'active', $2)`, [
        id,
        JSON.stringify({ selector, baseline }),
      ]);
    await policy('pol_base', { level: 'organisation', actions: ['*'] }, true);
    expect(await missingOf('policies.written'), 'the baseline is nobody’s own').toHaveLength(1);
    await policy('pol_other', { level: 'process', process: 'prc_other', actions: ['*'] }, false);
    expect(await missingOf('policies.written'), 'another process’s is not').toHaveLength(1);
    await policy('pol_own', { level: 'process', process, actions: ['files.*'] }, false);
    expect(await missingOf('policies.written')).toEqual([]);

    expect(await missingOf('identity.half')).toHaveLength(1);
    await write(
      `INSERT INTO credentials (id, agent_id, secret_hash, hint, expires_at) VALUES ('crd_old', $1, '\\x', 'old', now() - interval '1 day'),
         ('crd_own', $1, '\\x', 'own', now() + interval '90 days')`,
      [agent],
    );
    expect(await missingOf('identity.half')).toEqual([]);

    expect(await missingOf('decisions.logged')).toHaveLength(1);
    const decide = (id: string, at: string, verdict: string) =>
      write(
        `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, process_id, verdict, tier)
         SELECT coalesce(max(seq), 0) + 1000, now() - $2::interval, 'decision.made', $1, $3, $4, $5, 1 FROM ledger_entries`,
        [id, at, agent, process, verdict],
      );
    await decide('dec_old', '91 days', 'allow');
    expect(await missingOf('decisions.logged'), 'long ago is no record').toHaveLength(1);
    await decide('dec_new', '1 hour', 'allow');
    expect(await viewOf()).toMatchObject({ stage: 2, word: 'Defined', next: 3, work: 'technical' });
  });

  test('with one credential used from two workloads it is shared, until that secret is revoked', async () => {
    await write(`INSERT INTO observations (kind, subject, value) VALUES ('credential.workload', 'crd_own', 'a'), ('credential.workload', 'crd_own', 'b'),
      ('credential.workload', 'crd_old', 'c')`);
    expect(await criterionOf('identity.unshared')).toMatchObject({ met: false, value: 0, target: 1 });
    await write(`UPDATE credentials SET revoked_at = now() WHERE id = 'crd_own'`);
    await write(
      `INSERT INTO credentials (id, agent_id, secret_hash, hint, expires_at) VALUES ('crd_next', $1, '\\x', 'next', now() + interval '90 days')`,
      [agent],
    );
    expect(await criterionOf('identity.unshared')).toMatchObject({ met: true });
  });

  test('and counts outcomes, requests, orphans and reviews as their rows say', async () => {
    expect(await criterionOf('audit.complete')).toMatchObject({ met: false, value: 0, n: 1 });
    await write(
      `INSERT INTO outcomes (decision_id, agent_id, digest, status, reported_as, event_id, reported_at) VALUES ('dec_new', $1, '\\x', 'succeeded', 'succeeded', 'e', now())`,
      [agent],
    );
    expect(await criterionOf('audit.complete')).toMatchObject({ met: true, value: 1, n: 1 });

    const request = (id: string, status: string, deadline: string) =>
      write(
        `INSERT INTO approvals (id, decision_id, decision_seq, agent_id, process_id, workflow_id, action_type, digest, tier, deciding, status, requested_at, expires_at, decided_by)
         VALUES ($1, $1, 1, $4, $5, 'w', 'files.read', '\\x', 3, '{}', $2, now() - interval '1 day', now() + $3::interval, CASE $2 WHEN 'approved' THEN 'usr_x' END)`,
        [id, status, deadline, agent, process],
      );
    expect(await criterionOf('approvals.sla'), 'no records are not met').toMatchObject({ met: false, n: 0 });
    await request('apr_1', 'approved', '1 hour');
    expect(await criterionOf('approvals.sla')).toMatchObject({ met: true, n: 1 });
    await request('apr_2', 'pending', '1 hour');
    expect(await criterionOf('approvals.sla'), 'one that waits has not come to its end').toMatchObject({ met: true, n: 1 });
    await request('apr_3', 'pending', '-1 hour');
    expect(await criterionOf('approvals.sla'), 'a deadline is over whether or not a job has swept').toMatchObject({
      met: false,
      value: 0.5,
      n: 2,
    });

    const orphan = (id: string, grace: string) =>
      write(
        `INSERT INTO successions (id, subject_type, subject_id, part, from_user, how, by, grace_until) VALUES ($1, 'agent', $2, 'owner', 'usr_x', 'orphaned', 'usr_x', now() + $3::interval)`,
        [id, agent, grace],
      );
    await orphan('suc_young', '1 day');
    expect(await criterionOf('orphans.none')).toMatchObject({ met: true });
    await orphan('suc_old', '-1 day');
    expect(await criterionOf('orphans.none')).toMatchObject({ met: false, gaps: 1 });
    await write(`UPDATE successions SET ended_at = now(), ended_as = 'settled' WHERE id = 'suc_old'`);
    expect(await criterionOf('orphans.none')).toMatchObject({ met: true });
  });

  test('and a review is late from the day after its own, whoever decides it then', async () => {
    await write(
      `INSERT INTO review_campaigns (id, subject_type, period, title, opened_by, due_on) SELECT 'rvc_' || d, 'agent', d::text, 'Review', 'jobs',
         (clock_timestamp() AT TIME ZONE 'UTC')::date + d FROM unnest(ARRAY[-200, -1, 0, 10]) AS d`,
    );
    const item = (id: string, due: number) =>
      write('INSERT INTO review_items (id, campaign_id, subject_id, process_id, reviewer_id) VALUES ($1, $2, $3, $4, $5)', [
        id,
        `rvc_${due}`,
        agent,
        process,
        owner.id,
      ]);
    const decide = (id: string) =>
      write(
        `UPDATE review_items SET status = 'decided', decision = 'keep', decided_by = $2, decided_at = clock_timestamp() WHERE id = $1`,
        [id, owner.id],
      );
    await item('rvi_ancient', -200);
    await item('rvi_today', 0);
    await item('rvi_soon', 10);
    expect(await criterionOf('reviews.ontime'), 'none is due').toMatchObject({ met: false, n: 0 });
    await decide('rvi_soon');
    await decide('rvi_today');
    expect(await criterionOf('reviews.ontime')).toMatchObject({ met: true, value: 1, n: 2 });
    await item('rvi_late', -1);
    expect(await criterionOf('reviews.ontime')).toMatchObject({ met: false, n: 3, gaps: 1 });
    await decide('rvi_late');
    expect(await criterionOf('reviews.ontime'), 'late stays late').toMatchObject({ met: false, n: 3 });
  });

  test('and the line on a page of a process or an agent says the same as its own page', async () => {
    for (const scope of [{ type: 'agent', id: agent } as const, { type: 'process', id: process } as const]) {
      const view = await viewOf(scope);
      expect(await readStageLine(scope)).toMatchObject({
        stage: view.stage,
        missing: view.missing[0]?.text,
        missingTotal: view.missingTotal,
      });
    }
  });

  test('and falls when a person leaves', async () => {
    await deactivateUser(setup, leader.id);
    const view = await viewOf();
    expect(view.stage).toBe(1);
    expect(view.missing.map(({ text }) => text)).toContain('Test agent has no sponsor who is still here.');
    const { raciGaps } = await loadFacts(prisma());
    expect(raciGaps.length).toBeGreaterThanOrEqual(stages.length);
  });
});

describe('a day is recorded', () => {
  const snapshots = () => prisma().maturitySnapshot.findMany({ orderBy: [{ scopeType: 'asc' }, { scopeId: 'asc' }] });
  const recorded = async () => (await eventsAbout('organisation')).filter(({ kind }) => kind === 'maturity.recorded');

  test('once by six processes at a time, with one event that names its day and stage', async () => {
    const written = await Promise.all(Array.from({ length: 6 }, () => recordMaturity(prisma())));
    expect(written.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect((await snapshots()).map(({ scopeType, scopeId }) => [scopeType, scopeId])).toEqual([
      ['agent', agent],
      ['organisation', 'organisation'],
      ['process', process],
    ]);
    const [event, ...more] = await recorded();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ actor: { type: 'system' }, data: { day: new Date().toISOString().slice(0, 10), stage: 1 } });
  });

  test('and nothing is written again while nothing changes', async () => {
    expect(await recordMaturity(prisma())).toBe(0);
  });

  test('and what changes later that day is kept, without another event', async () => {
    await write(
      `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, process_id, verdict, tier)
       SELECT max(seq) + 1000, now(), 'decision.made', 'dec_denied', $1, $2, 'deny', 1 FROM ledger_entries`,
      [newId('agt'), process],
    );
    expect(await recordMaturity(prisma()), 'the organisation and the process').toBe(2);
    expect((await snapshots()).find(({ scopeType }) => scopeType === 'organisation')?.metrics).toMatchObject({
      days: 30,
      checks: 2,
      denied: 1,
    });
    expect(await recorded()).toHaveLength(1);
    expect((await viewOf()).trend).toEqual([{ day: new Date().toISOString().slice(0, 10), stage: 1 }]);
  });
});

describe('the twelve points', () => {
  const points = async () => new Map((await readChecklist()).points.map((point) => [point.id, point]));

  test('are twelve, each with an answer from the records or the sensor it waits for', async () => {
    const all = await points();
    expect(all.size).toBe(12);
    for (const { value, state, evidence } of all.values()) {
      expect(value).not.toBe('');
      expect(evidence === null).toBe(state === 'sensor');
    }
    expect([...all.values()].filter(({ state }) => state === 'sensor').map(({ id }) => id)).toEqual([
      'baselines',
      'frameworks',
      'playbooks',
    ]);
    expect(all.get('reporting')).toMatchObject({ state: 'yes' });
  });

  test('do not hold where nobody looked', async () => {
    expect((await points()).get('inventory')).toMatchObject({ state: 'no', value: expect.stringContaining('nobody has looked') });
    await write(
      `INSERT INTO detector_runs (detector, ran_at, ok_at) SELECT d, now(), now() FROM unnest(ARRAY['unknown_client', 'receiptless_call']) AS d`,
    );
    expect((await points()).get('inventory')).toMatchObject({ state: 'yes' });
    await write(
      `INSERT INTO findings (id, detector, key, subject_type, subject_id, severity) VALUES ('fnd_1', 'unknown_client', 'k', 'client', 'c', 'high')`,
    );
    expect((await points()).get('inventory')).toMatchObject({ state: 'no', value: '1 agent in service, 1 sign of others' });
  });
});

describe('each gap', () => {
  test('is told in a sentence of its own, also where one person left several things behind', async () => {
    const leaving = await person(['process_owner']);
    const created = await createProcess(setup, { name: 'Left behind', ownerId: leaving.id });
    const left = created.ok ? created.process.id : '';
    for (const stage of stages) await editRow(left, stage, { responsible: [user(leaving.id)] });
    await write(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [leaving.id]);
    const facts = narrow(await loadFacts(prisma()), { type: 'process', id: left });
    const gaps = facts
      ? readCriteria(facts).flatMap(({ criterion, measured }) => measured?.gaps.map(({ text }) => `${criterion.id} ${text}`) ?? [])
      : [];
    expect(gaps.length).toBeGreaterThan(2 * stages.length);
    expect(gaps.filter((gap, at) => gaps.indexOf(gap) !== at)).toEqual([]);
  });
});

describe('a list of parts', () => {
  test('is a page: those of the lowest stage first, with how many there are', async () => {
    const made = await createProcess(setup, { name: 'Large', ownerId: owner.id });
    const large = made.ok ? made.process.id : '';
    const ids = await agentsOf({ process: large, owner, sponsor: owner }, partsMax + 1);
    const last = ids.at(-1) ?? '';
    await write(`UPDATE agents SET name = CASE WHEN id = $1 THEN 'Zoe' ELSE 'Agent' END WHERE process_id = $2`, [last, large]);
    // All but the last by name are Defined.
    await write(
      `INSERT INTO credentials (id, agent_id, secret_hash, hint, expires_at) SELECT 'crd_' || id, id, '\\x', 'own', now() + interval '90 days' FROM unnest($1::text[]) AS id`,
      [ids.slice(0, -1)],
    );
    await write(
      `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, process_id, verdict, tier)
       SELECT (SELECT coalesce(max(seq), 0) FROM ledger_entries) + 1000 + n, now(), 'decision.made', 'dec_' || id, id, $2, 'allow', 1 FROM unnest($1::text[]) WITH ORDINALITY AS one(id, n)`,
      [ids, large],
    );
    await write(`INSERT INTO policies (id, version, name, status, document) VALUES ('pol_large', 1, 'Large', 'active', $1)`, [
      JSON.stringify({ selector: { level: 'process', process: large, actions: ['*'] }, baseline: false }),
    ]);
    const { parts, partsTotal } = await viewOf({ type: 'process', id: large });
    expect([parts.length, partsTotal]).toEqual([partsMax, partsMax + 1]);
    expect(parts[0]).toMatchObject({ id: last, stage: 1 });
    expect(new Set(parts.slice(1).map(({ stage }) => stage))).toEqual(new Set([2]));
  });
});
