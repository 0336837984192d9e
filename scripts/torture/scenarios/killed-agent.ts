import { rmSync } from 'node:fs';
import { paymentCall, readCall, type Call } from '../agents';
import { decidedBy } from '../client';
import { people, type Ground } from '../ground';
import { startJobs } from '../jobs';
import { lastSeq, readLedger } from '../ledger';
import type { Random } from '../random';
import { scenario, type Findings } from '../scenario';
import { killReach, liftKill, setKill } from '@/lib/containment/service';
import { redisInstalled, startRedis, type TestRedis } from '@/lib/platform/testing/redis';
import { workerProgram, type StageGateway } from '@/scripts/testing/stage';

const workersOnTarget = 24;
const workersBeside = 8;
/** Refusals wanted of each gateway before the switch is lifted again. */
const refusalsWanted = 5;
const pauseMsMax = 100;
const reactMsMax = 10_000;
const refusedWithinMs = 1_000;
const ratePerSecondMin = 500;
const tellMsMax = 90_000;

/** Where the switch of the target stands, as the person who sets it knows: only between `setAt` and `liftingAt` it is certainly in force. */
type Switch = {
  setAt: number;
  liftingAt: number;
  refusals: Map<StageGateway, number>;
  allows: Map<StageGateway, number>;
  firstRefusalMs: number;
};

/** A kill in the middle of many requests a second over two gateways, again and again. */
export const killedAgent = scenario({
  name: 'killed-agent',
  promise: 'No allow after a kill, on any gateway',
  sizes: { ci: { kills: 40 }, full: { kills: 200 } },
  run: async (ground, { kills }, random, findings) => {
    const target = ground.agent(0);
    const before = await lastSeq(ground.urls.owner);
    const load = new Load(ground, findings);
    const beside = await Beside.start(ground);
    const began = performance.now();
    load.start(random);
    const slowest: number[] = [];
    const acknowledged: number[] = [];
    try {
      for (let round = 0; round < kills; round++) {
        if (round === Math.floor(kills / 2)) await beside.loseRedis();
        await load.everyGateway('allows');
        await new Promise((resolve) => setTimeout(resolve, random.between(0, pauseMsMax)));
        const set = await setKill(people.security, { scope: 'agent', target: target.id, reason: `Torture round ${round}` });
        if (!set.ok || set.already) throw new Error(`the kill was not set: ${JSON.stringify(set)}`);
        load.switch = { ...standing(), setAt: performance.now() };
        await load.everyGateway('refusals');
        slowest.push(load.switch.firstRefusalMs);
        acknowledged.push(await lastAcknowledgement(set.kill, findings));
        load.switch.liftingAt = performance.now();
        const lifted = await liftKill(people.leader, { id: set.kill.id, reason: `Torture round ${round} is over` });
        if (!lifted.ok) throw new Error(`the kill was not lifted: ${lifted.code}`);
        load.switch = standing();
      }
      await beside.told(ground, before, kills);
    } finally {
      await load.stop();
      await beside.stop();
    }
    const perSecond = (load.answers / (performance.now() - began)) * 1000;
    findings.expect(
      perSecond >= ratePerSecondMin,
      () => `only ${perSecond.toFixed(0)} requests a second were reached, so the promise was not tried as it is worded`,
    );
    const p99 = atP99(slowest);
    const acknowledgedP99 = atP99(acknowledged);
    findings.expect(
      acknowledgedP99 < refusedWithinMs,
      () => `the last gateway acknowledged ${acknowledgedP99.toFixed(0)} ms after the press (p99)`,
    );
    findings.expect(p99 < refusedWithinMs, () => `a gateway answered its first refusal ${p99.toFixed(0)} ms after the kill (p99)`);
    const ordered = await auditOrder(ground, before, target.id, findings);
    return `${kills} kills under ${perSecond.toFixed(0)} requests/s on 2 gateways${beside.words}; ${ordered.rows} rows, ${ordered.killed} decisions of the agent while killed, ${load.replays} replays; last gateway's first refusal ${p99.toFixed(0)} ms after the kill, its acknowledgement ${acknowledgedP99.toFixed(0)} ms after the press (p99)`;
  },
});

/**
 * A jobs process beside, with its queues on Redis where there is one, which goes away half-way: neither may matter to a stop, and every stop is told of
 * once in the ledger all the same.
 */
class Beside {
  private constructor(
    private readonly program: string,
    private readonly redis: TestRedis | undefined,
    private readonly jobs: ReturnType<typeof startJobs>,
  ) {}

  static async start(ground: Ground): Promise<Beside> {
    const program = await workerProgram('jobs');
    const redis = redisInstalled ? await startRedis() : undefined;
    return new Beside(program, redis, startJobs(ground, { program, redisUrl: redis?.url }));
  }

  get words(): string {
    return this.redis ? ', Redis up for the first half and down for the second' : ' (no Redis here)';
  }

  async loseRedis(): Promise<void> {
    await this.redis?.stop();
  }

  /** told resolves once the ledger says of every stop how far it came. */
  async told(ground: Ground, after: number, kills: number): Promise<void> {
    const until = performance.now() + tellMsMax;
    for (;;) {
      const { rows } = await ground.owner.query<{ told: number }>(
        "SELECT count(*)::int AS told FROM ledger WHERE seq > $1 AND position('kill.acknowledged'::bytea IN bytes) > 0",
        [after],
      );
      if (rows[0]?.told === kills) return;
      if (performance.now() > until) throw new Error(`${rows[0]?.told} of ${kills} stops were told of:\n${this.jobs.log()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(): Promise<void> {
    this.jobs.child.kill('SIGTERM');
    await this.jobs.exited;
    await this.redis?.stop();
    for (const file of [this.program, `${this.program}.map`]) rmSync(file, { force: true });
  }
}

const atP99 = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length * 0.99)] ?? Number.NaN;

/** Milliseconds of the database's clock from the press to the last of both gateways' acknowledgements. */
async function lastAcknowledgement(kill: Parameters<typeof killReach>[0], findings: Findings): Promise<number> {
  const until = performance.now() + reactMsMax;
  for (;;) {
    const reach = await killReach(kill);
    if (reach.all && reach.lastMs !== null) {
      findings.expect(reach.gateways.length === 2, () => `${reach.gateways.length} gateways were waited for, not 2`);
      return reach.lastMs;
    }
    if (performance.now() > until) throw new Error(`not acknowledged within ${reactMsMax} ms by ${reach.silent.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const standing = (): Switch => ({
  setAt: Number.POSITIVE_INFINITY,
  liftingAt: Number.POSITIVE_INFINITY,
  refusals: new Map(),
  allows: new Map(),
  firstRefusalMs: 0,
});

class Load {
  switch = standing();
  answers = 0;
  replays = 0;
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ground: Ground,
    private readonly findings: Findings,
  ) {}

  start(random: Random): void {
    const onTarget = Array.from({ length: workersOnTarget }, (_, i) => this.target(random.fork(`target ${i}`), i));
    const beside = Array.from({ length: workersBeside }, (_, i) => this.beside(random.fork(`beside ${i}`), i));
    this.running = Promise.all([...onTarget, ...beside]);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** everyGateway resolves when each gateway has answered so to requests sent since the switch last moved. */
  async everyGateway(which: 'refusals' | 'allows'): Promise<void> {
    const until = performance.now() + reactMsMax;
    const enough = (gateway: StageGateway): boolean => (this.switch[which].get(gateway) ?? 0) >= refusalsWanted;
    while (!this.ground.gateways.every(enough)) {
      if (performance.now() > until) throw new Error(`a gateway gave no ${which} within ${reactMsMax} ms`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  // A quarter asks again what was allowed before the kill: a kept allow is withheld too.
  private async target(random: Random, index: number): Promise<void> {
    const agent = this.ground.agent(0);
    let allowed: Call | undefined;
    for (let turn = index; !this.stopping; turn++) {
      const gateway = this.ground.gateway(turn);
      const replays = allowed !== undefined && random.chance(0.25);
      const call =
        replays && allowed
          ? allowed
          : random.chance(0.5)
            ? readCall(random, true)
            : paymentCall(random, random.between(1, 40_000), random.chance(0.5));
      const at = this.switch;
      const reply = await agent.ask(this.ground.client, gateway, call);
      const answer = decidedBy(reply);
      if (!answer) {
        this.findings.violated(`no decision while everything stands: ${JSON.stringify(reply).slice(0, 300)}`);
        continue;
      }
      this.answers++;
      if (replays) this.replays++;
      const sentUnder = reply.sentAt > at.setAt;
      const inForce = sentUnder && reply.receivedAt < at.liftingAt;
      if (inForce)
        this.findings.expect(
          !answer.decision,
          () =>
            `an allow to a request sent ${(reply.sentAt - at.setAt).toFixed(1)} ms after the kill's commit: ${answer.context.id}${replays ? ' (a replay)' : ''}`,
        );
      if (answer.decision) {
        if (call.key !== undefined) allowed = call;
        count(at.allows, gateway);
      } else if (inForce) {
        if (!at.refusals.has(gateway)) at.firstRefusalMs = Math.max(at.firstRefusalMs, reply.receivedAt - at.setAt);
        count(at.refusals, gateway);
      }
    }
  }

  // Others are not concerned.
  private async beside(random: Random, index: number): Promise<void> {
    const agent = this.ground.agent(1 + (index % 4));
    for (let turn = index; !this.stopping; turn++) {
      const answer = decidedBy(await agent.ask(this.ground.client, this.ground.gateway(turn), readCall(random, random.chance(0.5))));
      this.answers++;
      if (!answer?.decision) this.findings.violated('another agent was refused by a kill that does not concern it');
    }
  }
}

const count = (counts: Map<StageGateway, number>, gateway: StageGateway): void => void counts.set(gateway, (counts.get(gateway) ?? 0) + 1);

/** In the one order: between a kill and its lifting no decision lets the agent go ahead, whenever its request came. */
async function auditOrder(ground: Ground, after: number, agent: string, findings: Findings): Promise<{ rows: number; killed: number }> {
  let inForce = false;
  let killed = 0;
  const rows = await readLedger(ground.urls.owner, after, findings, (entry) => {
    if (entry.data?.['target'] === agent && entry.kind.startsWith('kill.')) inForce = entry.kind === 'kill.set';
    if (entry.kind !== 'decision.made' || entry.agent !== agent || !inForce) return;
    killed++;
    findings.expect(entry.verdict === 'deny', () => `row ${entry.seq} lets ${agent} go ahead (${entry.verdict}) after its kill`);
  });
  return { rows, killed };
}
