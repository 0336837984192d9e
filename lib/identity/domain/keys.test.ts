import { describe, expect, it } from 'vitest';
import { sealingKey } from '@/lib/kernel/seal';
import { jwksCacheSeconds, tokenSecondsMax } from '../schema';
import { issueToken, jwksOf, newSigningKey, planRotation, readSigningKey, signingKeyAt, verifyAccessToken, type SigningKey } from '.';

const sealing = sealingKey(Buffer.alloc(32, 7), 'signing-keys');
const start = new Date('2026-11-21T10:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const issuer = 'https://gate.example';

function rotate(keys: SigningKey[], now: Date): SigningKey[] {
  const plan = planRotation(keys, now);
  if (!plan.ok) throw new Error('a rotation is running');
  const made = readSigningKey({ ...newSigningKey(sealing), signsFrom: plan.signsFrom, signsUntil: null, verifiesUntil: null }, sealing);
  if (!made) throw new Error('no key');
  return [...keys.map((key) => ({ ...key, ...plan.retire.find(({ kid }) => kid === key.kid) })), made];
}

function tokenAt(keys: SigningKey[], now: Date, ttlSeconds = 300): string {
  const key = signingKeyAt(keys, now);
  if (!key) throw new Error('nothing signs');
  const grant = { ok: true, scope: ['invoices.read'], task: undefined, detail: undefined } as const;
  return issueToken(
    { issuer, agentId: 'agt_a', credentialId: 'crd_a', workflowId: 'wfl_a', grant: { ...grant, scope: [...grant.scope] }, ttlSeconds },
    key,
    now,
  ).response.access_token;
}

describe('rotation', () => {
  const first = rotate([], start);
  const both = rotate(first, after(1000));
  const [oldKey, newKey] = both;

  it('lets the very first key sign at once', () => {
    expect(signingKeyAt(first, start)?.kid).toBe(oldKey?.kid);
  });

  it('publishes the next key before it signs, for at least as long as verifiers keep the key set', () => {
    expect(jwksOf(both, after(1000)).keys.map(({ kid }) => kid)).toEqual([oldKey?.kid, newKey?.kid]);
    expect(signingKeyAt(both, after(1000))?.kid).toBe(oldKey?.kid);
    expect(signingKeyAt(both, after(1000 + jwksCacheSeconds))?.kid).toBe(oldKey?.kid);
    expect(signingKeyAt(both, after(1000 + jwksCacheSeconds + 60))?.kid).toBe(newKey?.kid);
  });

  it('loses no token: at every second of a rotation, each token of the last quarter of an hour that has not expired is good', () => {
    for (let issuedAt = 900; issuedAt < 2600; issuedAt += 50) {
      const token = tokenAt(both, after(issuedAt), tokenSecondsMax);
      for (const age of [0, 1, 299, 300, 600, tokenSecondsMax - 1]) {
        expect(
          verifyAccessToken(token, both, after(issuedAt + age), { issuer, audience: 'countersign' }).ok,
          `issued ${issuedAt}, age ${age}`,
        ).toBe(true);
      }
    }
  });

  it('stops publishing and believing the old key once its last token is over', () => {
    const end = after(1000 + jwksCacheSeconds + tokenSecondsMax + 60);
    expect(jwksOf(both, end).keys.map(({ kid }) => kid)).toEqual([newKey?.kid]);
  });

  it('never has two keys sign at one instant, nor none', () => {
    for (let second = 1000; second < 1400; second++) {
      const able = both.filter((key) => key.signsFrom <= after(second) && (key.signsUntil === null || key.signsUntil > after(second)));
      expect(able).toHaveLength(1);
    }
  });

  it('is refused while one is running', () => {
    expect(planRotation(both, after(1100))).toEqual({ ok: false, signsFrom: newKey?.signsFrom });
  });
});

describe('a key does not sign', () => {
  const row = { ...newSigningKey(sealing), signsFrom: start, signsUntil: null, verifiesUntil: null };

  it.each<[string, Parameters<typeof readSigningKey>[0], Uint8Array]>([
    ['when the master key is another', row, sealingKey(Buffer.alloc(32, 8), 'signing-keys')],
    ['when its private half was sealed for another purpose', row, sealingKey(Buffer.alloc(32, 7), 'arguments')],
    ['when its private half belongs to another row', { ...row, privateSealed: newSigningKey(sealing).privateSealed }, sealing],
    ['when a byte of it changed', { ...row, privateSealed: Buffer.from(row.privateSealed).fill(0, 20, 21) }, sealing],
    ['when it is cut short', { ...row, privateSealed: row.privateSealed.subarray(0, 10) }, sealing],
  ])('%s', (_, damaged, with_) => {
    const read = readSigningKey(damaged, with_);
    expect(read?.privateKey).toBeUndefined();
    expect(signingKeyAt(read ? [read] : [], start)).toBeUndefined();
    expect(jwksOf(read ? [read] : [], start).keys).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['when its public half carries a private one', { ...row.publicJwk, d: 'AAAA' }],
    [
      'when its public half is of another kind',
      { kty: 'EC', crv: 'P-256', x: row.publicJwk.x, y: row.publicJwk.x, kid: row.kid, use: 'sig', alg: 'ES256' },
    ],
    ['when its public half names another id', { ...row.publicJwk, kid: 'other' }],
    ['when it is missing', null],
  ])('nor verify %s', (_, publicJwk) => {
    expect(readSigningKey({ ...row, publicJwk }, sealing)).toBeUndefined();
  });
});
