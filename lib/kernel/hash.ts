import { createHash, hash as hashOnce, timingSafeEqual } from 'node:crypto';

/** sha256 returns the 32 bytes of SHA-256 over the concatenated parts; strings count as UTF-8. */
export function sha256(...parts: (string | Uint8Array)[]): Buffer {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return hashOnce('sha256', only, 'buffer');
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** formatDigest writes a SHA-256 digest as it stands in the API: `sha-256:` and 64 lower-case hex digits. */
export function formatDigest(digest: Uint8Array): string {
  return `sha-256:${Buffer.from(digest).toString('hex')}`;
}

/** sameBytes compares in constant time; different lengths are different. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
