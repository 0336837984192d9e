import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heldPartsMax, heldProcessesMax } from '@/lib/people/schema';
import { changeUser, deactivateUser, findUser, inTransaction, lockActor } from '@/lib/people/service';
import { eventsAbout, person, setup, waitUntilBlocked, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { stages } from '@/lib/raci/schema';
import { editRow, matrixOf } from '@/lib/raci/testdata/matrix';
import { findAgent, findProcess } from '@/lib/registry/service';
import { agentOf, agentsOf, estateAsIf, managedBy, processOf, successionsOf } from '../../testdata/succession';
import { reassign } from './reassign';

let plane: PeoplePlane;
let admin: TestPerson;
/** Owns the process that agents of others work in, and stays. */
let steady: TestPerson;
let process: string;

beforeAll(async () => {
  plane = await testPeoplePlane();
  admin = await person(['admin']);
  await person(['admin']);
  steady = await person(['process_owner']);
  process = await processOf(steady);
});
afterAll(() => plane.drop());

const remove = async ({ id }: TestPerson): Promise<void> => expect(await deactivateUser(admin.actor, id)).toMatchObject({ ok: true });
const ownerOf = async (id: string) => (await findAgent(id))?.ownerId;
const kindsOf = async (id: string) => (await eventsAbout(id)).map(({ kind }) => kind);

describe('an agent whose owner is deactivated', () => {
  it('goes to its first active successor in the same commit, as a new version, told once', async () => {
    const [leaver, gone, heir] = [await person(['leader']), await person(['leader']), await person(['leader'])];
    const id = await agentOf({ process, owner: leaver, successors: [gone, heir] });
    await remove(gone);
    await remove(leaver);
    expect(await findAgent(id)).toMatchObject({ ownerId: heir.id, version: 2 });
    expect(await successionsOf(id)).toMatchObject([
      { part: 'owner', fromUser: leaver.id, toUser: heir.id, how: 'successor', by: admin.id, graceUntil: null, endedAt: null },
    ]);
    const told = (await eventsAbout(id)).filter(({ kind }) => kind === 'ownership.inherited');
    expect(told).toMatchObject([{ actor: admin.actor, data: { part: 'owner', from: leaver.id, to: heir.id, how: 'successor' } }]);
    const { rows } = {
      rows: await prisma().$queryRaw<
        { xids: number }[]
      >`SELECT count(DISTINCT xid)::int AS xids FROM ledger_epochs WHERE subject IN (${id}, ${leaver.id}) AND kind IN ('user.deactivated', 'ownership.inherited')`,
    };
    expect(rows).toEqual([{ xids: 1 }]);
  });

  it('goes to the manager when no successor may own it, and to the process’s owner when the manager left', async () => {
    const [leaver, builder, manager] = [await person(['leader']), await person(['engineer']), await person(['leader'])];
    await managedBy(leaver, manager);
    const id = await agentOf({ process, owner: leaver, successors: [builder], author: builder });
    await remove(leaver);
    expect(await ownerOf(id)).toBe(manager.id);
    const other = await person(['leader']);
    await managedBy(other, manager);
    const second = await agentOf({ process, owner: other });
    await remove(manager);
    await remove(other);
    expect(await ownerOf(second)).toBe(steady.id);
    expect(await successionsOf(second)).toMatchObject([{ how: 'process_owner' }]);
  });

  it('stays in their name as an orphan with the organisation’s grace when nobody may take it', async () => {
    const leaver = await person(['process_owner']);
    const alone = await processOf(leaver);
    const id = await agentOf({ process: alone, owner: leaver });
    await prisma().$executeRaw`UPDATE organisation SET settings = '{"graceDays": 3}'`;
    await remove(leaver);
    await prisma().$executeRaw`UPDATE organisation SET settings = '{}'`;
    expect(await findAgent(id)).toMatchObject({ ownerId: leaver.id, version: 1 });
    const [row] = await successionsOf(id);
    expect(row).toMatchObject({ toUser: null, how: 'orphaned', endedAt: null });
    const days = ((row?.graceUntil?.getTime() ?? 0) - (row?.at.getTime() ?? 0)) / 86_400_000;
    expect(days).toBeCloseTo(3, 2);
    expect(await kindsOf(id)).toEqual(['agent.registered', 'ownership.orphaned']);
    expect(await successionsOf(alone)).toMatchObject([{ part: 'owner', how: 'orphaned' }]);
  });

  it('passes each of its parts by itself: who runs it may have built it', async () => {
    const [leaver, engineer] = [await person(['leader']), await person(['engineer'])];
    const id = await agentOf({ process, owner: leaver, sponsor: leaver, technical: leaver, successors: [engineer], author: engineer });
    await remove(leaver);
    expect(await findAgent(id)).toMatchObject({ ownerId: steady.id, sponsorId: engineer.id, technicalOwnerId: engineer.id, version: 2 });
    expect((await successionsOf(id)).map(({ part, how }) => `${part} ${how}`).sort()).toEqual([
      'owner process_owner',
      'sponsor successor',
      'technical_owner successor',
    ]);
  });

  it('stays with the human who has another account: that is no departure to anybody else', async () => {
    const leaver = await person(['leader']);
    const [other, heir] = [await person(['leader'], leaver.personId), await person(['leader'])];
    const id = await agentOf({ process, owner: leaver, successors: [heir] });
    await remove(leaver);
    expect(await ownerOf(id)).toBe(other.id);
    expect(await successionsOf(id)).toMatchObject([{ how: 'same_person' }]);
  });

  it('that was decommissioned is left as it was', async () => {
    const [leaver, heir] = [await person(['leader']), await person(['leader'])];
    const id = await agentOf({ process, owner: leaver, successors: [heir], status: 'decommissioned' });
    await remove(leaver);
    expect(await ownerOf(id)).toBe(leaver.id);
    expect(await successionsOf(id)).toEqual([]);
  });
});

describe('a process whose owner is deactivated', () => {
  it('goes to their manager, who is then Accountable for all its stages, and its agents follow', async () => {
    const [leaver, manager] = [await person(['process_owner']), await person(['process_owner'])];
    const theirs = await processOf(leaver);
    const id = await agentOf({ process: theirs, owner: leaver });
    await managedBy(leaver, manager);
    await remove(leaver);
    expect(await findProcess(theirs)).toMatchObject({ ownerId: manager.id });
    const { rows, gaps } = await matrixOf(theirs);
    expect(rows.map(({ accountable }) => accountable)).toEqual(stages.map(() => manager.id));
    expect(gaps.map(({ code }) => code)).toContain('HOLDER_GONE');
    expect(await ownerOf(id)).toBe(manager.id);
    expect(await kindsOf(theirs)).toEqual(expect.arrayContaining(['process.changed', 'raci.changed', 'ownership.inherited']));
  });

  it('goes to the Accountable of one of its stages when the manager may own no process', async () => {
    const [leaver, manager, other] = [await person(['process_owner']), await person(['engineer']), await person(['process_owner'])];
    const theirs = await processOf(leaver);
    await managedBy(leaver, manager);
    expect(await editRow(theirs, 'incident_response', { accountable: other.id })).toMatchObject({ ok: true });
    await remove(leaver);
    expect(await findProcess(theirs)).toMatchObject({ ownerId: other.id });
    expect(await successionsOf(theirs)).toMatchObject([{ part: 'owner', how: 'accountable' }]);
  });

  it.each(['author', 'editor'] as const)('goes to nobody who built an agent of it, as its %s', async (as) => {
    const [leaver, manager] = [await person(['process_owner']), await person(['process_owner', 'engineer'])];
    const theirs = await processOf(leaver);
    await managedBy(leaver, manager);
    await agentOf({ process: theirs, owner: steady, [as]: manager });
    await remove(leaver);
    expect(await successionsOf(theirs)).toMatchObject([{ how: 'orphaned', toUser: null }]);
  });

  it('of another person keeps them with nobody when its owner wrote in the record of an agent of it', async () => {
    const [leaver, other] = [await person(['process_owner']), await person(['process_owner', 'engineer'])];
    const theirs = await processOf(other);
    await editRow(theirs, 'escalation', { accountable: leaver.id });
    await agentOf({ process: theirs, owner: steady, editor: other });
    await remove(leaver);
    expect(await successionsOf(theirs)).toMatchObject([{ part: 'accountable', toUser: null, how: 'orphaned' }]);
  });

  it('of another person gets their stages back: exactly one Accountable, who is the owner', async () => {
    const leaver = await person(['process_owner']);
    const theirs = await processOf(steady);
    await editRow(theirs, 'logging_audit', { accountable: leaver.id });
    await remove(leaver);
    const { rows } = await matrixOf(theirs);
    expect(rows.map(({ accountable }) => accountable)).toEqual(stages.map(() => steady.id));
    expect(await successionsOf(theirs)).toMatchObject([{ part: 'accountable', toUser: steady.id, how: 'process_owner' }]);
  });
});

describe('a deactivation', () => {
  it('of an owner of 1,000 agents is one commit within its five seconds', async () => {
    const [leaver, heir] = [await person(['leader']), await person(['leader'])];
    const ids = await agentsOf({ process, owner: leaver, sponsor: leaver, successors: [heir] }, 1_000);
    const began = performance.now();
    await remove(leaver);
    const ms = Math.round(performance.now() - began);
    globalThis.process.stdout.write(`a deactivation that moved 1,000 agents (2,000 parts) took ${ms} ms\n`);
    expect(await prisma().agent.count({ where: { id: { in: ids }, ownerId: heir.id, sponsorId: heir.id, version: 2 } })).toBe(1_000);
    expect(await prisma().succession.count({ where: { fromUser: leaver.id, toUser: heir.id } })).toBe(2_000);
  });

  it('of an owner of 3,500 agents is, too', async () => {
    const [owner, successor] = [await person(['leader']), await person(['leader'])];
    await estateAsIf(plane.superuserUrl, { process, owner, successor }, { agents: 3_500 });
    const began = performance.now();
    await remove(owner);
    globalThis.process.stdout.write(`a deactivation that moved 3,500 agents took ${Math.round(performance.now() - began)} ms\n`);
    expect(await prisma().agent.count({ where: { ownerId: successor.id, version: 2 } })).toBe(3_500);
    expect(await prisma().succession.count({ where: { fromUser: owner.id, toUser: successor.id } })).toBe(3_500);
  });

  it('of who holds more parts of agents than one commit moves is refused, and done once some were given away', async () => {
    const [owner, successor] = [await person(['leader']), await person(['leader'])];
    await estateAsIf(plane.superuserUrl, { process, owner, successor }, { agents: heldPartsMax - 1 });
    const ids = await agentsOf({ process, owner, sponsor: owner }, 1);
    expect(await deactivateUser(admin.actor, owner.id)).toEqual({ ok: false, code: 'HOLDS_TOO_MUCH' });
    expect(await prisma().succession.count({ where: { fromUser: owner.id } })).toBe(0);
    expect(await findUser(owner.id)).toMatchObject({ status: 'active' });
    const items = ids.map((id) => ({ type: 'agent' as const, id, part: 'sponsor' as const, from: owner.id }));
    expect(await reassign(admin.actor, { items, to: successor.id, reason: 'They leave.' })).toMatchObject([{ refusal: null }]);
    expect(await deactivateUser(admin.actor, owner.id)).toMatchObject({ ok: true });
    expect(await prisma().agent.count({ where: { ownerId: owner.id } })).toBe(0);
  });

  it('of who owns more processes than one commit moves is refused', async () => {
    const owner = await person(['process_owner']);
    await estateAsIf(plane.superuserUrl, { process, owner }, { processes: heldProcessesMax + 1 });
    expect(await deactivateUser(admin.actor, owner.id)).toEqual({ ok: false, code: 'HOLDS_TOO_MUCH' });
    expect(await prisma().process.count({ where: { ownerId: owner.id } })).toBe(heldProcessesMax + 1);
  });

  it('that is refused moves nothing', async () => {
    const [leaver, heir] = [await person(['leader']), await person(['leader'])];
    const id = await agentOf({ process, owner: leaver, successors: [heir] });
    expect(await deactivateUser((await person(['security'])).actor, leaver.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await ownerOf(id)).toBe(leaver.id);
    expect(await successionsOf(id)).toEqual([]);
  });

  it('of an owner and their first successor at once leaves the agent with somebody active: 20 races', async () => {
    for (let round = 0; round < 20; round++) {
      const [leaver, first, last] = [await person(['leader']), await person(['leader']), await person(['leader'])];
      const id = await agentOf({ process, owner: leaver, successors: [first, last] });
      const [a, b] = round % 2 ? [leaver, first] : [first, leaver];
      expect(await Promise.all([deactivateUser(setup, a.id), deactivateUser(setup, b.id)])).toMatchObject([{ ok: true }, { ok: true }]);
      // Whoever inherited from the first one to go has left it to the manager or the owner of the process by now.
      const owner = await prisma().user.findUniqueOrThrow({ where: { id: (await ownerOf(id)) ?? '' } });
      expect([last.id, steady.id], `round ${round}`).toContain(owner.id);
      expect(owner.status).toBe('active');
    }
  });

  it('and somebody who edits an agent and waits for who leaves do not wait for each other', async () => {
    const [leaver, heir] = [await person(['leader']), await person(['leader'])];
    const id = await agentOf({ process, owner: leaver, successors: [heir] });
    let leave: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (leave = resolve));
    let went: Promise<unknown> = Promise.resolve();
    const edit = inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM agents WHERE id = ${id} FOR UPDATE`;
      leave();
      await waitUntilBlocked(plane.superuserUrl);
      return lockActor(tx, leaver.id);
    });
    await asked;
    went = deactivateUser(admin.actor, leaver.id);
    const [person1, outcome] = await Promise.all([edit, went]);
    expect(outcome).toMatchObject({ ok: true });
    expect(person1?.id).toBe(leaver.id);
    expect(await ownerOf(id)).toBe(heir.id);
  });
});

describe('who is whose manager', () => {
  const record = { name: 'Test Person', roles: ['leader' as const] };

  it('is kept, told by id, and taken away again', async () => {
    const [whom, manager] = [await person(['leader']), await person(['leader'])];
    expect(await changeUser(admin.actor, whom.id, { ...record, managerId: manager.id })).toMatchObject({ ok: true });
    expect((await eventsAbout(whom.id)).at(-1)).toMatchObject({
      kind: 'user.changed',
      data: { manager_before: null, manager: manager.id },
    });
    expect(await changeUser(admin.actor, whom.id, record)).toMatchObject({ ok: true });
    expect((await prisma().user.findUniqueOrThrow({ where: { id: whom.id } })).managerId).toBe(manager.id);
    await changeUser(admin.actor, whom.id, { ...record, managerId: null });
    expect((await prisma().user.findUniqueOrThrow({ where: { id: whom.id } })).managerId).toBeNull();
  });

  it.each<[string, () => Promise<[TestPerson, string]>, string]>([
    ['oneself', async () => ((p) => [p, p.id])(await person(['leader'])), 'MANAGER_SELF'],
    [
      'oneself under another account',
      async () => {
        const whom = await person(['leader']);
        return [whom, (await person(['leader'], whom.personId)).id];
      },
      'MANAGER_SELF',
    ],
    ['nobody', async () => [await person(['leader']), 'usr_nobody'], 'MANAGER_UNKNOWN'],
    [
      'somebody who left',
      async () => {
        const gone = await person(['leader']);
        await remove(gone);
        return [await person(['leader']), gone.id];
      },
      'MANAGER_UNKNOWN',
    ],
    [
      'somebody two steps below',
      async () => {
        const [top, middle, low] = [await person(['leader']), await person(['leader']), await person(['leader'])];
        await managedBy(middle, top);
        await managedBy(low, middle);
        return [top, low.id];
      },
      'MANAGER_CYCLE',
    ],
    [
      'somebody below another account of the same human',
      async () => {
        const [top, low] = [await person(['leader']), await person(['leader'])];
        await managedBy(low, top);
        return [await person(['leader'], top.personId), low.id];
      },
      'MANAGER_CYCLE',
    ],
  ])('is never %s', async (_, given, code) => {
    const [whom, managerId] = await given();
    expect(await changeUser(admin.actor, whom.id, { ...record, managerId })).toEqual({ ok: false, code });
  });

  it('closes no circle when two are made each other’s at once: 20 races', async () => {
    for (let round = 0; round < 20; round++) {
      const [a, b] = [await person(['leader']), await person(['leader'])];
      const outcomes = await Promise.all([
        changeUser(admin.actor, a.id, { ...record, managerId: b.id }),
        changeUser(admin.actor, b.id, { ...record, managerId: a.id }),
      ]);
      expect(outcomes.map((outcome) => outcome.ok || outcome.code).sort(), `round ${round}`).toEqual(['MANAGER_CYCLE', true]);
    }
  });
});
