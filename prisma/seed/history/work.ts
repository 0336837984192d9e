import type { Principal } from '@/lib/check/domain';
import type { CheckAnswer } from '@/lib/check/schema';
import { releaseWorkflow } from '@/lib/containment/service';
import type { OutcomeReport } from '@/lib/outcomes/schema';
import { settleOutcome } from '@/lib/outcomes/service/settle';
import { drawArguments } from '../organisation/actions';
import { modelName, type SampleAgent, type Work } from '../organisation/agents';
import { processes, type SampleProcess } from '../organisation/processes';
import { Random } from './random';
import { by, dayMs, done, hourMs, minuteMs, type Stage } from './stage';
import { awaitVerdict } from './waiting';

/** What comes often comes in so many runs a day, not one by one. */
const burstsPerDay = 2;
const weekendShare = 0.35;
const settledShare = 0.6;
/** What was halted since waits for whoever looks at the sample. */
const unreleasedDays = 1.5;
/** Agents leave something out now and then: refused, since the arguments are not what the tool takes. */
const malformedShare = 0.007;
const usual = { missing: 0.004, ambiguous: 0.001 };

/** How the work of one task goes on; every draw is its own, so that what happens beside it changes nothing. */
type Task = { agent: SampleAgent; process: SampleProcess; work: Work; name: string; random: Random; principal?: Principal; model: string };
/** What a burst shares: the pauses between its steps, so that its checks reach the gateway together. */
type Pace = { thinkMs: number; actMs: number };

/** planDay plans the tasks an agent has on one day: in office hours on working days, or around the clock. */
export function planDay(stage: Stage, agent: SampleAgent, dayStartMs: number): void {
  const day = new Date(dayStartMs).toISOString().slice(0, 10);
  const weekday = new Date(dayStartMs).getUTCDay();
  const weekend = weekday === 0 || weekday === 6;
  for (const work of agent.work) {
    if (weekend && !work.always) continue;
    const random = new Random(`${agent.agent.id} ${work.task} ${day}`);
    const atOnce = Math.max(work.atOnce ?? 1, Math.round(work.perDay / burstsPerDay));
    const wanted = ((stage.volume * work.perDay) / atOnce) * (weekend ? weekendShare : 1) * (0.7 + 0.6 * random.next());
    const bursts = Math.floor(wanted) + (random.chance(wanted % 1) ? 1 : 0);
    for (let burst = 0; burst < bursts; burst++) {
      const at = dayStartMs + (work.always && random.chance(0.35) ? random.next() * dayMs : officeTime(random));
      planBurst(stage, agent, work, at, `${day.replaceAll('-', '')}-${burst}`, random.between(Math.max(1, atOnce - 1), atOnce + 1));
    }
  }
}

/** Most of the work comes before noon, some after lunch. */
const officeTime = (random: Random): number =>
  random.chance(0.6) ? (7 + 5 * random.next()) * hourMs : (13 + 4.5 * random.next()) * hourMs;

/** planBurst plans some tasks of one kind that begin together. */
export function planBurst(
  stage: Stage,
  agent: SampleAgent,
  work: Work,
  at: number,
  name: string,
  size: number,
  model = modelName(agent.agent),
): void {
  const process = processes.find(({ id }) => id === agent.agent.processId);
  if (!process || at < stage.beginMs) return;
  const random = new Random(`${agent.agent.id} ${work.task} ${name}`);
  const pace = { thinkMs: random.between(900, 9_000), actMs: random.between(1_200, 14_000) };
  for (let i = 0; i < size; i++) {
    const task: Task = {
      agent,
      process,
      work,
      model,
      name: `${work.task}-${name}-${i + 1}`,
      random: new Random(`${agent.agent.id} ${work.task} ${name} ${i}`),
    };
    stage.timeline.at(at, async () => {
      const credential = stage.credentials.get(agent.agent.id);
      if (!credential) return;
      const principal = await stage.gateway.enter(credential.clientId, credential.secret, task.name);
      if (!principal) return;
      task.principal = principal;
      stage.timeline.at(at + pace.thinkMs, () => step(stage, task, pace, 0));
    });
  }
}

async function step(stage: Stage, task: Task, pace: Pace, index: number): Promise<void> {
  const action = task.work.steps[index];
  if (action === undefined || !task.principal) return;
  const body = bodyOf(task, action);
  const answer = await stage.gateway.check(task.principal, body);
  const { timeline } = stage;
  if (answer.decision) {
    finish(stage, task, pace, answer);
    // It tells what came of one step in the moment in which it asks for the next.
    timeline.at(timeline.now + pace.actMs, () => step(stage, task, pace, index + 1));
  } else if (answer.context.verdict === 'approval_required') {
    const { principal, random } = task;
    awaitVerdict(stage, answer, task.process.desk, random, async (id) => {
      const redeemed = await stage.gateway.check(principal, { ...body, context: { ...body.context, approval: { id } } }, `use-${id}`);
      if (redeemed.decision) finish(stage, task, pace, redeemed);
    });
  } else if (answer.context.verdict === 'halt') planRelease(stage, task);
}

function bodyOf(task: Task, action: string) {
  const { random } = task;
  const args = drawArguments(action, random, task.work.over);
  const [first] = Object.keys(args);
  if (first !== undefined && random.chance(malformedShare)) delete args[first];
  const confidence = random.chance(0.002)
    ? 0.3 + 0.19 * random.next()
    : random.chance(0.03)
      ? 0.5 + 0.29 * random.next()
      : 0.82 + 0.17 * random.next();
  return {
    action: { name: action },
    context: {
      arguments: args,
      supported_obligations: ['report_outcome'],
      confidence: Math.round(confidence * 100) / 100,
      trigger: `queue:${task.work.task}`,
      model: task.model,
      summary: `${action} for ${task.name}`,
    },
  };
}

function finish(stage: Stage, task: Task, pace: Pace, answer: CheckAnswer): void {
  const { random, principal, process } = task;
  const { missing, ambiguous } = task.agent.reports ?? usual;
  if (random.chance(missing) || !principal) return;
  const status = random.chance(ambiguous) ? 'ambiguous' : random.chance(0.012) ? 'failed' : random.chance(0.003) ? 'partial' : 'succeeded';
  const decision = answer.context.id;
  const report: OutcomeReport = {
    decision,
    status,
    tokens: random.between(400, 9_000),
    cost_usd: (random.between(4, 900) / 10_000).toFixed(4),
  };
  stage.timeline.at(stage.timeline.now + pace.actMs, async () => {
    await stage.gateway.follow();
    await stage.gateway.report(principal, report);
  });
  if (status === 'ambiguous' && random.chance(settledShare))
    stage.timeline.at(stage.timeline.now + random.between(3, 30) * hourMs, async () => {
      // The explorer knows whose process it was.
      await stage.gateway.project();
      done(await settleOutcome(by(process.owner), decision, 'succeeded', 'Looked it up in the system itself.'), 'settling');
    });
}

/** A halted workflow waits for a senior person of another desk. */
function planRelease(stage: Stage, { principal, random }: Task): void {
  if (!principal || stage.timeline.now > stage.endMs - unreleasedDays * dayMs) return;
  const releaser = by(random.pick(['liam', 'mateo', 'helena', 'sofia', 'chloe']));
  const reason = random.pick([
    'Looked at with the owner; it may go on.',
    'A person does this one; the task is closed.',
    'Known case, see the runbook.',
  ]);
  stage.timeline.at(stage.timeline.now + random.skewed(12, 300) * minuteMs, async () => {
    await releaseWorkflow(releaser, { workflowId: principal.workflow, reason });
  });
}
