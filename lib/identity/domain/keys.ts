import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sha256 } from '@/lib/kernel/hash';
import { open, seal } from '@/lib/kernel/seal';
import { jwksCacheSeconds, PublicJwk, tokenSecondsMax, type SigningKeyRow } from '../schema';

/** A key pair as a process holds it. `privateKey` is missing where it could not be opened: such a key verifies and never signs. */
export type SigningKey = {
  kid: string;
  publicJwk: PublicJwk;
  publicKey: KeyObject;
  privateKey: KeyObject | undefined;
  signsFrom: Date;
  signsUntil: Date | null;
  verifiesUntil: Date | null;
};

/** clockLeewaySeconds is how far two clocks of ours may differ; also how long after its last token a key still verifies. */
export const clockLeewaySeconds = 5;

/** newSigningKey makes an Ed25519 pair; its id is the RFC 7638 thumbprint, and the private half (PKCS 8) is sealed to that id. */
export function newSigningKey(sealing: Uint8Array): { kid: string; publicJwk: PublicJwk; privateSealed: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const x = publicKey.export({ format: 'jwk' }).x ?? '';
  const kid = sha256(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x })).toString('base64url');
  const publicJwk = PublicJwk.parse({ kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' });
  return { kid, publicJwk, privateSealed: seal(sealing, privateKey.export({ type: 'pkcs8', format: 'der' }), kid) };
}

/**
 * readSigningKey opens one row; undefined when the row's public half is not a key of ours. A private half that does not open, or that belongs
 * to another public half, leaves a key that only verifies.
 */
export function readSigningKey(row: SigningKeyRow, sealing: Uint8Array): SigningKey | undefined {
  const parsed = PublicJwk.safeParse(row.publicJwk);
  if (!parsed.success || parsed.data.kid !== row.kid) return undefined;
  const publicJwk = parsed.data;
  const { kid, signsFrom, signsUntil, verifiesUntil } = row;
  const publicKey = createPublicKey({ key: { kty: publicJwk.kty, crv: publicJwk.crv, x: publicJwk.x }, format: 'jwk' });
  return { kid, publicJwk, publicKey, privateKey: openPrivate(row, sealing, publicJwk.x), signsFrom, signsUntil, verifiesUntil };
}

function openPrivate(row: SigningKeyRow, sealing: Uint8Array, x: string): KeyObject | undefined {
  const opened = open(sealing, row.privateSealed, row.kid);
  if (!opened) return undefined;
  try {
    const key = createPrivateKey({ key: opened, format: 'der', type: 'pkcs8' });
    return key.asymmetricKeyType === 'ed25519' && createPublicKey(key).export({ format: 'jwk' }).x === x ? key : undefined;
  } catch {
    return undefined;
  }
}

/** verifies tells whether a key's signatures count now. A key counts before it signs, so that no verifier meets one it has not seen. */
export function verifies(key: Pick<SigningKey, 'verifiesUntil'>, now: Date): boolean {
  return key.verifiesUntil === null || key.verifiesUntil > now;
}

/** jwksOf is the key set (RFC 7517 section 5) to publish: every key that counts now, the next one included. */
export function jwksOf(keys: readonly SigningKey[], now: Date): { keys: PublicJwk[] } {
  return { keys: keys.filter((key) => verifies(key, now)).map((key) => key.publicJwk) };
}

/** signingKeyAt is the key that signs now: the latest whose turn has come; undefined when none may, and then no token is issued. */
export function signingKeyAt(keys: readonly SigningKey[], now: Date): (SigningKey & { privateKey: KeyObject }) | undefined {
  let latest: (SigningKey & { privateKey: KeyObject }) | undefined;
  for (const { privateKey, ...key } of keys) {
    const turn = key.signsFrom <= now && (key.signsUntil === null || key.signsUntil > now) && verifies(key, now);
    if (privateKey && turn && (!latest || key.signsFrom > latest.signsFrom)) latest = { ...key, privateKey };
  }
  return latest;
}

/** When a new key starts, and when each key that signs now stops signing and then verifying. */
export type Rotation =
  { ok: true; signsFrom: Date; retire: { kid: string; signsUntil: Date; verifiesUntil: Date }[] } | { ok: false; signsFrom: Date };

/**
 * planRotation says how the next key takes over: published at once, signing only when every copy of the key set is that new, and the old ones
 * verifying until the last token they signed has expired. The first key signs at once. Refused while another key waits for its turn.
 */
export function planRotation(keys: readonly Pick<SigningKey, 'kid' | 'signsFrom' | 'signsUntil'>[], now: Date): Rotation {
  const waiting = keys.find((key) => key.signsFrom > now);
  if (waiting) return { ok: false, signsFrom: waiting.signsFrom };
  const signing = keys.filter((key) => key.signsUntil === null || key.signsUntil > now);
  const signsFrom = signing.length === 0 ? now : new Date(now.getTime() + (jwksCacheSeconds + clockLeewaySeconds) * 1000);
  const verifiesUntil = new Date(signsFrom.getTime() + (tokenSecondsMax + clockLeewaySeconds) * 1000);
  return { ok: true, signsFrom, retire: signing.map(({ kid }) => ({ kid, signsUntil: signsFrom, verifiesUntil })) };
}
