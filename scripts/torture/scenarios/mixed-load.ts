import { readFileSync, statSync } from 'node:fs';
import { anyCall, paymentCall, readCall, type Call, type TortureAgent } from '../agents';
import { decidedBy, type Decided } from '../client';
import { people, type Ground } from '../ground';
import { lastSeq, readLedger } from '../ledger';
import type { Random } from '../random';
import { scenario } from '../scenario';
import { approveRequest, rejectRequest } from '@/lib/approvals/service';
import { expireApprovals } from '@/lib/approvals/service/expiry';
import { liftKill, releaseWorkflow, setKill } from '@/lib/containment/service';
import { prisma } from '@/lib/platform/db/prisma';
import { publishRates } from '@/lib/policy/service';
import { baselineRates } from '@/lib/policy/shipped';
import { resumeAgent, suspendAgent } from '@/lib/registry/service';

const callsAtOnce = 16;
const usesPerRequestMax = 6;
const deadlockMs = 100;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls that may be told to come again because the rules move faster than they are read. */
const comeAgainShareMax = 0.01;
/** This one is killed, suspended and halted while it asks. */
const troubled = 7;

type Counts = { calls: number; verdicts: number; uses: number; changes: number; comeAgain: number; unanswered: string[]; failed: string[] };

/** Everything at once for a while: checks, requests, verdicts, uses, rule changes, halts, expiry. Nobody is a deadlock's victim, and each approval is used once. */
export const mixedLoad = scenario({
  name: 'mixed-load',
  promise: 'No deadlock, and one use of each approval, under mixed load',
  sizes: { ci: { seconds: 30 }, full: { seconds: 600 } },
  run: async (ground, { seconds }, random, findings) => {
    // Looked for sooner than anyone gives up waiting: otherwise a gateway's own time limit would end most of them unseen.
    await ground.asSuperuser(
      `ALTER SYSTEM SET deadlock_timeout = '${deadlockMs}ms'`,
      'ALTER SYSTEM SET log_lock_waits = on',
      'SELECT pg_reload_conf()',
    );
    const before = await lastSeq(ground.urls.owner);
    const deadlocksBefore = await deadlocks(ground);
    const logBefore = statSync(ground.cluster.logFile).size;
    const until = performance.now() + seconds * 1000;
    const counts: Counts = { calls: 0, verdicts: 0, uses: 0, changes: 0, comeAgain: 0, unanswered: [], failed: [] };
    const during = (): boolean => performance.now() < until;
    const agents = Array.from({ length: callsAtOnce }, (_, i) => work(ground, random.fork(`agent ${i}`), during, counts));
    const trouble = random.fork('trouble');
    const turns = [
      ...Array.from({ length: 3 }, (_, i) => random.fork(`person ${i}`)).map((own) => () => decideSome(ground, own, during, counts)),
      () => changeRules(counts),
      () => makeTrouble(ground, trouble, counts),
      () => expireSome(ground),
    ];
    await Promise.all([...agents, ...turns.map((turn) => keepOn(turn, during, counts))]);

    findings.tried(counts.calls + counts.verdicts + counts.uses + counts.changes);
    const met = (await deadlocks(ground)) - deadlocksBefore;
    const victims = readFileSync(ground.cluster.logFile).subarray(logBefore).toString('utf8').split('deadlock detected').slice(1);
    for (const victim of victims) findings.violated(`deadlock detected: ${victim.trim().split('\n').slice(0, 12).join(' · ')}`);
    if (met > victims.length) findings.violated(`${met} deadlocks by the server's own count`);
    for (const what of counts.failed) findings.violated(`a person's transaction failed: ${what}`);
    for (const what of counts.unanswered) findings.violated(`a call got no decision: ${what}`);
    if (counts.comeAgain > counts.calls * comeAgainShareMax)
      findings.violated(`${counts.comeAgain} of ${counts.calls} calls were told to come again`);
    const uses = new Map<string, number>();
    const ends = new Map<string, number>();
    await readLedger(ground.urls.owner, before, findings, ({ used_approval: used, verdict, kind, subject }) => {
      if (used !== undefined && verdict === 'allow') uses.set(used, (uses.get(used) ?? 0) + 1);
      if (kind.startsWith('approval.') && subject) ends.set(subject.id, (ends.get(subject.id) ?? 0) + 1);
    });
    for (const [id, times] of uses) findings.expect(times === 1, () => `${id} was used ${times} times`);
    for (const [id, times] of ends) findings.expect(times === 1, () => `${id} was decided ${times} times`);
    return `${seconds} s: ${counts.calls} calls (${counts.comeAgain} told to come again), ${counts.verdicts} verdicts, ${uses.size} approvals used by ${counts.uses} tries, ${counts.changes} changes of rules`;
  },
});

async function deadlocks(ground: Ground): Promise<number> {
  const { rows } = await ground.owner.query<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0]?.deadlocks ?? 0);
}

async function ask(ground: Ground, agent: TortureAgent, url: { url: string }, call: Call, counts: Counts): Promise<Decided | undefined> {
  const reply = await agent.ask(ground.client, url, call);
  const answer = decidedBy(reply);
  if (answer) return answer;
  if (reply.kind === 'answer' && reply.status === 503) counts.comeAgain++;
  // A suspended agent gets no token.
  else if (agent !== ground.agent(troubled)) counts.unanswered.push(JSON.stringify(reply).slice(0, 300));
  return undefined;
}

async function work(ground: Ground, random: Random, during: () => boolean, counts: Counts): Promise<void> {
  while (during()) {
    const agent = random.pick(ground.agents);
    const call: Call = random.chance(0.3) ? paymentCall(random, random.between(50_000, 200_000), true) : anyCall(random);
    counts.calls++;
    const asked = (await ask(ground, agent, random.pick(ground.gateways), call, counts))?.context.access_request;
    if (!asked) continue;
    // Tried from both gateways at once, before, while and after the person says something.
    for (let turn = 0; turn < usesPerRequestMax; turn++) {
      await sleep(random.between(5, 60));
      const answers = await Promise.all(
        ground.gateways.map((gateway, i) => {
          counts.uses++;
          return ask(ground, agent, gateway, { ...call, approval: asked.id, key: `${call.trace}-use-${turn}-${i}` }, counts);
        }),
      );
      if (answers.some((answer) => answer?.context.verdict !== 'approval_required')) break;
    }
  }
}

/** Turn after turn; one that fails is told, and the load goes on. */
async function keepOn(turn: () => Promise<void>, during: () => boolean, counts: Counts): Promise<void> {
  while (during()) {
    await turn().catch((error: unknown) => {
      counts.failed.push(error instanceof Error ? `${error.message} ${JSON.stringify(error.cause ?? '')}` : String(error));
    });
  }
}

async function decideSome(ground: Ground, random: Random, during: () => boolean, counts: Counts): Promise<void> {
  const { rows } = await ground.owner.query<{ id: string; digest: string }>(
    "SELECT id, 'sha-256:' || encode(digest, 'hex') AS digest FROM approvals WHERE status = 'pending' AND expires_at > now() ORDER BY requested_at DESC LIMIT 20",
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

async function changeRules(counts: Counts): Promise<void> {
  await publishRates({ type: 'system', id: 'setup' }, baselineRates());
  counts.changes++;
  await sleep(150);
}

/** One agent after the other kind of trouble: killed, suspended, halted; and back each time. */
async function makeTrouble(ground: Ground, random: Random, counts: Counts): Promise<void> {
  const agent = ground.agent(troubled);
  const reason = 'Mixed load';
  const kill = await setKill(people.security, { scope: 'agent', target: agent.id, reason });
  await sleep(random.between(0, 100));
  if (kill.ok) await liftKill(people.leader, { id: kill.kill.id, reason });
  await suspendAgent(people.security, agent.id, reason);
  await sleep(random.between(0, 100));
  await resumeAgent(people.leader, agent.id, reason);
  const undeclared = { ...readCall(random, false), action: 'bank.drain', args: {} };
  const halt = await ask(ground, agent, random.pick(ground.gateways), undeclared, counts);
  await sleep(random.between(0, 100));
  if (halt) await releaseWorkflow(people.security, { workflowId: halt.context.workflow, reason });
  counts.changes += 6;
  await sleep(200);
}

async function expireSome(ground: Ground): Promise<void> {
  await ground.owner.query(
    "UPDATE approvals SET expires_at = now() WHERE id IN (SELECT id FROM approvals WHERE status = 'pending' ORDER BY random() LIMIT 3 FOR UPDATE SKIP LOCKED)",
  );
  await expireApprovals(prisma());
  await sleep(40);
}
