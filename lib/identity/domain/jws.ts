import { sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { parseStrictJson } from '@/lib/kernel/strict-json';
import { verifies, type SigningKey } from './keys';

const base64url = /^[A-Za-z0-9_-]+$/;
const signatureBytes = 64;

export const jwsRefusals = [
  'MALFORMED',
  'ALGORITHM_NOT_ALLOWED',
  'TYPE_NOT_ALLOWED',
  'HEADER_NOT_ALLOWED',
  'KEY_UNKNOWN',
  'SIGNATURE_INVALID',
] as const;
export type JwsRefusal = (typeof jwsRefusals)[number];

/** jwsReader makes the reader of one type of compact JWS (RFC 7515): whatever else than these three stands in the header (jku, jwk, x5u, x5c, crit, b64, zip) would let the sender choose how it is verified. */
export function jwsReader(type: string, lengthMax: number) {
  const Header = z.strictObject({ alg: z.literal('EdDSA'), typ: z.literal(type), kid: z.string().min(1).max(128) });
  /**
   * The algorithm is pinned, the key is looked up in our own set only, base64url is read strictly, and nothing of the payload is read before its
   * signature. Synchronous, no network.
   */
  return (text: string, keys: readonly SigningKey[], now: Date): { ok: true; payload: unknown } | { ok: false; code: JwsRefusal } => {
    if (text.length > lengthMax) return refuse('MALFORMED');
    const parts = text.split('.');
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
    return payload.ok ? { ok: true, payload: payload.value } : refuse('MALFORMED');
  };
}

/** signJws writes a compact JWS of this type over the claims. */
export function signJws(type: string, claims: object, key: { kid: string; privateKey: KeyObject }): string {
  const signed = `${part({ alg: 'EdDSA', typ: type, kid: key.kid })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed, 'latin1'), key.privateKey).toString('base64url')}`;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

const refuse = (code: JwsRefusal): { ok: false; code: JwsRefusal } => ({ ok: false, code });

const headerRefusals: Readonly<Record<string, JwsRefusal>> = {
  alg: 'ALGORITHM_NOT_ALLOWED',
  typ: 'TYPE_NOT_ALLOWED',
  kid: 'KEY_UNKNOWN',
};

function headerRefusal(error: z.ZodError): JwsRefusal {
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

function readJson(text: string): { ok: true; value: unknown } | { ok: false } {
  const bytes = decode(text);
  if (!bytes) return { ok: false };
  try {
    return parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return { ok: false };
  }
}
