import { randomUUID } from 'node:crypto';
import { createPostgresBackend, isPgPool, Queue, withBackend, Worker, type Job, type JobsOptions, type WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { QueueCounts } from './schema';
import { catalog, JobName, queueNames, type JobHandlers, type JobPayload, type QueueName } from './catalog';

/** Where queues live: PostgreSQL, unless a Redis is given. Neither holds any truth. */
export type QueueStore = { kind: 'postgres'; url: string } | { kind: 'redis'; url: string };

/** queueStore chooses Redis when there is one. */
export const queueStore = (databaseUrl: string, redisUrl?: string): QueueStore =>
  redisUrl ? { kind: 'redis', url: redisUrl } : { kind: 'postgres', url: databaseUrl };

/** Each queue and each worker has a small pool of its own, of which a worker's listener keeps one: sharing one hangs for ever when it is too small. */
const poolMax = 3;
const connectTimeoutMs = 5_000;
const closeMsMax = 2_000;
/** What carries the queues answers within this, or counts as away: its client would wait for it for ever. */
const answerMsMax = 10_000;
const concurrency = 2;
/** A turn that is this long past is not coming: far longer than a job takes, and than BullMQ needs to find one whose worker died. */
const overdueMsMax = 2 * 60_000;
const keptDone = { removeOnComplete: { count: 20 }, removeOnFail: { count: 100 } } as const;

// What we use of BullMQ's classes, whose own types differ by engine.
type Connected = { waitUntilReady(): Promise<unknown>; close(): Promise<unknown> };
type QueueLike = Connected & {
  on(event: 'error', listener: (error: Error) => void): unknown;
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: { every: number },
    template: { name: string; data: unknown; opts: typeof keptDone },
  ): Promise<unknown>;
  getJobSchedulers(): Promise<{ key: string; every?: number; next?: number | null }[]>;
  getJobCounts(...states: (keyof QueueCounts)[]): Promise<Record<string, number>>;
};
type WorkerLike = Connected & {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
};
type Processor = (job: Job) => Promise<void>;

/** The one place that knows which engine carries the queues. */
type Engine = {
  queue: (name: QueueName) => QueueLike;
  worker: (name: QueueName, processor: Processor) => WorkerLike;
  close: () => Promise<void>;
};

/**
 * BullMQ takes every listener off a connection before it ends it; what a server that stops says after that would be an error that nobody hears, which
 * ends the process.
 */
class HeardClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', ignore);
  }

  override removeAllListeners(event?: string | symbol): this {
    super.removeAllListeners(event);
    return this.on('error', ignore);
  }
}
const ignore = (): void => undefined;

function postgresEngine(url: string): Engine {
  const bound = withBackend(createPostgresBackend);
  const pools: pg.Pool[] = [];
  const connection = () => {
    const pool = new pg.Pool({
      Client: HeardClient,
      connectionString: url,
      max: poolMax,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      application_name: 'countersign-queues',
      options: '-c search_path=bullmq',
    });
    pool.on('error', ignore);
    pools.push(pool);
    // BullMQ's own description of a pool, which differs from that of @types/pg in a detail.
    if (!isPgPool(pool)) throw new TypeError('not a pool');
    return pool;
  };
  return {
    queue: (name) => new bound.Queue(name, { connection: connection() }),
    worker: (name, processor) => new bound.Worker(name, processor, { connection: connection(), ...workerOptions }),
    close: async () => {
      await Promise.allSettled(pools.map((pool) => pool.end()));
    },
  };
}

function redisEngine(url: string): Engine {
  const clients: Redis[] = [];
  const connection = () => {
    const client = new Redis(url, { maxRetriesPerRequest: null, connectTimeout: connectTimeoutMs });
    // Losing Redis is told through the queue; an unheard error event would end the process.
    client.on('error', ignore);
    clients.push(client);
    return client;
  };
  return {
    queue: (name) => new Queue(name, { connection: connection() }),
    worker: (name, processor) => new Worker(name, processor, { connection: connection(), ...workerOptions }),
    close: async () => {
      for (const client of clients) client.disconnect();
    },
  };
}

const workerOptions = { concurrency, lockDuration: 30_000, maxStalledCount: 5 } satisfies Partial<WorkerOptions>;

const openEngine = (store: QueueStore): Engine => (store.kind === 'redis' ? redisEngine(store.url) : postgresEngine(store.url));

export type Queues = {
  /** enqueue hands a job in as a hint, after the commit that made it due. Handed in again under the same id while it is known, it stays one. */
  enqueue: <Name extends JobName>(name: Name, payload: JobPayload<Name>, id?: string) => Promise<void>;
  /** counts answers how many jobs of each state are in each queue. */
  counts: () => Promise<Record<QueueName, QueueCounts>>;
  close: () => Promise<void>;
};

/** openQueues is for processes that only hand jobs in. */
export function openQueues(store: QueueStore, onError: (error: Error) => void): Queues {
  const engine = openEngine(store);
  const queues = new Map(queueNames.map((name) => [name, engine.queue(name)]));
  for (const queue of queues.values()) queue.on('error', onError);
  return {
    enqueue: async (name, payload, id = randomUUID()) => {
      // An id of our own: BullMQ on PostgreSQL numbers jobs by a sequence that only the owner may create.
      await queues.get(catalog[name].queue)?.add(name, payload, { ...keptDone, jobId: id });
    },
    counts: async () => {
      const counted = [...queues].map(async ([name, queue]) => {
        const counts = await queue.getJobCounts(...QueueCounts.keyof().options);
        return [name, QueueCounts.parse(counts)] as const;
      });
      return Object.fromEntries(await Promise.all(counted)) as Record<QueueName, QueueCounts>;
    },
    close: () => closeAll([...queues.values()], engine),
  };
}

/** RunRecorder runs a job and keeps how it went. */
export type RunRecorder = (job: JobName, run: () => Promise<number>) => Promise<number>;
const unrecorded: RunRecorder = (_job, run) => run();

export type Workers = {
  /** keepSchedules puts back what a queue that was emptied has lost of its schedules; to be called now and then. Throws when what carries it is away. */
  keepSchedules: () => Promise<void>;
  close: () => Promise<void>;
};
export type WorkersOptions = {
  store: QueueStore;
  handlers: JobHandlers;
  record?: RunRecorder;
  /** Told of a job that failed; it is tried again on its next turn. */
  onJobFailed: (name: string, error: Error) => void;
  /** Told once when the engine itself fails: these workers are then to be closed, and others opened. */
  onLost: (error: Error) => void;
};

/** openWorkers runs every job of the catalog on its schedule, in this and in any number of other processes; resolves when they are ready, throws when they cannot be. */
export async function openWorkers({ store, handlers, record, onJobFailed, onLost }: WorkersOptions): Promise<Workers> {
  const engine = openEngine(store);
  const opened: Connected[] = [];
  const queues = new Map<QueueName, QueueLike>();
  let lost = false;
  let givenUp = false;
  const onError = (error: Error) => {
    if (lost) return;
    lost = true;
    onLost(error);
  };
  const keepSchedules = async () => {
    for (const [name, queue] of queues) await keepSchedulesOf(name, queue);
  };
  const open = async () => {
    for (const name of queueNames) {
      const queue = engine.queue(name);
      opened.push(queue);
      queue.on('error', onError);
      queues.set(name, queue);
      await queue.waitUntilReady();
    }
    await keepSchedules();
    for (const name of queueNames) {
      if (givenUp) return;
      const worker = engine.worker(name, (job) => runJob(handlers, job.name, job.data, record));
      opened.push(worker);
      worker.on('error', onError);
      worker.on('failed', (job, error) => onJobFailed(job?.name ?? name, error));
      await worker.waitUntilReady();
    }
  };
  try {
    await answered(open());
  } catch (error) {
    lost = true;
    givenUp = true;
    await closeAll(opened, engine);
    throw error;
  }
  return { keepSchedules: () => answered(keepSchedules()), close: () => closeAll(opened, engine) };
}

/** answered waits for what carries the queues, and no longer than answerMsMax. */
async function answered(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('what carries the queues does not answer')), answerMsMax);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/**
 * A schedule is written where it is missing, where another version wrote another interval, and where its next turn is long past: a worker that was
 * killed again and again takes the turn with it. One that is in order is left alone, since writing it moves its next turn.
 */
async function keepSchedulesOf(name: QueueName, queue: QueueLike): Promise<void> {
  const kept = new Map((await queue.getJobSchedulers()).map((schedule) => [schedule.key, schedule]));
  for (const job of jobsOf(name)) {
    const { everyMs } = catalog[job];
    const found = kept.get(job);
    const late = typeof found?.next !== 'number' || Date.now() - found.next > overdueMsMax;
    if (found?.every !== everyMs || late) await queue.upsertJobScheduler(job, { every: everyMs }, { name: job, data: {}, opts: keptDone });
  }
}

/** runJob parses a payload and runs its handler, through what records runs. A name that this version does not know is left over from another and is dropped. */
export async function runJob(handlers: JobHandlers, name: string, data: unknown, record = unrecorded): Promise<void> {
  const known = JobName.safeParse(name);
  if (known.success) await record(known.data, () => handle(handlers, known.data, data));
}

function handle<Name extends JobName>(handlers: JobHandlers, name: Name, data: unknown): Promise<number> {
  // TypeScript cannot tie the parsed shape to the handler of the same name; the catalog does.
  const payload = catalog[name].payload.parse(data) as JobPayload<Name>;
  return handlers[name](payload);
}

const jobsOf = (queue: QueueName): JobName[] => JobName.options.filter((name) => catalog[name].queue === queue);

/** A connection to a server that hangs never says goodbye: it is left behind. */
async function closeAll(opened: readonly Connected[], engine: Engine): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeMsMax);
  });
  const close = async () => {
    await Promise.allSettled([...opened].reverse().map((each) => each.close()));
    await engine.close();
  };
  await Promise.race([close(), late]);
  clearTimeout(timer);
}
