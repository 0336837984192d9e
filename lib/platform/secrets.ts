import { readFileSync } from 'node:fs';
import { sealingKey, type SealPurpose } from '@/lib/kernel/seal';

const keys = new Map<string, Buffer>();

/** sealingKeyFrom reads the 32-byte master key (raw, or 64 hex digits) from its file once and derives the key of a purpose; throws one sentence when it cannot. */
export function sealingKeyFrom(file: string, purpose: SealPurpose): Buffer {
  const name = `${purpose} ${file}`;
  const known = keys.get(name);
  if (known) return known;
  const raw = readFileSync(file);
  const text = raw.toString('latin1').trim();
  const master = raw.length === 32 ? raw : /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
  if (!master) throw new Error('The master key file must hold 32 bytes, or 64 hexadecimal digits.');
  const key = sealingKey(master, purpose);
  keys.set(name, key);
  return key;
}
