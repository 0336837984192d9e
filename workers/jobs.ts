import { catalog, JobName } from '@/lib/jobs/catalog';
import { startLoop } from '@/lib/jobs/loop';
import { queueStore, runJob } from '@/lib/jobs/queues';
import { recordRuns, runOwed } from '@/lib/jobs/service';
import { superviseWorkers } from '@/lib/jobs/supervisor';
import { Checkpointer } from '@/lib/ledger/service/checkpointer';
import { newEventListener } from '@/lib/ledger/service/listener';
import { projectLedger } from '@/lib/ledger/service/projection';
import { closeClients, createPool } from '@/lib/platform/db';
import { createPrisma } from '@/lib/platform/db/prisma';
import { jobsEnv } from '@/lib/platform/env';
import { createLog } from '@/lib/platform/log';
import { jobHandlers } from '@/workers/handlers';

const checkpointEveryMs = 1_000;
const projectEveryMs = 300;
const superviseEveryMs = 2_000;
const stopMsMax = 2_500;
/** The signer, the listener, the projection and the jobs that run at once. */
const connectionsMax = 6;
const statementMsMax = 10_000;

const env = jobsEnv();
const log = createLog('jobs');
const pool = createPool(env.DATABASE_URL_WEB, { application: 'countersign-jobs', max: connectionsMax, statementTimeoutMs: statementMsMax });
/** Two jobs at once, each with its run to write beside what it does. */
const prismaConnectionsMax = 4;
const db = createPrisma(env.DATABASE_URL_WEB, prismaConnectionsMax);

let stopping = false;
const keepGoing = () => !stopping;

const handlers = jobHandlers({ db, pool, log, keepGoing });
const record = recordRuns(db);

const checkpointer = new Checkpointer({ pool, directory: env.CHECKPOINT_DIR, keyFile: env.CHECKPOINT_KEY_FILE, log });
const supervisor = superviseWorkers(queueStore(env.DATABASE_URL_WEB, env.REDIS_URL), handlers, log, record);

const projection = startLoop({ name: 'projection', everyMs: projectEveryMs, tick: () => projectLedger(pool, log, keepGoing), log });
const listener = newEventListener(pool, projection.wake);
const remaining = new Set(JobName.options.filter((name) => catalog[name].atStart));

const loops = [
  projection,
  startLoop({ name: 'checkpoints', everyMs: checkpointEveryMs, tick: () => checkpointer.tick(), log }),
  startLoop({ name: 'listener', everyMs: superviseEveryMs, tick: listener.tick, log }),
  startLoop({ name: 'queues', everyMs: superviseEveryMs, tick: supervisor.tick, log }),
  startLoop({ name: 'at start', everyMs: superviseEveryMs, tick: runAtStart, log }),
  startLoop({ name: 'owed', everyMs: superviseEveryMs, tick: () => runOwed(db, handlers, record), log }),
];
log.info({ queues: env.REDIS_URL ? 'redis' : 'postgres', checkpoints: env.CHECKPOINT_DIR }, 'jobs are running');

/** One that fails keeps no other back, and is tried again. */
async function runAtStart(): Promise<void> {
  const failed: unknown[] = [];
  for (const name of remaining) {
    try {
      await runJob(handlers, name, {}, record);
      remaining.delete(name);
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
}

async function stop(): Promise<void> {
  await Promise.all(loops.map((loop) => loop.stop()));
  listener.close();
  await Promise.all([checkpointer.close(), supervisor.close()]);
  await closeClients();
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    // Nothing here is lost by leaving in the middle: a frozen database must not hold the stop up.
    setTimeout(() => process.exit(0), stopMsMax).unref();
    void stop()
      .catch((error: unknown) => log.warn({ err: error instanceof Error ? error.message : String(error) }, 'the stop was not clean'))
      .finally(() => process.exit(0));
  });
}
