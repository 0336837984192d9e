import { lastSeq } from '../ledger';
import { scenario } from '../scenario';
import { Workload } from '../workload';

const gatewaysAtOnce = 3;
const pauseMsMax = 150;

/** A gateway dies by kill -9 at random moments under eight agents, and another starts at once. */
export const killedGateway = scenario({
  name: 'killed-gateway',
  promise: 'No allow without its durable row (gateway killed)',
  sizes: { ci: { kills: 50 }, full: { kills: 500 } },
  run: async (ground, { kills }, random, findings) => {
    const { stage } = ground;
    while (stage.gateways.length < gatewaysAtOnce) await stage.addGateway();
    const before = await lastSeq(ground.urls.owner);
    const work = new Workload(ground, random.fork('work'));
    const moments = random.fork('moments');
    const starting = new Set<Promise<unknown>>();
    work.start();
    try {
      for (let kill = 0; kill < kills; kill++) {
        // Nobody is killed idle: the load runs, and at least one gateway carries it.
        while (stage.gateways.length === 0) await Promise.race(starting);
        await work.nextAllow();
        await new Promise((resolve) => setTimeout(resolve, moments.between(0, pauseMsMax)));
        if (stage.gateways.length === 0) continue;
        const victim = moments.pick(stage.gateways);
        victim.child.kill('SIGKILL');
        await victim.exited;
        const start = stage.addGateway().finally(() => starting.delete(start));
        starting.add(start);
      }
      await Promise.all(starting);
    } finally {
      await work.stop();
    }
    return `${kills} kills; ${await work.audit(before, findings)}`;
  },
});
