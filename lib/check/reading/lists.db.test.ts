import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveRequest, rejectRequest } from '@/lib/approvals/service';
import { seeRequest } from '@/lib/approvals/service/seen';
import { Gateway } from '@/lib/approvals/testdata/requests';
import { releaseWorkflow } from '@/lib/containment/service';
import { EntryQuery } from '@/lib/ledger/reading/schema';
import { eventKinds } from '@/lib/ledger/schema';
import { projectLedger } from '@/lib/ledger/service/projection';
import { roles, type Role } from '@/lib/people/schema';
import { deactivateUser, findUser, type User } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { createLog } from '@/lib/platform/log';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess } from '@/lib/registry/service';
import { listApprovals, listHaltedWorkflows, listLedger, listSupervisedActions, readApproval, viewEvent } from '.';
import { ApprovalCard, HaltPage, SupervisedPage, SupervisedQuery, ToldPage } from './schema';
import { Decisions, type Deciding } from './testdata/decisions';
import { tellEvent } from './words';

let plane: PeoplePlane;
let gateway: Gateway;
let decisions: Decisions;
let web: pg.Pool;
let superuser: pg.Client;
let owner: TestPerson;
let other: TestPerson;
let mine: string;
let theirs: string;
const people = new Map<Role, User>();
const secret = '<img src=x onerror=alert(1)>\u202eGeheim';

const user = async ({ id }: { id: string }): Promise<User> => {
  const found = await findUser(id);
  if (!found) throw new Error('nobody');
  return found;
};
const byRole = (role: Role): User => {
  const found = people.get(role);
  if (!found) throw new Error(role);
  return found;
};
const project = () => projectLedger(web, createLog('test'));
const processOf = async (name: string, ownerId: string): Promise<string> => {
  const created = await createProcess(setup, { name, ownerId });
  if (!created.ok) throw new Error(created.code);
  return created.process.id;
};
const supervised = (change: Partial<Deciding> = {}) =>
  decisions.decide({
    process: mine,
    verdict: 'allow_reversible',
    tier: 2,
    windowSeconds: 3600,
    money: '4200',
    arguments: { vendor: secret, nonce: Math.random() },
    ...change,
  });

beforeAll(async () => {
  plane = await testPeoplePlane();
  [owner, other] = [await person(['process_owner']), await person(['process_owner'])];
  for (const role of roles) people.set(role, await user(await person([role])));
  [mine, theirs] = [await processOf('Payables', owner.id), await processOf('Refunds', other.id)];
  gateway = await Gateway.start(plane);
  decisions = await Decisions.start(plane);
  web = new pg.Pool({ connectionString: plane.webUrl, max: 2 });
  superuser = new pg.Client({ connectionString: plane.superuserUrl });
  await superuser.connect();
});
afterAll(async () => {
  await Promise.all([gateway.stop(), decisions.stop(), web.end(), superuser.end()]);
  await plane.drop();
});

describe('supervised actions', () => {
  test('those of the processes a person answers for, the first deadline in front, and no other process', async () => {
    const [later, sooner, elsewhere] = [
      await supervised({ windowSeconds: 7200 }),
      await supervised({ windowSeconds: 600 }),
      await supervised({ process: theirs }),
    ];
    await project();
    const page = SupervisedPage.parse(await listSupervisedActions(await user(owner), {}));
    const ids = page.items.map(({ decisionId }) => decisionId);
    expect(ids.indexOf(sooner.id)).toBeLessThan(ids.indexOf(later.id));
    expect(ids).not.toContain(elsewhere.id);
    expect(page.count).toBe(page.items.length);
    expect((await listSupervisedActions(await user(other), {})).items.map(({ decisionId }) => decisionId)).toEqual([elsewhere.id]);
  });

  test.each([
    ['went ahead alone', { verdict: 'allow', tier: 1 }],
    ['waits for a person', { verdict: 'approval_required', tier: 3 }],
    ['has its time behind it', { windowSeconds: 0 }],
    ['has no window', { windowSeconds: undefined }],
  ] as const)('never one that %s', async (_, change) => {
    const { id } = await supervised({ ...change } as Partial<Deciding>);
    await project();
    const page = await listSupervisedActions(await user(owner), {});
    expect(page.items.map(({ decisionId }) => decisionId)).not.toContain(id);
  });

  test('somebody who answers for nothing is told so, and may look at one process', async () => {
    await supervised();
    await project();
    const auditor = byRole('auditor');
    expect(await listSupervisedActions(auditor, {})).toMatchObject({ items: [], count: 0, answersFor: 0 });
    expect((await listSupervisedActions(auditor, { process: mine })).items.length).toBeGreaterThan(0);
  });

  test('an account that was removed answers for nothing', async () => {
    const leaving = await person(['process_owner']);
    const process = await processOf('Leaving', leaving.id);
    await supervised({ process });
    await project();
    const before = await user(leaving);
    expect((await listSupervisedActions(before, {})).count).toBe(1);
    await superuser.query("UPDATE users SET status = 'deactivated' WHERE id = $1", [leaving.id]);
    expect((await listSupervisedActions(before, {})).count).toBe(0);
  });

  test('page by page, each once, without a gap', async () => {
    const process = await processOf('Many', owner.id);
    await Promise.all(Array.from({ length: 220 }, (_, i) => supervised({ process, windowSeconds: 3600 + (i % 3) * 60 })));
    await project();
    const seen: string[] = [];
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const page = await listSupervisedActions(
        await user(owner),
        SupervisedQuery.parse({ process, ...(after === undefined ? {} : { after }) }),
      );
      seen.push(...page.items.map(({ decisionId }) => decisionId));
      after = page.next ?? undefined;
    }
    expect(seen).toHaveLength(220);
    expect(new Set(seen).size).toBe(220);
  });

  test.each(['1; DROP TABLE ledger', '-1-1', 'abc', '1-0'])('refuses the cursor %s', (after) => {
    expect(SupervisedQuery.safeParse({ after }).success).toBe(false);
  });
});

describe('lists show of the arguments what the single reads allow, for every role', () => {
  test.each(roles.map((role) => [role] as const))('%s', async (role) => {
    const viewer = byRole(role);
    const [done, asked] = [
      await supervised(),
      await gateway.ask({ process: mine, owner: owner.id, arguments: { vendor: secret, nonce: Math.random() } }),
    ];
    await decisions.decide({ process: mine, verdict: 'halt', tier: 4, halts: true, arguments: { vendor: secret, nonce: Math.random() } });
    await project();
    const single = await viewEvent(viewer, done.id);
    const reads = single?.type === 'decision' && single.arguments.state === 'full';
    const card = ApprovalCard.parse(await readApproval(viewer, asked.id));
    expect(card.arguments.state === 'full').toBe(reads);
    const listed = await listSupervisedActions(viewer, { process: mine });
    const waiting = await listApprovals(viewer, { tab: 'waiting' });
    const halts = HaltPage.parse(await listHaltedWorkflows(viewer, { show: 'in_force' }));
    const visible = (value: unknown) => JSON.stringify(value).includes('Geheim');
    expect([listed, waiting, halts, card.earlier].map(visible)).toEqual([reads, reads, reads, reads]);
    expect(listed.items.find(({ decisionId }) => decisionId === done.id)?.amount ?? null).toBe(reads ? '4,200.00 USD' : null);
    // A request in the list is one that can be opened, and no other.
    for (const { id } of waiting.items.slice(0, 5)) expect(await readApproval(viewer, id)).toBeDefined();
  });
});

describe('requests, narrowed', () => {
  test('to a process, an agent, an action, a tier and what became of them', async () => {
    const agent = 'agt_narrow';
    const [approved, rejected, waits] = [
      await gateway.ask({ process: theirs, agent }),
      await gateway.ask({ process: theirs, agent }),
      await gateway.ask({ process: theirs, agent }),
    ];
    await approveRequest(other.actor, approved.id, { digest: approved.digest });
    await rejectRequest(other.actor, rejected.id, { digest: rejected.digest, reason_code: 'DUPLICATE' });
    const viewer = byRole('auditor');
    const ids = async (query: object) => (await listApprovals(viewer, { tab: 'decided', agent, ...query })).items.map(({ id }) => id);
    expect(await ids({})).toEqual([rejected.id, approved.id]);
    expect(await ids({ outcome: 'approved' })).toEqual([approved.id]);
    expect(await ids({ outcome: 'rejected', process: theirs, action: 'payments.execute', tier: 3 })).toEqual([rejected.id]);
    for (const wrong of [
      { process: mine },
      { tier: 4 },
      { action: 'payments.schedule' },
      { outcome: 'cancelled' },
      { from: '2999-01-01T00:00:00Z' },
    ])
      expect(await ids(wrong)).toEqual([]);
    expect((await listApprovals(viewer, { tab: 'waiting', agent })).items.map(({ id }) => id)).toEqual([waits.id]);
    expect((await listApprovals(await user(other), { tab: 'mine', agent })).items.map(({ id }) => id)).toEqual([waits.id]);
    expect((await listApprovals(await user(owner), { tab: 'mine', agent })).items).toEqual([]);
  });

  test('of two with the same deadline the riskier one comes first', async () => {
    const agent = 'agt_risk';
    const [small, large] = [await gateway.ask({ process: theirs, agent }), await gateway.ask({ process: theirs, agent })];
    await project();
    await superuser.query('UPDATE ledger_entries SET money = 900000 WHERE event_id = $1', [large.decision]);
    const { items } = await listApprovals(byRole('leader'), { tab: 'waiting', agent });
    expect(items.map(({ id }) => id)).toEqual([large.id, small.id]);
  });
});

describe('the card', () => {
  test('has the last three actions of the agent before this one, newest first', async () => {
    const agent = 'agt_earlier';
    const done = [];
    for (let i = 0; i < 4; i++) done.push(await decisions.decide({ process: mine, agent }));
    const asked = await gateway.ask({ process: mine, agent });
    await decisions.decide({ process: mine, agent });
    await project();
    const card = await readApproval(await user(owner), asked.id);
    expect(card?.earlier.map(({ decisionId }) => decisionId)).toEqual([done[3]?.id, done[2]?.id, done[1]?.id]);
  });

  test('says how the ones like it ended, and leaves out itself, other agents and what still waits', async () => {
    const agent = 'agt_alike';
    for (const verdict of ['approve', 'approve', 'reject'] as const) {
      const { id, digest } = await gateway.ask({ process: mine, agent });
      if (verdict === 'approve') await approveRequest(owner.actor, id, { digest });
      else await rejectRequest(owner.actor, id, { digest, reason_code: 'WRONG_AMOUNT' });
    }
    await gateway.ask({ process: mine, agent, slaSeconds: 0 });
    await gateway.ask({ process: mine, agent });
    const foreign = await gateway.ask({ process: mine, agent: 'agt_alike_other' });
    await approveRequest(owner.actor, foreign.id, { digest: foreign.digest });
    const asked = await gateway.ask({ process: mine, agent });
    const card = await readApproval(await user(owner), asked.id);
    expect(card?.alike).toMatchObject({ approved: 2, rejected: 1, expired: 1, cancelled: 0 });
    expect(card?.alike.rows).toHaveLength(4);
    expect(card?.alike.rows.find(({ state }) => state === 'rejected')?.decidedBy?.id).toBe(owner.id);
    expect(card?.alike.secondsMedian).not.toBeNull();
  });

  test('the words of whoever decided are for those who read arguments', async () => {
    const asked = await gateway.ask({ process: mine });
    await approveRequest(owner.actor, asked.id, { digest: asked.digest, reason: 'known vendor' });
    expect((await readApproval(byRole('auditor'), asked.id))?.reason).toBe('known vendor');
    expect((await readApproval(byRole('engineer'), asked.id))?.reason).toBeNull();
  });
});

describe('a look at a card', () => {
  test('is kept once, with an event, and shown to all', async () => {
    const asked = await gateway.ask({ process: mine });
    expect(await seeRequest(owner.actor, asked.id)).toEqual({ ok: true, first: true });
    expect(await seeRequest(owner.actor, asked.id)).toEqual({ ok: true, first: false });
    const seen = (await eventsAbout(asked.id)).filter(({ kind }) => kind === 'approval.seen');
    expect(seen).toMatchObject([{ actor: owner.actor, data: { decision: asked.decision } }]);
    expect((await readApproval(byRole('auditor'), asked.id))?.views).toMatchObject([{ person: { id: owner.id } }]);
  });

  test('is one of twenty at once', async () => {
    const asked = await gateway.ask({ process: mine });
    const looks = await Promise.all(Array.from({ length: 20 }, () => seeRequest(owner.actor, asked.id)));
    expect(looks.filter((look) => look.ok && look.first)).toHaveLength(1);
    expect((await eventsAbout(asked.id)).filter(({ kind }) => kind === 'approval.seen')).toHaveLength(1);
  });

  test.each([
    ['by somebody it is not routed to', async () => ({ asked: await gateway.ask({ process: mine }), actor: other.actor })],
    [
      'by an auditor',
      async () => ({ asked: await gateway.ask({ process: mine }), actor: { type: 'user' as const, id: byRole('auditor').id } }),
    ],
    ['by whoever it was asked for', async () => ({ asked: await gateway.ask({ process: mine, asker: owner.email }), actor: owner.actor })],
    ['after its deadline', async () => ({ asked: await gateway.ask({ process: mine, slaSeconds: 0 }), actor: owner.actor })],
    [
      'once it is decided',
      async () => {
        const asked = await gateway.ask({ process: mine });
        await approveRequest(owner.actor, asked.id, { digest: asked.digest });
        return { asked, actor: owner.actor };
      },
    ],
  ])('%s is not recorded', async (_, make) => {
    const { asked, actor } = await make();
    expect(await seeRequest(actor, asked.id)).toEqual({ ok: false, code: 'NOT_ROUTED' });
    expect((await eventsAbout(asked.id)).map(({ kind }) => kind)).not.toContain('approval.seen');
    expect((await readApproval(await user(owner), asked.id))?.views).toEqual([]);
  });

  test('at a request that is not there is not found', async () => {
    expect(await seeRequest(owner.actor, 'apr_00000000000000000000000000')).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  test('by a removed person is not found either', async () => {
    const gone = await person(['leader']);
    await deactivateUser(setup, gone.id);
    const asked = await gateway.ask({ process: mine });
    expect(await seeRequest(gone.actor, asked.id)).toEqual({ ok: false, code: 'NOT_FOUND' });
  });
});

describe('halted workflows', () => {
  test('stand in the list with what they hold back and who may release them, until somebody does', async () => {
    const halt = await decisions.decide({ process: mine, verdict: 'halt', tier: 4, halts: true, reason: 'Not in its scope.' });
    for (let i = 0; i < 2; i++) await decisions.decide({ process: mine, verdict: 'halt', tier: 4, workflow: halt.workflow });
    await decisions.decide({ process: mine, verdict: 'halt', tier: 4 });
    await project();
    const inForce = async (viewer: User) =>
      (await listHaltedWorkflows(viewer, { show: 'in_force' })).halts.find(({ decisionId }) => decisionId === halt.id);
    const leader = byRole('leader');
    expect(await inForce(leader)).toMatchObject({ heldBack: 2, because: 'Not in its scope.', released: null, mayRelease: true });
    expect(await inForce(await user(owner))).toMatchObject({ mayRelease: false });
    expect((await inForce(leader))?.releasers.map(({ id }) => id)).toEqual(expect.arrayContaining([leader.id, byRole('security').id]));
    expect(await viewEvent(leader, halt.id)).toMatchObject({ halt: { workflow: halt.workflow, mayRelease: true } });

    await releaseWorkflow({ type: 'user', id: leader.id }, { workflowId: halt.workflow, reason: 'looked at it' });
    await decisions.decide({ process: mine, verdict: 'allow', workflow: halt.workflow });
    await project();
    expect(await inForce(leader)).toBeUndefined();
    const all = await listHaltedWorkflows(leader, { show: 'all' });
    expect(all.halts.find(({ decisionId }) => decisionId === halt.id)).toMatchObject({
      heldBack: 2,
      mayRelease: false,
      released: { by: { id: leader.id }, reason: 'looked at it' },
    });
    const engineer = await viewEvent(byRole('engineer'), halt.id);
    expect(engineer).toMatchObject({ halt: { released: { reason: null } } });
  });

  test('come page by page, each once, newest first', async () => {
    for (let i = 0; i < 60; i++) await decisions.decide({ process: mine, verdict: 'halt', tier: 4, halts: true });
    const seen: string[] = [];
    for (let before: string | undefined, first = true; first || before !== undefined; first = false) {
      const page = await listHaltedWorkflows(byRole('security'), { show: 'all', before });
      seen.push(...page.halts.map(({ decisionId }) => decisionId));
      before = page.next ?? undefined;
    }
    expect(seen.length).toBeGreaterThanOrEqual(60);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });
});

describe('the ledger in words', () => {
  test('names who did what to what', async () => {
    const asked = await gateway.ask({ process: mine });
    await rejectRequest(owner.actor, asked.id, { digest: asked.digest, reason_code: 'WRONG_AMOUNT' });
    await project();
    const page = ToldPage.parse(await listLedger(EntryQuery.parse({ show: 'all', approval: asked.id })));
    expect(page.entries[0]?.words).toBe('Test Person rejected payments.execute of agt_test: wrong amount');
    expect(await viewEvent(byRole('auditor'), page.entries[0]?.seq ?? '')).toMatchObject({
      words: page.entries[0]?.words,
      actorName: 'Test Person',
      href: `/approvals/${asked.id}`,
    });
  });

  test.each(Object.keys(eventKinds).filter((kind) => kind !== 'decision.made'))('%s is a sentence whatever its data', (kind) => {
    for (const said of [{}, { version: {}, decisions: 'x', code: null, scope: 3, status: ['a'] }]) {
      const words = tellEvent(kind, { who: 'Raj Patel', subject: 'Payments', about: 'a payment', nameOf: (id) => id, said });
      expect(words).toMatch(/^[A-Z].{3,}$/);
      expect(words).not.toMatch(/undefined|\[object|null| {2}/);
    }
  });

  test('a policy is named with its version', () => {
    const telling = { who: 'Raj Patel', subject: 'Finance payments', about: '', nameOf: (id: string) => id, said: { version: 7 } };
    expect(tellEvent('policy.published', telling)).toBe('Raj Patel published policy Finance payments v7');
  });

  test('narrows to a process, a time and what went without a person', async () => {
    const before = new Date().toISOString();
    const process = await processOf('Narrow', owner.id);
    const alone = await decisions.decide({ process });
    const asked = await gateway.ask({ process });
    await project();
    const ids = async (query: object) => (await listLedger(EntryQuery.parse({ process, ...query }))).entries.map(({ eventId }) => eventId);
    expect(await ids({})).toEqual([asked.decision, alone.id]);
    expect(await ids({ signature: 'without' })).toEqual([alone.id]);
    expect(await ids({ signature: 'with' })).toEqual([asked.decision]);
    expect(await ids({ from: before })).toEqual([asked.decision, alone.id]);
    expect(await ids({ to: before })).toEqual([]);
    expect(await ids({ from: '2999-01-01' })).toEqual([]);
    expect(EntryQuery.safeParse({ from: 'yesterday' }).success).toBe(false);
    expect(EntryQuery.safeParse({ process: "' OR 1=1" }).success).toBe(false);
  });
});
