import { sha256 } from '@/lib/kernel/hash';
import { randomBytesPooled } from '@/lib/kernel/ids';
import { seal } from '@/lib/kernel/seal';

/** Length of the salt in front of a digest in a side row. */
export const saltBytes = 16;

/** A side row and what the ledger row keeps of it. `salted` = salt ‖ digest (48 bytes); `commitment` = hex SHA-256 of it. */
export type SideRow = { salted: Buffer; sealed: Buffer; commitment: string };

/** sealSide encrypts what may be erased, bound to the id of its event, and commits to its digest with a fresh salt (an unsalted digest can be guessed). */
export function sealSide(key: Uint8Array, plaintext: string, digest: Uint8Array, eventId: string): SideRow {
  const salted = Buffer.concat([randomBytesPooled(saltBytes), digest]);
  return { salted, sealed: seal(key, plaintext, eventId), commitment: sha256(salted).toString('hex') };
}

/** sealText is sealSide for a text whose digest is its own SHA-256. */
export function sealText(key: Uint8Array, plaintext: string, text: string, eventId: string): SideRow {
  return sealSide(key, plaintext, sha256(text), eventId);
}
