import { z } from 'zod';

/** The queues there are; each costs connections, so at most four. */
export const queueNames = ['sweeps'] as const;
export type QueueName = (typeof queueNames)[number];

type Declaration = {
  queue: QueueName;
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
  'approvals.expire': { queue: 'sweeps', payload: nothing, everyMs: 5 * second, atStart: true },
  'idempotency.sweep': { queue: 'sweeps', payload: nothing, everyMs: hour, atStart: false },
  'ledger.partitions': { queue: 'sweeps', payload: nothing, everyMs: 24 * hour, atStart: true },
} as const satisfies Record<string, Declaration>;

export type JobName = keyof typeof catalog;
export type JobPayload<Name extends JobName> = z.infer<(typeof catalog)[Name]['payload']>;
/** One handler for every declared job: a job without one does not compile. */
/** A handler answers how many rows it changed. */
export type JobHandlers = { [Name in JobName]: (payload: JobPayload<Name>) => Promise<number> };

export const JobName = z.enum(Object.keys(catalog) as [JobName, ...JobName[]]);
