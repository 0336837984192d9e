import { createServer, type Server } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type pg from 'pg';
import { bearerToken, CheckDoor } from './check-door';
import { plainHeaders, sendProblem } from './reply';
import type { Principal } from '@/lib/check/domain';
import { waitSecondsMax, type AccessRequestStatus } from '@/lib/check/schema';
import { readiness, type Doorkeeper, type Gatekeeper, type RulesKeeper, type Waiters } from '@/lib/check/service';
import { parseTokenRequest, tokenErrorAnswer } from '@/lib/identity/domain';
import { jwksCacheSeconds, tokenRequestBytesMax } from '@/lib/identity/schema';
import { formatDigest } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { newProblem, type ProblemCode } from '@/lib/kernel/problem';
import type { Committer } from '@/lib/ledger/service';

export type AgentServerOptions = {
  gatekeeper: Gatekeeper;
  doorkeeper: Doorkeeper;
  committer: Committer;
  rules: RulesKeeper;
  waiters: Waiters;
  reads: pg.Pool;
  /** Where agents reach this plane, without a trailing slash: in metadata and status endpoints. */
  publicUrl: string;
};

/** A request whose head or body takes longer to arrive is cut. */
const requestMsMax = 10_000;
const headersMsMax = 5_000;
const idleMsMax = 75_000;
const approvalIdShape = /^apr_[0-9a-z]{26}$/;

/** createAgentServer builds the HTTP server of the agent plane: the check on node:http, everything whose speed does not count on Fastify. */
export async function createAgentServer(options: AgentServerOptions): Promise<{ server: Server; app: FastifyInstance }> {
  const door = new CheckDoor({ ...options, epoch: () => options.rules.snapshot.rules.epoch });
  const app = Fastify({
    serverFactory: (others) => {
      const server = createServer({
        requestTimeout: requestMsMax,
        headersTimeout: headersMsMax,
        keepAliveTimeout: idleMsMax,
        connectionsCheckingInterval: 1_000,
      });
      server.on('request', (request, response) => {
        const isCheck = request.url === '/api/check';
        if (request.method === 'POST' && (isCheck || request.url === '/access/v1/evaluation')) {
          door
            .handle(request, response, !isCheck)
            .catch(() => sendProblem(response, 'UNAVAILABLE', 'No decision was made, so the action must not go ahead.'));
        } else {
          others(request, response);
        }
      });
      return server;
    },
    bodyLimit: tokenRequestBytesMax,
    forceCloseConnections: true,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(plainHeaders)) if (!reply.hasHeader(name)) reply.header(name, value);
  });
  app.setNotFoundHandler((_request, reply) => problem(reply, 'NOT_FOUND', 'There is nothing at this address.'));
  app.setErrorHandler((error, _request, reply) => {
    const code = httpProblems[statusOf(error)] ?? 'INTERNAL';
    return problem(
      reply,
      code,
      code === 'INTERNAL' ? 'The request was not carried out.' : 'The request could not be read; nothing of it was kept.',
    );
  });
  addHealth(app, options);
  addIdentity(app, options);
  addMetadata(app, options);
  addAccessRequests(app, options);
  for (const url of ['/api/check', '/access/v1/evaluation']) {
    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url,
      handler: (_request, reply) => problem(reply.header('allow', 'POST'), 'METHOD_NOT_ALLOWED', 'A check is a POST.'),
    });
  }
  await app.ready();
  return { server: app.server, app };
}

const httpProblems: Record<number, ProblemCode> = { 400: 'MALFORMED', 408: 'TIMED_OUT', 413: 'TOO_LARGE', 415: 'UNSUPPORTED_MEDIA' };

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
}

function problem(reply: FastifyReply, code: ProblemCode, detail: string): FastifyReply {
  const body = newProblem(code, detail, newId('req'));
  if (code === 'TOKEN_INVALID') reply.header('www-authenticate', 'Bearer error="invalid_token"');
  if (code === 'UNAVAILABLE') reply.header('retry-after', '1');
  return reply
    .code(body.status)
    .header('content-type', 'application/problem+json')
    .header('x-request-id', body.request_id)
    .send(JSON.stringify(body));
}

function addHealth(app: FastifyInstance, options: AgentServerOptions): void {
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const state = await readiness(options);
    return reply.code(state.ready ? 200 : 503).send({ status: state.ready ? 'ready' : 'not ready', ...state });
  });
}

function addIdentity(app: FastifyInstance, { doorkeeper }: AgentServerOptions): void {
  app.post('/oauth/token', async (request, reply) => {
    const asked = parseTokenRequest(typeof request.body === 'string' ? request.body : '', request.headers.authorization);
    const result = asked.ok ? await doorkeeper.issue(asked, new Date()) : asked;
    if (result.ok) return reply.header('pragma', 'no-cache').send(result.response);
    if ('unavailable' in result) return problem(reply, 'UNAVAILABLE', `No token was issued: ${result.unavailable}. Try again.`);
    const { status, headers, body } = tokenErrorAnswer(result);
    return reply.code(status).headers(headers).send(body);
  });
  app.get('/.well-known/jwks.json', (_request, reply) =>
    reply.header('cache-control', `public, max-age=${jwksCacheSeconds}`).send(doorkeeper.jwks(new Date())),
  );
}

function addMetadata(app: FastifyInstance, { publicUrl }: AgentServerOptions): void {
  // RFC 8414 section 2.
  app.get('/.well-known/oauth-authorization-server', () => ({
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/oauth/token`,
    jwks_uri: `${publicUrl}/.well-known/jwks.json`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    authorization_details_types_supported: ['countersign_task'],
  }));
  // AuthZEN 1.0 section 9.
  app.get('/.well-known/authzen-configuration', () => ({
    policy_decision_point: publicUrl,
    access_evaluation_endpoint: `${publicUrl}/access/v1/evaluation`,
  }));
}

function addAccessRequests(app: FastifyInstance, options: AgentServerOptions): void {
  app.get<{ Params: { id: string }; Querystring: { wait?: string } }>('/access/v1/requests/:id', async (request, reply) => {
    const principal = await principalOf(request, options.doorkeeper);
    if (!principal) return problem(reply, 'TOKEN_INVALID', 'Send a valid access token as "Authorization: Bearer …".');
    const { id } = request.params;
    const wait = /^[0-9]{1,2}$/.test(request.query.wait ?? '0') ? Number(request.query.wait ?? '0') : undefined;
    if (wait === undefined || wait > waitSecondsMax)
      return problem(reply, 'MALFORMED', `wait is a number of seconds from 0 to ${waitSecondsMax}.`);
    try {
      const status = approvalIdShape.test(id) ? await waitForChange(options, principal, id, wait, request) : undefined;
      return status ? reply.send(status) : problem(reply, 'NOT_FOUND', 'This agent has no such request.');
    } catch {
      return problem(reply, 'UNAVAILABLE', 'The database does not answer. The request is kept; ask again.');
    }
  });
}

async function waitForChange(
  { gatekeeper, waiters, publicUrl }: AgentServerOptions,
  principal: Principal,
  id: string,
  waitSeconds: number,
  request: FastifyRequest,
): Promise<AccessRequestStatus | undefined> {
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    const row = await gatekeeper.approvalStatus(principal.agent, id);
    if (!row) return undefined;
    if (row.status !== 'pending' || performance.now() >= until || waiters.isFull || request.raw.destroyed) {
      return {
        id: row.id,
        status: row.status,
        digest: formatDigest(row.digest),
        requested_at: row.requestedAt.toISOString(),
        expires_at: row.expiresAt.toISOString(),
        status_endpoint: `${publicUrl}/access/v1/requests/${row.id}`,
        retry_after: row.status === 'pending' ? 5 : 0,
        ...(row.decidedAt ? { decided_at: row.decidedAt.toISOString() } : {}),
        ...(row.reasonCode === null ? {} : { reason_code: row.reasonCode }),
        ...(row.usedAt ? { used_at: row.usedAt.toISOString() } : {}),
      };
    }
    await waiters.sleep(id, until);
  }
}

async function principalOf(request: FastifyRequest, doorkeeper: Doorkeeper): Promise<Principal | undefined> {
  const token = bearerToken(request.raw) ?? '';
  return doorkeeper.principalOf(token, new Date()) ?? doorkeeper.principalOfFresh(token, new Date());
}
