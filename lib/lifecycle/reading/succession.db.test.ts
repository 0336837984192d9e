import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deactivateUser, findUser, type User } from '@/lib/people/service';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { editRow } from '@/lib/raci/testdata/matrix';
import { listMySuccessions, openOrphans, readDeparturePlan, readHeld, readSuccessions } from '.';
import { successionsPageMax } from '../schema/succession';
import { suspendOrphans } from '../service';
import { agentOf, agentsOf, managedBy, processOf } from '../testdata/succession';

let plane: PeoplePlane;
let leader: TestPerson;
let steady: TestPerson;
let process: string;

beforeAll(async () => {
  plane = await testPeoplePlane();
  await person(['admin']);
  leader = await person(['leader']);
  steady = await person(['process_owner']);
  process = await processOf(steady);
});
afterAll(() => plane.drop());

const remove = async ({ id }: TestPerson): Promise<void> => expect(await deactivateUser(setup, id)).toMatchObject({ ok: true });
async function userOf({ id }: TestPerson): Promise<User> {
  const user = await findUser(id);
  if (!user) throw new Error(`no account ${id}`);
  return user;
}

describe('what is told before a deactivation', () => {
  it('is what then happens: the same heirs for the same reasons, and the same orphans', async () => {
    const [leaver, manager, successor] = [await person(['process_owner']), await person(['leader']), await person(['leader'])];
    await managedBy(leaver, manager);
    const [theirs, other] = [await processOf(leaver), await processOf(steady)];
    await editRow(other, 'logging_audit', { accountable: leaver.id });
    await agentsOf({ process: theirs, owner: leaver, successors: [successor], sponsor: leaver }, 14);
    await agentOf({ process: theirs, owner: leaver, author: manager });
    const plan = await readDeparturePlan(leaver.id);
    await remove(leaver);
    const rows = await prisma().succession.findMany({ where: { fromUser: leaver.id } });
    const done = new Map<string, number>();
    for (const { subjectType, part, how, toUser } of rows) {
      const key = [subjectType, part, how, toUser].join(' ');
      done.set(key, (done.get(key) ?? 0) + 1);
    }
    const told = new Map(plan?.moves.map(({ type, part, how, to, count }) => [[type, part, how, to?.id ?? ''].join(' '), count]));
    expect(told).toEqual(done);
    expect(plan?.moves[0]).toMatchObject({ to: null, how: 'orphaned' });
    expect(plan?.moves.find(({ count }) => count === 14)?.named).toHaveLength(12);
    expect(plan?.graceDays).toBe(7);
  });

  it('is nothing of who holds nothing, and there is none of nobody', async () => {
    expect(await readDeparturePlan((await person(['auditor'])).id)).toEqual({ moves: [], graceDays: 7 });
    expect(await readDeparturePlan('usr_nobody')).toBeUndefined();
  });
});

describe('the list of what has nobody', () => {
  it('holds an orphan until somebody is named, also after its agent was suspended, and pages without gap or repetition', async () => {
    const leaver = await person(['process_owner']);
    const theirs = await processOf(leaver);
    const ids = await agentsOf({ process: theirs, owner: leaver }, successionsPageMax + 3);
    await remove(leaver);
    await prisma().$executeRaw`UPDATE successions SET grace_until = now() WHERE subject_id = ${ids[0]}`;
    expect(await suspendOrphans(prisma())).toBe(1);
    const first = await readSuccessions({ list: 'orphans' });
    const rest = await readSuccessions({ list: 'orphans', before: first.next ?? '' });
    const listed = [...first.items, ...rest.items].map(({ subject }) => subject.id);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining([...ids, theirs]));
    expect(first.total).toBe(listed.length);
    expect(first.items[0]).toMatchObject({ subject: { id: ids[0] }, endedAs: 'suspended', to: null, from: { active: false } });
  });

  it('is for those who may name somebody, and for owners of the process: nobody else is asked on Home', async () => {
    const [leaver, owner] = [await person(['leader']), await person(['process_owner'])];
    const theirs = await processOf(owner);
    await agentOf({ process: theirs, owner: steady, sponsor: leaver });
    await remove(leaver);
    expect((await openOrphans(await userOf(leader), 5)).total).toBeGreaterThan(1);
    expect(await openOrphans(await userOf(owner), 5)).toMatchObject({ total: 1, items: [{ href: '/succession' }] });
    expect(await openOrphans(await userOf(await person(['engineer'])), 5)).toEqual({ items: [], total: 0 });
    expect(await openOrphans(await userOf(await person(['process_owner'])), 5)).toEqual({ items: [], total: 0 });
  });
});

describe('what changed hands', () => {
  it('is told newest first, says whether it could be undone, and stands on Home of who has it now', async () => {
    const [leaver, heir] = [await person(['leader']), await person(['leader'])];
    const id = await agentOf({ process, owner: leaver, successors: [heir] });
    await remove(leaver);
    const { items } = await readSuccessions({ list: 'moved' });
    expect(items[0]).toMatchObject({ subject: { id }, from: { id: leaver.id }, to: { id: heir.id }, how: 'successor', undoable: false });
    await prisma().user.update({ where: { id: leaver.id }, data: { status: 'active' } });
    expect((await readSuccessions({ list: 'moved' })).items[0]).toMatchObject({ undoable: true });
    expect(await listMySuccessions(await userOf(heir), 5)).toMatchObject({ total: 1, items: [{ href: `/registry/agents/${id}` }] });
    expect(await listMySuccessions(await userOf(leaver), 5)).toEqual({ items: [], total: 0 });
  });
});

describe('what a person holds', () => {
  it('is every part of every agent and every process of theirs, decommissioned agents left out', async () => {
    const holder = await person(['process_owner']);
    const theirs = await processOf(holder);
    const id = await agentOf({ process: theirs, owner: holder, technical: holder });
    await agentOf({ process: theirs, owner: holder, status: 'decommissioned' });
    const held = await readHeld(holder.id);
    expect(held).toMatchObject({ person: { id: holder.id, active: true }, total: 3 });
    expect(held?.items.map((item) => [item.id, item.part])).toEqual([
      [theirs, 'owner'],
      [id, 'owner'],
      [id, 'technical_owner'],
    ]);
    expect(await readHeld('usr_nobody')).toBeUndefined();
  });
});
