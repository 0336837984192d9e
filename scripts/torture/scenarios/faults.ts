import { paymentCall, readCall } from '../agents';
import { decidedBy, type Reply } from '../client';
import type { Ground } from '../ground';
import { freezePostgres, stopPostgres, thawPostgres } from '../postgres';
import type { Random } from '../random';
import { scenario } from '../scenario';

const callsAtOnce = 12;
const answerMsMax = 2_000;
const recoveryMsMax = 10_000;
/** An answer to a call sent before the fault was whole may still be one from before. */
const settleMs = 50;

/** A way in which the gateways can no longer know; `begin` resolves once it is in force, `end` once it is mended. */
type Fault = { name: string; begin: (ground: Ground) => Promise<void>; end: (ground: Ground) => Promise<void> };

const readOnly = (ground: Ground, setting: string): Promise<void> =>
  ground.asSuperuser('SET default_transaction_read_only = off', setting, 'SELECT pg_reload_conf()', 'SELECT pg_sleep(0.2)');

const corrupted = 'pol_baseline';

async function changePolicy(ground: Ground, change: string): Promise<void> {
  const client = await ground.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query(change);
    await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('policy.published', $1, convert_to($2, 'UTF8'))", [
      corrupted,
      JSON.stringify({ kind: 'policy.published', id: 'evt_torture', subject: { type: 'policy', id: corrupted } }),
    ]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

const faults: readonly Fault[] = [
  { name: 'stopped', begin: ({ cluster }) => stopPostgres(cluster), end: ({ cluster }) => cluster.restart() },
  { name: 'frozen', begin: async ({ cluster }) => freezePostgres(cluster), end: async ({ cluster }) => thawPostgres(cluster) },
  {
    name: 'read-only',
    begin: (ground) => readOnly(ground, 'ALTER SYSTEM SET default_transaction_read_only = on'),
    end: (ground) => readOnly(ground, 'ALTER SYSTEM RESET default_transaction_read_only'),
  },
  {
    name: 'a policy row corrupted',
    begin: (ground) =>
      changePolicy(
        ground,
        `UPDATE policies SET document = jsonb_build_object('was', document) WHERE id = '${corrupted}' AND status = 'active'`,
      ),
    end: (ground) => changePolicy(ground, `UPDATE policies SET document = document->'was' WHERE id = '${corrupted}' AND status = 'active'`),
  },
];

/** Whatever keeps the gateways from knowing, they do not say yes: an answer in time that is no allow, and allows again soon after, without a restart. */
export const failsClosed = scenario({
  name: 'fails-closed',
  promise: 'Fails closed, answers in time, recovers by itself',
  sizes: { ci: { rounds: 2, forMs: 4_000 }, full: { rounds: 50, forMs: 4_000 } },
  run: async (ground, { rounds, forMs }, random, findings) => {
    const pids = ground.gateways.map(({ child }) => child.pid).join();
    let slowestMs = 0;
    let slowestRecoveryMs = 0;
    // Tokens before the trouble begins; asking for one is tried below on its own.
    for (const agent of ground.agents) await agent.token(ground.gateway(0));
    for (let round = 0; round < rounds; round++) {
      for (const fault of faults) {
        const replies: Reply[] = [];
        let during = true;
        const ask = async (own: Random): Promise<void> => {
          while (during) {
            const call = own.chance(0.5) ? readCall(own, own.chance(0.5)) : paymentCall(own, own.between(1, 60_000), own.chance(0.5));
            replies.push(await own.pick(ground.agents).ask(ground.client, own.pick(ground.gateways), call));
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        };
        const load = Promise.all(Array.from({ length: callsAtOnce }, (_, i) => ask(random.fork(`${fault.name} ${round} ${i}`))));
        await new Promise((resolve) => setTimeout(resolve, 300));
        await fault.begin(ground);
        const fromMs = performance.now() + settleMs;
        await new Promise((resolve) => setTimeout(resolve, forMs));
        if (fault.name !== 'a policy row corrupted') await tokensAreRefused(ground, fault.name, findings);
        const untilMs = performance.now();
        await fault.end(ground);
        const mendedMs = performance.now();
        const recoveredMs = await firstAllow(ground, random.fork(`recovery ${fault.name} ${round}`));
        during = false;
        await load;

        slowestRecoveryMs = Math.max(slowestRecoveryMs, recoveredMs - mendedMs);
        findings.expect(
          recoveredMs - mendedMs <= recoveryMsMax,
          () => `${fault.name}: ${Math.round(recoveredMs - mendedMs)} ms until the first allow`,
        );
        let seen = 0;
        for (const reply of replies) {
          // A call under way when the fault began has its own answer in time, too.
          if (reply.receivedAt >= fromMs && reply.sentAt <= untilMs) {
            const tookMs = reply.receivedAt - reply.sentAt;
            slowestMs = Math.max(slowestMs, tookMs);
            findings.expect(
              tookMs < answerMsMax && reply.kind === 'answer',
              () => `${fault.name}: ${reply.kind} after ${Math.round(tookMs)} ms`,
            );
          }
          if (reply.sentAt < fromMs || reply.receivedAt > untilMs) continue;
          seen++;
          findings.expect(decidedBy(reply)?.decision !== true, () => `${fault.name}: an allow`);
        }
        findings.expect(seen >= 100, () => `${fault.name}: only ${seen} answers during the fault`);
      }
    }
    findings.expect(ground.gateways.map(({ child }) => child.pid).join() === pids, () => 'a gateway was restarted');
    const names = faults.map(({ name }) => name).join(', ');
    return `${rounds} × ${names}; slowest answer ${Math.round(slowestMs)} ms, slowest recovery ${Math.round(slowestRecoveryMs)} ms`;
  },
});

async function tokensAreRefused(
  ground: Ground,
  fault: string,
  findings: { expect: (holds: boolean, otherwise: () => string) => void },
): Promise<void> {
  const { clientId, secret } = ground.agent(0).credential;
  const reply = await ground.client.send({
    url: `${ground.gateway(0).url}/oauth/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }).toString(),
  });
  const tookMs = reply.receivedAt - reply.sentAt;
  findings.expect(
    reply.kind === 'answer' && reply.status === 503 && tookMs < answerMsMax,
    () => `${fault}: a token request got ${JSON.stringify(reply).slice(0, 200)}`,
  );
}

async function firstAllow(ground: Ground, random: Random): Promise<number> {
  const until = performance.now() + 2 * recoveryMsMax;
  for (const gateway of ground.gateways) {
    for (;;) {
      const reply = await ground.agent(1).ask(ground.client, gateway, readCall(random, true));
      if (decidedBy(reply)?.decision) break;
      if (performance.now() > until) return until;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return performance.now();
}
