import { listKills, liftKill, planDrills, runDrill, setKill, sweepDrills, tellAcknowledged } from '@/lib/containment/service';
import { newId } from '@/lib/kernel/ids';
import { by, done, hourMs, minuteMs, type Event, type Stage } from './stage';

/** What is stopped, once because of a report and now and then for practice. */
const agent = 'agt_rebooking';
/** The gateways of a history speak only while something is stopped, each after so many milliseconds. */
const gateways = ['gateway-1:4000', 'gateway-2:4000'];
const lookMs = 20;
/** Drills every so many days, in the small hours. */
const every = { everyDays: 28, window: { fromHour: 2, toHour: 5 }, confirmed: true } as const;

type Press = { press: () => Promise<unknown>; afterMs: readonly number[]; afterwards?: () => Promise<unknown> };

/** Has something stopped, and the gateways acknowledge it one after the other. */
async function heard({ gateway, timeline }: Stage, { press, afterMs, afterwards }: Press): Promise<void> {
  const alive = gateways.map((name) => ({ id: newId('gtw'), name }));
  for (const one of alive) await gateway.say(one);
  // A drill waits for its gateways, so the clock moves on before it returns.
  const pressed = press();
  await inForce(pressed);
  const begun = timeline.now;
  alive.forEach((one, index) => timeline.at(begun + (afterMs[index] ?? 0), () => gateway.say(one)));
  timeline.at(begun + Math.max(...afterMs) + 1, async () => {
    await pressed;
    await sweepDrills();
    await tellAcknowledged();
    for (const one of alive) await gateway.say(one, true);
    await afterwards?.();
  });
}

/** Resolves once the agent is stopped, or whoever pressed has come to an end. */
async function inForce(pressed: Promise<unknown>): Promise<void> {
  let over = false;
  const end = () => {
    over = true;
  };
  void pressed.then(end, end);
  while (!over && !(await listKills()).some(({ target }) => target === agent)) await new Promise((resolve) => setTimeout(resolve, lookMs));
}

/** The first drill by hand, and the plan of those to come. */
const begin = (stage: Stage) =>
  heard(stage, {
    press: async () => done(await runDrill(by('sofia'), { target: { agent }, confirmed: true }), 'drill'),
    afterMs: [190, 412],
    afterwards: async () => done(await planDrills(by('sofia'), { target: { agent }, ...every }), 'plan'),
  });

const drill = (afterMs: readonly number[]) => (stage: Stage) => heard(stage, { press: () => sweepDrills(), afterMs });

/** A stop because of a report, and its end by a second person. */
async function stop(stage: Stage): Promise<void> {
  const { timeline } = stage;
  const source = { type: 'report', at: new Date(timeline.now - 4 * minuteMs) } as const;
  const asked = { scope: 'agent', target: agent, reason: 'A group was moved twice, says the airport desk.', source } as const;
  const { kill } = done(await setKill(by('sofia'), asked), 'kill');
  const lift = { id: kill.id, reason: 'The desk had asked twice itself; the agent did what it was told.' };
  timeline.at(timeline.now + 25 * minuteMs, async () => void done(await liftKill(by('chloe'), lift), 'lift'));
}

/** The stops of a history; a planned drill comes when its hours open. */
export const stops: readonly Event[] = [
  { days: 84, hour: 10, agent, act: begin },
  { days: 55, hour: 2 + 6 * (minuteMs / hourMs), agent, act: drill([240, 1_310]) },
  { days: 46, hour: 10, agent, act: (stage) => heard(stage, { press: () => stop(stage), afterMs: [150, 335] }) },
  { days: 27, hour: 2 + 8 * (minuteMs / hourMs), agent, act: drill([171, 268]) },
];
