import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { problem } from './answers';
import { noticeClient, type Noticing } from './noticing';
import { readiness, type Doorkeeper, type RulesKeeper } from '@/lib/check/service';
import { parseTokenRequest, tokenErrorAnswer } from '@/lib/identity/domain';
import { jwksCacheSeconds } from '@/lib/identity/schema';
import type { Committer } from '@/lib/ledger/service';
import type { OutsideGuard } from '@/lib/ledger/service/guard';

type Parts = Noticing & {
  doorkeeper: Doorkeeper;
  committer: Committer;
  guard: OutsideGuard;
  rules: RulesKeeper;
  reads: pg.Pool;
  publicUrl: string;
};

/** addHealth adds what a supervisor asks: alive, and whether the next decision could be made. */
export function addHealth(app: FastifyInstance, parts: Parts): void {
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const state = await readiness(parts);
    return reply.code(state.ready ? 200 : 503).send({ status: state.ready ? 'ready' : state.locked ? 'locked' : 'not ready', ...state });
  });
}

/** addIdentity adds the token endpoint (RFC 6749) and the key set (RFC 7517). */
export function addIdentity(app: FastifyInstance, parts: Parts): void {
  const { doorkeeper } = parts;
  app.post('/oauth/token', async (request, reply) => {
    const parsed = parseTokenRequest(typeof request.body === 'string' ? request.body : '', request.headers.authorization);
    const result = parsed.ok ? await doorkeeper.issue(parsed, new Date()) : parsed;
    if (parsed.ok && !('unavailable' in result)) noticeClient(parts, request.raw, parsed, result.ok);
    if (result.ok) return reply.header('pragma', 'no-cache').send(result.response);
    if ('unavailable' in result) return problem(reply, 'UNAVAILABLE', `No token was issued: ${result.unavailable}. Try again.`);
    const { status, headers, body } = tokenErrorAnswer(result);
    return reply.code(status).headers(headers).send(body);
  });
  app.get('/.well-known/jwks.json', (_request, reply) =>
    reply.header('cache-control', `public, max-age=${jwksCacheSeconds}`).send(doorkeeper.jwks(new Date())),
  );
}

/** addMetadata adds what standard clients read before they ask anything. */
export function addMetadata(app: FastifyInstance, { publicUrl }: Parts): void {
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
