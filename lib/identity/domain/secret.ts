import { randomBytes } from 'node:crypto';
import { sameBytes, sha256 } from '@/lib/kernel/hash';

const secretPrefix = 'cs_';
const secretBytes = 32;
const hintLength = 4;
// What an unknown client is compared with, so that it takes as long as a known one. No input is known that hashes to it.
const nothing = Buffer.alloc(32);

/** What a gateway holds of a credential. `secretHash` = SHA-256 (32 bytes) of the whole secret text. */
export type CredentialFacts = { id: string; agentId: string; secretHash: Uint8Array; expiresAt: Date; revokedAt: Date | null };

/** newSecret makes 256 random bits as `cs_…` (base64url), their SHA-256 to keep, and the last characters by which people tell secrets apart. */
export function newSecret(): { secret: string; secretHash: Buffer; hint: string } {
  const secret = secretPrefix + randomBytes(secretBytes).toString('base64url');
  return { secret, secretHash: sha256(secret), hint: secret.slice(-hintLength) };
}

/** looksLikeSecret tells whether a text is made as our secrets are, so that one that was sent as something else is written nowhere. */
export const looksLikeSecret = (text: string): boolean => text.trim().startsWith(secretPrefix);

/** checkSecret compares in constant time. A plain hash is enough: 256 random bits cannot be guessed, unlike passwords. */
export function checkSecret(presented: string, secretHash: Uint8Array): boolean {
  return sameBytes(sha256(presented), secretHash);
}

/** isUsable tells whether a credential still opens the token door. */
export function isUsable(credential: Pick<CredentialFacts, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  return credential.revokedAt === null && credential.expiresAt > now;
}

/** authenticate tells whether the secret opens this credential now; an unknown, revoked or expired one takes as long to refuse as a wrong secret. */
export function authenticate(credential: CredentialFacts | undefined, presented: string, now: Date): credential is CredentialFacts {
  const matches = checkSecret(presented, credential?.secretHash ?? nothing);
  return matches && credential !== undefined && isUsable(credential, now);
}
