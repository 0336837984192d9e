import type { KeyObject } from 'node:crypto';
import { newId } from '@/lib/kernel/ids';
import { scopeLengthMax, tokenAudience, tokenSeconds, type AccessTokenClaims, type TaskDetail, type TokenResponse } from '../schema';
import { signJws } from './jws';
import type { SigningKey } from './keys';
import { refuseToken, type TokenRefusal } from './request';
import { accessTokenType } from './verify';

/** What a token is issued for: never more than is permitted, never nothing. */
export type Grant = { ok: true; scope: string[]; task: string | undefined; detail: TaskDetail | undefined };

/**
 * narrow is the intersection of what the agent may ever ask for, what it asked for, and what its task names; in the order of `permitted`.
 * An empty intersection is `invalid_scope` (agent-api.md, Identity).
 */
export function narrow(
  permitted: Iterable<string>,
  asked: { scope: readonly string[] | undefined; detail: TaskDetail | undefined },
): Grant | TokenRefusal {
  const wanted = asked.scope ? new Set(asked.scope) : undefined;
  const named = asked.detail?.actions ? new Set<string>(asked.detail.actions) : undefined;
  const scope = [...new Set(permitted)].filter((action) => (wanted?.has(action) ?? true) && (named?.has(action) ?? true));
  if (scope.length === 0) return refuseToken('invalid_scope', 'Nothing of what was asked is permitted to this agent.');
  if (scope.join(' ').length > scopeLengthMax)
    return refuseToken('invalid_scope', 'That is too much for one token: ask for fewer action types.');
  const detail = asked.detail?.actions
    ? { ...asked.detail, actions: asked.detail.actions.filter((action) => scope.includes(action)) }
    : asked.detail;
  return { ok: true, scope, task: detail?.task, detail };
}

export type TokenInput = { issuer: string; agentId: string; credentialId: string; workflowId: string; grant: Grant; ttlSeconds?: number };

/** issueToken signs an access token (RFC 9068, EdDSA of RFC 8037) for a grant that is committed, and builds the answer to the client. */
export function issueToken(
  input: TokenInput,
  key: SigningKey & { privateKey: KeyObject },
  now: Date,
): { response: TokenResponse; claims: AccessTokenClaims } {
  const { grant } = input;
  const lifetime = input.ttlSeconds ?? tokenSeconds;
  const iat = Math.floor(now.getTime() / 1000);
  const scope = grant.scope.join(' ');
  const details = grant.detail ? { authorization_details: [grant.detail] } : {};
  const claims: AccessTokenClaims = {
    iss: input.issuer,
    aud: tokenAudience,
    sub: input.agentId,
    client_id: input.credentialId,
    jti: newId('tok', now.getTime()),
    iat,
    exp: iat + lifetime,
    scope,
    wfl: input.workflowId,
    ...(grant.task === undefined ? {} : { task: grant.task }),
    ...details,
  };
  return {
    claims,
    response: { access_token: signJws(accessTokenType, claims, key), token_type: 'Bearer', expires_in: lifetime, scope, ...details },
  };
}
