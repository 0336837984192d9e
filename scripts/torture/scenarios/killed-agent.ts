import { readCall } from '../agents';
import { decidedBy, type Reply } from '../client';
import { people, type Ground } from '../ground';
import { lastSeq, readLedger } from '../ledger';
import { scenario } from '../scenario';
import type { Random } from '../random';
import { liftKill, setKill } from '@/lib/containment/service';

const callsAtOnce = 24;
const perSecondLeast = 500;
const pauseMsMax = 60;

/** One kill: from the row that set it to the row that lifted it, and on this process's clock from its commit's return to the start of lifting. */
type Killed = { setSeq: number; liftSeq: number; fromMs: number; untilMs: number };

/** A kill switch is thrown again and again in the middle of full load on two gateways; nothing of that agent is allowed behind it in the one order. */
export const killedAgent = scenario({
  name: 'killed-agent',
  promise: 'No allow ordered after a kill, on any gateway',
  sizes: { ci: { kills: 40 }, full: { kills: 200 } },
  run: async (ground, { kills }, random, findings) => {
    const before = await lastSeq(ground.urls.owner);
    const target = ground.agent(0);
    const replies: Reply[] = [];
    const killed: Killed[] = [];
    let stopping = false;
    const ask = async (own: Random): Promise<void> => {
      while (!stopping) {
        const agent = own.chance(0.5) ? target : own.pick(ground.agents);
        const reply = await agent.ask(ground.client, own.pick(ground.gateways), readCall(own, own.chance(0.3)));
        if (agent === target) replies.push(reply);
        asked++;
      }
    };
    let asked = 0;
    const began = performance.now();
    const load = Promise.all(Array.from({ length: callsAtOnce }, (_, i) => ask(random.fork(`load ${i}`))));
    const moments = random.fork('moments');
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, moments.between(5, pauseMsMax)));
    try {
      for (let kill = 0; kill < kills; kill++) {
        await pause();
        const set = await setKill(people.security, { scope: 'agent', target: target.id, reason: 'Tortured' });
        const fromMs = performance.now();
        if (!set.ok) throw new Error(`the kill was refused: ${set.code}`);
        await pause();
        const untilMs = performance.now();
        const lifted = await liftKill(people.leader, { id: set.kill.id, reason: 'Tortured enough' });
        if (!lifted.ok) throw new Error(`the lifting was refused: ${lifted.code}`);
        killed.push({ ...(await seqsOf(ground, set.kill.id)), fromMs, untilMs });
      }
    } finally {
      stopping = true;
      await load;
    }
    const perSecond = asked / ((performance.now() - began) / 1000);

    let decisions = 0;
    await readLedger(ground.urls.owner, before, findings, ({ kind, agent, verdict, seq, id }) => {
      if (kind !== 'decision.made' || agent !== target.id) return;
      decisions++;
      const behind = killed.some(({ setSeq, liftSeq }) => seq > setSeq && seq < liftSeq);
      if (behind) findings.expect(verdict === 'deny', () => `decision ${id} (${verdict}) is ordered behind a kill`);
    });
    for (const reply of replies) {
      const within = killed.some(({ fromMs, untilMs }) => reply.sentAt > fromMs && reply.receivedAt < untilMs);
      if (within) findings.expect(decidedBy(reply)?.decision !== true, () => 'an allow was answered to a call sent after the kill');
    }
    findings.expect(perSecond >= perSecondLeast, () => `only ${Math.round(perSecond)} calls a second: too little load to tell`);
    return `${kills} kills under ${Math.round(perSecond)} calls a second on two gateways; ${decisions} decisions of the killed agent`;
  },
});

async function seqsOf(ground: Ground, kill: string): Promise<Pick<Killed, 'setSeq' | 'liftSeq'>> {
  const { rows } = await ground.owner.query<{ kind: string; seq: string }>('SELECT kind, seq FROM ledger_epochs WHERE subject = $1', [
    kill,
  ]);
  const seqOf = (kind: string): number => Number(rows.find((row) => row.kind === kind)?.seq ?? Number.NaN);
  return { setSeq: seqOf('kill.set'), liftSeq: seqOf('kill.lifted') };
}
