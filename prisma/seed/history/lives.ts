import { issueCredential, rotateCredential } from '@/lib/identity/service';
import { activateAgent, approveAgent, decommissionAgent, registerAgent, resumeAgent, submitAgent, suspendAgent } from '@/lib/registry/service';
import { deactivateUser } from '@/lib/people/service';
import { liftKill, setKill } from '@/lib/containment/service';
import { abandoned, abandonment, agents, creep, creeping, waiting, type SampleAgent, type Work } from '../organisation/agents';
import { Random } from './random';
import { by, dayMs, done, hourMs, minuteMs, type Stage } from './stage';
import { planBurst, planDay } from './work';

const reviewEveryDays = 120;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const ownerOf = ({ agent }: SampleAgent) => ({ type: 'operator' as const, id: agent.ownerId ?? '' });

/** planLives plans the whole history: every agent's life and work, and what people do beside it. */
export function planLives(stage: Stage): void {
  const all = [...agents, creeping, abandoned];
  all.forEach((agent, index) => planLife(stage, agent, index));
  planDraft(stage, waiting);
  planEvents(stage);
  planCreep(stage);
  planLastHour(stage);
}

/** An hour of the day that lies so many days before the end; what is before the history is its beginning. */
const ago = ({ beginMs, endMs }: Stage, days: number, hour = 0): number =>
  Math.max(beginMs + hour * minuteMs, midnight(endMs) - days * dayMs + hour * hourMs);

function planLife(stage: Stage, agent: SampleAgent, index: number): void {
  const { timeline, endMs } = stage;
  const born = ago(stage, agent.since) + (10 + 4 * index) * minuteMs;
  timeline.at(born, () => bringToLife(stage, agent));
  const { rotatedAfter } = agent.credential;
  if (rotatedAfter > 0) timeline.at(born + rotatedAfter * dayMs + 9 * hourMs, () => rotate(stage, agent));
  const silent = agent.until === undefined ? endMs : ago(stage, agent.until);
  for (let start = midnight(born) + dayMs; start < silent; start += dayMs)
    timeline.at(start, async () => planDay(stage, agent, start));
}

const midnight = (ms: number): number => ms - (ms % dayMs);

/** Registered, handed over, reviewed by another, given a secret, activated by who answers for it. */
async function bringToLife(stage: Stage, agent: SampleAgent): Promise<void> {
  const { builder, reviewer } = agent.cadre;
  await register(stage, agent);
  const { id } = agent.agent;
  done(await submitAgent(by(builder), id), id);
  done(await approveAgent(by(reviewer), id), id);
  const issued = done(await issueCredential(by(builder), id, { label: 'production', days: agent.credential.days }), id);
  stage.credentials.set(id, { clientId: issued.credential.id, secret: issued.secret });
  // The abandoned one's owner owns no process, so its sponsor let it act.
  const activates = agent === abandoned ? by('mateo') : ownerOf(agent);
  done(await activateAgent(activates, id), id);
}

async function register(stage: Stage, { agent, cadre, until }: SampleAgent): Promise<void> {
  const ends = until === undefined || agent.id !== abandoned.agent.id ? {} : { endsOn: day(stage.endMs - abandonment.endsOn * dayMs) };
  const nextReviewOn = day(stage.timeline.now + reviewEveryDays * dayMs);
  done(await registerAgent(by(cadre.builder), { ...agent, nextReviewOn, ...ends }), agent.id);
}

async function rotate(stage: Stage, { agent, cadre }: SampleAgent): Promise<void> {
  const old = stage.credentials.get(agent.id);
  if (!old) return;
  const issued = done(await rotateCredential(by(cadre.builder), old.clientId), agent.id);
  stage.credentials.set(agent.id, { clientId: issued.credential.id, secret: issued.secret });
}

function planDraft(stage: Stage, agent: SampleAgent): void {
  stage.timeline.at(ago(stage, agent.since, 9), async () => {
    await register(stage, agent);
    done(await submitAgent(by(agent.cadre.builder), agent.agent.id), agent.agent.id);
  });
}

/** What people did beside the agents' work. */
function planEvents(stage: Stage): void {
  const { timeline } = stage;
  const at = (days: number, hour: number, act: () => Promise<unknown>) => {
    // A shorter history leaves out what happened before it.
    if (stage.endMs - days * dayMs > stage.beginMs + dayMs) timeline.at(ago(stage, days, hour), async () => void (await act()));
  };
  at(55, 10, async () => {
    const { kill } = done(await setKill(by('sofia'), { scope: 'agent', target: 'agt_rebooking', reason: 'Drill: the quarterly stop of one agent.' }), 'kill');
    timeline.at(timeline.now + 25 * minuteMs, async () => {
      done(await liftKill(by('chloe'), { id: kill.id, reason: 'The drill is over; every gateway refused in time.' }), 'lift');
    });
  });
  at(38, 11, async () => done(await suspendAgent(by('marta'), 'agt_newsletter', 'Two mails went out twice.'), 'suspend'));
  at(36, 15, async () => done(await resumeAgent(by('sofia'), 'agt_newsletter', 'The list is sent once now.'), 'resume'));
  at(30, 14, async () => done(await deactivateUser(by('grace'), 'usr_bruno'), 'bruno'));
  at(abandonment.ownerLeft, 16, async () => done(await deactivateUser(by('grace'), 'usr_david'), 'david'));
  at(12, 10, async () => done(await decommissionAgent(by('pedro'), 'agt_carrier_scores', 'The tracker does this now.'), 'decommission'));
  at(9, 13, async () => done(await suspendAgent(by('aisha'), 'agt_clause_search', 'Its results are being checked.'), 'suspend'));
}

/** Scope creep: what it was never given, one try at a time. */
function planCreep(stage: Stage): void {
  const random = new Random('creep');
  for (let days = creep.since; days > 0; days--) {
    if (!random.chance(creep.perDay)) continue;
    const work: Work = { task: 'enrichment-plus', steps: [random.pick(creep.steps)], perDay: 1 };
    planBurst(stage, creeping, work, ago(stage, days, random.between(8, 16)), `try-${days}`, 1, creep.model);
  }
}

/** Whatever the hour, something waits when the history ends: what came in during the last hour. */
function planLastHour(stage: Stage): void {
  const recent: [string, string, number][] = [
    ['agt_invoices', 'large-invoices', 52],
    ['agt_sender', 'sending', 41],
    ['agt_screening', 'screening', 33],
    ['agt_refunds', 'group-refunds', 24],
    ['agt_month_end', 'accruals', 13],
    ['agt_urgent_payer', 'urgent', 8],
  ];
  for (const [id, task, minutes] of recent) {
    const agent = agents.find((one) => one.agent.id === id);
    const work = agent?.work.find((one) => one.task === task);
    if (agent && work) planBurst(stage, agent, work, stage.endMs - minutes * minuteMs, 'last-hour', 1);
  }
}
