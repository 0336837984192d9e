import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveRequest, rejectRequest } from '@/lib/approvals/service';
import { releaseWorkflow } from '@/lib/containment/service';
import { EntryQuery } from '@/lib/ledger/reading/schema';
import { roles } from '@/lib/people/schema';
import type { User } from '@/lib/people/service';
import { person } from '@/lib/people/testdata/people';
import { listApprovals, listHaltedWorkflows, listLedger, listSupervisedActions, readApproval, viewEvent } from '.';
import { ApprovalCard, HaltPage, SupervisedPage, SupervisedQuery, ToldPage } from './schema';
import type { Deciding } from './testdata/decisions';
import { processOf, secret, Stage, userOf } from './testdata/stage';

let stage: Stage;
let gateway: Stage['gateway'];
let decisions: Stage['decisions'];
let owner: Stage['owner'];
let other: Stage['other'];
let mine: string;
let theirs: string;

beforeAll(async () => {
  stage = await Stage.set();
  ({ gateway, decisions, owner, other, mine, theirs } = stage);
});
afterAll(() => stage.clear());

describe('supervised actions', () => {
  test('those of the processes a person answers for, the first deadline in front, and no other process', async () => {
    const [later, sooner, elsewhere] = [
      await stage.supervised({ windowSeconds: 7200 }),
      await stage.supervised({ windowSeconds: 600 }),
      await stage.supervised({ process: theirs }),
    ];
    await stage.project();
    const page = SupervisedPage.parse(await listSupervisedActions(await userOf(owner), {}));
    const ids = page.items.map(({ decisionId }) => decisionId);
    expect(ids.indexOf(sooner.id)).toBeLessThan(ids.indexOf(later.id));
    expect(ids).not.toContain(elsewhere.id);
    expect(page.count).toBe(page.items.length);
    expect((await listSupervisedActions(await userOf(other), {})).items.map(({ decisionId }) => decisionId)).toEqual([elsewhere.id]);
  });

  test.each([
    ['went ahead alone', { verdict: 'allow', tier: 1 }],
    ['waits for a person', { verdict: 'approval_required', tier: 3 }],
    ['has its time behind it', { windowSeconds: 0 }],
    ['has no window', { windowSeconds: undefined }],
  ] as const)('never one that %s', async (_, change) => {
    const { id } = await stage.supervised({ ...change } as Partial<Deciding>);
    await stage.project();
    const page = await listSupervisedActions(await userOf(owner), {});
    expect(page.items.map(({ decisionId }) => decisionId)).not.toContain(id);
  });

  test('somebody who answers for nothing is told so, and may look at one process', async () => {
    await stage.supervised();
    await stage.project();
    const auditor = stage.byRole('auditor');
    expect(await listSupervisedActions(auditor, {})).toMatchObject({ items: [], count: 0, answersFor: 0 });
    expect((await listSupervisedActions(auditor, { process: mine })).items.length).toBeGreaterThan(0);
  });

  test('an account that was removed answers for nothing', async () => {
    const leaving = await person(['process_owner']);
    const process = await processOf('Leaving', leaving.id);
    await stage.supervised({ process });
    await stage.project();
    const before = await userOf(leaving);
    expect((await listSupervisedActions(before, {})).count).toBe(1);
    await stage.superuser.query("UPDATE users SET status = 'deactivated' WHERE id = $1", [leaving.id]);
    expect((await listSupervisedActions(before, {})).count).toBe(0);
  });

  test('page by page, each once, without a gap', async () => {
    const process = await processOf('Many', owner.id);
    await Promise.all(Array.from({ length: 220 }, (_, i) => stage.supervised({ process, windowSeconds: 3600 + (i % 3) * 60 })));
    await stage.project();
    const seen: string[] = [];
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      const page = await listSupervisedActions(
        await userOf(owner),
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
    const viewer = stage.byRole(role);
    const [done, asked] = [
      await stage.supervised(),
      await gateway.ask({ process: mine, owner: owner.id, arguments: { vendor: secret, nonce: Math.random() } }),
    ];
    await decisions.decide({ process: mine, verdict: 'halt', tier: 4, halts: true, arguments: { vendor: secret, nonce: Math.random() } });
    await stage.project();
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
    const viewer = stage.byRole('auditor');
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
    expect((await listApprovals(await userOf(other), { tab: 'mine', agent })).items.map(({ id }) => id)).toEqual([waits.id]);
    expect((await listApprovals(await userOf(owner), { tab: 'mine', agent })).items).toEqual([]);
  });

  test('of two with the same deadline the riskier one comes first', async () => {
    const agent = 'agt_risk';
    const [small, large] = [await gateway.ask({ process: theirs, agent }), await gateway.ask({ process: theirs, agent })];
    await stage.project();
    await stage.superuser.query('UPDATE ledger_entries SET money = 900000 WHERE event_id = $1', [large.decision]);
    const { items } = await listApprovals(stage.byRole('leader'), { tab: 'waiting', agent });
    expect(items.map(({ id }) => id)).toEqual([large.id, small.id]);
  });
});

describe('halted workflows', () => {
  test('stand in the list with what they hold back and who may release them, until somebody does', async () => {
    const halt = await decisions.decide({ process: mine, verdict: 'halt', tier: 4, halts: true, reason: 'Not in its scope.' });
    for (let i = 0; i < 2; i++) await decisions.decide({ process: mine, verdict: 'halt', tier: 4, workflow: halt.workflow });
    await decisions.decide({ process: mine, verdict: 'halt', tier: 4 });
    await stage.project();
    const inForce = async (viewer: User) =>
      (await listHaltedWorkflows(viewer, { show: 'in_force' })).halts.find(({ decisionId }) => decisionId === halt.id);
    const leader = stage.byRole('leader');
    expect(await inForce(leader)).toMatchObject({ heldBack: 2, because: 'Not in its scope.', released: null, mayRelease: true });
    expect(await inForce(await userOf(owner))).toMatchObject({ mayRelease: false });
    expect((await inForce(leader))?.releasers.map(({ id }) => id)).toEqual(
      expect.arrayContaining([leader.id, stage.byRole('security').id]),
    );
    expect(await viewEvent(leader, halt.id)).toMatchObject({ halt: { workflow: halt.workflow, mayRelease: true } });

    await releaseWorkflow({ type: 'user', id: leader.id }, { workflowId: halt.workflow, reason: 'looked at it' });
    await decisions.decide({ process: mine, verdict: 'allow', workflow: halt.workflow });
    await stage.project();
    expect(await inForce(leader)).toBeUndefined();
    const all = await listHaltedWorkflows(leader, { show: 'all' });
    expect(all.halts.find(({ decisionId }) => decisionId === halt.id)).toMatchObject({
      heldBack: 2,
      mayRelease: false,
      released: { by: { id: leader.id }, reason: 'looked at it' },
    });
    const engineer = await viewEvent(stage.byRole('engineer'), halt.id);
    expect(engineer).toMatchObject({ halt: { released: { reason: null } } });
  });

  test('come page by page, each once, newest first', async () => {
    for (let i = 0; i < 60; i++) await decisions.decide({ process: mine, verdict: 'halt', tier: 4, halts: true });
    const seen: string[] = [];
    for (let before: string | undefined, first = true; first || before !== undefined; first = false) {
      const page = await listHaltedWorkflows(stage.byRole('security'), { show: 'all', before });
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
    await stage.project();
    const page = ToldPage.parse(await listLedger(EntryQuery.parse({ show: 'all', approval: asked.id })));
    expect(page.entries[0]?.words).toBe('Test Person rejected payments.execute of agt_test: wrong amount');
    expect(await viewEvent(stage.byRole('auditor'), page.entries[0]?.seq ?? '')).toMatchObject({
      words: page.entries[0]?.words,
      actorName: 'Test Person',
      href: `/approvals/${asked.id}`,
    });
  });

  test('narrows to a process, a time and what went without a person', async () => {
    const before = new Date().toISOString();
    const process = await processOf('Narrow', owner.id);
    const alone = await decisions.decide({ process });
    const asked = await gateway.ask({ process });
    await stage.project();
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
