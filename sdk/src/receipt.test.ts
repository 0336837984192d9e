import { createHmac, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actionDigest, type Call } from './digest';
import { readKeys } from './key-set';
import { verifyReceipt } from './receipt';
import { FolderSeen, MemorySeen, type SeenDecisions } from './seen';
import { ScriptedGateway } from './testdata/gateway';
import { ReceiptVerifier, type ReceiptVerifierOptions } from './verifier';

const now = new Date('2026-11-21T10:00:00Z');
const call: Call = {
  action: 'payments.schedule',
  resource: { type: 'invoice', id: 'INV-1' },
  arguments: { invoice: 'INV-1', amount: '62000.00', currency: 'EUR' },
};
const covered = { agent: 'agt_test', schemaVersion: 1 };
const digest = actionDigest(call, covered);

let gateway: ScriptedGateway;
let keys: Map<string, KeyObject>;
beforeAll(async () => {
  gateway = await ScriptedGateway.start();
  keys = readKeys({ keys: [gateway.publicJwk] });
});
afterAll(() => gateway.stop());

const claims = (changes: Record<string, unknown> = {}): Record<string, unknown> => gateway.claims({ digest, ...changes }, now.getTime());
const good = (changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string =>
  gateway.receipt(claims(changes), header);
const verdictOf = (receipt: string | undefined, of: Call = call, at = now, known = keys) => {
  const verdict = verifyReceipt(receipt, of, { keys: known, issuer: 'https://gateway.test', now: at });
  return verdict.ok ? 'ok' : verdict.code;
};
const encoded = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const parts = (receipt: string): [string, string, string] => receipt.split('.') as [string, string, string];
const seconds = (offset: number): Date => new Date(now.getTime() + offset * 1000);

describe('a receipt allows', () => {
  test.each<[string, () => string, Call, Date]>([
    ['the very call it was made for', () => good(), call, now],
    [
      'the same call with its members in another order',
      () => good(),
      { ...call, arguments: { currency: 'EUR', amount: '62000.00', invoice: 'INV-1' } },
      now,
    ],
    ['a call to its last second', () => good(), call, seconds(29)],
    ['a call when the gateway’s clock is a little ahead', () => good(), call, seconds(-5)],
    ['a call at Tier 2', () => good({ verdict: 'allow_reversible', tier: 2 }), call, now],
    [
      'a call on behalf of someone',
      () => good({ on_behalf_of: 'ana', digest: actionDigest(call, { ...covered, onBehalfOf: 'ana' }) }),
      call,
      now,
    ],
    ['an action named with nothing but its name', () => good(), { ...call, action: { name: 'payments.schedule' } }, now],
  ])('%s', (_name, receipt, of, at) => expect(verdictOf(receipt(), of, at)).toBe('ok'));
});

describe('a receipt is refused', () => {
  const other = generateKeyPairSync('ed25519');
  const forged: [string, () => string | undefined, string][] = [
    ['that is not there', () => undefined, 'MISSING'],
    ['that is empty', () => '', 'MISSING'],
    ['with two parts', () => parts(good()).slice(0, 2).join('.'), 'MALFORMED'],
    ['with four parts', () => `${good()}.x`, 'MALFORMED'],
    ['longer than any', () => `${good()}${'A'.repeat(9000)}`, 'MALFORMED'],
    ['whose header is no JSON', () => `${encoded('{')}.${parts(good())[1]}.${parts(good())[2]}`, 'MALFORMED'],
    ['whose header is a list', () => `${encoded([])}.${parts(good())[1]}.${parts(good())[2]}`, 'MALFORMED'],
    ['with padding', () => `${good()}=`, 'MALFORMED'],
    ['with white space', () => `${good()}\n`, 'MALFORMED'],
    ['in another spelling of the same bytes', () => respelled(good()), 'MALFORMED'],
    ['in the other base64 alphabet', () => good().slice(0, -4) + '+/+/', 'MALFORMED'],
    [
      'with algorithm none',
      () => `${encoded({ alg: 'none', typ: 'countersign-receipt+jwt', kid: 'key-1' })}.${encoded(claims())}.`,
      'ALGORITHM_NOT_ALLOWED',
    ],
    ['with algorithm none in other letters', () => good({}, { alg: 'nOnE' }), 'ALGORITHM_NOT_ALLOWED'],
    ['with HS256 keyed with the public key', () => hs256(), 'ALGORITHM_NOT_ALLOWED'],
    ['with another name for the curve', () => good({}, { alg: 'Ed25519' }), 'ALGORITHM_NOT_ALLOWED'],
    ['without an algorithm', () => good({}, { alg: undefined }), 'ALGORITHM_NOT_ALLOWED'],
    ['of the access token’s type', () => good({}, { typ: 'at+jwt' }), 'TYPE_NOT_ALLOWED'],
    ['of type JWT', () => good({}, { typ: 'JWT' }), 'TYPE_NOT_ALLOWED'],
    ['of its type in capitals', () => good({}, { typ: 'COUNTERSIGN-RECEIPT+JWT' }), 'TYPE_NOT_ALLOWED'],
    ['without a type', () => good({}, { typ: undefined }), 'TYPE_NOT_ALLOWED'],
    ['that brings its own key', () => good({}, { jwk: other.publicKey.export({ format: 'jwk' }) }), 'HEADER_NOT_ALLOWED'],
    ['that says where its key is', () => good({}, { jku: 'https://elsewhere.test/jwks.json' }), 'HEADER_NOT_ALLOWED'],
    ['that brings a certificate', () => good({}, { x5c: ['MII'] }), 'HEADER_NOT_ALLOWED'],
    ['with a critical extension', () => good({}, { crit: ['exp'] }), 'HEADER_NOT_ALLOWED'],
    ['with an unencoded payload', () => good({}, { b64: false }), 'HEADER_NOT_ALLOWED'],
    ['with a key nobody published', () => good({}, { kid: 'key-2' }), 'KEY_UNKNOWN'],
    ['whose key is a path', () => good({}, { kid: '../../etc/passwd' }), 'KEY_UNKNOWN'],
    ['whose key is named after a built-in', () => good({}, { kid: '__proto__' }), 'KEY_UNKNOWN'],
    ['whose key is a number', () => good({}, { kid: 1 }), 'KEY_UNKNOWN'],
    ['without a key', () => good({}, { kid: undefined }), 'KEY_UNKNOWN'],
    ['signed by someone else', () => resigned(other.privateKey), 'SIGNATURE_INVALID'],
    [
      'with a signature of zeros',
      () => `${parts(good()).slice(0, 2).join('.')}.${Buffer.alloc(64).toString('base64url')}`,
      'SIGNATURE_INVALID',
    ],
    [
      'with half a signature',
      () => `${parts(good()).slice(0, 2).join('.')}.${Buffer.alloc(32, 1).toString('base64url')}`,
      'SIGNATURE_INVALID',
    ],
    [
      'with the signature of another receipt',
      () => `${parts(good()).slice(0, 2).join('.')}.${parts(good({ tier: 2 }))[2]}`,
      'SIGNATURE_INVALID',
    ],
    ['whose claims were changed', () => `${parts(good())[0]}.${encoded(claims({ tier: 2 }))}.${parts(good())[2]}`, 'SIGNATURE_INVALID'],
    ['for the access tokens’ audience', () => good({ aud: 'countersign' }), 'AUDIENCE_WRONG'],
    ['for several audiences', () => good({ aud: ['countersign-tools'] }), 'AUDIENCE_WRONG'],
    ['without an audience', () => good({ aud: undefined }), 'AUDIENCE_WRONG'],
    ['of another gateway', () => good({ iss: 'https://elsewhere.test' }), 'ISSUER_WRONG'],
    ['of the gateway’s name with a slash', () => good({ iss: 'https://gateway.test/' }), 'ISSUER_WRONG'],
    ['without a decision', () => good({ jti: undefined }), 'CLAIMS_INVALID'],
    ['whose decision is a path', () => good({ jti: '../../x' }), 'CLAIMS_INVALID'],
    ['of a verdict that allows nothing', () => good({ verdict: 'approval_required' }), 'CLAIMS_INVALID'],
    ['without an end', () => good({ exp: undefined }), 'CLAIMS_INVALID'],
    ['whose end is a word', () => good({ exp: 'never' }), 'CLAIMS_INVALID'],
    ['without a schema version', () => good({ schema_version: undefined }), 'CLAIMS_INVALID'],
    ['that lives a second too long', () => good({ exp: Math.floor(now.getTime() / 1000) + 31 }), 'LIFETIME_TOO_LONG'],
    ['that ends before it begins', () => good({ exp: Math.floor(now.getTime() / 1000) }), 'LIFETIME_TOO_LONG'],
    ['for another action', () => good({ action: 'payments.execute' }), 'OTHER_ACTION'],
    ['of another agent', () => good({ sub: 'agt_other' }), 'OTHER_CALL'],
    ['on behalf of somebody nobody named', () => good({ on_behalf_of: 'mallory' }), 'OTHER_CALL'],
    ['of another schema version', () => good({ schema_version: 2 }), 'OTHER_CALL'],
  ];
  test.each(forged)('%s', (_name, receipt, code) => expect(verdictOf(receipt())).toBe(code));

  const calls: [string, Partial<Call>][] = [
    ['with a cent more', { arguments: { invoice: 'INV-1', amount: '62000.01', currency: 'EUR' } }],
    ['with the same amount as a number', { arguments: { invoice: 'INV-1', amount: 62000, currency: 'EUR' } }],
    ['in another currency', { arguments: { invoice: 'INV-1', amount: '62000.00', currency: 'USD' } }],
    ['with an argument more', { arguments: { invoice: 'INV-1', amount: '62000.00', currency: 'EUR', bcc: 'x' } }],
    ['with an argument less', { arguments: { invoice: 'INV-1', amount: '62000.00' } }],
    ['without arguments', { arguments: undefined }],
    ['of another invoice', { resource: { type: 'invoice', id: 'INV-2' } }],
    ['without its resource', { resource: undefined }],
    ['with properties of its action', { action: { name: 'payments.schedule', properties: { urgent: true } } }],
    ['that JSON cannot carry', { arguments: { amount: Number.NaN } }],
  ];
  test.each(calls)('for a call %s', (_name, changes) => expect(verdictOf(good(), { ...call, ...changes })).toBe('OTHER_CALL'));

  test.each<[string, Date, string]>([
    ['at its last second', seconds(30), 'EXPIRED'],
    ['an hour later', seconds(3600), 'EXPIRED'],
    ['from the future', seconds(-6), 'NOT_YET_VALID'],
    ['when nobody knows the time', new Date(NaN), 'CLOCK_UNSURE'],
  ])('%s', (_name, at, code) => expect(verdictOf(good(), call, at)).toBe(code));

  test('with a key of another kind under its name', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    expect(verdictOf(good(), call, now, new Map([['key-1', rsa]]))).toBe('KEY_UNKNOWN');
  });

  // 64 bytes leave four bits of the last character unused, which Node ignores.
  function respelled(receipt: string): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return receipt.slice(0, -1) + alphabet[alphabet.indexOf(receipt.slice(-1)) + 1];
  }
  function hs256(): string {
    const signed = `${encoded({ alg: 'HS256', typ: 'countersign-receipt+jwt', kid: 'key-1' })}.${encoded(claims())}`;
    const pem = createPublicKey(gateway.privateKey).export({ type: 'spki', format: 'pem' });
    return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
  }
  function resigned(key: KeyObject): string {
    const [header, payload] = parts(good());
    return `${header}.${payload}.${sign(null, Buffer.from(`${header}.${payload}`), key).toString('base64url')}`;
  }
});

describe('a key set', () => {
  const x = 'A'.repeat(43);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x, kid: 'a', use: 'sig', alg: 'EdDSA' };
  test.each<[string, unknown, number]>([
    ['takes an Ed25519 key for signing', { keys: [jwk] }, 1],
    ['takes no key of another curve', { keys: [{ ...jwk, crv: 'X25519' }] }, 0],
    ['takes no symmetric key', { keys: [{ kty: 'oct', k: x, kid: 'a' }] }, 0],
    ['takes no key for encryption', { keys: [{ ...jwk, use: 'enc' }] }, 0],
    ['takes no private key', { keys: [{ ...jwk, d: x }] }, 0],
    ['takes no key without a name', { keys: [{ ...jwk, kid: undefined }] }, 0],
    ['takes neither of two keys with one name', { keys: [jwk, { ...jwk, x: 'B'.repeat(42) + 'A' }] }, 0],
    ['reads nothing in a list', [jwk], 0],
    ['reads nothing in null', null, 0],
  ])('%s', (_name, jwks, size) => expect(readKeys(jwks).size).toBe(size));
});

describe('a verifier', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-seen-'));
    gateway.keyRequests = 0;
    gateway.faults.clear();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const verifier = (options: Partial<ReceiptVerifierOptions> = {}) => new ReceiptVerifier({ url: gateway.url, now: () => now, ...options });
  const said = async (of: ReceiptVerifier, receipt: string): Promise<string> => {
    const verdict = await of.accept(receipt, call);
    return verdict.ok ? 'ok' : verdict.code;
  };

  const stores: [string, () => SeenDecisions][] = [
    ['in memory', () => new MemorySeen()],
    ['in a folder', () => new FolderSeen(path.join(folder, 'seen'))],
  ];
  test.each(stores)('that remembers %s takes a decision once, and says whose it was', async (_name, seen) => {
    const one = verifier({ seen: seen() });
    const receipt = good();
    expect(await said(one, receipt)).toBe('ok');
    expect(await one.accept(receipt, call)).toMatchObject({ ok: false, code: 'USED_BEFORE', claims: { agent: 'agt_test' } });
  });

  test.each(stores)('that remembers %s takes no second receipt of the same decision', async (_name, seen) => {
    const one = verifier({ seen: seen() });
    const { jti } = claims();
    expect(await said(one, good({ jti }))).toBe('ok');
    expect(await said(one, good({ jti, tier: 2 }))).toBe('USED_BEFORE');
  });

  test.each(stores)('that remembers %s takes a decision once when fifty ask at the same time', async (_name, seen) => {
    const one = verifier({ seen: seen() });
    const receipt = good();
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => said(one, receipt)));
    expect(verdicts.filter((code) => code === 'ok')).toHaveLength(1);
    expect(verdicts.filter((code) => code === 'USED_BEFORE')).toHaveLength(49);
  });

  test('that remembers in a folder refuses after a restart, and beside another process', async () => {
    const receipt = good();
    expect(await said(verifier({ seen: new FolderSeen(folder) }), receipt)).toBe('ok');
    expect(await said(verifier({ seen: new FolderSeen(folder) }), receipt)).toBe('USED_BEFORE');
  });

  test.each<[string, SeenDecisions]>([
    ['fails', { take: () => Promise.reject(new Error('disk full')) }],
    // A store written in JavaScript may answer anything.
    ['answers something else than true', { take: () => 'OK' as unknown as boolean }],
  ])('refuses when its memory %s', async (_name, seen) => {
    expect(await said(verifier({ seen }), good())).not.toBe('ok');
  });

  test('does not take a decision for a call it refuses', async () => {
    const one = verifier();
    const receipt = good();
    expect(await one.accept(receipt, { ...call, arguments: { amount: '1' } })).toMatchObject({ code: 'OTHER_CALL' });
    expect(await said(one, receipt)).toBe('ok');
  });

  test('asks for keys once for many receipts, and works on while the gateway is away', async () => {
    const one = verifier();
    for (let i = 0; i < 20; i++) expect(await said(one, good())).toBe('ok');
    expect(gateway.keyRequests).toBe(1);
    gateway.faults.set(
      '/.well-known',
      Array.from({ length: 9 }, () => 'drop' as const),
    );
    expect(await said(one, good())).toBe('ok');
  });

  test('asks again for a key nobody knows, but not for each receipt that names one', async () => {
    const one = verifier();
    for (let i = 0; i < 20; i++) expect(await said(one, good({}, { kid: `made-up-${i}` }))).toBe('KEY_UNKNOWN');
    expect(gateway.keyRequests).toBe(1);
  });

  test.each<[string, () => void]>([
    ['the gateway cannot be reached', () => gateway.faults.set('/.well-known', ['drop', 'drop'])],
    ['the keys are no JSON', () => gateway.faults.set('/.well-known/jwks.json', [{ status: 200, text: '<html>' }])],
    [
      'the keys are behind a redirect',
      () => gateway.faults.set('/.well-known/jwks.json', [{ status: 302, text: '', headers: { location: gateway.url } }]),
    ],
    ['there are none', () => gateway.faults.set('/.well-known/jwks.json', [{ status: 200, text: '{"keys":[]}' }])],
    ['nobody says who signs', () => gateway.faults.set('/.well-known/oauth', [{ status: 200, text: '{}' }])],
  ])('believes nothing when %s', async (_name, break_) => {
    break_();
    expect(await said(verifier(), good())).toBe('KEYS_UNAVAILABLE');
  });

  test('is not fooled by a clock that is set back', async () => {
    let at = now;
    const one = verifier({ now: () => at });
    const receipt = good();
    at = seconds(60);
    expect(await said(one, good())).toBe('EXPIRED');
    at = seconds(1);
    expect(await said(one, receipt)).toBe('EXPIRED');
  });
});
