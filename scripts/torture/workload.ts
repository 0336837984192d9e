import { anyCall, type Call, type TortureAgent } from './agents';
import { decidedBy, type Decided, type Reply } from './client';
import type { Ground } from './ground';
import { readLedger, verifyCleanly, type Entry } from './ledger';
import type { Random } from './random';
import type { Findings } from './scenario';
import { withClient } from '@/lib/platform/db';

/** A decision a client holds in its hands, whatever became of the servers since. */
type Held = { agent: TortureAgent; call: Call; answer: Decided };

const callsAtOncePerAgent = 4;
const replaysMax = 300;
/** A server that is coming back needs the processor more than we do. */
const breathMs = 25;
/** With everything standing, a call that has no answer by then never gets one. */
const settleMsMax = 30_000;

const breath = (ms = breathMs): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Workload is eight agents who go on asking while everything around them breaks, and one person who goes on signing in. They keep their own
 * answers; audit() compares those with the ledger.
 */
export class Workload {
  private readonly held: Held[] = [];
  private readonly acknowledged: string[] = [];
  private readonly unsettled: string[] = [];
  private sent = 0;
  private lost = 0;
  private refused = 0;
  private allowed = 0;
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ground: Ground,
    private readonly random: Random,
  ) {}

  get allows(): number {
    return this.allowed;
  }

  get summary(): string {
    return `${this.sent} calls sent, ${this.allowed} allows held, ${this.lost} answers lost, ${this.refused} refused for the time being`;
  }

  start(): void {
    const workers = this.ground.agents.flatMap((agent, a) =>
      Array.from({ length: callsAtOncePerAgent }, (_, i) => this.ask(agent, this.random.fork(`agent ${a} ${i}`))),
    );
    this.running = Promise.all([...workers, this.signIn()]);
  }

  /** nextAllow resolves when one more allow has arrived: the load runs again. Throws when none does. */
  async nextAllow(): Promise<void> {
    const before = this.allowed;
    const until = performance.now() + settleMsMax;
    while (this.allowed === before) {
      if (performance.now() > until) throw new Error('no allow arrives any more');
      await breath(2);
    }
  }

  /** stop lets each agent settle what it is at: a call with a key is asked until it is answered. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async ask(agent: TortureAgent, random: Random): Promise<void> {
    while (!this.stopping) {
      const call = anyCall(random);
      let until = Number.POSITIVE_INFINITY;
      for (;;) {
        const reply = await this.send(agent, call, random);
        const answer = decidedBy(reply);
        if (answer) {
          this.held.push({ agent, call, answer });
          if (answer.decision) this.allowed++;
          break;
        }
        await breath();
        // Without a key, asking again would be another decision.
        if (call.key === undefined) break;
        if (this.stopping) until = Math.min(until, performance.now() + settleMsMax);
        if (performance.now() > until) {
          this.unsettled.push(`${call.trace}: ${describe(reply)}`);
          break;
        }
      }
    }
  }

  private async send(agent: TortureAgent, call: Call, random: Random): Promise<Reply> {
    if (this.ground.gateways.length === 0) return { kind: 'lost', why: 'no gateway runs', sentAt: 0, receivedAt: 0 };
    this.sent++;
    const reply = await agent.ask(this.ground.client, random.pick(this.ground.gateways), call);
    if (reply.kind === 'lost') this.lost++;
    else if (reply.status === 503) this.refused++;
    return reply;
  }

  // A person's transaction whose commit was acknowledged must be as durable as a decision.
  private async signIn(): Promise<void> {
    while (!this.stopping) {
      await withClient(this.ground.urls.web, async (client) => {
        while (!this.stopping) {
          const id = `evt_torture${this.random.hex(19)}`;
          const payload = {
            kind: 'user.signed_in',
            id,
            actor: { type: 'user', id: 'usr_ana' },
            subject: { type: 'user', id: 'usr_ana' },
            data: {},
          };
          await client.query(
            "INSERT INTO ledger_intake (kind, subject, payload) VALUES ('user.signed_in', 'usr_ana', convert_to($1, 'UTF8'))",
            [JSON.stringify(payload)],
          );
          this.acknowledged.push(id);
          await breath(20);
        }
      }).catch(() => breath(50));
    }
  }

  /** audit asks again a share of what had a key, and then compares all answers that were kept with the rows after `after`. */
  async audit(after: number, findings: Findings, checkpoints?: string): Promise<string> {
    await this.askAgain(findings);
    const rows = new Map<string, Entry>();
    const byTrace = new Map<string, number>();
    const events = new Set<string>();
    const count = await readLedger(this.ground.urls.owner, after, findings, (entry) => {
      if (entry.kind === 'decision.made') rows.set(entry.id, entry);
      else events.add(entry.id);
      if (entry.trace !== undefined) byTrace.set(entry.trace, (byTrace.get(entry.trace) ?? 0) + 1);
    });
    for (const { agent, call, answer } of this.held) {
      const row = rows.get(answer.context.id);
      const same = row?.agent === agent.id && row.verdict === answer.context.verdict && row.trace === call.trace;
      if (answer.decision)
        findings.expect(same, () => `an allow without its row: ${answer.context.id} (${row ? 'another row' : 'no row'})`);
      else if (!same) findings.violated(`a refusal without its row: ${answer.context.id}`);
    }
    for (const [trace, decisions] of byTrace) if (decisions > 1) findings.violated(`${decisions} decisions of one call: ${trace}`);
    for (const call of this.unsettled) findings.violated(`a call with a key that was never answered: ${call}`);
    for (const id of this.acknowledged) if (!events.has(id)) findings.violated(`an acknowledged event without its row: ${id}`);
    await this.compareApprovals(rows, findings);
    await verifyCleanly(this.ground.urls.owner, findings, checkpoints);
    return `${this.summary}; ${count} rows in one order, ${this.acknowledged.length} people's events among them`;
  }

  private async askAgain(findings: Findings): Promise<void> {
    const keyed = this.held.filter(({ call }) => call.key !== undefined);
    const random = this.random.fork('again');
    for (let i = 0; i < Math.min(replaysMax, keyed.length); i++) {
      const { agent, call, answer } = random.pick(keyed);
      const reply = await agent.ask(this.ground.client, random.pick(this.ground.gateways), call);
      const again = decidedBy(reply);
      const same = again?.context.id === answer.context.id && again.decision === answer.decision;
      findings.expect(same, () => `asked again with its key, ${answer.context.id} was answered ${again?.context.id ?? describe(reply)}`);
    }
  }

  // The request for approval and the decision that asked for it are one fact.
  private async compareApprovals(rows: ReadonlyMap<string, Entry>, findings: Findings): Promise<void> {
    const { rows: found } = await this.ground.owner.query<{ id: string; decision_id: string }>('SELECT id, decision_id FROM approvals');
    const askedBy = new Map(found.map((row) => [row.id, row.decision_id]));
    for (const [id, row] of rows) {
      if (row.approval !== undefined && askedBy.get(row.approval) !== id)
        findings.violated(`decision ${id} asked for ${row.approval}, which is not there`);
    }
  }
}

function describe(reply: Reply): string {
  return reply.kind === 'lost' ? reply.why : `${reply.status} ${JSON.stringify(reply.body).slice(0, 200)}`;
}
