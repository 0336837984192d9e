import { createPublicKey, type KeyObject } from 'node:crypto';

/** Keys are fetched again when they are older than this. */
const freshMs = 5 * 60_000;
/** Keys that could not be fetched again are used for this long; then nothing is believed any more. */
const keptMs = 60 * 60_000;
/** A receipt with a key nobody knows makes us ask at most this often, however many come. */
const askAgainMs = 10_000;
const fetchMsMax = 5_000;
const answerLengthMax = 64 * 1024;

type Held = { keys: ReadonlyMap<string, KeyObject>; issuer: string; at: number };

/** What is known of a gateway: whose receipts count, and the keys they are signed with. */
export type KnownKeys = { keys: ReadonlyMap<string, KeyObject>; issuer: string };

/** KeySet keeps a gateway's public keys and its name as issuer, so that receipts are verified without asking it. */
export class KeySet {
  private held: Held | undefined;
  private askedAt = -Infinity;
  private underway: Promise<void> | undefined;

  constructor(
    private readonly url: URL,
    private readonly issuer: string | undefined,
  ) {}

  /** known answers the keys, fetched anew when they are old or when `kid` is not among them; undefined when there are none to go by. */
  async known(kid: string): Promise<KnownKeys | undefined> {
    const age = this.held ? performance.now() - this.held.at : Infinity;
    if (age > freshMs || !this.held?.keys.has(kid)) await this.refresh();
    return this.held && performance.now() - this.held.at <= keptMs ? this.held : undefined;
  }

  private async refresh(): Promise<void> {
    if (!this.underway && performance.now() - this.askedAt < askAgainMs) return;
    this.underway ??= this.fetchAll().finally(() => (this.underway = undefined));
    await this.underway;
  }

  private async fetchAll(): Promise<void> {
    this.askedAt = performance.now();
    try {
      const [jwks, issuer] = await Promise.all([this.json('/.well-known/jwks.json'), this.issuerName()]);
      const keys = readKeys(jwks);
      if (keys.size > 0 && issuer !== undefined) this.held = { keys, issuer, at: performance.now() };
    } catch {
      // What is held goes on being used until it is too old; nothing is believed before the first success.
    }
  }

  // RFC 8414 section 2: the name under which the gateway signs need not be the address it is reached at.
  private async issuerName(): Promise<string | undefined> {
    if (this.issuer !== undefined) return this.issuer;
    const metadata = await this.json('/.well-known/oauth-authorization-server');
    const issuer = typeof metadata === 'object' && metadata !== null && 'issuer' in metadata ? metadata.issuer : undefined;
    return typeof issuer === 'string' && issuer !== '' ? issuer : undefined;
  }

  private async json(path: string): Promise<unknown> {
    const response = await fetch(this.url.origin + this.url.pathname.replace(/\/$/, '') + path, {
      redirect: 'error',
      signal: AbortSignal.timeout(fetchMsMax),
    });
    const text = await response.text();
    if (response.status !== 200 || text.length > answerLengthMax) throw new Error('no answer to go by');
    return JSON.parse(text);
  }
}

/** readKeys reads the Ed25519 public keys of a JWK set (RFC 7517, RFC 8037); a name that stands twice in it names no key. */
export function readKeys(jwks: unknown): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  const twice = new Set<string>();
  const list = typeof jwks === 'object' && jwks !== null && 'keys' in jwks && Array.isArray(jwks.keys) ? (jwks.keys as unknown[]) : [];
  for (const jwk of list) {
    if (typeof jwk !== 'object' || jwk === null) continue;
    const { kty, crv, x, kid, use = 'sig', alg = 'EdDSA' } = jwk as Record<string, unknown>;
    if (kty !== 'OKP' || crv !== 'Ed25519' || use !== 'sig' || alg !== 'EdDSA' || 'd' in jwk) continue;
    if (typeof kid !== 'string' || kid === '' || typeof x !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(x)) continue;
    if (keys.has(kid)) twice.add(kid);
    keys.set(kid, createPublicKey({ key: { kty, crv, x }, format: 'jwk' }));
  }
  for (const kid of twice) keys.delete(kid);
  return keys;
}
