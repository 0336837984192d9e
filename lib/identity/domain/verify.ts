import { verify } from 'node:crypto';
import { z } from 'zod';
import { parseStrictJson } from '@/lib/kernel/strict-json';
import { AccessTokenClaims, tokenLengthMax, tokenSecondsMax } from '../schema';
import { clockLeewaySeconds, verifies, type SigningKey } from './keys';

/** The media type of access tokens (RFC 9068 section 2.1): a receipt or any other JWT of ours is not one. */
export const accessTokenType = 'at+jwt';

// Exactly these three. Whatever else a header can carry (jku, jwk, x5u, x5c, crit, b64, zip) would let the sender choose how it is verified.
const Header = z.strictObject({ alg: z.literal('EdDSA'), typ: z.literal(accessTokenType), kid: z.string().min(1).max(128) });
const base64url = /^[A-Za-z0-9_-]+$/;
const signatureBytes = 64;

export const tokenRefusals = [
  'MALFORMED',
  'ALGORITHM_NOT_ALLOWED',
  'TYPE_NOT_ALLOWED',
  'HEADER_NOT_ALLOWED',
  'KEY_UNKNOWN',
  'SIGNATURE_INVALID',
  'CLAIMS_INVALID',
  'ISSUER_WRONG',
  'AUDIENCE_WRONG',
  'NOT_YET_VALID',
  'EXPIRED',
] as const;
export type AccessTokenRefusal = (typeof tokenRefusals)[number];
export type AccessTokenVerdict = { ok: true; claims: AccessTokenClaims } | { ok: false; code: AccessTokenRefusal };

/**
 * verifyAccessToken reads a compact JWS (RFC 7515) as one of our access tokens (RFC 9068). The algorithm is pinned, the key is looked up in our
 * own set only, base64url is read strictly, and nothing of the payload is believed before its signature. Synchronous, no network.
 */
export function verifyAccessToken(
  token: string,
  keys: readonly SigningKey[],
  now: Date,
  expected: { issuer: string; audience: string },
): AccessTokenVerdict {
  if (token.length > tokenLengthMax) return refuse('MALFORMED');
  const parts = token.split('.');
  const [headerPart, payloadPart, signaturePart] = parts;
  if (parts.length !== 3 || !headerPart || !payloadPart || !signaturePart) return refuse('MALFORMED');
  const signature = decode(signaturePart);
  const header = readJson(headerPart);
  if (!signature || !header.ok) return refuse('MALFORMED');
  const allowed = Header.safeParse(header.value);
  if (!allowed.success) return refuse(headerRefusal(allowed.error));

  const key = keys.find(({ kid }) => kid === allowed.data.kid);
  if (!key || !verifies(key, now)) return refuse('KEY_UNKNOWN');
  const signed = Buffer.from(`${headerPart}.${payloadPart}`, 'latin1');
  if (signature.length !== signatureBytes || !verify(null, signed, key.publicKey, signature)) return refuse('SIGNATURE_INVALID');

  const payload = readJson(payloadPart);
  if (!payload.ok) return refuse('MALFORMED');
  const claims = AccessTokenClaims.safeParse(payload.value);
  if (!claims.success) return refuse(claims.error.issues.some((issue) => issue.path[0] === 'aud') ? 'AUDIENCE_WRONG' : 'CLAIMS_INVALID');
  const refusal = whyNotNow(claims.data, now, expected);
  return refusal ? refuse(refusal) : { ok: true, claims: claims.data };
}

function whyNotNow(claims: AccessTokenClaims, now: Date, expected: { issuer: string; audience: string }): AccessTokenRefusal | undefined {
  const seconds = now.getTime() / 1000;
  if (claims.iss !== expected.issuer) return 'ISSUER_WRONG';
  if (claims.aud !== expected.audience) return 'AUDIENCE_WRONG';
  if (claims.iat > seconds + clockLeewaySeconds || (claims.nbf ?? 0) > seconds + clockLeewaySeconds) return 'NOT_YET_VALID';
  if (claims.exp <= claims.iat || claims.exp - claims.iat > tokenSecondsMax) return 'CLAIMS_INVALID';
  if (claims.exp <= seconds) return 'EXPIRED';
  return undefined;
}

const refuse = (code: AccessTokenRefusal): AccessTokenVerdict => ({ ok: false, code });

const headerRefusals: Readonly<Record<string, AccessTokenRefusal>> = {
  alg: 'ALGORITHM_NOT_ALLOWED',
  typ: 'TYPE_NOT_ALLOWED',
  kid: 'KEY_UNKNOWN',
};

function headerRefusal(error: z.ZodError): AccessTokenRefusal {
  if (error.issues.some((issue) => issue.code === 'unrecognized_keys')) return 'HEADER_NOT_ALLOWED';
  for (const [member, refusal] of Object.entries(headerRefusals)) {
    if (error.issues.some((issue) => issue.path[0] === member)) return refusal;
  }
  return 'MALFORMED';
}

/** Node decodes base64url loosely (padding, white space, the other alphabet, stray bits): only the one spelling of the bytes is taken. */
function decode(text: string): Buffer | undefined {
  if (!base64url.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function readJson(part: string): { ok: true; value: unknown } | { ok: false } {
  const bytes = decode(part);
  if (!bytes) return { ok: false };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { ok: false };
  }
  return parseStrictJson(text);
}
