import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actionDigest } from '../digest';

const id = (prefix: string): string => `${prefix}_${createHash('sha256').update(randomBytes(16)).digest('hex').slice(0, 26)}`;

export type Asked = { body: Record<string, unknown>; key: string | undefined; approval: string | undefined };
/** What a scripted gateway does with one request instead of answering it. */
export type Fault = 'drop' | 'late drop' | number | { status: number; text: string; headers?: Record<string, string> };
type Kept = { body: string; answer: Answer };
type Answer = { decision: boolean; context: Record<string, unknown> };

/**
 * ScriptedGateway speaks the agent plane's protocol for tests of the client: tokens, checks with idempotency keys, requests, outcomes, keys. It decides by
 * `verdictOf` and does wrong what `faults` says, one fault a request. The same guarantees run against the real gateway in guard.db.test.ts.
 */
export class ScriptedGateway {
  readonly checks: Asked[] = [];
  readonly outcomes = new Map<string, string>();
  readonly reports: string[] = [];
  readonly approvals = new Map<string, { status: string; digest: string }>();
  readonly headers: Record<string, string | string[] | undefined>[] = [];
  /** Faults of the paths that begin with this, in turn. */
  readonly faults = new Map<string, Fault[]>();
  tokens = 0;
  keyRequests = 0;
  verdictOf: (asked: Asked) => string = () => 'allow';
  /** Changes an answer on its way out. */
  change: (answer: Answer) => unknown = (answer) => answer;
  /** Withholds allows that were given before, as a kill does. */
  isKilled = false;
  readonly kid = 'key-1';
  readonly privateKey: KeyObject;
  readonly publicJwk: object;
  private readonly kept = new Map<string, Kept>();
  private waiting: (() => void)[] = [];

  private constructor(private readonly server: Server) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.privateKey = privateKey;
    this.publicJwk = { ...publicKey.export({ format: 'jwk' }), kid: this.kid, use: 'sig', alg: 'EdDSA' };
    server.on('request', (request, response) => void this.handle(request, response));
  }

  static async start(): Promise<ScriptedGateway> {
    const server = createServer();
    const gateway = new ScriptedGateway(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** decide does what a person does to the one request that waits. */
  decide(status: string): void {
    for (const approval of this.approvals.values()) if (approval.status === 'pending') approval.status = status;
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** receipt signs claims as the gateway would, or as somebody who changed something would. */
  receipt(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'EdDSA', typ: 'countersign-receipt+jwt', kid: this.kid, ...header })}.${part(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.privateKey).toString('base64url')}`;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.headers.push(request.headers);
    const text = await new Promise<string>((resolve) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => resolve(body));
    });
    const queue = [...this.faults].find(([prefix]) => path.startsWith(prefix))?.[1];
    const fault = queue?.shift();
    if (fault === 'drop') return void request.socket.destroy();
    if (typeof fault === 'number') return send(response, fault, { code: 'FAULT', detail: 'a scripted fault' });
    if (typeof fault === 'object') return void response.writeHead(fault.status, fault.headers).end(fault.text);
    const answer = await this.answer(path, text, request);
    if (fault === 'late drop') return void request.socket.destroy();
    send(response, answer.status, answer.body, answer.headers);
  }

  private async answer(path: string, text: string, request: IncomingMessage): Promise<Reply> {
    if (path === '/oauth/token') {
      this.tokens++;
      return ok({ access_token: `token-${this.tokens}`, token_type: 'Bearer', expires_in: 300, scope: 'payments.schedule' });
    }
    if (path === '/.well-known/jwks.json') {
      this.keyRequests++;
      return ok({ keys: [this.publicJwk] });
    }
    if (path === '/.well-known/oauth-authorization-server') return ok({ issuer: 'https://gateway.test' });
    if (path === '/api/check') return this.check(text, request.headers['idempotency-key']);
    if (path === '/api/outcomes') return this.outcome(JSON.parse(text) as { decision: string; status: string });
    return this.request(path);
  }

  private check(text: string, key: string | string[] | undefined): Reply {
    const body = JSON.parse(text) as Record<string, unknown> & {
      context: { arguments: object; approval?: { id: string }; on_behalf_of?: string };
    };
    const approval = body.context.approval?.id;
    const name = typeof key === 'string' ? key : undefined;
    this.checks.push({ body, key: name, approval });
    const kept = name === undefined ? undefined : this.kept.get(name);
    if (kept && kept.body !== text) return { status: 409, body: { code: 'IDEMPOTENCY_MISMATCH', detail: 'another body' }, headers: {} };
    const answer = kept?.answer ?? this.decideOn(body, approval, this.verdictOf({ body, key: name, approval }));
    if (name !== undefined) this.kept.set(name, { body: text, answer });
    const withheld = this.isKilled && kept && answer.decision;
    const said = withheld ? refused(answer, 'KILLED') : this.withReceipt(answer, body);
    return { ...ok(this.change(said)), headers: kept ? { 'idempotent-replayed': 'true' } : {} };
  }

  private decideOn(
    body: Record<string, unknown> & { context: Record<string, unknown> },
    approval: string | undefined,
    verdict: string,
  ): Answer {
    const digest = digestOf(body);
    const context = {
      id: id('dec'),
      verdict,
      tier: verdict === 'deny' ? null : { allow: 1, allow_reversible: 2, approval_required: 3, halt: 4 }[verdict],
      deciding: [],
      reasons: [{ code: verdict === 'halt' ? 'ACTION_UNCLASSIFIED' : 'MONEY_TIER_3', tier: null, text: 'Because.' }],
      digest,
      policy: { epoch: 1 },
      workflow: 'wfl_test',
      obligations: [] as object[],
    };
    const refuse = (code: string): Answer => ({
      decision: false,
      context: { ...context, verdict: 'deny', tier: null, reasons: [{ code, tier: null, text: 'No.' }] },
    });
    if (this.isKilled) return refuse('KILLED');
    if (approval !== undefined && verdict === 'approval_required') {
      const held = this.approvals.get(approval);
      if (held?.digest !== digest) return refuse('APPROVAL_MISMATCH');
      if (held.status !== 'approved') return refuse(held.status === 'used' ? 'APPROVAL_USED' : 'APPROVAL_REJECTED');
      held.status = 'used';
      return { decision: true, context: { ...context, verdict: 'allow' } };
    }
    if (verdict === 'approval_required') {
      const open = [...this.approvals].find(([, one]) => one.digest === digest && ['pending', 'approved'].includes(one.status));
      const requestId = open?.[0] ?? id('apr');
      if (!open) this.approvals.set(requestId, { status: 'pending', digest });
      return { decision: false, context: { ...context, access_request: this.statusOf(requestId) } };
    }
    if (verdict === 'allow_reversible')
      context.obligations.push({
        id: 'report_outcome',
        effect_key: context.id.replace('dec', 'eff'),
        reversal_deadline: '2026-11-22T10:00:00.000Z',
      });
    return { decision: verdict === 'allow' || verdict === 'allow_reversible', context };
  }

  private withReceipt(answer: Answer, body: Record<string, unknown>): Answer {
    if (!answer.decision) return answer;
    const claims = this.claims({ jti: answer.context['id'], digest: answer.context['digest'], verdict: answer.context['verdict'] });
    const { name } = body['action'] as { name: string };
    return { decision: true, context: { ...answer.context, receipt: this.receipt({ ...claims, action: name }) } };
  }

  /** claims are those of a good receipt, with changes. */
  claims(changes: Record<string, unknown> = {}, now = Date.now()): Record<string, unknown> {
    const iat = Math.floor(now / 1000);
    return {
      iss: 'https://gateway.test',
      aud: 'countersign-tools',
      sub: 'agt_test',
      jti: id('dec'),
      iat,
      exp: iat + 30,
      action: 'payments.schedule',
      verdict: 'allow',
      tier: 1,
      workflow: 'wfl_test',
      schema_version: 1,
      ...changes,
    };
  }

  private outcome({ decision, status }: { decision: string; status: string }): Reply {
    this.reports.push(status);
    const before = this.outcomes.get(decision);
    if (before !== undefined && before !== 'ambiguous' && before !== status)
      return { status: 409, body: { code: 'OUTCOME_REPORTED', detail: 'Another outcome.' }, headers: {} };
    this.outcomes.set(decision, status);
    return ok({ decision, status, recorded: before !== status, at: '2026-11-21T10:00:00.000Z' });
  }

  private async request(path: string): Promise<Reply> {
    const url = new URL(path, this.url);
    const [, , , , requestId = '', action] = url.pathname.split('/');
    const approval = this.approvals.get(requestId);
    if (!approval) return { status: 404, body: { code: 'NOT_FOUND', detail: 'None.' }, headers: {} };
    if (action === 'cancel') approval.status = 'cancelled';
    const waitMs = Number(url.searchParams.get('wait') ?? 0) * 1000;
    if (approval.status === 'pending' && waitMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        this.waiting.push(() => (clearTimeout(timer), resolve()));
      });
    }
    return ok(this.statusOf(requestId));
  }

  private statusOf(requestId: string): object {
    const status = this.approvals.get(requestId)?.status;
    return {
      id: requestId,
      status,
      expires_at: '2027-01-01T00:00:00.000Z',
      status_endpoint: `${this.url}/access/v1/requests/${requestId}`,
      retry_after: 5,
    };
  }
}

type Reply = { status: number; body: unknown; headers: Record<string, string> };
const ok = (body: unknown): Reply => ({ status: 200, body, headers: {} });

function refused(answer: Answer, code: string): Answer {
  const reasons = [{ code, tier: null, text: 'No.' }];
  return { decision: false, context: { ...answer.context, verdict: 'deny', tier: null, reasons, obligations: [] } };
}

function digestOf(body: Record<string, unknown> & { context: Record<string, unknown> }): string {
  const { arguments: args, on_behalf_of } = body.context;
  return actionDigest(
    { action: body['action'] as { name: string }, resource: body['resource'] as { type: string } | undefined, arguments: args as object },
    { agent: 'agt_test', onBehalfOf: on_behalf_of as string | undefined, schemaVersion: 1 },
  );
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
