import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess, registerAgent } from '@/lib/registry/service';
import { liftKill, listKills, setKill } from './kills';

let plane: PeoplePlane;
let owner: TestPerson;
let security: TestPerson;
let leader: TestPerson;
let engineer: TestPerson;
let agents = 0;

beforeAll(async () => {
  plane = await testPeoplePlane();
  [owner, security, leader, engineer] = [
    await person(['process_owner']),
    await person(['security']),
    await person(['leader']),
    await person(['engineer']),
  ];
  await createProcess(setup, { id: 'prc_payables', name: 'Accounts payable', ownerId: owner.id });
});
afterAll(() => plane.drop());

async function newAgent(): Promise<string> {
  const outcome = await registerAgent(setup, { id: `agt_test${++agents}`, name: 'Agent', purpose: 'Testing.', processId: 'prc_payables' });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.agent.id;
}

const stop = (target: string) => ({ scope: 'agent' as const, target, reason: 'It pays twice, says Ana.' });
const reason = 'Fixed and reviewed.';

async function stopped(by: TestPerson = security): Promise<string> {
  const outcome = await setKill(by.actor, stop(await newAgent()));
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.kill.id;
}

describe('a stop', () => {
  it('is in force at its commit, with an event that every gateway must see first, and the reason beside the ledger', async () => {
    const target = await newAgent();
    const outcome = await setKill(security.actor, stop(target));
    if (!outcome.ok) throw new Error(outcome.code);
    const { id } = outcome.kill;
    expect((await listKills()).map((kill) => kill.id)).toContain(id);
    const [event] = await eventsAbout(id);
    expect(event).toMatchObject({ kind: 'kill.set', actor: security.actor, data: { scope: 'agent', target } });
    expect(event?.commitment).toBeDefined();
    expect(JSON.stringify(event)).not.toContain('Ana');
    expect(await prisma().$queryRaw<unknown[]>`SELECT 1 FROM ledger_epochs WHERE kind = 'kill.set' AND subject = ${id}`).toHaveLength(1);
  });

  it('set again is the one in force, and writes nothing', async () => {
    const target = await newAgent();
    const first = await setKill(security.actor, stop(target));
    const second = await setKill(leader.actor, stop(target));
    expect(second).toMatchObject({ ok: true, already: true, kill: { id: first.ok ? first.kill.id : '' } });
    expect((await listKills()).filter((kill) => kill.target === target)).toHaveLength(1);
  });

  it('is set by a process owner on their own process and agents, and on nothing else', async () => {
    const stranger = await person(['process_owner']);
    const target = await newAgent();
    expect(await setKill(stranger.actor, stop(target))).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await setKill(owner.actor, stop(target))).toMatchObject({ ok: true });
    expect(await setKill(owner.actor, { scope: 'process', target: 'prc_payables', reason })).toMatchObject({ ok: true });
    expect(await setKill(owner.actor, { scope: 'organisation', target: 'organisation', reason })).toEqual({
      ok: false,
      code: 'NOT_ALLOWED',
    });
    const twin = await person(['process_owner'], owner.personId);
    expect(await setKill(twin.actor, stop(await newAgent()))).toMatchObject({ ok: true });
  });

  it('is refused to who may not, to a removed person, and on what does not exist', async () => {
    const target = await newAgent();
    const gone = await person(['security']);
    await deactivateUser(setup, gone.id);
    expect(await setKill(engineer.actor, stop(target))).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await setKill(gone.actor, stop(target))).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    for (const scope of ['agent', 'process', 'action_type', 'system'] as const) {
      expect(await setKill(security.actor, { scope, target: 'agt_typo', reason }), scope).toEqual({ ok: false, code: 'TARGET_UNKNOWN' });
    }
    expect((await listKills()).filter((kill) => kill.target === target || kill.target === 'agt_typo')).toEqual([]);
  });

  it('is lifted by a second person, never by who set it, with whichever account', async () => {
    const id = await stopped();
    const twin = await person(['leader'], security.personId);
    expect(await liftKill(security.actor, { id, reason })).toEqual({ ok: false, code: 'SAME_PERSON' });
    expect(await liftKill(twin.actor, { id, reason })).toEqual({ ok: false, code: 'SAME_PERSON' });
    expect(await liftKill({ type: 'operator', id: security.id }, { id, reason })).toEqual({ ok: false, code: 'SAME_PERSON' });
    expect((await listKills()).map((kill) => kill.id)).toContain(id);
    expect(await liftKill(leader.actor, { id, reason })).toMatchObject({ ok: true });
    expect((await listKills()).map((kill) => kill.id)).not.toContain(id);
    expect(await eventsAbout(id)).toMatchObject([
      { kind: 'kill.set' },
      { kind: 'kill.lifted', actor: leader.actor, data: { set_by: security.id } },
    ]);
  });

  it('is not lifted by an owner, an engineer, nobody, or twice', async () => {
    const id = await stopped();
    expect(await liftKill(owner.actor, { id, reason })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await liftKill(engineer.actor, { id, reason })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await liftKill({ type: 'user', id: 'usr_none' }, { id, reason })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await liftKill(leader.actor, { id: 'kil_none', reason })).toEqual({ ok: false, code: 'NOT_FOUND' });
    const others = [leader, await person(['leader']), await person(['security']), await person(['security'])];
    const outcomes = await Promise.all(others.map(({ actor }) => liftKill(actor, { id, reason })));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await liftKill(leader.actor, { id, reason })).toEqual({ ok: false, code: 'ALREADY_LIFTED' });
    expect((await eventsAbout(id)).filter(({ kind }) => kind === 'kill.lifted')).toHaveLength(1);
  });

  it('needs a reason, both ways', async () => {
    const id = await stopped();
    expect(() => setKill(security.actor, { ...stop('agt_x'), reason: '' })).toThrow();
    expect(() => liftKill(leader.actor, { id, reason: ' ' })).toThrow();
  });
});
