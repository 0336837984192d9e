import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decidersOf, routing } from '@/lib/approvals/domain';
import { countWaitingFor, readApprovalRow, readApprovalRows, readRouting } from '@/lib/approvals/reading';
import { changeTeam, createTeam, deactivateUser } from '@/lib/people/service';
import { person, setup, waitUntilBlocked, type TestPerson } from '@/lib/people/testdata/people';
import type { Role } from '@/lib/people/schema';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import type { Holder, Row } from '@/lib/raci/schema';
import { changeMatrix } from '@/lib/raci/service';
import { agentIn, routeTo, team, user } from '@/lib/raci/testdata/matrix';
import { createProcess } from '@/lib/registry/service';
import { Gateway, type AskedFor, type Asking } from '../testdata/requests';
import { approveRequest } from '.';

let plane: PeoplePlane;
let gateway: Gateway;
beforeAll(async () => {
  plane = await testPeoplePlane();
  gateway = await Gateway.start(plane);
});
afterAll(async () => {
  await gateway.stop();
  await plane.drop();
});

type Place = { process: string; accountable: TestPerson };
/** A process of its own whose Escalation row names these, with its owner Accountable. */
async function place(responsible: (owner: TestPerson) => Holder[] = ({ id }) => [user(id)]): Promise<Place> {
  const accountable = await person(['process_owner']);
  const created = await createProcess(setup, { name: 'Payables', ownerId: accountable.id });
  if (!created.ok) throw new Error(created.code);
  await routeTo(created.process.id, responsible(accountable));
  return { process: created.process.id, accountable };
}
async function newTeam(members: TestPerson[]): Promise<{ id: string; name: string }> {
  const made = await createTeam(setup, { name: `Team ${Math.random()}`, memberIds: members.map(({ id }) => id) });
  if (!made.ok) throw new Error(made.code);
  return made.team;
}
const ask = (asking: Asking): Promise<AskedFor> => gateway.ask(asking);
const approve = (who: TestPerson, { id, digest }: AskedFor) => approveRequest(who.actor, id, { digest });
const row = async ({ id }: AskedFor) => {
  const found = await readApprovalRow(id);
  if (!found) throw new Error(id);
  return found;
};
const deciders = async (asked: AskedFor) => decidersOf(await row(asked)).map(({ id }) => id);
const as = (who: TestPerson, roles: Role[]) => ({ personId: who.personId, roles });
const mine = async (who: TestPerson, roles: Role[]) => (await readApprovalRows(as(who, roles), { tab: 'mine' })).rows.map(({ id }) => id);

describe('a request is routed', () => {
  test('to the Accountable and to the Responsible of the Escalation row, teams as their members, each once and with why', async () => {
    const [liam, nora, emma] = [await person(['leader']), await person(['process_owner']), await person(['engineer'])];
    const supervisors = await newTeam([liam, emma]);
    const { process, accountable } = await place(() => [team(supervisors.id), user(nora.id), user(liam.id)]);
    const found = await row(await ask({ process }));
    expect(found.accountableId).toBe(accountable.id);
    expect(routing(found).map(({ userId, how, team: through, may }) => [userId, how, through, may])).toEqual(
      expect.arrayContaining([
        [accountable.id, 'accountable', null, true],
        [liam.id, 'responsible', null, true],
        [nora.id, 'responsible', null, true],
        [emma.id, 'responsible', supervisors.name, false],
      ]),
    );
    expect(found.routedTo).toHaveLength(4);
    expect(found.routedTo[0]?.userId).toBe(accountable.id);
  });

  test('to nobody by role alone: a leader outside the row is told who may', async () => {
    const leader = await person(['leader']);
    const { process } = await place();
    const asked = await ask({ process });
    const outcome = await approve(leader, asked);
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED', text: expect.stringContaining('Test Person may.') } });
    expect(await row(asked)).toMatchObject({ status: 'pending' });
  });

  test('by the exception of its agent in place of the whole row of its process', async () => {
    const [boss, helper] = [await person(['leader']), await person(['leader'])];
    const { process, accountable } = await place(({ id }) => [user(id), user(helper.id)]);
    const agent = await agentIn(process, accountable.id, null);
    const exception: Row = { stage: 'escalation', accountable: boss.id, responsible: [user(boss.id)], consulted: [], informed: [] };
    expect(await changeMatrix(setup, process, { agentId: agent, shown: [], rows: [exception] })).toMatchObject({ ok: true });
    const [special, usual] = [await ask({ process, agent }), await ask({ process, agent: 'agt_other' })];
    expect(await deciders(special)).toEqual([boss.id]);
    expect(new Set(await deciders(usual))).toEqual(new Set([accountable.id, helper.id]));
    expect(await approve(accountable, special)).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
    expect(await approve(boss, special)).toEqual({ ok: true, status: 'approved' });
    expect((await readRouting(agent, process)).routedTo.map(({ userId }) => userId)).toEqual([boss.id]);
  });

  test('by the matrix of its process when the exception of its agent is for another stage', async () => {
    const { process, accountable } = await place();
    const agent = await agentIn(process, accountable.id, null);
    const exception: Row = { stage: 'trigger', accountable: accountable.id, responsible: [], consulted: [], informed: [] };
    await changeMatrix(setup, process, { agentId: agent, shown: [], rows: [exception] });
    expect(await deciders(await ask({ process, agent }))).toEqual([accountable.id]);
  });
});

describe('a change of the row counts at once, for what waits already', () => {
  test('who is named may, and who is no longer may not', async () => {
    const [before, after] = [await person(['leader']), await person(['leader'])];
    const { process } = await place(() => [user(before.id)]);
    const asked = await ask({ process });
    expect(await mine(before, ['leader'])).toEqual([asked.id]);
    await routeTo(process, [user(after.id)]);
    expect(await mine(before, ['leader'])).toEqual([]);
    expect(await mine(after, ['leader'])).toEqual([asked.id]);
    expect(await approve(before, asked)).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
    expect(await approve(after, asked)).toEqual({ ok: true, status: 'approved' });
  });

  test('who joins a team may, who leaves it may not, and an emptied team leaves the Accountable', async () => {
    const [first, second] = [await person(['leader']), await person(['leader'])];
    const crew = await newTeam([first]);
    const { process, accountable } = await place(() => [team(crew.id)]);
    const asked = await ask({ process });
    expect(await deciders(asked)).toEqual([accountable.id, first.id]);
    await changeTeam(setup, crew.id, { name: crew.name, memberIds: [second.id] });
    expect(await deciders(asked)).toEqual([accountable.id, second.id]);
    await changeTeam(setup, crew.id, { name: crew.name, memberIds: [] });
    expect(await deciders(asked)).toEqual([accountable.id]);
    expect(await approve(second, asked)).toMatchObject({ ok: false });
  });

  test('who was removed may not, though the row still names them', async () => {
    const leaver = await person(['leader']);
    const { process, accountable } = await place(() => [user(leaver.id)]);
    const asked = await ask({ process });
    await deactivateUser(setup, leaver.id);
    expect(await deciders(asked)).toEqual([accountable.id]);
    expect((await row(asked)).routedTo.find(({ userId }) => userId === leaver.id)).toMatchObject({ active: false });
    expect(await approve(leaver, asked)).toMatchObject({ ok: false });
  });

  test('and a verdict is by whom the row names when it commits: it waits for who changes the row', async () => {
    const [before, after] = [await person(['leader']), await person(['leader'])];
    const { process } = await place(() => [user(before.id)]);
    const asked = await ask({ process });
    const editor = new pg.Client({ connectionString: plane.ownerUrl });
    await editor.connect();
    await editor.query('BEGIN');
    await editor.query('SELECT 1 FROM processes WHERE id = $1 FOR UPDATE', [process]);
    const verdict = approve(before, asked);
    await waitUntilBlocked(plane.superuserUrl);
    await editor.query(`UPDATE raci_cells SET user_id = $2 WHERE process_id = $1 AND stage = 'escalation' AND role = 'responsible'`, [
      process,
      after.id,
    ]);
    await editor.query(`INSERT INTO ledger_intake (kind, subject, payload) VALUES ('raci.changed', $1, '{}')`, [process]);
    await editor.query('COMMIT');
    await editor.end();
    expect(await verdict).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
    expect(await row(asked)).toMatchObject({ status: 'pending' });
  });
});

describe('persons are compared, not accounts', () => {
  test('somebody named through one account may sign through another that lets them', async () => {
    const { process, accountable } = await place();
    const second = await person(['leader'], accountable.personId);
    expect(await approve(second, await ask({ process }))).toEqual({ ok: true, status: 'approved' });
  });
  test('but not through one that does not', async () => {
    const { process, accountable } = await place();
    const second = await person(['engineer'], accountable.personId);
    expect(await approve(second, await ask({ process }))).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
  });

  test('the engineer who built the agent signs nothing it asks, under no account, and hears who may', async () => {
    const engineer = await person(['engineer']);
    const second = await person(['leader'], engineer.personId);
    const { process, accountable } = await place(({ id }) => [user(id), user(second.id)]);
    const agent = await agentIn(process, accountable.id, engineer.id);
    const asked = await ask({ process, agent });
    const outcome = await approve(second, asked);
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'AUTHOR' } });
    expect(outcome.ok ? '' : outcome.refusal.text).toMatch(/who built this agent.*Test Person may\.$/);
    expect(await deciders(asked)).toEqual([accountable.id]);
    expect(await mine(second, ['leader'])).toEqual([]);
    expect(await approve(second, await ask({ process, agent: 'agt_other' }))).toEqual({ ok: true, status: 'approved' });
  });

  test('who wrote in the record of the agent signs nothing it asks either', async () => {
    const finisher = await person(['leader']);
    const { process, accountable } = await place(({ id }) => [user(id), user(finisher.id)]);
    const agent = await agentIn(process, accountable.id, null, [finisher.personId]);
    const asked = await ask({ process, agent });
    expect(await approve(finisher, asked)).toMatchObject({ ok: false, refusal: { code: 'AUTHOR' } });
    expect(await deciders(asked)).toEqual([accountable.id]);
    expect(await mine(finisher, ['leader'])).toEqual([]);
  });

  test('who asked signs it under no account, and it does not wait for them', async () => {
    const { process, accountable } = await place();
    const second = await person(['leader'], accountable.personId);
    const asked = await ask({ process, asker: accountable.email.toUpperCase() });
    expect(await approve(second, asked)).toMatchObject({ ok: false, refusal: { code: 'OWN_REQUEST' } });
    expect(await deciders(asked)).toEqual([]);
    expect(await mine(second, ['leader'])).toEqual([]);
  });
});

describe('what waits for me', () => {
  test('is what is routed to me, the most pressing first, counted beside all that waits', async () => {
    const { process, accountable } = await place();
    const elsewhere = await place();
    const [later, soon] = [await ask({ process, slaSeconds: 7200 }), await ask({ process, slaSeconds: 600 })];
    await ask({ process: elsewhere.process });
    await ask({ process, slaSeconds: 0 });
    const me = as(accountable, ['process_owner']);
    const page = await readApprovalRows(me, { tab: 'mine' });
    expect(page.rows.map(({ id }) => id)).toEqual([soon.id, later.id]);
    const all = await readApprovalRows(me, { tab: 'waiting' });
    expect(page).toMatchObject({ mine: 2, waiting: all.rows.length, next: null });
    expect(all.mine).toBe(2);
    expect(all.waiting).toBeGreaterThan(2);
    expect(await countWaitingFor(me)).toEqual({ mine: 2, all: all.waiting });
  });

  test('is nothing for who stands in the row and may not sign', async () => {
    const engineer = await person(['engineer']);
    const { process } = await place(({ id }) => [user(id), user(engineer.id)]);
    await ask({ process });
    expect(await mine(engineer, ['engineer'])).toEqual([]);
    expect((await countWaitingFor(as(engineer, ['engineer']))).mine).toBe(0);
  });

  test('is gone once it is decided', async () => {
    const { process, accountable } = await place();
    const asked = await ask({ process });
    await approve(accountable, asked);
    expect(await mine(accountable, ['process_owner'])).toEqual([]);
    const { rows } = await readApprovalRows(as(accountable, ['process_owner']), { tab: 'decided' });
    expect(rows.map(({ id }) => id)).toContain(asked.id);
  });
});
