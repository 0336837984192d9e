import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { newId } from '@/lib/kernel/ids';
import { passwordLengthMax } from '../schema';

/** argon2id with OWASP's first parameters: 19 MiB, two passes, one lane. */
const hashing = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** hashPassword answers the PHC string of argon2id to keep. */
export const hashPassword = (password: string): Promise<string> => hash(password, hashing);

// What an unknown e-mail's password is compared with, so that it takes as long as a known one's.
let decoy: Promise<string> | undefined;
const decoyHash = () => (decoy ??= hashPassword(newId('req')));

/** matchesPassword compares what was typed with a kept hash; without one it says no and takes as long. */
export async function matchesPassword(kept: string | undefined, typed: string): Promise<boolean> {
  const hashed = kept ?? (await decoyHash());
  return typed.length <= passwordLengthMax && (await verify(hashed, typed)) && kept !== undefined;
}

// Without i, l, o and u: it is read out and typed.
const readable = '0123456789abcdefghjkmnpqrstvwxyz';
const groups = 4;

/** newOneTimePassword is 80 random bits in four groups of four, such as `7k2m-…`. */
export function newOneTimePassword(): string {
  const characters = [...randomBytes(groups * 4)].map((byte) => readable.charAt(byte & 31));
  return Array.from({ length: groups }, (_, i) => characters.slice(i * 4, i * 4 + 4).join('')).join('-');
}
