import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendEvent } from '@/lib/ledger/service';
import { deactivateUser, reactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { editRow, matrixOf } from '@/lib/raci/testdata/matrix';
import { changeProcess, decommissionAgent, editAgent, findAgent, findProcess } from '@/lib/registry/service';
import { edited } from '@/lib/registry/testdata/office';
import { reassign, suspendOrphans, undoSuccession } from '.';
import type { HeldRef } from '../../schema/succession';
import { agentOf, managedBy, processOf, successionsOf } from '../../testdata/succession';

let plane: PeoplePlane;
let admin: TestPerson;
let leader: TestPerson;
let steady: TestPerson;
let process: string;
let leaver: TestPerson;
let heir: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  admin = await person(['admin']);
  await person(['admin']);
  leader = await person(['leader']);
  steady = await person(['process_owner']);
  process = await processOf(steady);
});
beforeEach(async () => {
  [leaver, heir] = [await person(['leader', 'process_owner']), await person(['leader'])];
});
afterAll(() => plane.drop());

const remove = async ({ id }: TestPerson): Promise<void> => expect(await deactivateUser(admin.actor, id)).toMatchObject({ ok: true });
const bringBack = async ({ id }: TestPerson): Promise<void> => expect(await reactivateUser(admin.actor, id)).toMatchObject({ ok: true });
const ownerOf = async (id: string) => (await findAgent(id))?.ownerId;
const kindsOf = async (id: string) => (await eventsAbout(id)).map(({ kind }) => kind);
const lastOf = async (id: string) => {
  const row = (await successionsOf(id)).at(-1);
  if (!row) throw new Error('nothing became of it');
  return row;
};
/** inherited has an agent that went from the leaver to the heir. */
async function inherited(): Promise<{ id: string; row: string }> {
  const id = await agentOf({ process, owner: leaver, successors: [heir] });
  await remove(leaver);
  return { id, row: (await lastOf(id)).id };
}
/** orphan has an agent that nobody took. */
async function orphan(status = 'active'): Promise<string> {
  const id = await agentOf({ process: await processOf(leaver), owner: leaver, status });
  await remove(leaver);
  return id;
}
const graceOver = (id: string) =>
  prisma().$executeRaw`UPDATE successions SET grace_until = now() - interval '1 second' WHERE subject_id = ${id}`;
const sweep = () => suspendOrphans(prisma());
const held = (id: string, from: TestPerson, change: Partial<HeldRef> = {}): HeldRef => ({
  type: 'agent',
  id,
  part: 'owner',
  from: from.id,
  ...change,
});

describe('undoing a succession', () => {
  it('gives it back to who is active again, told in the ledger', async () => {
    const { id, row } = await inherited();
    await bringBack(leaver);
    expect(await undoSuccession(leader.actor, row)).toEqual({ ok: true });
    expect(await findAgent(id)).toMatchObject({ ownerId: leaver.id, version: 3 });
    expect(await lastOf(id)).toMatchObject({ endedAs: 'undone', endedBy: leader.id });
    expect((await eventsAbout(id)).at(-1)).toMatchObject({
      kind: 'ownership.restored',
      data: { from: heir.id, to: leaver.id, part: 'owner' },
    });
  });

  it('of a process takes back the stages that had come along, and leaves those the heir had before', async () => {
    await managedBy(leaver, heir);
    const theirs = await processOf(leaver);
    await editRow(theirs, 'incident_response', { accountable: heir.id });
    await remove(leaver);
    expect(await findProcess(theirs)).toMatchObject({ ownerId: heir.id });
    await bringBack(leaver);
    expect(await undoSuccession(leader.actor, (await lastOf(theirs)).id)).toEqual({ ok: true });
    expect(await findProcess(theirs)).toMatchObject({ ownerId: leaver.id });
    const { rows } = await matrixOf(theirs);
    expect(rows.filter(({ accountable }) => accountable === heir.id).map(({ stage }) => stage)).toEqual(['incident_response']);
  });

  it('of stages of another’s process gives back those stages', async () => {
    const theirs = await processOf(steady);
    await editRow(theirs, 'logging_audit', { accountable: leaver.id });
    await remove(leaver);
    await bringBack(leaver);
    expect(await undoSuccession(leader.actor, (await lastOf(theirs)).id)).toEqual({ ok: true });
    const { rows } = await matrixOf(theirs);
    expect(rows.find(({ stage }) => stage === 'logging_audit')?.accountable).toBe(leaver.id);
  });

  it.each<[string, () => Promise<[TestPerson, string]>, string]>([
    ['while who had it is still out', async () => [leader, (await inherited()).row], 'HOLDER_GONE'],
    [
      'by who may not give agents to others',
      async () => {
        const { row } = await inherited();
        await bringBack(leaver);
        return [await person(['process_owner', 'engineer', 'risk']), row];
      },
      'NOT_ALLOWED',
    ],
    [
      'once somebody else was named',
      async () => {
        const { id, row } = await inherited();
        await bringBack(leaver);
        expect(await reassign(leader.actor, { items: [held(id, heir)], to: steady.id, reason: 'Moved on' })).toMatchObject([
          { refusal: null },
        ]);
        return [leader, row];
      },
      'MOVED_ON',
    ],
    ['of what nobody took', async () => [leader, (await lastOf(await orphan())).id], 'NOBODY_TOOK_IT'],
    ['of nothing', async () => [leader, 'suc_nothing'], 'NOT_FOUND'],
    [
      'of an agent that was decommissioned since',
      async () => {
        const { id, row } = await inherited();
        await bringBack(leaver);
        expect(await decommissionAgent(leader.actor, id, 'Over')).toMatchObject({ ok: true });
        return [leader, row];
      },
      'WRONG_STATE',
    ],
  ])('is refused %s', async (_, given, code) => {
    const [who, row] = await given();
    expect(await undoSuccession(who.actor, row)).toEqual({ ok: false, code });
  });

  it('twice at once happens once', async () => {
    const { id, row } = await inherited();
    await bringBack(leaver);
    const outcomes = await Promise.all([undoSuccession(leader.actor, row), undoSuccession(admin.actor, row)]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await kindsOf(id)).filter((kind) => kind === 'ownership.restored')).toHaveLength(1);
  });
});

describe('the grace of an orphan', () => {
  it('over, its agent is suspended by Countersign with the reason, once, however many sweep at once', async () => {
    const id = await orphan();
    expect(await sweep()).toBe(0);
    await graceOver(id);
    const counts = await Promise.all([sweep(), sweep(), sweep()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await sweep()).toBe(0);
    expect((await findAgent(id))?.status).toBe('suspended');
    expect(await lastOf(id)).toMatchObject({ endedAs: 'suspended', endedBy: 'jobs' });
    const told = (await eventsAbout(id)).filter(({ kind }) => kind === 'agent.suspended');
    expect(told).toMatchObject([{ actor: { type: 'system', id: 'jobs' }, data: { because: 'ORPHANED' } }]);
  });

  it('of an agent that cannot be suspended now keeps no other waiting, and says so', async () => {
    const stuck = await orphan();
    leaver = await person(['leader', 'process_owner']);
    const id = await orphan();
    await prisma().$executeRaw`UPDATE successions SET grace_until = now() - interval '1 hour' WHERE subject_id = ${stuck}`;
    await graceOver(id);
    const write = (record: string) =>
      prisma().$transaction(async (tx) => {
        await tx.$executeRaw`UPDATE agents SET record = ${record}::jsonb WHERE id = ${stuck}`;
        await appendEvent(tx, { kind: 'agent.changed', actor: setup, subject: { type: 'agent', id: stuck }, data: {} });
      });
    await write('"unreadable"');
    await expect(sweep()).rejects.toThrow();
    expect((await findAgent(id))?.status).toBe('suspended');
    await write('{}');
    expect(await sweep()).toBe(1);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['somebody was named', (id) => reassign(leader.actor, { items: [held(id, leaver)], to: heir.id, reason: 'Takes over' })],
    ['who left is back', () => bringBack(leaver)],
    [
      'the owner was changed at once, behind the form',
      async (id) => expect(await editAgent(setup, id, await edited(id, { ownerId: heir.id }))).toMatchObject({ ok: true }),
    ],
  ])('ends as settled when %s, and nothing is suspended', async (_, settle) => {
    const id = await orphan();
    await settle(id);
    expect((await successionsOf(id))[0]).toMatchObject({ endedAs: 'settled' });
    await graceOver(id);
    expect(await sweep()).toBe(0);
    expect((await findAgent(id))?.status).toBe('active');
  });

  it('of an agent that does not act suspends nothing', async () => {
    const id = await orphan('approved');
    await graceOver(id);
    expect(await sweep()).toBe(0);
    expect(await lastOf(id)).toMatchObject({ endedAt: null });
  });

  it('of a process is settled by its new owner, with its stages', async () => {
    const theirs = await processOf(leaver);
    await remove(leaver);
    const { id: _, ...shown } = (await findProcess(theirs)) ?? { id: '', name: '', ownerId: '', description: '' };
    expect(await changeProcess(admin.actor, theirs, { ...shown, ownerId: steady.id, shown })).toMatchObject({ ok: true });
    expect(await lastOf(theirs)).toMatchObject({ endedAs: 'settled', endedBy: admin.id });
  });
});

describe('giving things to another person', () => {
  const give = (who: TestPerson, items: HeldRef[], to: TestPerson | { id: string }) =>
    reassign(who.actor, { items, to: to.id, reason: 'New team' });

  it('moves each with its row and its event; the reason stays out of the ledger', async () => {
    const id = await agentOf({ process, owner: leaver, sponsor: leaver });
    const theirs = await processOf(leaver);
    const [owner] = [await person(['process_owner'])];
    const items = [held(id, leaver), held(id, leaver, { part: 'sponsor' }), held(theirs, leaver, { type: 'process' })];
    expect((await give(leader, items, owner)).map(({ refusal }) => refusal)).toEqual([null, null, null]);
    expect(await findAgent(id)).toMatchObject({ ownerId: owner.id, sponsorId: owner.id, version: 3 });
    expect(await findProcess(theirs)).toMatchObject({ ownerId: owner.id });
    expect((await matrixOf(theirs)).rows.every(({ accountable }) => accountable === owner.id)).toBe(true);
    const told = (await eventsAbout(id)).filter(({ kind }) => kind === 'ownership.reassigned');
    expect(told).toMatchObject([
      { actor: leader.actor, data: { part: 'owner', from: leaver.id, to: owner.id } },
      { data: { part: 'sponsor' } },
    ]);
    expect(JSON.stringify(told)).not.toContain('New team');
  });

  it('leaves the rest when one is refused', async () => {
    const [mine, built] = [await agentOf({ process, owner: leaver }), await agentOf({ process, owner: leaver, author: heir })];
    const results = await give(leader, [held(built, leaver), held(mine, leaver)], heir);
    expect(results.map(({ refusal }) => refusal)).toEqual(['IS_BUILDER', null]);
    expect([await ownerOf(built), await ownerOf(mine)]).toEqual([leaver.id, heir.id]);
  });

  it.each<[string, () => Promise<[TestPerson, HeldRef, { id: string }]>, string]>([
    [
      'by a process owner or an engineer',
      async () => [await person(['process_owner', 'engineer']), held(await agentOf({ process, owner: leaver }), leaver), heir],
      'NOT_ALLOWED',
    ],
    [
      'to who left',
      async () => {
        const gone = await person(['leader']);
        await remove(gone);
        return [leader, held(await agentOf({ process, owner: leaver }), leaver), gone];
      },
      'NOT_ACTIVE',
    ],
    ['to nobody', async () => [leader, held(await agentOf({ process, owner: leaver }), leaver), { id: 'usr_nobody' }], 'NOT_ACTIVE'],
    ['to who wrote it', async () => [leader, held(await agentOf({ process, owner: leaver, author: heir }), leaver), heir], 'IS_BUILDER'],
    [
      'to another account of who wrote it',
      async () => {
        const builder = await person(['engineer']);
        return [
          leader,
          held(await agentOf({ process, owner: leaver, author: builder }), leaver),
          await person(['leader'], builder.personId),
        ];
      },
      'IS_BUILDER',
    ],
    [
      'by who wrote it, once it was reviewed',
      async () => {
        const both = await person(['engineer', 'leader']);
        return [both, held(await agentOf({ process, owner: leaver, author: both }), leaver), heir];
      },
      'OWN_AGENT',
    ],
    [
      'by who wrote it, who would vouch for it too, once it was reviewed',
      async () => {
        const both = await person(['engineer', 'leader']);
        const id = await agentOf({ process, owner: heir, sponsor: leaver, author: both });
        return [both, held(id, leaver, { part: 'sponsor' }), both];
      },
      'OWN_AGENT',
    ],
    ['to who has it', async () => [leader, held(await agentOf({ process, owner: leaver }), leaver), leaver], 'ALREADY_THEIRS'],
    [
      'from who does not have it any more',
      async () => [leader, held(await agentOf({ process, owner: heir }), leaver), steady],
      'CHANGED_MEANWHILE',
    ],
    [
      'when it was decommissioned',
      async () => [leader, held(await agentOf({ process, owner: leaver, status: 'decommissioned' }), leaver), heir],
      'WRONG_STATE',
    ],
    ['when it is not there', async () => [leader, held('agt_nothing', leaver), heir], 'NOT_FOUND'],
    [
      'of a process to a leader who owns none',
      async () => [leader, held(await processOf(leaver), leaver, { type: 'process' }), heir],
      'NOT_PROCESS_OWNER',
    ],
    [
      'of a process to who built in it',
      async () => {
        const builder = await person(['process_owner', 'engineer']);
        const theirs = await processOf(leaver);
        await agentOf({ process: theirs, owner: leaver, author: builder });
        return [leader, held(theirs, leaver, { type: 'process' }), builder];
      },
      'IS_BUILDER',
    ],
    [
      'of a process to who wrote in the record of an agent of it',
      async () => {
        const finisher = await person(['process_owner', 'engineer']);
        const theirs = await processOf(leaver);
        await agentOf({ process: theirs, owner: leaver, editor: finisher });
        return [leaver, held(theirs, leaver, { type: 'process' }), finisher];
      },
      'IS_BUILDER',
    ],
    [
      'of a part that a process does not have',
      async () => [leader, held(await processOf(leaver), leaver, { type: 'process', part: 'sponsor' }), steady],
      'NOT_FOUND',
    ],
  ])('is refused %s', async (_, given, code) => {
    const [who, item, to] = await given();
    const before = await prisma().succession.count();
    expect(await give(who, [item], to)).toEqual([{ ...item, refusal: code }]);
    expect(await prisma().succession.count()).toBe(before);
  });

  it('and a deactivation of who takes them at once never leave them with somebody who left unheard: 20 races', async () => {
    for (let round = 0; round < 20; round++) {
      const [from, taker] = [await person(['leader']), await person(['leader'])];
      const id = await agentOf({ process, owner: from });
      await Promise.all([give(leader, [held(id, from)], taker), deactivateUser(setup, taker.id)]);
      expect([from.id, steady.id], `round ${round}`).toContain(await ownerOf(id));
    }
  });
});
