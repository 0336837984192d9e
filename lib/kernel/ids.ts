import { randomFillSync } from 'node:crypto';

/** The closed list of id prefixes; an id is its prefix, `_`, and 26 lower-case base-32 characters (48 bits of milliseconds, 80 random bits). */
export const idPrefixes = [
  'agt',
  'apr',
  'chg',
  'crd',
  'dec',
  'drl',
  'drp',
  'evt',
  'fnd',
  'grt',
  'gtw',
  'kil',
  'per',
  'pol',
  'prc',
  'req',
  'rlr',
  'rsm',
  'rvc',
  'rvi',
  'ses',
  'suc',
  'sys',
  'tea',
  'tky',
  'tok',
  'usr',
  'wfl',
] as const;
export type IdPrefix = (typeof idPrefixes)[number];

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const poolBytes = 16_384;
const pool = Buffer.allocUnsafe(poolBytes);
let used = poolBytes;

/** randomBytesPooled returns a copy of `size` random bytes, drawn from the system in blocks since one call per id costs more than the id. */
export function randomBytesPooled(size: number): Buffer {
  if (used + size > poolBytes) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + size));
  pool.fill(0, used, used + size);
  used += size;
  return bytes;
}

/** newId returns a fresh id that sorts by time of making (millisecond), such as `dec_01k…`. */
export function newId(prefix: IdPrefix, nowMs: number = Date.now()): string {
  let time = nowMs;
  let head = '';
  for (let i = 0; i < 10; i++) {
    head = alphabet.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  const random = randomBytesPooled(16);
  let tail = '';
  for (let i = 0; i < 16; i++) tail += alphabet.charAt((random[i] ?? 0) & 31);
  return `${prefix}_${head}${tail}`;
}
