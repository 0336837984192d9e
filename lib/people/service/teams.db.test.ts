import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { changeTeam, createTeam, deactivateUser, listTeams } from '.';
import { NewTeam } from '../schema';
import { eventsAbout, person, setup, type TestPerson } from '../testdata/people';

let plane: PeoplePlane;
let admin: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  admin = await person(['admin']);
});
afterAll(() => plane.drop());

let teams = 0;
async function team(...members: TestPerson[]) {
  const made = await createTeam(admin.actor, { name: `Team ${++teams}`, memberIds: members.map(({ id }) => id) });
  if (!made.ok) throw new Error(made.code);
  return made.team;
}
const find = async (id: string) => (await listTeams()).find((each) => each.id === id);

describe('a team', () => {
  it('is made of active people, each once, and written down', async () => {
    const [a, b] = [await person(['leader']), await person(['risk'])];
    const made = await createTeam(setup, { id: 'tea_supervisors', name: 'Human supervisors', memberIds: [a.id, b.id, a.id] });
    expect(made).toMatchObject({ ok: true, team: { id: 'tea_supervisors', name: 'Human supervisors' } });
    expect((await find('tea_supervisors'))?.members.map(({ id }) => id).sort()).toEqual([a.id, b.id].sort());
    expect(await eventsAbout('tea_supervisors')).toMatchObject([{ kind: 'team.created', data: { members: [a.id, b.id].sort() } }]);
  });

  it('may begin without anybody', async () => {
    expect(await createTeam(admin.actor, { name: 'Nobody yet', memberIds: [] })).toMatchObject({ ok: true, team: { members: [] } });
  });

  it('is renamed and filled anew in one change, whose event names who came and who went', async () => {
    const [a, b, c] = [await person(['leader']), await person(['leader']), await person(['leader'])];
    const { id } = await team(a, b);
    expect(await changeTeam(admin.actor, id, { name: 'Renamed team', memberIds: [b.id, c.id] })).toMatchObject({ ok: true });
    expect(await find(id)).toMatchObject({ name: 'Renamed team' });
    expect((await eventsAbout(id)).at(-1)).toMatchObject({
      kind: 'team.changed',
      data: { renamed: true, added: [c.id], removed: [a.id] },
    });
    expect(JSON.stringify(await eventsAbout(id))).not.toContain('Renamed');
  });

  it('keeps a member who was deactivated listed as such, until they are taken out; then they cannot come back', async () => {
    const gone = await person(['leader']);
    const { id, name } = await team(gone);
    await deactivateUser(setup, gone.id);
    expect((await find(id))?.members).toMatchObject([{ id: gone.id, status: 'deactivated' }]);
    expect(await changeTeam(admin.actor, id, { name: `${name} again`, memberIds: [gone.id] })).toMatchObject({ ok: true });
    expect(await changeTeam(admin.actor, id, { name, memberIds: [] })).toMatchObject({ ok: true });
    expect(await changeTeam(admin.actor, id, { name, memberIds: [gone.id] })).toEqual({ ok: false, code: 'MEMBER_UNKNOWN' });
  });

  it('writes nothing when nothing changes', async () => {
    const a = await person(['leader']);
    const { id, name } = await team(a);
    expect(await changeTeam(admin.actor, id, { name, memberIds: [a.id] })).toMatchObject({ ok: true });
    expect(await eventsAbout(id)).toHaveLength(1);
  });
});

describe('no team', () => {
  it('is made or changed by who may not', async () => {
    const others = await person(['leader', 'security', 'risk', 'engineer', 'process_owner', 'auditor']);
    const { id, name } = await team();
    expect(await createTeam(others.actor, { name: 'Not theirs', memberIds: [] })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await changeTeam(others.actor, id, { name, memberIds: [others.id] })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect((await find(id))?.members).toEqual([]);
  });

  it('holds somebody nobody knows, or who was deactivated', async () => {
    const gone = await person(['leader']);
    await deactivateUser(setup, gone.id);
    for (const memberIds of [['usr_nobody'], [gone.id]])
      expect(await createTeam(admin.actor, { name: 'Ghosts', memberIds })).toEqual({ ok: false, code: 'MEMBER_UNKNOWN' });
    expect((await listTeams()).some(({ name }) => name === 'Ghosts')).toBe(false);
  });

  it('has the name of another, whoever comes first', async () => {
    const [a, b] = [await team(), await team()];
    const made = await Promise.all([1, 2].map(() => createTeam(admin.actor, { name: 'Only once', memberIds: [] })));
    expect(made.map((each) => each.ok || each.code).sort()).toEqual(['NAME_TAKEN', true]);
    expect(await changeTeam(admin.actor, a.id, { name: b.name, memberIds: [] })).toEqual({ ok: false, code: 'NAME_TAKEN' });
    expect(await changeTeam(admin.actor, 'tea_nothing', { name: 'X', memberIds: [] })).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  it.each<[string, object]>([
    ['without a name', { name: ' ' }],
    ['with a name that hides characters', { name: 'Super\u202evisors' }],
    ['with the id of something else', { id: 'usr_supervisors' }],
    ['with members that are not people', { memberIds: ['agt_invoices'] }],
    ['with more than it says', { extra: true }],
  ])('is made %s', (_, change) => {
    expect(NewTeam.safeParse({ name: 'Supervisors', memberIds: [], ...change }).success).toBe(false);
  });
});
