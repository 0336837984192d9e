import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHalts, readAuthorisations, listToSign } from '../reading';
import { action, ask, authorise, halted, prepare, reason, use, type Halted } from '../testdata/halted';
import { askAuthorisation, signAuthorisation, withdrawAuthorisation } from './authorisations';
import { listHalts, releaseWorkflow } from './halts';
import { actionType, World } from '@/lib/http/agent/testdata/world';
import { listHaltedWorkflows } from '@/lib/check/reading';
import { readHome } from '@/lib/home/reading';
import { newId } from '@/lib/kernel/ids';
import type { Role } from '@/lib/people/schema';
import { changeUser, deactivateUser, findUser, type User } from '@/lib/people/service';
import { eventsAbout, person, setup, waitUntilBlocked, type TestPerson } from '@/lib/people/testdata/people';

let world: World;
let leader: TestPerson;
let security: TestPerson;

beforeAll(async () => {
  world = await World.withPeople();
  await prepare(world);
  [leader, security] = [await person(['leader']), await person(['security'])];
});
afterAll(() => world.end());

const userOf = async ({ id }: { id: string }): Promise<User> => {
  const found = await findUser(id);
  if (!found) throw new Error('nobody');
  return found;
};
const viewOf = async (by: TestPerson, halt: Halted) => {
  const [row] = await readHalts({ inForce: false, decision: halt.decision, limit: 1 });
  const seq = row && row.seq > 0n ? row.seq : BigInt((await world.rowOf(halt.decision))?.seq ?? 0);
  const found = (await readAuthorisations(await userOf(by), [seq])).get(halt.decision);
  if (!found) throw new Error('nothing is told');
  return found;
};
const isHalted = async ({ workflow }: Halted) => (await listHalts()).some(({ workflowId }) => workflowId === workflow);
const approvalsOf = async ({ decision }: Halted) =>
  (
    await world.owner.query<{ id: string; status: string }>('SELECT id, status FROM approvals WHERE decision_id = $1 AND tier = 4', [
      decision,
    ])
  ).rows;
const sign = (by: TestPerson, id: string, halt: Halted) => signAuthorisation(by.actor, id, { digest: halt.digest, reason });
const asking = (halt: Halted, as: 'leader' | 'security' = 'leader') => ({
  decision: halt.decision,
  digest: halt.digest,
  as,
  minutes: 60,
  reason,
});
/** built makes somebody one of those who built an agent. */
const built = (agent: string, { personId }: TestPerson) =>
  world.change('agent.changed', agent, (client) => client.query('UPDATE agents SET editors = $2 WHERE id = $1', [agent, [personId]]));

describe('letting a halted action happen once', () => {
  it.each<[Role, Role]>([
    ['leader', 'security'],
    ['security', 'leader'],
  ])(
    'takes a %s who asks and a person of %s who signs: then the workflow goes on and its approval is made, in one commit',
    async (first, second) => {
      const [one, two] = [await person([first]), await person([second])];
      const halt = await halted(world);
      const id = await ask(one, halt, first as 'leader' | 'security', 30);
      expect([await isHalted(halt), await approvalsOf(halt)]).toEqual([true, []]);
      const outcome = await sign(two, id, halt);
      expect(outcome).toMatchObject({ ok: true, released: [halt.decision], authorisation: { status: 'signed', signedAs: second } });
      if (!outcome.ok) return;
      expect(await isHalted(halt)).toBe(false);
      const { rows } = await world.owner.query<Record<string, unknown>>(
        `SELECT a.*, encode(a.digest, 'hex') AS hex, extract(epoch FROM a.expires_at - a.decided_at) AS seconds FROM approvals a WHERE id = $1`,
        [outcome.approvalId],
      );
      expect(rows).toMatchObject([
        {
          tier: 4,
          status: 'approved',
          agent_id: halt.agent,
          workflow_id: halt.workflow,
          decision_id: halt.decision,
          action_type: action,
          decided_by: two.id,
          hex: halt.digest.replace('sha-256:', ''),
          deciding: ['autonomy'],
          seconds: '1800.000000',
        },
      ]);
      const about = { agent: halt.agent, workflow: halt.workflow, decision: halt.decision, action_type: action, request: id };
      const [asked, signed] = await eventsAbout(halt.decision);
      expect(asked).toMatchObject({ kind: 'release.asked', actor: one.actor, data: { ...about, as: first, valid_minutes: 30 } });
      expect(signed).toMatchObject({
        kind: 'release.signed',
        actor: two.actor,
        data: { ...about, approval: outcome.approvalId, digest: halt.digest, asked_by: one.id, asked_as: first, signed_as: second },
      });
      expect(await eventsAbout(halt.workflow)).toMatchObject([
        { kind: 'workflow.released', data: { decisions: [halt.decision], approval: outcome.approvalId } },
      ]);
      expect(JSON.stringify(await eventsAbout(halt.decision))).not.toContain('supplier');
      const { rows: epochs } = await world.owner.query('SELECT 1 FROM ledger_epochs WHERE kind = $1 AND subject = $2', [
        'release.signed',
        halt.decision,
      ]);
      expect(epochs).toHaveLength(1);
    },
  );

  it('works for a workflow that was released before', async () => {
    const halt = await halted(world);
    await releaseWorkflow(leader.actor, { workflowId: halt.workflow, reason });
    const id = await ask(leader, halt);
    expect(await sign(security, id, halt)).toMatchObject({ ok: true, released: [] });
    expect((await use(world, halt, (await approvalsOf(halt))[0]?.id)).decision).toBe(true);
  });

  it('is one signature of two that are given at once', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => person(['security'])));
    const halt = await halted(world);
    const id = await ask(leader, halt);
    const outcomes = await Promise.all(others.map((by) => sign(by, id, halt)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    for (const outcome of outcomes) if (!outcome.ok) expect(outcome.code).toBe('NOT_OPEN');
    expect(await approvalsOf(halt)).toHaveLength(1);
  });

  it('is asked once by people who ask at once', async () => {
    const halt = await halted(world);
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        askAuthorisation(i % 2 ? leader.actor : security.actor, asking(halt, i % 2 ? 'leader' : 'security')),
      ),
    );
    expect(outcomes.map((outcome) => (outcome.ok ? 'asked' : outcome.code)).sort()).toEqual([
      'ALREADY_ASKED',
      'ALREADY_ASKED',
      'ALREADY_ASKED',
      'asked',
    ]);
  });

  it('is either signed or withdrawn, never both', async () => {
    for (let round = 0; round < 4; round++) {
      const halt = await halted(world);
      const id = await ask(leader, halt);
      const [signed, withdrawn] = await Promise.all([sign(security, id, halt), withdrawAuthorisation(leader.actor, id)]);
      expect([signed.ok, withdrawn.ok].filter(Boolean)).toHaveLength(1);
      expect((await approvalsOf(halt)).length).toBe(signed.ok ? 1 : 0);
    }
  });

  it('can be asked again once it was withdrawn, or ran out of time unused', async () => {
    const halt = await halted(world);
    const id = await ask(leader, halt);
    expect(await withdrawAuthorisation(security.actor, id)).toMatchObject({ ok: true, authorisation: { status: 'withdrawn' } });
    expect(await sign(security, id, halt)).toEqual({ ok: false, code: 'NOT_OPEN' });
    expect((await eventsAbout(halt.decision)).map(({ kind }) => kind)).toEqual(['release.asked', 'release.withdrawn']);
    await authorise(leader, security, halt);
    await world.owner.query("UPDATE approvals SET expires_at = clock_timestamp() - interval '1 second' WHERE decision_id = $1", [
      halt.decision,
    ]);
    expect((await viewOf(leader, halt)).view.signed?.state).toBe('expired');
    await ask(leader, halt);
    expect((await viewOf(security, halt)).view.open?.whyNotSign).toBeNull();
  });
});

describe('nobody is asked to let a halted action happen', () => {
  const table: [string, string, (halt: Halted) => Promise<TestPerson>][] = [
    ['by a process owner, who answers for it otherwise', 'NOT_ALLOWED', () => person(['process_owner'])],
    ['by an administrator, risk, an engineer and an auditor', 'NOT_ALLOWED', () => person(['admin', 'risk', 'engineer', 'auditor'])],
    ['under a role that the person does not hold', 'NOT_ALLOWED', () => person(['security'])],
    [
      'by somebody who built the agent',
      'AUTHOR',
      async ({ agent }) => {
        const builder = await person(['leader', 'engineer']);
        await built(agent, builder);
        return builder;
      },
    ],
    [
      'by somebody who built the agent, with another account',
      'AUTHOR',
      async ({ agent }) => {
        const builder = await person(['engineer']);
        await built(agent, builder);
        return person(['leader'], builder.personId);
      },
    ],
    [
      'by somebody who has left',
      'NOT_ALLOWED',
      async () => {
        const gone = await person(['leader']);
        await deactivateUser(setup, gone.id);
        return gone;
      },
    ],
  ];
  it.each(table)('%s: %s', async (_, code, by) => {
    const halt = await halted(world);
    expect(await askAuthorisation((await by(halt)).actor, asking(halt))).toEqual({ ok: false, code });
    expect((await viewOf(leader, halt)).view.open).toBeNull();
  });

  it('on behalf of themselves, named by id or by e-mail in any case', async () => {
    const behalf = await person(['leader']);
    for (const name of [behalf.id, ` ${behalf.email.toUpperCase()}`]) {
      const halt = await halted(world, { context: { on_behalf_of: name } });
      expect(await askAuthorisation(behalf.actor, asking(halt))).toEqual({ ok: false, code: 'OWN_REQUEST' });
      const twin = await person(['leader'], behalf.personId);
      expect(await askAuthorisation(twin.actor, asking(halt))).toEqual({ ok: false, code: 'OWN_REQUEST' });
      expect(await sign(await person(['leader'], behalf.personId), await ask(security, halt, 'security'), halt)).toEqual({
        ok: false,
        code: 'OWN_REQUEST',
      });
    }
  });

  it('that is not the agent’s at all, or that nobody classified', async () => {
    await world.addActionTypes([{ ...actionType('made.up'), status: 'unset' }]);
    const agent = await world.addAgent([action, 'made.up'], { floor: 1 });
    for (const name of ['vendors.read', 'made.up', 'never.heard.of']) {
      const { answer } = await world.check(await world.token(agent), name, {});
      const { id: decision, digest } = answer.context;
      expect(await askAuthorisation(leader.actor, { decision, digest, as: 'leader', minutes: 5, reason })).toEqual({
        ok: false,
        code: 'NOT_AUTHORISABLE',
      });
    }
  });

  it('that halted nothing, or that nobody has heard of', async () => {
    const agent = await world.addAgent([action], { floor: 1 });
    const { answer } = await world.check(await world.token(agent), action, {});
    for (const decision of [answer.context.id, newId('dec')])
      expect(await askAuthorisation(leader.actor, { decision, digest: answer.context.digest, as: 'leader', minutes: 5, reason })).toEqual({
        ok: false,
        code: 'NOT_FOUND',
      });
  });

  it('that they were not shown: the digest is another one', async () => {
    const halt = await halted(world);
    const digest = `sha-256:${'0'.repeat(64)}`;
    expect(await askAuthorisation(leader.actor, { ...asking(halt), digest })).toEqual({ ok: false, code: 'DIGEST_CHANGED' });
    const id = await ask(leader, halt);
    expect(await signAuthorisation(security.actor, id, { digest, reason })).toEqual({ ok: false, code: 'DIGEST_CHANGED' });
  });

  it('whose arguments were erased', async () => {
    const halt = await halted(world);
    const id = await ask(leader, halt);
    await world.owner.query('DELETE FROM ledger_arguments WHERE seq = $1', [(await world.rowOf(halt.decision))?.seq]);
    expect(await sign(security, id, halt)).toEqual({ ok: false, code: 'ARGUMENTS_GONE' });
    await withdrawAuthorisation(leader.actor, id);
    expect(await askAuthorisation(leader.actor, asking(halt))).toEqual({ ok: false, code: 'ARGUMENTS_GONE' });
  });

  it('twice: not while it is good, nor after it was done', async () => {
    const halt = await halted(world);
    const approval = await authorise(leader, security, halt);
    expect(await askAuthorisation(security.actor, asking(halt, 'security'))).toEqual({ ok: false, code: 'ALREADY_AUTHORISED' });
    expect((await use(world, halt, approval)).decision).toBe(true);
    expect(await askAuthorisation(security.actor, asking(halt, 'security'))).toEqual({ ok: false, code: 'ALREADY_AUTHORISED' });
  });

  it('without a reason, or for longer than a day', async () => {
    const halt = await halted(world);
    await expect(askAuthorisation(leader.actor, { ...asking(halt), reason: '  ' })).rejects.toThrow();
    await expect(askAuthorisation(leader.actor, { ...asking(halt), minutes: 1_441 })).rejects.toThrow();
  });
});

describe('a second signature is refused', () => {
  const table: [string, string, (halt: Halted) => Promise<TestPerson>][] = [
    ['from whoever asked', 'SAME_PERSON', () => Promise.resolve(leader)],
    ['from whoever asked, with another account that holds the other role', 'SAME_PERSON', () => person(['security'], leader.personId)],
    ['from another leader', 'OTHER_ROLE', () => person(['leader'])],
    ['from a process owner', 'NOT_ALLOWED', () => person(['process_owner'])],
    ['from an administrator', 'NOT_ALLOWED', () => person(['admin', 'risk'])],
    [
      'from somebody who built the agent',
      'AUTHOR',
      async ({ agent }) => {
        const builder = await person(['security', 'engineer']);
        await built(agent, builder);
        return builder;
      },
    ],
    [
      'from somebody who has left',
      'NOT_ALLOWED',
      async () => {
        const gone = await person(['security']);
        await deactivateUser(setup, gone.id);
        return gone;
      },
    ],
  ];
  it.each(table)('%s: %s', async (_, code, by) => {
    const halt = await halted(world);
    const id = await ask(leader, halt);
    expect(await sign(await by(halt), id, halt)).toEqual({ ok: false, code });
    expect([await isHalted(halt), await approvalsOf(halt)]).toEqual([true, []]);
  });

  it.each<[string, (asker: TestPerson, halt: Halted) => Promise<unknown>]>([
    ['left', (asker) => deactivateUser(setup, asker.id)],
    ['lost the role', (asker) => changeUser(setup, asker.id, { name: 'Test Person', roles: ['security'], managerId: null })],
    ['built the agent since', (asker, { agent }) => built(agent, asker)],
  ])('when whoever asked %s: somebody asks anew', async (_, then) => {
    const asker = await person(['leader']);
    const halt = await halted(world);
    const id = await ask(asker, halt);
    await then(asker, halt);
    expect(await sign(security, id, halt)).toEqual({ ok: false, code: 'ASKER_GONE' });
    expect(await withdrawAuthorisation(security.actor, id)).toMatchObject({ ok: true });
    await ask(leader, halt);
  });

  it('for a question that there is not, and one that was withdrawn', async () => {
    const halt = await halted(world);
    expect(await sign(security, newId('rlr'), halt)).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await withdrawAuthorisation((await person(['process_owner'])).actor, newId('rlr'))).toEqual({ ok: false, code: 'NOT_ALLOWED' });
  });

  it('for an agent that was decommissioned, and an action asked for by somebody who left', async () => {
    const behalf = await person(['process_owner']);
    const halt = await halted(world, { context: { on_behalf_of: behalf.email } });
    const id = await ask(leader, halt);
    await deactivateUser(setup, behalf.id);
    expect(await sign(security, id, halt)).toEqual({ ok: false, code: 'ASKED_FOR_GONE' });
    const gone = await halted(world);
    const second = await ask(leader, gone);
    await world.change('agent.decommissioned', gone.agent, (client) =>
      client.query("UPDATE agents SET status = 'decommissioned' WHERE id = $1", [gone.agent]),
    );
    expect(await sign(security, second, gone)).toEqual({ ok: false, code: 'AGENT_GONE' });
  });
});

describe('what two people signed ends', () => {
  it.each(['asked', 'signed'] as const)('when the one who %s leaves before it is used', async (which) => {
    const [one, two] = [await person(['leader']), await person(['security'])];
    const halt = await halted(world);
    const approval = await authorise(one, two, halt);
    await deactivateUser(setup, which === 'asked' ? one.id : two.id);
    expect(await approvalsOf(halt)).toEqual([{ id: approval, status: 'cancelled' }]);
    expect((await use(world, halt, approval)).context.reasons[0]?.code).toBe('APPROVAL_CANCELLED');
  });

  it('never in the commit of somebody who is being removed: whoever is first wins', async () => {
    const [one, two] = [await person(['leader']), await person(['security'])];
    const halt = await halted(world);
    const id = await ask(one, halt);
    const client = new pg.Client({ connectionString: world.database.ownerUrl });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [one.id]);
    const signing = sign(two, id, halt);
    await waitUntilBlocked(world.database.superuserUrl);
    await client.query("UPDATE users SET status = 'deactivated', deactivated_at = now() WHERE id = $1", [one.id]);
    await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('user.deactivated', $1, convert_to($2, 'UTF8'))", [
      one.id,
      JSON.stringify({ kind: 'user.deactivated' }),
    ]);
    await client.query('COMMIT');
    await client.end();
    expect(await signing).toEqual({ ok: false, code: 'ASKER_GONE' });
  });
});

describe('what waits for a signature', () => {
  it('is told to those who can give it, with who asked; and to nobody else', async () => {
    const halt = await halted(world);
    const id = await ask(leader, halt);
    const waits = async (by: TestPerson) => (await listToSign(await userOf(by))).some((one) => one.id === id);
    expect(await waits(security)).toBe(true);
    for (const other of [leader, await person(['leader']), await person(['process_owner']), await person(['security'], leader.personId)])
      expect(await waits(other)).toBe(false);
    const { view } = await viewOf(security, halt);
    expect(view).toMatchObject({
      open: { id, signs: 'security', whyNotSign: null, minutes: 60, asked: { by: { id: leader.id }, as: 'leader', reason } },
    });
    expect(view.open?.signers.map((one) => one.id)).toContain(security.id);
    expect((await viewOf(leader, halt)).view).toMatchObject({
      open: { whyNotSign: 'SAME_PERSON' },
      askAs: ['leader'],
      whyNotAsk: 'ALREADY_ASKED',
    });
    await sign(security, id, halt);
    expect(await waits(security)).toBe(false);
    expect((await viewOf(leader, halt)).view).toMatchObject({
      open: null,
      signed: { state: 'ready', signed: { by: { id: security.id }, as: 'security' } },
    });
  });

  it('stands on Home of who can give it, and beside its halt with what was tried, since when, and who may release it', async () => {
    const halt = await halted(world, { context: { summary: '<b>nothing</b>' } });
    const section = async (by: TestPerson) => (await readHome(await userOf(by))).find(({ id }) => id === 'releases');
    const before = [(await section(security))?.total ?? 0, (await section(leader))?.total ?? 0];
    await ask(leader, halt);
    const found = async (by: TestPerson) =>
      (await listHaltedWorkflows(await userOf(by), { show: 'in_force' })).halts.find(({ decisionId }) => decisionId === halt.decision);
    expect(await found(security)).toMatchObject({
      workflow: halt.workflow,
      agent: { id: halt.agent },
      action,
      because: "This agent's autonomy floor is 4.",
      haltedAt: expect.stringMatching(/^\d{4}-/) as string,
      released: null,
      mayRelease: true,
      digest: halt.digest,
      once: { open: { asked: { by: { id: leader.id } }, whyNotSign: null } },
    });
    expect((await found(security))?.releasers.map(({ id }) => id)).toEqual(expect.arrayContaining([leader.id, security.id]));
    expect([(await section(security))?.total, (await section(leader))?.total]).toEqual([(before[0] ?? 0) + 1, before[1]]);
    expect((await section(security))?.matters[0]).toMatchObject({ title: action, hostile: true, when: { kind: 'since' } });
    expect(await section(await person(['process_owner']))).toBeUndefined();
  });

  it('shows reasons to those who read arguments alone', async () => {
    const halt = await halted(world);
    await ask(leader, halt);
    expect((await viewOf(await person(['engineer']), halt)).view.open?.asked.reason).toBeNull();
  });
});
