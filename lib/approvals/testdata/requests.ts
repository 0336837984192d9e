import pg from 'pg';
import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { sealSide } from '@/lib/ledger/domain/side';
import { Committer } from '@/lib/ledger/service';
import type { PeoplePlane } from '@/lib/platform/testing/people-plane';
import { sealingKeyFrom } from '@/lib/platform/secrets';

export type AskedFor = { id: string; decision: string; digest: string; canonical: string };
export type Asking = {
  process: string;
  owner?: string;
  agent?: string;
  asker?: string | null;
  slaSeconds?: number;
  arguments?: Record<string, unknown>;
  said?: Record<string, unknown>;
};

/** Gateway asks for approvals the way a gateway does: through the commit function, as its role, with sealed arguments. */
export class Gateway {
  private constructor(
    private readonly plane: PeoplePlane,
    private readonly committer: Committer,
    private readonly client: pg.Client,
  ) {}

  static async start(plane: PeoplePlane): Promise<Gateway> {
    const committer = new Committer({ newClient: () => new pg.Client({ connectionString: plane.gatewayUrl }), writer: 'test' });
    const unsafe = await committer.start();
    if (unsafe) throw new Error(JSON.stringify(unsafe));
    const client = new pg.Client({ connectionString: plane.ownerUrl });
    await client.connect();
    return new Gateway(plane, committer, client);
  }

  async stop(): Promise<void> {
    await Promise.all([this.committer.close(), this.client.end()]);
  }

  private async epoch(): Promise<number> {
    const { rows } = await this.client.query<{ epoch: string }>('SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1');
    return Number(rows[0]?.epoch ?? 0);
  }

  async ask(asking: Asking): Promise<AskedFor> {
    const [decision, id, workflow] = [newId('dec'), newId('apr'), newId('wfl')];
    const { agent = 'agt_test', process, owner = 'usr_test', asker = null, slaSeconds = 3600 } = asking;
    const given = asking.arguments ?? { invoice: decision, amount: '62000.00', currency: 'EUR' };
    const canonical = canonicalJson({ action: { name: 'payments.execute' }, agent, arguments: given, schema_version: 1 });
    const digest = sha256(canonical);
    const key = sealingKeyFrom(this.plane.masterKeyFile, 'arguments');
    const side = sealSide(key, JSON.stringify({ canonical, said: asking.said ?? { summary: 'Pay' } }), digest, decision);
    const payload = {
      kind: 'decision.made',
      id: decision,
      agent,
      process,
      owner,
      workflow,
      credential: 'crd_test',
      action: 'payments.execute',
      schema_version: 1,
      effect: 'execute',
      verdict: 'approval_required',
      tier: 3,
      deciding: ['reversibility'],
      reasons: [
        { code: 'REVERSIBILITY_TIER_3', dimension: 'reversibility', tier: 3, text: 'Payments that cannot be undone need approval.' },
      ],
      policies: [],
      epoch: 0,
      risk: null,
      commitment: side.commitment,
      approval: id,
    };
    const outcome = await this.committer.submit(
      {
        eventId: decision,
        agent,
        workflow,
        payload: JSON.stringify(payload),
        side,
        ask: { id, process, action: 'payments.execute', asker, tier: 3, deciding: ['reversibility'], slaSeconds },
        refuseWhenHalted: true,
        haltsWorkflow: false,
      },
      await this.epoch(),
    );
    if (outcome.outcome !== 'written') throw new Error(outcome.outcome);
    return { id, decision, digest: formatDigest(digest), canonical };
  }

  /** use redeems an approval, once, and answers what the commit said. */
  async use(asked: AskedFor, agent = 'agt_test'): Promise<string> {
    const decision = newId('dec');
    const side = sealSide(sealingKeyFrom(this.plane.masterKeyFile, 'arguments'), '{}', sha256(asked.canonical), decision);
    const payload = JSON.stringify({ kind: 'decision.made', id: decision, used_approval: asked.id, commitment: side.commitment });
    const item = {
      eventId: decision,
      agent,
      workflow: newId('wfl'),
      payload,
      side,
      use: asked.id,
      refuseWhenHalted: true,
      haltsWorkflow: false,
    };
    return (await this.committer.submit(item, await this.epoch())).outcome;
  }
}
