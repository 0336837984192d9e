import { approve, askForPerson, redeeming } from '../approvals';
import { paymentCall, readCall, type Call, type TortureAgent } from '../agents';
import { decidedBy, type Reply } from '../client';
import { faults, type Fault } from '../faults';
import type { Ground } from '../ground';
import { lastSeq, readLedger } from '../ledger';
import type { Random } from '../random';
import { scenario, type Findings } from '../scenario';

const callsAtOnce = 12;
const besidesEveryMs = 60;
const answerMsMax = 2_000;
const recoveryMsMax = 10_000;
/** An answer to a call sent before the fault was whole may still be one from before. */
const settleMs = 50;
const answersLeast = 100;
const pollMs = 20;
const betweenMs = 5;

/** What is asked beside checks: each must be answered in time, too. */
type Beside = 'token' | 'stranger' | 'status' | 'ready';
type Seen = Reply & { what: 'check' | 'use' | Beside };

/** Whatever keeps the gateways from knowing, they do not say yes: an answer in time that is no allow, and allows again soon after, without a restart. */
export const failsClosed = scenario({
  name: 'fails-closed',
  promise: 'Fails closed, answers in time, recovers by itself',
  sizes: { ci: { rounds: 1, forMs: 4_000 }, full: { rounds: 50, forMs: 4_000 } },
  run: async (ground, { rounds, forMs }, random, findings) => {
    const before = await lastSeq(ground.urls.owner);
    const pids = ground.gateways.map(({ child }) => child.pid).join();
    const worst = { answer: { ms: 0, what: '' }, recoveryMs: 0 };
    const allows = new Set<string>();
    // Tokens before the trouble begins; asking for one is tried on its own.
    for (const agent of ground.agents) await agent.token(ground.gateway(0));
    for (let round = 0; round < rounds; round++) {
      for (const fault of faults) {
        const { seen, fromMs, untilMs, recoveryMs } = await suffer(ground, fault, forMs, random.fork(`${fault.name} ${round}`), findings);
        worst.recoveryMs = Math.max(worst.recoveryMs, recoveryMs);
        findings.expect(recoveryMs <= recoveryMsMax, () => `${fault.name}: ${Math.round(recoveryMs)} ms until the first allow`);
        let within = 0;
        for (const reply of seen) {
          const answer = decidedBy(reply);
          if (answer?.decision) allows.add(answer.context.id);
          // A call under way when the fault began has its own answer in time, too.
          if (reply.receivedAt >= fromMs && reply.sentAt <= untilMs) {
            const ms = reply.receivedAt - reply.sentAt;
            if (ms > worst.answer.ms) worst.answer = { ms, what: `${reply.what}, ${fault.name}` };
            const inTime = ms < answerMsMax && reply.kind === 'answer';
            findings.expect(
              inTime,
              () => `${fault.name}: a ${reply.what} had ${reply.kind === 'lost' ? reply.why : 'its answer'} after ${Math.round(ms)} ms`,
            );
          }
          if (reply.sentAt < fromMs || reply.receivedAt > untilMs) continue;
          if (reply.what === 'check') within++;
          judge(fault, reply, untilMs - fromMs, reply.sentAt - fromMs, findings);
        }
        findings.expect(within >= answersLeast, () => `${fault.name}: only ${within} answers during the fault`);
      }
    }
    findings.expect(ground.gateways.map(({ child }) => child.pid).join() === pids, () => 'a gateway was restarted');
    const rows = new Set<string>();
    await readLedger(ground.urls.owner, before, findings, ({ id, verdict }) => {
      if (verdict?.startsWith('allow')) rows.add(id);
    });
    for (const id of allows) findings.expect(rows.has(id), () => `an allow without its row: ${id}`);
    const names = faults.map(({ name }) => name).join(', ');
    return `${rounds} × ${names}; slowest answer ${Math.round(worst.answer.ms)} ms (${worst.answer.what}), slowest recovery ${Math.round(worst.recoveryMs)} ms`;
  },
});

/** What an answer to a request may not be, when it was sent and received within the fault. */
function judge(fault: Fault, reply: Seen, lastsMs: number, sinceMs: number, findings: Findings): void {
  if (fault.mayDecide) return;
  if (reply.what === 'check' || reply.what === 'use') findings.expect(decidedBy(reply)?.decision !== true, () => `${fault.name}: an allow`);
  const status = reply.kind === 'answer' ? reply.status : 0;
  if (reply.what === 'token' && !fault.mayIssue) findings.expect(status === 503, () => `${fault.name}: a token request got ${status}`);
  // It may take a gateway half of the fault to notice, when nobody asks it anything.
  if (reply.what === 'ready' && sinceMs > lastsMs / 2) findings.expect(status === 503, () => `${fault.name}: /readyz said ${status}`);
}

type Suffered = { seen: Seen[]; fromMs: number; untilMs: number; recoveryMs: number };

async function suffer(ground: Ground, fault: Fault, forMs: number, random: Random, findings: Findings): Promise<Suffered> {
  const seen: Seen[] = [];
  let during = true;
  const waiting = await askForPerson(ground, ground.agent(0), random);
  if (!waiting) throw new Error('a large payment was not asked for');
  const approved = await approve(waiting);
  if (!approved.ok) throw new Error(`it was not approved: ${approved.refusal.code}`);
  const repeat = async (what: Seen['what'], send: () => Promise<Reply>): Promise<void> => {
    while (during) {
      seen.push({ ...(await send()), what });
      await new Promise((resolve) => setTimeout(resolve, what === 'check' ? betweenMs : pollMs));
    }
  };
  const checks = Array.from({ length: callsAtOnce }, (_, i) => {
    const own = random.fork(`caller ${i}`);
    return repeat('check', () => {
      const call = own.chance(0.5) ? readCall(own, own.chance(0.5)) : paymentCall(own, own.between(1, 60_000), own.chance(0.5));
      return own.pick(ground.agents).ask(ground.client, own.pick(ground.gateways), call);
    });
  });
  const use = redeeming(waiting, random);
  let used: Promise<void> | undefined;
  // At any moment, whether or not the ones before have their answers.
  const beside = async (): Promise<void> => {
    const open: Promise<void>[] = [];
    for (let turn = 0; during; turn++) {
      for (const what of Object.keys(besides) as Beside[]) {
        open.push(besides[what](ground, ground.gateway(turn), waiting.id).then((reply) => void seen.push({ ...reply, what })));
      }
      await new Promise((resolve) => setTimeout(resolve, besidesEveryMs));
    }
    await Promise.all(open);
  };
  const running = Promise.all([...checks, beside()]);

  const moments = { fromMs: 0, untilMs: 0, recoveryMs: 0 };
  try {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await fault.begin(ground);
    moments.fromMs = performance.now() + settleMs;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    used = repeat('use', () => waiting.agent.ask(ground.client, ground.gateway(1), use));
    await new Promise((resolve) => setTimeout(resolve, forMs));
    moments.untilMs = performance.now();
    await fault.end(ground);
    const mendedMs = performance.now();
    moments.recoveryMs = (await firstAllow(ground, random.fork('recovery'))) - mendedMs;
  } catch (error) {
    // What comes next must not suffer from it.
    await fault.end(ground).catch(() => undefined);
    throw error;
  } finally {
    during = false;
    await Promise.all([running, used]);
  }
  await usedOnce(ground, waiting.agent, use, fault, findings);
  return { seen, ...moments };
}

// The approval outlives the fault, and one key uses it once, however often it was tried meanwhile.
async function usedOnce(ground: Ground, agent: TortureAgent, use: Call, fault: Fault, findings: Findings): Promise<void> {
  for (const gateway of ground.gateways) {
    const answer = decidedBy(await agent.ask(ground.client, gateway, use));
    findings.expect(
      answer?.decision === true,
      () => `${fault.name}: its approval could not be used afterwards (${answer?.context.reasons[0]?.code ?? 'no decision'})`,
    );
  }
  const { rows } = await ground.owner.query<{ count: string }>("SELECT count(*) FROM approvals WHERE id = $1 AND status = 'used'", [
    use.approval,
  ]);
  findings.expect(rows[0]?.count === '1', () => `${fault.name}: ${use.approval} is not used`);
}

const besides: Record<Beside, (ground: Ground, gateway: { url: string }, request: string) => Promise<Reply>> = {
  token: (ground, { url }) => {
    const { clientId, secret } = ground.agent(0).credential;
    return ground.client.send({
      url: `${url}/oauth/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }).toString(),
    });
  },
  stranger: (ground, { url }) =>
    ground.client.send({
      url: `${url}/api/check`,
      headers: { authorization: 'Bearer e30.e30.AAAA', 'content-type': 'application/json' },
      body: '{"action":{"name":"invoices.read"}}',
    }),
  status: async (ground, { url }, request) =>
    ground.client.send({
      method: 'GET',
      url: `${url}/access/v1/requests/${request}`,
      headers: { authorization: `Bearer ${await ground.agent(0).token({ url })}` },
    }),
  ready: (ground, { url }) => ground.client.send({ method: 'GET', url: `${url}/readyz` }),
};

async function firstAllow(ground: Ground, random: Random): Promise<number> {
  const until = performance.now() + 2 * recoveryMsMax;
  for (const gateway of ground.gateways) {
    for (;;) {
      const reply = await ground.agent(1).ask(ground.client, gateway, readCall(random, true));
      if (decidedBy(reply)?.decision) break;
      if (performance.now() > until) return until;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
  return performance.now();
}
