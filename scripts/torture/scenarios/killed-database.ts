import path from 'node:path';
import { lastSeq } from '../ledger';
import { killPostgres } from '../postgres';
import { scenario } from '../scenario';
import { Workload } from '../workload';
import { Checkpointer } from '@/lib/ledger/service/checkpointer';
import { createPool } from '@/lib/platform/db';
import { createLog } from '@/lib/platform/log';

const pauseMsMax = 150;
const signEvery = 5;

/** PostgreSQL and all its processes die by kill -9 at random moments under eight agents; it comes back and recovers by itself. Checkpoints are signed in between. */
export const killedDatabase = scenario({
  name: 'killed-database',
  promise: 'No allow without its durable row (PostgreSQL killed)',
  sizes: { ci: { kills: 50 }, full: { kills: 500 } },
  run: async (ground, { kills }, random, findings) => {
    const { cluster, stage } = ground;
    const before = await lastSeq(ground.urls.owner);
    const directory = stage.environment['CHECKPOINT_DIR'] ?? '';
    const keyFile = stage.environment['CHECKPOINT_KEY_FILE'] ?? path.join(stage.folder, 'secrets', 'checkpoint.pem');
    const pool = createPool(ground.urls.web, { application: 'torture-checkpoints', max: 1 });
    const checkpointer = new Checkpointer({ pool, directory, keyFile, log: createLog('torture') });
    const work = new Workload(ground, random.fork('work'));
    const moments = random.fork('moments');
    const pids = stage.gateways.map(({ child }) => child.pid);
    work.start();
    try {
      for (let kill = 0; kill < kills; kill++) {
        await work.nextAllow();
        await new Promise((resolve) => setTimeout(resolve, moments.between(0, pauseMsMax)));
        // What was handed outside must be there after the crash.
        if (kill % signEvery === 0) await checkpointer.tick(true).catch(() => undefined);
        await killPostgres(cluster);
        await cluster.restart();
      }
      await work.nextAllow();
    } finally {
      await work.stop();
    }
    await checkpointer.tick(true).catch(() => checkpointer.tick(true));
    const { standing } = checkpointer;
    findings.expect(standing.standing === 'signs', () => `the checkpointer does not sign: ${JSON.stringify(standing)}`);
    await checkpointer.close();
    findings.expect(stage.gateways.map(({ child }) => child.pid).join() === pids.join(), () => 'a gateway ended with the database');
    return `${kills} kills; ${await work.audit(before, findings, directory)}`;
  },
});
