import { issueCredential, rotateCredential } from '@/lib/identity/service';
import {
  activateAgent,
  approveAgent,
  decommissionAgent,
  registerAgent,
  resumeAgent,
  submitAgent,
  suspendAgent,
} from '@/lib/registry/service';
import { deactivateUser } from '@/lib/people/service';
import { publishPolicy } from '@/lib/policy/service';
import { beginReview } from '@/lib/reviews/service';
import { abandoned, abandonment, agents, creep, creeping, waiting, type SampleAgent, type Work } from '../organisation/agents';
import { processPolicies } from '../organisation/policies';
import { processes } from '../organisation/processes';
import { changes, givenAway } from './changes';
import { planNights } from './nights';
import { Random } from './random';
import { by, dayMs, done, hourMs, minuteMs, type Event, type Stage } from './stage';
import { stops } from './stops';
import { planBurst, planDay } from './work';

/** A first review comes within the history. */
const reviewAfterDays = 70;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Cast is who plays in a history: its agents, as many days back as it goes, and how much of their work comes. */
export type Cast = { days: number; agents: readonly SampleAgent[]; volume?: number };

/** everyone is the whole organisation. */
export const everyone: Cast = { days: 92, agents: [...agents, creeping, abandoned, waiting] };

/** planLives plans the whole history of a cast: every agent's life and work, and what people do beside it. */
export function planLives(stage: Stage, cast: Cast): void {
  cast.agents.forEach((agent, index) => (agent === waiting ? planDraft(stage, agent) : planLife(stage, agent, index)));
  const plays = (id: string) => cast.agents.some(({ agent }) => agent.id === id);
  planEvents(stage, plays);
  planPolicies(stage);
  if (plays(creeping.agent.id)) planCreep(stage);
  planLastHour(stage, cast);
  planNights(stage);
}

/** An hour of the day that lies so many days before the end; what is before the history is its beginning. */
const ago = ({ beginMs, endMs }: Stage, days: number, hour = 0): number =>
  Math.max(beginMs + hour * minuteMs, midnight(endMs) - days * dayMs + hour * hourMs);

/** The processes write rules of their own, one after the other. */
function planPolicies(stage: Stage): void {
  for (const { ago: days, policy } of processPolicies)
    stage.timeline.at(ago(stage, days, 11), async () => {
      done(await publishPolicy({ type: 'system', id: 'setup' }, policy), policy.id);
    });
}

function planLife(stage: Stage, agent: SampleAgent, index: number): void {
  const { timeline, endMs } = stage;
  const born = ago(stage, agent.since) + (10 + 4 * index) * minuteMs;
  timeline.at(born, () => bringToLife(stage, agent));
  const { rotatedAfter } = agent.credential;
  if (rotatedAfter > 0) timeline.at(born + rotatedAfter * dayMs + 9 * hourMs, () => rotate(stage, agent));
  const silent = agent.until === undefined ? endMs : ago(stage, agent.until);
  for (let start = midnight(born) + dayMs; start < silent; start += dayMs) timeline.at(start, async () => planDay(stage, agent, start));
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
  const process = processes.find((one) => one.id === agent.agent.processId);
  if (process) done(await activateAgent(by(process.owner), id), id);
}

async function register(stage: Stage, { agent, cadre, until }: SampleAgent): Promise<void> {
  const ends = until === undefined || agent.id !== abandoned.agent.id ? {} : { endsOn: day(stage.endMs - abandonment.endsOn * dayMs) };
  const nextReviewOn = day(stage.timeline.now + reviewAfterDays * dayMs);
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

/** What people did beside the agents' work, by the days before the end. */
const events: readonly Event[] = [
  ...changes,
  givenAway,
  { days: 52, hour: 9, act: async () => done(await beginReview(by('raj'), { cadence: 'policies' }), 'the review of policies') },
  ...stops,
  {
    days: 38,
    hour: 11,
    agent: 'agt_newsletter',
    act: async () => done(await suspendAgent(by('marta'), 'agt_newsletter', 'Two mails went out twice.'), 'suspend'),
  },
  {
    days: 36,
    hour: 15,
    agent: 'agt_newsletter',
    act: async () => done(await resumeAgent(by('sofia'), 'agt_newsletter', 'The list is sent once now.'), 'resume'),
  },
  { days: 30, hour: 14, act: async () => done(await deactivateUser(by('grace'), 'usr_bruno'), 'bruno') },
  {
    days: 12,
    hour: 0,
    agent: 'agt_carrier_scores',
    act: async () => done(await decommissionAgent(by('pedro'), 'agt_carrier_scores', 'The tracker does this now.'), 'decommission'),
  },
  {
    days: 9,
    hour: 0,
    agent: 'agt_clause_search',
    act: async () => done(await suspendAgent(by('aisha'), 'agt_clause_search', 'Its results are being checked.'), 'suspend'),
  },
  { days: abandonment.ownerLeft, hour: 16, act: async () => done(await deactivateUser(by('grace'), 'usr_david'), 'david') },
];

/** A shorter history leaves out what happened before it, a smaller cast what was done to others. */
function planEvents(stage: Stage, plays: (id: string) => boolean): void {
  const first = stage.beginMs + dayMs;
  for (const { days, hour, agent, act } of events)
    if (stage.endMs - days * dayMs > first && (agent === undefined || plays(agent)))
      stage.timeline.at(ago(stage, days, hour), async () => void (await act(stage)));
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
function planLastHour(stage: Stage, cast: Cast): void {
  const recent: [string, string, number][] = [
    ['agt_invoices', 'large-invoices', 52],
    ['agt_sender', 'sending', 41],
    ['agt_screening', 'screening', 33],
    ['agt_refunds', 'group-refunds', 24],
    ['agt_month_end', 'accruals', 13],
    ['agt_urgent_payer', 'urgent', 8],
  ];
  for (const [id, task, minutes] of recent) {
    const agent = cast.agents.find((one) => one.agent.id === id);
    const work = agent?.work.find((one) => one.task === task);
    if (agent && work) planBurst(stage, agent, work, stage.endMs - minutes * minuteMs, 'last-hour', 1);
  }
}
