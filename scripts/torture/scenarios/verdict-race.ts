import { approve, askForPerson, redeeming, reject, takeBack, type Waiting } from '../approvals';
import { decidedBy } from '../client';
import { people, type Ground } from '../ground';
import { lastSeq, readLedger } from '../ledger';
import type { Random } from '../random';
import { scenario, type Findings } from '../scenario';
import { expireApprovals } from '@/lib/approvals/service/expiry';
import { prisma } from '@/lib/platform/db/prisma';

const clients = 50;
/** How far from its deadline a request is raced over, either way. */
const deadlineMsMax = 40;

type Verdict = 'approved' | 'rejected' | 'cancelled' | 'expired';

/** Fifty clients approve, reject, cancel, expire and use one request at once, around its deadline. */
export const verdictRace = scenario({
  name: 'verdict-race',
  promise: 'One terminal state per request; a timeout denies',
  sizes: { ci: { rounds: 200 }, full: { rounds: 2_000 } },
  run: async (ground, { rounds }, random, findings) => {
    const before = await lastSeq(ground.urls.owner);
    const ends: Record<Verdict, number> = { approved: 0, rejected: 0, cancelled: 0, expired: 0 };
    const settled = new Map<string, Verdict>();
    let uses = 0;
    for (let round = 0; round < rounds; round++) {
      const waiting = await askForPerson(ground, ground.agent(round % ground.agents.length), random, ground.gateway(round));
      if (!waiting) throw new Error('a large payment was not asked for');
      const { verdict, used } = await race(ground, waiting, random, findings);
      ends[verdict]++;
      if (used) uses++;
      settled.set(waiting.id, verdict);
    }
    await audit(ground, before, settled, findings);
    return `${rounds} requests, ${clients} clients each: ${ends.approved} approved (${uses} used), ${ends.rejected} rejected, ${ends.cancelled} cancelled, ${ends.expired} expired`;
  },
});

async function race(ground: Ground, waiting: Waiting, random: Random, findings: Findings): Promise<{ verdict: Verdict; used: boolean }> {
  // Some rounds are decided long before the deadline, the others at the very moment.
  if (random.chance(0.7)) {
    const ms = random.between(-deadlineMsMax / 4, deadlineMsMax);
    await ground.owner.query('UPDATE approvals SET expires_at = clock_timestamp() + make_interval(secs => $2) WHERE id = $1', [
      waiting.id,
      ms / 1000,
    ]);
  }
  const won: string[] = [];
  let uses = 0;
  const decide = async (what: 'approved' | 'rejected', index: number): Promise<void> => {
    const person = index % 4 < 2 ? people.owner : people.leader;
    const outcome = await (what === 'approved' ? approve(waiting, person) : reject(waiting, person));
    if (outcome.ok) won.push(what);
  };
  let takenBack = false;
  const redeem = async (index: number): Promise<void> => {
    const answer = decidedBy(await waiting.agent.ask(ground.client, ground.gateway(index), redeeming(waiting, random)));
    if (answer?.decision) uses++;
  };
  await Promise.all(
    Array.from({ length: clients }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, random.between(0, deadlineMsMax)));
      const drawn = random.next();
      if (drawn < 0.33) await decide('approved', i);
      else if (drawn < 0.66) await decide('rejected', i);
      else if (drawn < 0.7) takenBack = (await takeBack(ground, waiting, ground.gateway(i))) || takenBack;
      else if (drawn < 0.85) await redeem(i);
      else await expireApprovals(prisma());
    }),
  );
  // Whatever nobody decided in time ends by its deadline.
  await ground.owner.query("UPDATE approvals SET expires_at = least(expires_at, clock_timestamp()) WHERE id = $1 AND status = 'pending'", [
    waiting.id,
  ]);
  while ((await expireApprovals(prisma())) > 0);
  const { rows } = await ground.owner.query<{ status: string }>('SELECT status FROM approvals WHERE id = $1', [waiting.id]);
  const status = rows[0]?.status ?? 'missing';
  const verdict = status === 'used' ? 'approved' : status;
  // What was approved may still be taken back while nobody has used it; every other end stands alone.
  const fits: Record<string, boolean> = {
    approved: won[0] === 'approved' && !takenBack,
    rejected: won[0] === 'rejected' && !takenBack,
    cancelled: takenBack && won[0] !== 'rejected',
    expired: won.length === 0 && !takenBack,
  };
  findings.expect(
    won.length <= 1 && fits[verdict] === true,
    () => `${waiting.id} is ${status}, and was told to be ${[...won, ...(takenBack ? ['cancelled'] : [])].join(' and ') || 'nothing'}`,
  );
  if (uses > 1 || (uses === 1) !== (status === 'used')) findings.violated(`${waiting.id} is ${status} and let ${uses} calls go ahead`);
  return { verdict: verdict === 'approved' || verdict === 'rejected' || verdict === 'cancelled' ? verdict : 'expired', used: uses > 0 };
}

/** One event for each request, and the one its row says; two where an approval was taken back. */
async function audit(ground: Ground, after: number, settled: ReadonlyMap<string, Verdict>, findings: Findings): Promise<void> {
  const events = new Map<string, string[]>();
  await readLedger(ground.urls.owner, after, findings, ({ kind, subject }) => {
    const [noun, verdict = ''] = kind.split('.');
    if (noun === 'approval' && subject) events.set(subject.id, [...(events.get(subject.id) ?? []), verdict]);
  });
  for (const [id, verdict] of settled) {
    const found = events.get(id) ?? [];
    findings.expect(
      found.at(-1) === verdict && (found.length === 1 || (verdict === 'cancelled' && found.length === 2 && found[0] === 'approved')),
      () => `${id} is ${verdict}, and the ledger says ${found.join(' and ') || 'nothing'}`,
    );
  }
}
