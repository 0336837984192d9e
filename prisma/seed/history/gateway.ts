import type { Principal } from '@/lib/check/domain';
import { CheckRequest, type CheckAnswer } from '@/lib/check/schema';
import { Doorkeeper, Gatekeeper, RulesKeeper } from '@/lib/check/service';
import { fingerprintOf } from '@/lib/findings/observations/domain';
import { Observer } from '@/lib/findings/observations/service/observer';
import { parseTokenRequest } from '@/lib/identity/domain';
import { projectLedger } from '@/lib/ledger/service/projection';
import { Committer } from '@/lib/ledger/service';
import type { OutcomeReport } from '@/lib/outcomes/schema';
import { Reporter } from '@/lib/outcomes/service/report';
import { createPool, newClient } from '@/lib/platform/db';
import { createLog } from '@/lib/platform/log';
import { sealingKeyFrom } from '@/lib/platform/secrets';

export type GatewayOptions = {
  gatewayUrl: string;
  webUrl: string;
  masterKeyFile: string;
  issuer: string;
  /** Settings of libpq for each of its connections. */
  settings: string;
};

/** What is not yet in the explorer's table is looked for row by row when an outcome comes: not too many of them. */
const unprojectedMax = 120;
const triesMax = 6;
const retryMs = 300;
const log = createLog('seed');

/** SampleGateway is the gateway's own parts in this process: the same check and the same writer, without the network between. */
export class SampleGateway {
  private unprojected = 0;
  decisions = 0;

  private constructor(
    private readonly doorkeeper: Doorkeeper,
    private readonly gatekeeper: Gatekeeper,
    private readonly reporter: Reporter,
    private readonly observer: Observer,
    private readonly projection: ReturnType<typeof createPool>,
    private readonly reads: ReturnType<typeof createPool>,
    private readonly stopParts: () => Promise<unknown>,
  ) {}

  static async start({ gatewayUrl, webUrl, masterKeyFile, issuer, settings }: GatewayOptions): Promise<SampleGateway> {
    const client = (application: string) => () => newClient(gatewayUrl, { application, connectTimeoutMs: 5_000, settings });
    const committer = new Committer({ newClient: client('countersign-sample-commit'), writer: 'gateway_sample' });
    const rules = new RulesKeeper({ newClient: client('countersign-sample-rules') });
    const withSettings = (url: string, more = '') => `${url}?options=${encodeURIComponent(settings + more)}`;
    const reads = createPool(withSettings(gatewayUrl), { application: 'countersign-sample-reads', max: 4 });
    // What it writes can be made again from the ledger.
    const lazily = ' -c synchronous_commit=off';
    const projection = createPool(withSettings(webUrl, lazily), { application: 'countersign-sample-entries', max: 1 });
    const argumentsKey = sealingKeyFrom(masterKeyFile, 'arguments');
    const doorkeeper = new Doorkeeper({ rules, committer, issuer, signingKeysKey: sealingKeyFrom(masterKeyFile, 'signing-keys') });
    const gatekeeper = new Gatekeeper({
      rules,
      committer,
      reads,
      argumentsKey,
      issuer,
      statusEndpoint: (id) => `${issuer}/access/v1/requests/${id}`,
      signingKey: (now) => doorkeeper.signingKey(now),
    });
    const refused = await committer.start();
    if (refused !== undefined) throw new Error(refused);
    await rules.start();
    const reporter = new Reporter({ rules, committer, reads, argumentsKey });
    const stop = () => Promise.all([committer.close(), rules.close(), reads.end(), projection.end()]);
    // Never started: it writes when the history's night comes, by the history's clock.
    const observer = new Observer({ db: reads });
    return new SampleGateway(doorkeeper, gatekeeper, reporter, observer, projection, reads, stop);
  }

  /** enter asks for a token for one task and answers whom it speaks for; undefined when its agent may not act. */
  async enter(clientId: string, secret: string, task: string): Promise<Principal | undefined> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      authorization_details: JSON.stringify([{ type: 'countersign_task', task }]),
    });
    const asked = parseTokenRequest(form.toString(), undefined);
    if (!asked.ok) throw new Error(`the sample's task ${task} cannot be asked for: ${JSON.stringify(asked)}`);
    const result = await this.patiently(async () => {
      const issued = await this.doorkeeper.issue(asked, new Date());
      return 'unavailable' in issued ? undefined : issued;
    });
    if (!result.ok && 'error' in result && result.error === 'unauthorized_client') return undefined;
    this.unprojected++;
    const principal = result.ok ? this.doorkeeper.principalOf(result.response.access_token, new Date()) : undefined;
    this.observer.noticed('credential.workload', clientId, fingerprintOf(clientId, 'agent'));
    if (!principal) throw new Error(`the sample's ${clientId} was not let in: ${JSON.stringify(result)}`);
    return principal;
  }

  /** check decides one action as POST /api/check does. */
  async check(principal: Principal, body: unknown, idempotencyKey?: string): Promise<CheckAnswer> {
    const request = CheckRequest.parse(body);
    const decided = await this.patiently(async () => {
      const result = await this.gatekeeper.check({ principal, request, idempotencyKey, traceparent: undefined, wantsReceipt: false });
      if (result.kind === 'decided' || result.kind === 'unavailable') return result.kind === 'decided' ? result : undefined;
      throw new Error(`the sample's check of ${request.action.name} ended in ${result.kind}`);
    });
    this.decisions++;
    const { model } = request.context;
    if (model !== undefined) this.observer.noticed('agent.model', principal.agent, model);
    this.unprojected++;
    return decided.answer;
  }

  /** report tells an outcome as POST /api/outcomes does. */
  async report(principal: Principal, report: OutcomeReport): Promise<void> {
    await this.patiently(async () => {
      const { kind } = await this.reporter.report({ principal, report, idempotencyKey: undefined });
      return kind === 'recorded' ? true : undefined;
    });
    this.unprojected++;
  }

  /** say tells that a gateway lives and decides by the newest rules, or says its goodbye; as each does every second. */
  async say({ id, name }: { id: string; name: string }, stopping = false): Promise<void> {
    await this.reads.query('SELECT gateway_says($1, $2, (SELECT coalesce(max(seq), 0) FROM ledger_epochs), NULL, $3)', [
      id,
      name,
      stopping,
    ]);
  }

  /** follow lets the explorer's table catch up when it lags. */
  async follow(): Promise<void> {
    if (this.unprojected > unprojectedMax) await this.project();
  }

  /** settle writes what was noticed and lets the explorer's table catch up, before the nightly jobs look. */
  async settle(): Promise<void> {
    await this.observer.flush();
    await this.project();
  }

  async project(): Promise<void> {
    this.unprojected = 0;
    await projectLedger(this.projection, log);
  }

  async stop(): Promise<void> {
    await this.settle();
    await this.stopParts();
  }

  /** A busy machine may make a commit late; then it is asked again, as an agent would. */
  private async patiently<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
    for (let tries = 0; tries < triesMax; tries++) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await this.project();
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    throw new Error('the sample could not be written: the database did not take the commit');
  }
}
