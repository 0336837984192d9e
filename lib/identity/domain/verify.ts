import { AccessTokenClaims, tokenLengthMax, tokenSecondsMax } from '../schema';
import { jwsReader, jwsRefusals } from './jws';
import { clockLeewaySeconds, type SigningKey } from './keys';

/** The media type of access tokens (RFC 9068 section 2.1): a receipt or any other JWT of ours is not one. */
export const accessTokenType = 'at+jwt';

const readAccessToken = jwsReader(accessTokenType, tokenLengthMax);

export const tokenRefusals = [...jwsRefusals, 'CLAIMS_INVALID', 'ISSUER_WRONG', 'AUDIENCE_WRONG', 'NOT_YET_VALID', 'EXPIRED'] as const;
export type AccessTokenRefusal = (typeof tokenRefusals)[number];
export type AccessTokenVerdict = { ok: true; claims: AccessTokenClaims } | { ok: false; code: AccessTokenRefusal };

/** verifyAccessToken reads a compact JWS (RFC 7515) as one of our access tokens (RFC 9068). Synchronous, no network. */
export function verifyAccessToken(
  token: string,
  keys: readonly SigningKey[],
  now: Date,
  expected: { issuer: string; audience: string },
): AccessTokenVerdict {
  const read = readAccessToken(token, keys, now);
  if (!read.ok) return read;
  const claims = AccessTokenClaims.safeParse(read.payload);
  if (!claims.success) return refuse(claims.error.issues.some((issue) => issue.path[0] === 'aud') ? 'AUDIENCE_WRONG' : 'CLAIMS_INVALID');
  const refusal = whyNotNow(claims.data, now, { ...expected, secondsMax: tokenSecondsMax });
  return refusal ? refuse(refusal) : { ok: true, claims: claims.data };
}

type Timed = { iss: string; aud: string; iat: number; exp: number; nbf?: number | undefined };

/** whyNotNow is why signed claims do not count: whose, for whom, when; undefined when they do. The second of expiry counts as past. */
export function whyNotNow(
  claims: Timed,
  now: Date,
  expected: { issuer: string; audience: string; secondsMax: number },
): AccessTokenRefusal | undefined {
  const seconds = now.getTime() / 1000;
  if (claims.iss !== expected.issuer) return 'ISSUER_WRONG';
  if (claims.aud !== expected.audience) return 'AUDIENCE_WRONG';
  if (claims.iat > seconds + clockLeewaySeconds || (claims.nbf ?? 0) > seconds + clockLeewaySeconds) return 'NOT_YET_VALID';
  if (claims.exp <= claims.iat || claims.exp - claims.iat > expected.secondsMax) return 'CLAIMS_INVALID';
  if (claims.exp <= seconds) return 'EXPIRED';
  return undefined;
}

const refuse = (code: AccessTokenRefusal): AccessTokenVerdict => ({ ok: false, code });
