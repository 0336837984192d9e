import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { randomBytesPooled } from './ids';

const nonceBytes = 12;
const tagBytes = 16;

/** What a derived key is for; one label, one key. */
export type SealPurpose = 'arguments' | 'signing-keys';

/** sealingKey derives the 32-byte AES key of a purpose from the 32-byte master key (HKDF-SHA-256, RFC 5869). */
export function sealingKey(master: Uint8Array, purpose: SealPurpose): Buffer {
  if (master.length !== 32) throw new RangeError('the master key is 32 bytes');
  return Buffer.from(hkdfSync('sha256', master, '', `countersign/${purpose}/v1`, 32));
}

/** seal encrypts with AES-256-GCM: nonce (12) ‖ ciphertext ‖ tag (16). `bound` must be given again to open, so a sealed value cannot be moved to another row. */
export function seal(key: Uint8Array, plaintext: string | Uint8Array, bound: string): Buffer {
  const nonce = randomBytesPooled(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(bound));
  const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
}

/** open decrypts what `seal` made; undefined when the key, the bound text or a byte differs. */
export function open(key: Uint8Array, sealed: Uint8Array, bound: string): Buffer | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}
