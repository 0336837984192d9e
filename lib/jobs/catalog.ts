import { z } from 'zod';

/** The queues there are; each costs connections, so at most four. */
export const queueNames = ['sweeps'] as const;
export type QueueName = (typeof queueNames)[number];

type Declaration = {
  queue: QueueName;
  /** What it does, in a sentence for administrators. */
  does: string;
  payload: z.ZodType;
  /** How often it runs without being asked. */
  everyMs: number;
  /** Whether every start of the jobs process runs it too. */
  atStart: boolean;
};

const second = 1_000;
const hour = 3_600 * second;
const nothing = z.object({});

/** The closed list of jobs. A job only wakes a sweep that reads what is due from the database: losing one, or running it twice, changes nothing. */
export const catalog = {
  'approvals.expire': {
    queue: 'sweeps',
    does: 'Refuses requests whose deadline has passed.',
    payload: nothing,
    everyMs: 5 * second,
    atStart: true,
  },
  'approvals.escalate': {
    queue: 'sweeps',
    does: 'Reminds those who may sign, then calls backups and the accountable owner, as a deadline comes near.',
    payload: nothing,
    everyMs: 5 * second,
    atStart: true,
  },
  'breakers.recover': {
    queue: 'sweeps',
    does: 'Closes circuit breakers whose probes did well, and opens those again whose did not.',
    payload: nothing,
    everyMs: 3 * second,
    atStart: true,
  },
  'breakers.sweep': {
    queue: 'sweeps',
    does: 'Forgets what circuit breakers counted so long ago that none looks back to it.',
    payload: nothing,
    everyMs: hour,
    atStart: false,
  },
  'containment.acknowledge': {
    queue: 'sweeps',
    does: 'Writes down when every gateway had acknowledged a stop, or which stayed silent.',
    payload: nothing,
    everyMs: 2 * second,
    atStart: true,
  },
  'drills.run': {
    queue: 'sweeps',
    does: 'Begins the kill drills that are due, and ends those that every gateway has acknowledged.',
    payload: nothing,
    everyMs: 2 * second,
    atStart: true,
  },
  'findings.detect': {
    queue: 'sweeps',
    does: 'Looks with every detector for what a person must close, and closes what is gone.',
    payload: nothing,
    everyMs: 60 * second,
    atStart: true,
  },
  'gateways.sweep': {
    queue: 'sweeps',
    does: 'Forgets gateways that went long ago, and what they had acknowledged; what became of each stop is kept.',
    payload: nothing,
    everyMs: hour,
    atStart: false,
  },
  'idempotency.sweep': {
    queue: 'sweeps',
    does: 'Forgets kept answers to agents once their time is over.',
    payload: nothing,
    everyMs: hour,
    atStart: false,
  },
  'jobs.sweep': {
    queue: 'sweeps',
    does: 'Removes old runs of jobs from this page.',
    payload: nothing,
    everyMs: hour,
    atStart: true,
  },
  'ledger.partitions': {
    queue: 'sweeps',
    does: 'Makes the ledger’s tables for the coming months.',
    payload: nothing,
    everyMs: 24 * hour,
    atStart: true,
  },
  'maturity.record': {
    queue: 'sweeps',
    does: 'Records today’s maturity and metrics of the organisation, every process and every agent.',
    payload: nothing,
    everyMs: hour,
    atStart: true,
  },
  'observations.sweep': {
    queue: 'sweeps',
    does: 'Forgets what gateways noticed so long ago that it says nothing any more.',
    payload: nothing,
    everyMs: hour,
    atStart: false,
  },
  'reviews.open': {
    queue: 'sweeps',
    does: 'Opens the review campaigns of the period, by risk class.',
    payload: nothing,
    everyMs: hour,
    atStart: true,
  },
  'reviews.remind': {
    queue: 'sweeps',
    does: 'Reminds reviewers 14, 7 and 0 days before a review is due, and escalates what is overdue.',
    payload: nothing,
    everyMs: hour,
    atStart: true,
  },
  'succession.grace': {
    queue: 'sweeps',
    does: 'Suspends agents whose owner left, once the grace to name somebody is over.',
    payload: nothing,
    everyMs: 60 * second,
    atStart: true,
  },
} as const satisfies Record<string, Declaration>;

export type JobName = keyof typeof catalog;
export type JobPayload<Name extends JobName> = z.infer<(typeof catalog)[Name]['payload']>;
/** One handler for every declared job: a job without one does not compile. A handler answers how many rows it changed. */
export type JobHandlers = { [Name in JobName]: (payload: JobPayload<Name>) => Promise<number> };

export const JobName = z.enum(Object.keys(catalog) as [JobName, ...JobName[]]);
