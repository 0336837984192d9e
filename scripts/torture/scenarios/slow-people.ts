import { approve, askForPerson, redeeming, type Waiting } from '../approvals';
import { readCall } from '../agents';
import { decidedBy } from '../client';
import type { Ground } from '../ground';
import type { Random } from '../random';
import { scenario } from '../scenario';
import { newId } from '@/lib/kernel/ids';
import { withClient } from '@/lib/platform/db';

const callsAtOnce = 16;
const slowPeople = 4;
const sleepMs = 100;
const ratioMax = 1.5;
const perSecondLeast = 500;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const at = (list: readonly number[], share: number): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length * share)] ?? Number.NaN;

/**
 * People's transactions take their time between their change and their COMMIT; agents do not wait for them. Compared in turns within one run. On a
 * machine that others use, one set of turns can differ by chance, so sets follow until the medians of all agree with the promise, or are enough.
 */
export const slowCommits = scenario({
  name: 'slow-people',
  promise: 'A slow transaction of a person does not slow agents',
  sizes: { ci: { rounds: 5, sets: 4, forMs: 1_500 }, full: { rounds: 20, sets: 3, forMs: 5_000 } },
  run: async (ground, { rounds, sets, forMs }, random, findings) => {
    const p99s: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] };
    const ratio = (): number => at(p99s.beside, 0.5) / at(p99s.alone, 0.5);
    let answers = 0;
    let slowUses = 0;
    const began = performance.now();
    await measure(ground, random.fork('warm'), forMs);
    for (let set = 0; set < sets && !(ratio() < ratioMax); set++) {
      for (let round = 0; round < rounds; round++) {
        // Who goes first changes, so that what one leaves behind is not always the other's.
        for (const how of round % 2 === 0 ? (['alone', 'beside'] as const) : (['beside', 'alone'] as const)) {
          const people = how === 'beside' ? await beginSlow(ground, random) : undefined;
          const took = await measure(ground, random.fork(`${how} ${set} ${round}`), forMs);
          slowUses += (await people?.end()) ?? 0;
          p99s[how].push(at(took, 0.99));
          answers += took.length;
        }
      }
    }
    const perSecond = (answers / (p99s.alone.length + p99s.beside.length) / forMs) * 1000;
    findings.tried(answers);
    findings.expect(perSecond >= perSecondLeast, () => `only ${Math.round(perSecond)} calls a second: too little load to tell`);
    findings.expect(ratio() < ratioMax, () => `p99 rose ${ratio().toFixed(2)}-fold beside people who sleep ${sleepMs} ms before COMMIT`);
    return `p99 ${at(p99s.alone, 0.5).toFixed(1)} ms alone, ${at(p99s.beside, 0.5).toFixed(1)} ms beside ${slowPeople} people who hold an approval each: ${ratio().toFixed(2)}-fold (medians of ${p99s.alone.length} rounds, ${Math.round(perSecond)} calls/s, ${((performance.now() - began) / 1000).toFixed(0)} s); ${slowUses} uses of the held approvals were tried beside`;
  },
});

async function measure(ground: Ground, random: Random, forMs: number): Promise<number[]> {
  const took: number[] = [];
  const until = performance.now() + forMs;
  const ask = async (own: Random): Promise<void> => {
    while (performance.now() < until) {
      const reply = await own.pick(ground.agents).ask(ground.client, ground.gateway(0), readCall(own, false));
      if (!decidedBy(reply)?.decision) throw new Error(`a read was not allowed: ${JSON.stringify(reply).slice(0, 300)}`);
      took.push(reply.receivedAt - reply.sentAt);
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, (_, i) => ask(random.fork(`caller ${i}`))));
  return took;
}

/** Slow people, each holding the row of an approval that its agent tries to use at the same time. `end` says how often that was tried. */
async function beginSlow(ground: Ground, random: Random): Promise<{ end: () => Promise<number> }> {
  let during = true;
  let uses = 0;
  const hold = async (waiting: Waiting): Promise<void> => {
    await withClient(ground.urls.web, async (client) => {
      while (during) {
        await client.query('BEGIN');
        await client.query("UPDATE approvals SET reason = 'Let me think' WHERE id = $1", [waiting.id]);
        const person = { type: 'user', id: 'usr_ana' };
        const payload = { kind: 'user.signed_in', id: newId('evt'), actor: person, subject: person, data: {} };
        await client.query(
          "INSERT INTO ledger_intake (kind, subject, payload) VALUES ('user.signed_in', 'usr_ana', convert_to($1, 'UTF8'))",
          [JSON.stringify(payload)],
        );
        await sleep(sleepMs);
        await client.query('COMMIT');
      }
    });
  };
  // What waits for the held row is this call alone; it is not among those that are measured.
  const use = async (waiting: Waiting): Promise<void> => {
    while (during) {
      await waiting.agent.ask(ground.client, ground.gateway(0), redeeming(waiting, random));
      uses++;
      await sleep(sleepMs / 2);
    }
  };
  const running: Promise<void>[] = [];
  for (let i = 0; i < slowPeople; i++) {
    const waiting = await askForPerson(ground, ground.agent(i), random);
    if (!waiting) throw new Error('a large payment was not asked for');
    const approved = await approve(waiting);
    if (!approved.ok) throw new Error(`it was not approved: ${approved.refusal.code}`);
    running.push(hold(waiting), use(waiting));
  }
  return {
    end: async () => {
      during = false;
      await Promise.all(running);
      return uses;
    },
  };
}
