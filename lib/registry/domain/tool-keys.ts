import { randomBytes } from 'node:crypto';
import type { ToolKeyFacts } from '../schema/tool-keys';
import { sameBytes, sha256 } from '@/lib/kernel/hash';

const secretPrefix = 'cst_';
const secretBytes = 32;
const idShape = /^tky_[0-9a-z]{1,60}$/;
const secretLengthMax = 128;
const basic = /^basic +([A-Za-z0-9+/]{1,400}={0,2})$/i;
// What an unknown key is compared with, so that it takes as long as a known one. No input is known that hashes to it.
const nothing = Buffer.alloc(32);

/** newToolSecret makes 256 random bits as `cst_…` (base64url), and their SHA-256 to keep. */
export function newToolSecret(): { secret: string; secretHash: Buffer } {
  const secret = secretPrefix + randomBytes(secretBytes).toString('base64url');
  return { secret, secretHash: sha256(secret) };
}

/** readToolKey reads the id and the secret out of an RFC 7617 Authorization header; undefined for anything else. */
export function readToolKey(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = basic.exec(header ?? '')?.[1];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const [id, secret] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  return idShape.test(id) && secret !== '' && secret.length <= secretLengthMax ? { id, secret } : undefined;
}

/** opensWith compares in constant time; an unknown key takes as long to refuse as a wrong secret. */
export function opensWith(key: ToolKeyFacts | undefined, secret: string): key is ToolKeyFacts {
  const matches = sameBytes(sha256(secret), key?.secretHash ?? nothing);
  return matches && key !== undefined;
}
