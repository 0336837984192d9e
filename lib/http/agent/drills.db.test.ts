import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { epochOf, runDrill, sweepDrills } from '@/lib/containment/service';
import { person, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { actionType, World } from './testdata/world';

let world: World;
let security: TestPerson;
beforeAll(async () => {
  world = await World.withPeople(2);
  security = await person(['security']);
  await world.addActionTypes([actionType('files.read', { effect: 'read' })]);
  await world.publish({ id: 'pol_all' });
});
afterAll(() => world.end());

const eventually = { timeout: 10_000, interval: 20 };
/** What each gateway answers the agent now. */
const verdicts = (token: string): Promise<string[]> =>
  Promise.all(
    [0, 1].map(async (gateway) => {
      const { answer } = await world.check(token, 'files.read', {}, { gateway });
      return [answer.context.verdict, ...answer.context.reasons.map(({ code }) => code)].join(' ');
    }),
  );

describe('a drill through gateways that decide', () => {
  test('is acknowledged by each of them, in its own words, and measured', async () => {
    const agent = await world.addAgent([], { status: 'draft' });
    const outcome = await runDrill(security.actor, { target: { agent } });
    expect(outcome).toMatchObject({ ok: true, drill: { silent: [], why: null } });
    if (!outcome.ok) return;
    expect(outcome.drill.gateways).toHaveLength(2);
    expect(['passed', 'slow']).toContain(outcome.drill.outcome);
    expect(outcome.drill.lastMs).toBe(Math.max(...outcome.drill.gateways.map(({ ms }) => ms ?? Number.NaN)));
  });

  test('really refuses its agent while it is under way, and lets it go on afterwards', async () => {
    const agent = await world.addAgent(['files.read']);
    const token = await world.token(agent);
    const allowed = await verdicts(token);
    expect(allowed).toEqual([expect.stringMatching(/^allow/), expect.stringMatching(/^allow/)]);
    const say = (epoch: number) => world.owner.query("SELECT gateway_says('gtw_late', 'late:4000', $1, NULL, false)", [epoch]);
    await say(1);
    const running = runDrill(security.actor, { target: { agent }, confirmed: true });
    const drill = await vi.waitFor(() => prisma().drill.findFirstOrThrow({ where: { agentId: agent, finishedAt: null } }), eventually);
    expect(await verdicts(token)).toEqual(['deny KILLED', 'deny KILLED']);
    await say(Number((await epochOf('kill.set', drill.killId ?? ''))?.seq));
    await running;
    await sweepDrills();
    await vi.waitFor(async () => expect(await verdicts(token)).toEqual(allowed), eventually);
    expect(await prisma().drill.findUnique({ where: { id: drill.id } })).toMatchObject({
      silent: [],
      finishedAt: expect.any(Date) as Date,
    });
  });
});
