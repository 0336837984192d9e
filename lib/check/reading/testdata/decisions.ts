import pg from 'pg';
import type { DecisionPayload } from '@/lib/check/schema';
import { canonicalJson } from '@/lib/kernel/canonical';
import { sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { sealSide } from '@/lib/ledger/domain/side';
import { Committer } from '@/lib/ledger/service';
import type { PeoplePlane } from '@/lib/platform/testing/people-plane';
import { sealingKeyFrom } from '@/lib/platform/secrets';

export type Deciding = {
  process: string;
  agent?: string;
  owner?: string;
  action?: string;
  workflow?: string;
  verdict?: DecisionPayload['verdict'];
  tier?: DecisionPayload['tier'];
  /** In the base currency. */
  money?: string;
  windowSeconds?: number;
  arguments?: Record<string, unknown>;
  /** The approval that this decision uses. */
  uses?: string;
  halts?: boolean;
  reason?: string;
  accountable?: DecisionPayload['accountable'];
};
export type Decided = { id: string; workflow: string; canonical: string };

/** Decisions writes decisions the way a gateway does: through the commit function, as its role, with sealed arguments. */
export class Decisions {
  private constructor(
    private readonly plane: PeoplePlane,
    private readonly committer: Committer,
    private readonly client: pg.Client,
  ) {}

  static async start(plane: PeoplePlane): Promise<Decisions> {
    const committer = new Committer({ newClient: () => new pg.Client({ connectionString: plane.gatewayUrl }), writer: 'test' });
    const unsafe = await committer.start();
    if (unsafe) throw new Error(JSON.stringify(unsafe));
    const client = new pg.Client({ connectionString: plane.ownerUrl });
    await client.connect();
    return new Decisions(plane, committer, client);
  }

  async stop(): Promise<void> {
    await Promise.all([this.committer.close(), this.client.end()]);
  }

  async decide(given: Deciding): Promise<Decided> {
    const id = newId('dec');
    const { agent = 'agt_test', action = 'payments.schedule', workflow = newId('wfl'), verdict = 'allow', tier = 1 } = given;
    const canonical = canonicalJson({ action: { name: action }, agent, arguments: given.arguments ?? { nonce: id }, schema_version: 1 });
    const key = sealingKeyFrom(this.plane.masterKeyFile, 'arguments');
    const side = sealSide(key, JSON.stringify({ canonical, said: {} }), sha256(canonical), id);
    const outcome = await this.committer.submit(
      {
        eventId: id,
        agent,
        workflow,
        payload: JSON.stringify(payloadOf({ ...given, agent, action, workflow, verdict, tier }, id, side.commitment)),
        side,
        use: given.uses,
        refuseWhenHalted: false,
        haltsWorkflow: given.halts ?? false,
      },
      await this.epoch(),
    );
    if (outcome.outcome !== 'written') throw new Error(outcome.outcome);
    return { id, workflow, canonical };
  }

  private async epoch(): Promise<number> {
    const { rows } = await this.client.query<{ epoch: string }>('SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1');
    return Number(rows[0]?.epoch ?? 0);
  }
}

type Whole = Deciding & Required<Pick<Deciding, 'agent' | 'action' | 'workflow' | 'verdict'>> & { tier: DecisionPayload['tier'] };

function payloadOf(given: Whole, id: string, commitment: string): DecisionPayload {
  const { process, agent, owner = 'usr_test', action, workflow, verdict, tier, money, windowSeconds, uses, reason, accountable } = given;
  return {
    kind: 'decision.made',
    id,
    agent,
    process,
    owner,
    ...(accountable === undefined ? {} : { accountable }),
    workflow,
    credential: 'crd_test',
    action,
    schema_version: 1,
    effect: 'execute',
    verdict,
    tier,
    deciding: [],
    reasons: reason === undefined ? [] : [{ code: 'OUT_OF_SCOPE', tier, text: reason }],
    policies: [],
    epoch: 0,
    risk:
      money === undefined
        ? null
        : {
            effect: 'execute',
            reversibility: 'reversible',
            sensitivity: 'internal',
            audience: 'internal',
            categories: [],
            regimes: [],
            money: { amount: money, currency: 'USD' },
          },
    commitment,
    ...(uses === undefined ? {} : { used_approval: uses }),
    ...(windowSeconds === undefined ? {} : { window_seconds: windowSeconds }),
  };
}
