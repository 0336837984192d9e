import { paymentCall, type Call, type TortureAgent } from '../agents';
import { decidedBy } from '../client';
import type { Ground } from '../ground';
import { lastSeq, readLedger } from '../ledger';
import type { Random } from '../random';
import { scenario, type Findings } from '../scenario';

const workers = 16;
/** A client hangs up at most so often before it waits for an answer. */
const hangUpsMax = 6;
const hangUpMsMax = 12;
const atOncePerKey = 100;

/** Clients hang up at random moments and ask again with the same key; others ask a hundred times at once. Half of the calls wait for a person. */
export const droppedReplies = scenario({
  name: 'dropped-replies',
  promise: 'A retry never decides twice',
  sizes: { ci: { calls: 300, crowds: 5 }, full: { calls: 100_000, crowds: 1_000 } },
  run: async (ground, { calls, crowds }, random, findings) => {
    const before = await lastSeq(ground.urls.owner);
    const asked = new Map<string, { decision: string; request: string | undefined }>();
    const settle = (call: Call, decision: string, request: string | undefined): void => {
      const first = asked.get(call.trace);
      if (!first) asked.set(call.trace, { decision, request });
      else
        findings.expect(
          first.decision === decision && first.request === request,
          () => `${call.trace} was answered ${first.decision} and then ${decision}`,
        );
    };
    let dropped = 0;
    let left = calls;
    const work = async (worker: Random, index: number): Promise<void> => {
      while (left-- > 0) {
        const agent = ground.agent(index % ground.agents.length);
        const call = newCall(worker);
        const hangUps = 1 + worker.below(hangUpsMax);
        for (let i = 0; i < hangUps; i++) {
          const reply = await agent.ask(ground.client, worker.pick(ground.gateways), call, {
            hangUpAfterMs: worker.between(0, hangUpMsMax),
          });
          if (reply.kind === 'lost') dropped++;
          const early = decidedBy(reply);
          if (early) settle(call, early.context.id, early.context.access_request?.id);
        }
        await finalAnswer(ground, agent, call, worker, findings, settle);
      }
    };
    await Promise.all(Array.from({ length: workers }, (_, i) => work(random.fork(`worker ${i}`), i)));
    for (let crowd = 0; crowd < crowds; crowd++) {
      const call = newCall(random);
      const agent = ground.agent(crowd % ground.agents.length);
      await Promise.all(Array.from({ length: atOncePerKey }, (_, i) => finalAnswer(ground, agent, call, random, findings, settle, i)));
    }
    const rows = await audit(ground, before, asked, findings);
    return `${calls} calls with ${dropped} dropped replies, ${crowds} keys used ${atOncePerKey} times at once; ${rows} rows`;
  },
});

const newCall = (random: Random): Call =>
  paymentCall(random, random.chance(0.5) ? random.between(1, 40_000) : random.between(50_000, 200_000), true);

async function finalAnswer(
  ground: Ground,
  agent: TortureAgent,
  call: Call,
  random: Random,
  findings: Findings,
  settle: (call: Call, decision: string, request: string | undefined) => void,
  turn = random.below(2),
): Promise<void> {
  const reply = await agent.ask(ground.client, ground.gateway(turn), call);
  const answer = decidedBy(reply);
  if (answer) settle(call, answer.context.id, answer.context.access_request?.id);
  else findings.violated(`no decision while everything stands: ${JSON.stringify(reply).slice(0, 300)}`);
}

/** One row for each key, the one the client was told of; and one request for approval where a person is asked. */
async function audit(
  ground: Ground,
  after: number,
  asked: ReadonlyMap<string, { decision: string; request: string | undefined }>,
  findings: Findings,
): Promise<number> {
  const rowsOf = new Map<string, string[]>();
  const rows = await readLedger(ground.urls.owner, after, findings, (entry) => {
    if (entry.trace !== undefined) rowsOf.set(entry.trace, [...(rowsOf.get(entry.trace) ?? []), entry.id]);
  });
  const { rows: requests } = await ground.owner.query<{ id: string; decision_id: string }>(
    'SELECT id, decision_id FROM approvals WHERE decision_seq > $1',
    [after],
  );
  const requestsOf = new Map<string, string[]>();
  for (const { id, decision_id } of requests) requestsOf.set(decision_id, [...(requestsOf.get(decision_id) ?? []), id]);
  for (const [trace, { decision, request }] of asked) {
    const found = rowsOf.get(trace) ?? [];
    findings.expect(
      found.length === 1 && found[0] === decision,
      () => `${trace} was answered ${decision} and has the rows ${found.join(', ') || 'none'}`,
    );
    const wanted = requestsOf.get(decision) ?? [];
    if (wanted.join() !== (request ?? ''))
      findings.violated(`${decision} asked for ${request ?? 'nothing'} and has the requests ${wanted.join(', ') || 'none'}`);
  }
  if (requests.length > new Set([...asked.values()].flatMap(({ request }) => request ?? [])).size)
    findings.violated('there are requests for approval that no client was told of');
  return rows;
}
