import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeTeam, createTeam, deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import type { Role } from '@/lib/people/schema';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { changeProcess, createProcess, findProcess } from '@/lib/registry/service';
import { agentIn, editRow, matrixOf, team, user, withRow } from '../testdata/matrix';
import type { Row } from '../schema';
import { changeMatrix } from '.';

let plane: PeoplePlane;
let superuser: pg.Client;
let owner: TestPerson;
let leader: TestPerson;
let risk: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  [owner, leader, risk] = [await person(['process_owner']), await person(['leader']), await person(['risk'])];
  superuser = new pg.Client({ connectionString: plane.superuserUrl });
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await plane.drop();
});

let made = 0;
async function newProcess(ownerId = owner.id): Promise<string> {
  const created = await createProcess(setup, { name: `Process ${++made}`, ownerId });
  if (!created.ok) throw new Error(created.code);
  return created.process.id;
}
async function newTeam(memberIds: string[], name = `Team ${++made}`): Promise<string> {
  const created = await createTeam(setup, { name, memberIds });
  if (!created.ok) throw new Error(created.code);
  return created.team.id;
}
const edit = async (who: TestPerson, processId: string, change: (rows: Row[]) => Row[]) => {
  const { rows } = await matrixOf(processId);
  return changeMatrix(who.actor, processId, { shown: rows, rows: change(rows) });
};
const raciEvents = async (processId: string) => (await eventsAbout(processId)).filter(({ kind }) => kind === 'raci.changed');

describe('the database itself refuses', () => {
  /** As a person's transaction would, with its event. */
  const commit = async (statement: string, values: unknown[]): Promise<unknown> => {
    await superuser.query('BEGIN');
    try {
      await superuser.query(statement, values);
      await superuser.query(`INSERT INTO ledger_intake (kind, subject, payload) VALUES ('raci.changed', $1, '{}')`, [values[0]]);
      await superuser.query('COMMIT');
      return undefined;
    } catch (error) {
      await superuser.query('ROLLBACK');
      return error instanceof pg.DatabaseError ? error.constraint : error;
    }
  };
  const insert = `INSERT INTO raci_cells (process_id, agent_id, stage, role, user_id, team_id) VALUES ($1, $2, $3, $4, $5, $6)`;

  test('a second Accountable for a stage', async () => {
    expect(await commit(insert, [await newProcess(), null, 'trigger', 'accountable', leader.id, null])).toBe('raci_cells_one_accountable');
  });
  test('a stage with nobody Accountable', async () => {
    const id = await newProcess();
    const remove = `DELETE FROM raci_cells WHERE process_id = $1 AND stage = 'trigger' AND role = 'accountable'`;
    expect(await commit(remove, [id])).toBe('raci_require_accountable');
  });
  test('a process with no matrix at all', async () => {
    const statement = `INSERT INTO processes (id, name, owner_id) VALUES ($1, 'Bare', $2)`;
    expect(await commit(statement, ['prc_bare', owner.id])).toBe('raci_require_accountable');
  });
  test('a team as Accountable', async () => {
    const [id, signers] = [await newProcess(), await newTeam([leader.id])];
    const statement = `UPDATE raci_cells SET user_id = NULL, team_id = $2 WHERE process_id = $1 AND stage = 'trigger' AND role = 'accountable'`;
    expect(await commit(statement, [id, signers])).toBe('raci_cells_accountable_is_a_person');
  });
  test('an exception that names nobody Accountable', async () => {
    const id = await newProcess();
    const agent = await agentIn(id, owner.id, null);
    expect(await commit(insert, [id, agent, 'escalation', 'responsible', leader.id, null])).toBe('raci_require_accountable');
  });
  test('an exception that loses its Accountable while the others stay', async () => {
    const id = await newProcess();
    const agent = await agentIn(id, owner.id, null);
    const row: Row = { stage: 'escalation', accountable: leader.id, responsible: [user(leader.id)], consulted: [], informed: [] };
    expect(await changeMatrix(setup, id, { agentId: agent, shown: [], rows: [row] })).toMatchObject({ ok: true });
    const remove = `DELETE FROM raci_cells WHERE process_id = $1 AND agent_id = $2 AND role = 'accountable'`;
    expect(await commit(remove, [id, agent])).toBe('raci_require_accountable');
  });
  test('somebody who is neither a person nor a team, and somebody who is both', async () => {
    const [id, both] = [await newProcess(), await newTeam([])];
    expect(await commit(insert, [id, null, 'trigger', 'informed', null, null])).toBe('raci_cells_one_holder');
    expect(await commit(insert, [id, null, 'trigger', 'informed', leader.id, both])).toBe('raci_cells_one_holder');
  });
  test('the same holder twice in a cell, and a stage or a role nobody knows', async () => {
    const id = await newProcess();
    expect(await commit(insert, [id, null, 'trigger', 'responsible', owner.id, null])).toBe('raci_cells_holder_once');
    expect(await commit(insert, [id, null, 'lunch', 'informed', owner.id, null])).toBe('raci_cells_stage_known');
    expect(await commit(insert, [id, null, 'trigger', 'cook', owner.id, null])).toBe('raci_cells_role_known');
  });
  test('a change of the matrix without an event, so that no gateway names the wrong person', async () => {
    const id = await newProcess();
    await expect(superuser.query(`UPDATE raci_cells SET user_id = $2 WHERE process_id = $1`, [id, leader.id])).rejects.toThrow(
      /without an event that moves the epoch/,
    );
  });
});

describe('a new process', () => {
  test('has its owner Accountable for all of it, and teams of the default names for the rest', async () => {
    const platform = await newTeam([risk.id], 'Platform engineering');
    const { rows, gaps } = await matrixOf(await newProcess());
    expect(new Set(rows.map(({ accountable }) => accountable))).toEqual(new Set([owner.id]));
    expect(rows.find(({ stage }) => stage === 'logging_audit')?.responsible).toEqual([team(platform)]);
    expect(gaps.map(({ code }) => code)).toEqual(['NO_RESPONSIBLE', 'NO_RESPONSIBLE', 'NO_RESPONSIBLE', 'NO_RESPONSIBLE']);
  });
});

describe('an edit of the matrix', () => {
  test('by risk becomes a fact with one event that says who left and who came, by id', async () => {
    const id = await newProcess();
    const outcome = await edit(risk, id, (rows) =>
      withRow(withRow(rows, 'trigger', { accountable: leader.id }), 'escalation', { responsible: [user(leader.id)] }),
    );
    const changes = [
      { stage: 'trigger', role: 'accountable', removed: [user(owner.id)], added: [user(leader.id)] },
      { stage: 'escalation', role: 'responsible', removed: [user(owner.id)], added: [user(leader.id)] },
    ];
    expect(outcome).toEqual({ ok: true, changes });
    const [event, ...more] = await raciEvents(id);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ actor: risk.actor, subject: { type: 'process', id }, data: { agent: null, changes } });
    const { rows } = await matrixOf(id);
    expect(rows.find(({ stage }) => stage === 'trigger')?.accountable).toBe(leader.id);
  });

  test('that changes nothing writes nothing', async () => {
    const id = await newProcess();
    expect(await edit(risk, id, (rows) => [...rows].reverse())).toEqual({ ok: true, changes: [] });
    expect(await raciEvents(id)).toEqual([]);
  });

  test('gives an agent exceptions of its own, which replace nothing for the others, and takes them back', async () => {
    const id = await newProcess();
    const agent = await agentIn(id, owner.id, null);
    const row: Row = { stage: 'escalation', accountable: leader.id, responsible: [user(leader.id)], consulted: [], informed: [] };
    expect(await changeMatrix(risk.actor, id, { agentId: agent, shown: [], rows: [row] })).toMatchObject({ ok: true });
    let view = await matrixOf(id);
    expect(view.agents[0]?.exceptions).toEqual([row]);
    expect(view.rows.find(({ stage }) => stage === 'escalation')?.accountable).toBe(owner.id);
    expect((await raciEvents(id))[0]?.data).toMatchObject({ agent });
    expect(await changeMatrix(risk.actor, id, { agentId: agent, shown: [row], rows: [] })).toMatchObject({ ok: true });
    view = await matrixOf(id);
    expect(view.agents[0]?.exceptions).toEqual([]);
  });

  test.each<[Role[]]>([[['process_owner']], [['leader']], [['security']], [['engineer']], [['auditor']]])(
    'by %s is refused',
    async (roles) => {
      const id = await newProcess();
      expect(await edit(await person(roles), id, (rows) => withRow(rows, 'trigger', { accountable: leader.id }))).toEqual({
        ok: false,
        code: 'NOT_ALLOWED',
      });
      expect(await raciEvents(id)).toEqual([]);
    },
  );

  test('of a process that is none, or for an agent of another process, is refused', async () => {
    const [id, other] = [await newProcess(), await newProcess()];
    const { rows } = await matrixOf(id);
    expect(await changeMatrix(risk.actor, 'prc_none', { shown: rows, rows })).toEqual({ ok: false, code: 'NOT_FOUND' });
    const elsewhere = await agentIn(other, owner.id, null);
    expect(await changeMatrix(risk.actor, id, { agentId: elsewhere, shown: [], rows: rows.slice(0, 1) })).toEqual({
      ok: false,
      code: 'NOT_FOUND',
    });
  });

  test('that makes the engineer who built an agent Accountable is refused, under whichever account', async () => {
    const engineer = await person(['engineer']);
    const second = await person(['process_owner'], engineer.personId);
    const id = await newProcess();
    await agentIn(id, owner.id, engineer.id);
    for (const { id: accountable } of [engineer, second])
      expect(await editRow(id, 'escalation', { accountable })).toMatchObject({
        ok: false,
        code: 'RULES',
        problems: [{ code: 'AUTHOR_ACCOUNTABLE' }],
      });
    expect(await raciEvents(id)).toEqual([]);
  });

  test('that makes somebody Accountable who wrote in the record that another began is refused, and is a gap when it is so', async () => {
    const [engineer, finisher] = [await person(['engineer']), await person(['process_owner'])];
    const id = await newProcess();
    const agent = await agentIn(id, owner.id, engineer.id);
    expect(await editRow(id, 'escalation', { accountable: finisher.id })).toMatchObject({ ok: true });
    await agentIn(id, owner.id, engineer.id, [finisher.personId]);
    expect((await matrixOf(id)).gaps).toContainEqual(expect.objectContaining({ code: 'ACCOUNTABLE_BUILT_IT', stage: 'escalation' }));
    expect(await editRow(id, 'trigger', { accountable: finisher.id })).toMatchObject({ ok: false, code: 'RULES' });
    const row: Row = { stage: 'escalation', accountable: owner.id, responsible: [user(owner.id)], consulted: [], informed: [] };
    expect(await changeMatrix(risk.actor, id, { agentId: agent, shown: [], rows: [row] })).toMatchObject({ ok: true });
  });

  test('that leaves nobody to sign is refused: nobody, an engineer, a team without a signer, a team whose signer left', async () => {
    const [engineer, leaver] = [await person(['engineer']), await person(['leader'])];
    const [builders, left] = [await newTeam([engineer.id]), await newTeam([leaver.id])];
    await deactivateUser(setup, leaver.id);
    const id = await newProcess();
    for (const responsible of [[], [user(engineer.id)], [team(builders)], [team(left)]])
      expect(await editRow(id, 'escalation', { responsible })).toMatchObject({
        code: 'RULES',
        problems: [{ code: 'ESCALATION_UNROUTED' }],
      });
  });

  test('made from what is no longer so is refused, naming what somebody else changed', async () => {
    const id = await newProcess();
    const { rows: shown } = await matrixOf(id);
    await editRow(id, 'trigger', { responsible: [user(leader.id)] });
    const rows = withRow(shown, 'escalation', { accountable: leader.id });
    expect(await changeMatrix(risk.actor, id, { shown, rows })).toEqual({
      ok: false,
      code: 'CHANGED_MEANWHILE',
      changes: [{ stage: 'trigger', role: 'responsible', removed: [user(owner.id)], added: [user(leader.id)] }],
    });
  });

  test('by two editors at once is made by one of them, and the other hears what changed', async () => {
    const id = await newProcess();
    const { rows: shown } = await matrixOf(id);
    const editors = await Promise.all(Array.from({ length: 6 }, () => person(['risk'])));
    const candidates = await Promise.all(editors.map(() => person(['process_owner'])));
    const outcomes = await Promise.all(
      editors.map((editor, i) =>
        changeMatrix(editor.actor, id, { shown, rows: withRow(shown, 'escalation', { accountable: candidates[i]?.id ?? '' }) }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    for (const outcome of outcomes) if (!outcome.ok) expect(outcome.code).toBe('CHANGED_MEANWHILE');
    expect(await raciEvents(id)).toHaveLength(1);
    const winner = candidates[outcomes.findIndex(({ ok }) => ok)]?.id;
    expect((await matrixOf(id)).rows.find(({ stage }) => stage === 'escalation')?.accountable).toBe(winner);
  });

  test('that names somebody while they are removed is refused, or comes first and goes back to the owner with all they held', async () => {
    for (let round = 0; round < 5; round++) {
      const leaver = await person(['leader']);
      const id = await newProcess();
      const [edited, removed] = await Promise.all([editRow(id, 'trigger', { accountable: leaver.id }), deactivateUser(setup, leaver.id)]);
      expect(removed.ok).toBe(true);
      const { gaps, rows, process } = await matrixOf(id);
      expect(rows.find(({ stage }) => stage === 'trigger')?.accountable).toBe(process.ownerId);
      expect(gaps.some(({ code }) => code === 'ACCOUNTABLE_GONE')).toBe(false);
      expect(await raciEvents(id)).toHaveLength(edited.ok ? 2 : 0);
    }
  });
});

describe('a matrix shows a gap at once', () => {
  test('when a person leaves, and when a team loses its last member', async () => {
    const leaver = await person(['engineer']);
    const crew = await newTeam([leaver.id]);
    const id = await newProcess();
    await editRow(id, 'logging_audit', { responsible: [team(crew)], consulted: [user(leaver.id)] });
    const at = async () => (await matrixOf(id)).gaps.filter(({ stage }) => stage === 'logging_audit').map(({ code }) => code);
    expect(await at()).toEqual([]);
    await deactivateUser(setup, leaver.id);
    expect(await at()).toEqual(['TEAM_EMPTY', 'HOLDER_GONE']);
    await changeTeam(setup, crew, { name: `Team ${++made}`, memberIds: [leader.id] });
    expect(await at()).toEqual(['HOLDER_GONE']);
  });
});

describe('a new owner of a process', () => {
  const shownOf = async (id: string) => {
    const process = await findProcess(id);
    if (!process) throw new Error(id);
    const { id: _, ...shown } = process;
    return shown;
  };

  test('becomes Accountable for all that the old one was, exceptions too, in the same commit', async () => {
    const [admin, next] = [await person(['admin']), await person(['process_owner'])];
    const id = await newProcess();
    const agent = await agentIn(id, owner.id, null);
    const row: Row = { stage: 'escalation', accountable: owner.id, responsible: [user(leader.id)], consulted: [], informed: [] };
    await changeMatrix(setup, id, { agentId: agent, shown: [], rows: [row] });
    await editRow(id, 'trigger', { accountable: leader.id });
    const shown = await shownOf(id);
    const outcome = await changeProcess(admin.actor, id, { ...shown, name: 'Renamed', ownerId: next.id, shown });
    expect(outcome).toMatchObject({ ok: true, changed: ['name', 'owner'] });
    const { rows, agents } = await matrixOf(id);
    expect(rows.find(({ stage }) => stage === 'trigger')?.accountable).toBe(leader.id);
    expect(rows.filter(({ accountable }) => accountable === next.id)).toHaveLength(7);
    expect(agents[0]?.exceptions).toMatchObject([{ accountable: next.id }]);
    const events = (await eventsAbout(id)).slice(-3);
    expect(events.map(({ kind }) => kind)).toEqual(['process.changed', 'raci.changed', 'raci.changed']);
    expect(events[0]?.data).toEqual({ changed: ['name', 'owner'], owner_before: owner.id, owner_after: next.id });
    expect(new Set(events.slice(1).map(({ data }) => data['agent']))).toEqual(new Set([null, agent]));
  });

  test.each<[string, Role[], string]>([
    ['a process owner', ['process_owner'], 'NOT_ALLOWED'],
    ['risk', ['risk'], 'NOT_ALLOWED'],
    ['an auditor', ['auditor'], 'NOT_ALLOWED'],
  ])('is not named by %s', async (_, roles, code) => {
    const id = await newProcess();
    const shown = await shownOf(id);
    const next = await person(['process_owner']);
    expect(await changeProcess((await person(roles)).actor, id, { ...shown, ownerId: next.id, shown })).toEqual({ ok: false, code });
  });

  test('is active, a process owner, and built no agent of it', async () => {
    const id = await newProcess();
    const shown = await shownOf(id);
    const engineer = await person(['engineer']);
    const second = await person(['process_owner'], engineer.personId);
    const finisher = await person(['process_owner']);
    await agentIn(id, owner.id, engineer.id, [finisher.personId]);
    const gone = await person(['process_owner']);
    await deactivateUser(setup, gone.id);
    for (const [ownerId, code] of [
      [gone.id, 'OWNER_NOT_ALLOWED'],
      [leader.id, 'OWNER_NOT_ALLOWED'],
      ['usr_nobody', 'OWNER_NOT_ALLOWED'],
      [second.id, 'OWNER_IS_BUILDER'],
      [finisher.id, 'OWNER_IS_BUILDER'],
    ] as const)
      expect(await changeProcess(setup, id, { ...shown, ownerId, shown })).toEqual({ ok: false, code });
    expect(await changeProcess(setup, id, { ...shown, name: 'New', shown: { ...shown, name: 'Other' } })).toMatchObject({
      code: 'CHANGED_MEANWHILE',
    });
    expect((await findProcess(id))?.ownerId).toBe(owner.id);
  });
});
