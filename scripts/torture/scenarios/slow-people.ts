import { anyCall, paymentCall, readCall, type Call } from '../agents';
import { decidedBy } from '../client';
import { people, type Ground } from '../ground';
import { lastSeq, readLedger } from '../ledger';
import type { Random } from '../random';
import { scenario } from '../scenario';
import { approveRequest, rejectRequest } from '@/lib/approvals/service';
import { expireApprovals } from '@/lib/approvals/service/expiry';
import { publishRates } from '@/lib/policy/service';
import { baselineRates } from '@/lib/policy/shipped';
import { prisma } from '@/lib/platform/db/prisma';

const callsAtOnce = 16;
const slowPeople = 4;
const sleepMs = 100;
const ratioMax = 1.5;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;

/** People's transactions take their time between their change and their COMMIT; agents do not wait for them. Compared in turns within one run. */
export const slowCommits = scenario({
  name: 'slow-people',
  promise: 'A slow transaction of a person does not slow agents',
  sizes: { ci: { rounds: 5, forMs: 2_500 }, full: { rounds: 20, forMs: 5_000 } },
  run: async (ground, { rounds, forMs }, random, findings) => {
    const p99s: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] };
    await measure(ground, random.fork('warm'), forMs);
    for (let round = 0; round < rounds; round++) {
      for (const how of ['alone', 'beside'] as const) {
        let during = true;
        const others = how === 'beside' ? Array.from({ length: slowPeople }, () => beSlow(ground, () => during)) : [];
        p99s[how].push(await measure(ground, random.fork(`${how} ${round}`), forMs));
        during = false;
        await Promise.all(others);
      }
    }
    const median = (list: number[]): number =>
      at(
        list.toSorted((a, b) => a - b),
        0.5,
      );
    const ratio = median(p99s.beside) / median(p99s.alone);
    findings.expect(ratio < ratioMax, () => `p99 rose ${ratio.toFixed(2)}-fold beside people who sleep ${sleepMs} ms before COMMIT`);
    return `p99 ${median(p99s.alone).toFixed(1)} ms alone, ${median(p99s.beside).toFixed(1)} ms beside ${slowPeople} people: ${ratio.toFixed(2)}-fold (medians of ${rounds} rounds)`;
  },
});

async function measure(ground: Ground, random: Random, forMs: number): Promise<number> {
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
  return at(
    took.toSorted((a, b) => a - b),
    0.99,
  );
}

async function beSlow(ground: Ground, during: () => boolean): Promise<void> {
  while (during()) {
    const client = await ground.owner.connect();
    try {
      await client.query('BEGIN');
      const payload = JSON.stringify({
        kind: 'user.signed_in',
        id: 'evt_slow',
        actor: { type: 'user', id: 'usr_ana' },
        subject: { type: 'user', id: 'usr_ana' },
        data: {},
      });
      await client.query(
        "INSERT INTO ledger_intake (kind, subject, payload) VALUES ('user.signed_in', 'usr_ana', convert_to($1, 'UTF8'))",
        [payload],
      );
      await sleep(sleepMs);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  }
}

/** Everything at once for a while: checks, requests, verdicts, uses, rule changes, expiry. Nobody is a deadlock's victim, and each approval is used once. */
export const mixedLoad = scenario({
  name: 'mixed-load',
  promise: 'No deadlock, and one use of each approval, under mixed load',
  sizes: { ci: { seconds: 60 }, full: { seconds: 600 } },
  run: async (ground, { seconds }, random, findings) => {
    const before = await lastSeq(ground.urls.owner);
    const deadlocksBefore = await deadlocks(ground);
    const until = performance.now() + seconds * 1000;
    const counts = { calls: 0, verdicts: 0, uses: 0, changes: 0, unanswered: 0 };
    const during = (): boolean => performance.now() < until;
    const agents = Array.from({ length: callsAtOnce }, (_, i) => work(ground, random.fork(`agent ${i}`), during, counts));
    const deciders = Array.from({ length: 3 }, (_, i) => decideAll(ground, random.fork(`person ${i}`), during, counts));
    await Promise.all([...agents, ...deciders, changeRules(during, counts), expireSome(ground, during)]);

    findings.tried(counts.calls + counts.verdicts + counts.uses);
    const met = (await deadlocks(ground)) - deadlocksBefore;
    if (met > 0) findings.violated(`${met} deadlocks`);
    for (const gateway of ground.gateways)
      if (gateway.log().includes('deadlock')) findings.violated(`a gateway's log speaks of a deadlock: ${gateway.log().slice(-400)}`);
    if (counts.unanswered > 0) findings.violated(`${counts.unanswered} calls got no decision`);
    const uses = new Map<string, number>();
    await readLedger(ground.urls.owner, before, findings, ({ used_approval: used, verdict }) => {
      if (used !== undefined && verdict === 'allow') uses.set(used, (uses.get(used) ?? 0) + 1);
    });
    for (const [id, times] of uses) findings.expect(times === 1, () => `${id} was used ${times} times`);
    return `${seconds} s: ${counts.calls} calls, ${counts.verdicts} verdicts, ${uses.size} approvals used by ${counts.uses} tries, ${counts.changes} rule changes`;
  },
});

type Counts = { calls: number; verdicts: number; uses: number; changes: number; unanswered: number };

async function deadlocks(ground: Ground): Promise<number> {
  const { rows } = await ground.owner.query<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0]?.deadlocks ?? 0);
}

async function work(ground: Ground, random: Random, during: () => boolean, counts: Counts): Promise<void> {
  while (during()) {
    const agent = random.pick(ground.agents);
    const call: Call = random.chance(0.3) ? paymentCall(random, random.between(50_000, 200_000), true) : anyCall(random);
    const reply = await agent.ask(ground.client, random.pick(ground.gateways), call);
    counts.calls++;
    const answer = decidedBy(reply);
    if (!answer) counts.unanswered++;
    const asked = answer?.context.access_request;
    if (!asked) continue;
    await sleep(random.between(5, 60));
    // Tried from both gateways at once, whatever the person said.
    await Promise.all(
      ground.gateways.map(async (gateway, i) => {
        counts.uses++;
        const use: Call = { ...call, approval: asked.id, key: `${call.trace}-use-${i}` };
        if (!decidedBy(await agent.ask(ground.client, gateway, use))) counts.unanswered++;
      }),
    );
  }
}

async function decideAll(ground: Ground, random: Random, during: () => boolean, counts: Counts): Promise<void> {
  while (during()) {
    const { rows } = await ground.owner.query<{ id: string; digest: string }>(
      "SELECT id, 'sha-256:' || encode(digest, 'hex') AS digest FROM approvals WHERE status = 'pending' AND expires_at > now() ORDER BY random() LIMIT 20",
    );
    for (const { id, digest } of rows) {
      if (!during()) return;
      const outcome = random.chance(0.7)
        ? await approveRequest(people.owner, id, { digest })
        : await rejectRequest(people.leader, id, { digest, reason_code: 'WRONG_AMOUNT' });
      if (outcome.ok) counts.verdicts++;
    }
    if (rows.length === 0) await sleep(5);
  }
}

async function changeRules(during: () => boolean, counts: Counts): Promise<void> {
  while (during()) {
    await publishRates({ type: 'system', id: 'setup' }, baselineRates());
    counts.changes++;
    await sleep(150);
  }
}

async function expireSome(ground: Ground, during: () => boolean): Promise<void> {
  while (during()) {
    await ground.owner.query(
      "UPDATE approvals SET expires_at = now() WHERE id IN (SELECT id FROM approvals WHERE status = 'pending' ORDER BY random() LIMIT 3 FOR UPDATE SKIP LOCKED)",
    );
    await expireApprovals(prisma());
    await sleep(40);
  }
}
