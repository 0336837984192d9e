import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose';
import { describe, expect, it } from 'vitest';
import { sealingKey } from '@/lib/kernel/seal';
import {
  issueToken,
  jwksOf,
  newSigningKey,
  readSigningKey,
  signingKeyAt,
  verifyAccessToken,
  type AccessTokenRefusal,
  type SigningKey,
} from '.';

const sealing = sealingKey(Buffer.alloc(32, 7), 'signing-keys');
const now = new Date('2026-11-21T10:00:00Z');
const seconds = now.getTime() / 1000;
const expected = { issuer: 'https://gate.example', audience: 'countersign' };
const openEnded = { signsUntil: null, verifiesUntil: null };

function makeKey(
  changes: Partial<Pick<SigningKey, 'signsFrom' | 'signsUntil' | 'verifiesUntil'>> = {},
): SigningKey & { privateKey: NonNullable<SigningKey['privateKey']> } {
  const made = readSigningKey({ ...newSigningKey(sealing), signsFrom: new Date(0), ...openEnded, ...changes }, sealing);
  if (!made?.privateKey) throw new Error('no key');
  return { ...made, privateKey: made.privateKey };
}

const key = makeKey();
const gone = makeKey({ verifiesUntil: new Date(now.getTime() - 1) });
const stranger = makeKey();
const keys = [key, gone];

const goodHeader = { alg: 'EdDSA', typ: 'at+jwt', kid: key.kid };
const goodClaims = {
  iss: expected.issuer,
  aud: expected.audience,
  sub: 'agt_invoices',
  client_id: 'crd_1',
  jti: 'tok_1',
  iat: seconds,
  exp: seconds + 300,
  scope: 'invoices.read payments.schedule',
  wfl: 'wfl_1',
};

const b64 = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** A token whose signature is really good, whatever its header and payload say. */
function signed(header: unknown, claims: unknown, by: SigningKey = key): string {
  if (!by.privateKey) throw new Error('no key');
  const text = `${b64(header)}.${b64(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), by.privateKey).toString('base64url')}`;
}
const withHeader = (changes: Record<string, unknown>) => signed({ ...goodHeader, ...changes }, goodClaims);
const withClaims = (changes: Record<string, unknown>) => signed(goodHeader, { ...goodClaims, ...changes });
const without = (claim: keyof typeof goodClaims) =>
  signed(goodHeader, Object.fromEntries(Object.entries(goodClaims).filter(([name]) => name !== claim)));
const good = signed(goodHeader, goodClaims);
const [headerPart = '', payloadPart = '', signaturePart = ''] = good.split('.');
const hs256 = (secret: string | Buffer) => {
  const text = `${b64({ ...goodHeader, alg: 'HS256' })}.${payloadPart}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};
const publicRaw = Buffer.from(key.publicJwk.x, 'base64url');
const publicPem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const verdictOf = (token: string) => verifyAccessToken(token, keys, now, expected);

/** The other spelling of the same bytes: the last character carries bits that decoding drops. */
function looseEnd(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(part.slice(-1));
  const loose = part.slice(0, -1) + alphabet.charAt(last ^ 1);
  if (!Buffer.from(loose, 'base64url').equals(Buffer.from(part, 'base64url'))) throw new Error('the last character carries no spare bits');
  return loose;
}

describe('an access token is accepted', () => {
  it.each<[string, string]>([
    ['as we issue it', good],
    ['in its last second', withClaims({ iat: seconds - 299, exp: seconds + 1 })],
    ['when the issuing clock is five seconds ahead', withClaims({ iat: seconds + 5, exp: seconds + 305 })],
    [
      'with a task and its details',
      withClaims({ task: 'Batch 88', authorization_details: [{ type: 'countersign_task', task: 'Batch 88' }] }),
    ],
    ['with a claim that a later version adds', withClaims({ cnf: { jkt: 'x' } })],
  ])('%s', (_, token) => {
    expect(verdictOf(token)).toMatchObject({ ok: true, claims: { sub: 'agt_invoices', wfl: 'wfl_1' } });
  });

  it('from the issuer function, and by an independent library against the published key set', async () => {
    const issued = issueToken(
      {
        issuer: expected.issuer,
        agentId: 'agt_invoices',
        credentialId: 'crd_1',
        workflowId: 'wfl_1',
        grant: { ok: true, scope: ['invoices.read'], task: undefined, detail: undefined },
      },
      key,
      now,
    );
    expect(verdictOf(issued.response.access_token)).toEqual({ ok: true, claims: issued.claims });
    const [jwk] = jwksOf(keys, now).keys;
    expect(jwk?.kid).toBe(await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: jwk?.x ?? '' }));
    const { payload } = await jwtVerify(issued.response.access_token, await importJWK({ ...jwk }, 'EdDSA'), {
      ...expected,
      currentDate: now,
      typ: 'at+jwt',
      algorithms: ['EdDSA'],
    });
    expect(payload).toMatchObject({ sub: 'agt_invoices', scope: 'invoices.read', exp: seconds + 300 });
  });

  it('from an independent library that signs with our key', async () => {
    const token = await new SignJWT(goodClaims).setProtectedHeader(goodHeader as JWTHeaderParameters).sign(key.privateKey);
    expect(verdictOf(token)).toMatchObject({ ok: true });
  });
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rs256 = () => {
  const text = `${b64({ ...goodHeader, alg: 'RS256' })}.${payloadPart}`;
  return `${text}.${sign('sha256', Buffer.from(text), rsa.privateKey).toString('base64url')}`;
};

describe('an access token is refused', () => {
  it.each<[string, string, AccessTokenRefusal]>([
    ['unsigned, with alg none', `${b64({ ...goodHeader, alg: 'none' })}.${payloadPart}.`, 'MALFORMED'],
    ['with alg none and a signature', withHeader({ alg: 'none' }), 'ALGORITHM_NOT_ALLOWED'],
    ['with alg None in other letters', withHeader({ alg: 'nOnE' }), 'ALGORITHM_NOT_ALLOWED'],
    ['with alg eddsa in other letters', withHeader({ alg: 'eddsa' }), 'ALGORITHM_NOT_ALLOWED'],
    ['with alg Ed25519, another name of the algorithm', withHeader({ alg: 'Ed25519' }), 'ALGORITHM_NOT_ALLOWED'],
    ['with alg as a list', withHeader({ alg: ['EdDSA'] }), 'ALGORITHM_NOT_ALLOWED'],
    ['without alg', signed({ typ: 'at+jwt', kid: key.kid }, goodClaims), 'ALGORITHM_NOT_ALLOWED'],
    ['with HS256 keyed by our public key', hs256(publicRaw), 'ALGORITHM_NOT_ALLOWED'],
    ['with HS256 keyed by the PEM of our public key', hs256(publicPem), 'ALGORITHM_NOT_ALLOWED'],
    ['with RS256', rs256(), 'ALGORITHM_NOT_ALLOWED'],
    [
      'with a key of its own in the header (jwk)',
      signed({ ...goodHeader, kid: stranger.kid, jwk: stranger.publicJwk }, goodClaims, stranger),
      'HEADER_NOT_ALLOWED',
    ],
    ['with our own key in the header (jwk)', withHeader({ jwk: key.publicJwk }), 'HEADER_NOT_ALLOWED'],
    ['with the address of a key set (jku)', withHeader({ jku: 'https://evil.example/jwks' }), 'HEADER_NOT_ALLOWED'],
    ['with the address of a certificate (x5u)', withHeader({ x5u: 'https://evil.example/c' }), 'HEADER_NOT_ALLOWED'],
    ['with a certificate (x5c)', withHeader({ x5c: ['MIIB'] }), 'HEADER_NOT_ALLOWED'],
    ['with a critical extension (crit)', withHeader({ crit: ['exp'], exp: 1 }), 'HEADER_NOT_ALLOWED'],
    ['with an unencoded payload (b64)', withHeader({ b64: false, crit: ['b64'] }), 'HEADER_NOT_ALLOWED'],
    ['compressed (zip)', withHeader({ zip: 'DEF' }), 'HEADER_NOT_ALLOWED'],
    ['of another type, such as a receipt', withHeader({ typ: 'receipt+jwt' }), 'TYPE_NOT_ALLOWED'],
    ['of type JWT', withHeader({ typ: 'JWT' }), 'TYPE_NOT_ALLOWED'],
    ['without a type', signed({ alg: 'EdDSA', kid: key.kid }, goodClaims), 'TYPE_NOT_ALLOWED'],
    ['without a key id', signed({ alg: 'EdDSA', typ: 'at+jwt' }, goodClaims), 'KEY_UNKNOWN'],
    ['with a path as key id', withHeader({ kid: '../../../../dev/null' }), 'KEY_UNKNOWN'],
    ['with SQL as key id', withHeader({ kid: "x' OR '1'='1" }), 'KEY_UNKNOWN'],
    ['with a property of objects as key id', withHeader({ kid: '__proto__' }), 'KEY_UNKNOWN'],
    ['with a number as key id', withHeader({ kid: 0 }), 'KEY_UNKNOWN'],
    ['by a key we do not hold', signed({ ...goodHeader, kid: stranger.kid }, goodClaims, stranger), 'KEY_UNKNOWN'],
    ['by a key whose time to verify is over', signed({ ...goodHeader, kid: gone.kid }, goodClaims, gone), 'KEY_UNKNOWN'],
    ['by another key under the id of ours', signed(goodHeader, goodClaims, stranger), 'SIGNATURE_INVALID'],
    ['with an all-zero signature', `${headerPart}.${payloadPart}.${b64(Buffer.alloc(64).toString('latin1'))}`, 'SIGNATURE_INVALID'],
    ['with an empty signature', `${headerPart}.${payloadPart}.`, 'MALFORMED'],
    [
      'with a signature that is one byte short',
      `${headerPart}.${payloadPart}.${Buffer.from(signaturePart, 'base64url').subarray(0, 63).toString('base64url')}`,
      'SIGNATURE_INVALID',
    ],
    [
      'with a signature followed by a byte',
      `${headerPart}.${payloadPart}.${Buffer.concat([Buffer.from(signaturePart, 'base64url'), Buffer.of(0)]).toString('base64url')}`,
      'SIGNATURE_INVALID',
    ],
    [
      'with another payload under the signature',
      `${headerPart}.${b64({ ...goodClaims, sub: 'agt_other' })}.${signaturePart}`,
      'SIGNATURE_INVALID',
    ],
    [
      'with another header under the signature',
      `${b64({ ...goodHeader, kid: key.kid, alg: 'EdDSA ' })}.${payloadPart}.${signaturePart}`,
      'ALGORITHM_NOT_ALLOWED',
    ],
    ['with padding', `${headerPart}.${payloadPart}.${signaturePart}==`, 'MALFORMED'],
    ['with white space at the end', `${good}\n`, 'MALFORMED'],
    [
      'with white space in its signature',
      `${headerPart}.${payloadPart}.${signaturePart.slice(0, 8)} ${signaturePart.slice(8)}`,
      'MALFORMED',
    ],
    [
      'with white space in its payload',
      `${headerPart}.${payloadPart.slice(0, 8)} ${payloadPart.slice(8)}.${signaturePart}`,
      'SIGNATURE_INVALID',
    ],
    ['in the other base64 alphabet', `${headerPart}.${payloadPart}.+/${signaturePart.slice(2)}`, 'MALFORMED'],
    ['with stray bits at the end of its signature', `${headerPart}.${payloadPart}.${looseEnd(signaturePart)}`, 'MALFORMED'],
    ['in two parts', `${headerPart}.${payloadPart}`, 'MALFORMED'],
    ['in four parts', `${good}.${signaturePart}`, 'MALFORMED'],
    ['in five parts, as if encrypted', `${headerPart}..${payloadPart}.${signaturePart}.${signaturePart}`, 'MALFORMED'],
    ['as a JSON serialisation', JSON.stringify({ protected: headerPart, payload: payloadPart, signature: signaturePart }), 'MALFORMED'],
    ['when it is empty', '', 'MALFORMED'],
    ['when it is endless', `${headerPart}.${'A'.repeat(20_000)}.${signaturePart}`, 'MALFORMED'],
    [
      'with a member twice in its header',
      signed(`{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"${key.kid}"}`, goodClaims),
      'MALFORMED',
    ],
    ['with a claim twice', signed(goodHeader, JSON.stringify(goodClaims).replace('{', '{"sub":"agt_other",')), 'MALFORMED'],
    ['with a header that is a list', signed([goodHeader], goodClaims), 'MALFORMED'],
    ['with a payload that is no object', signed(goodHeader, '"agt_invoices"'), 'CLAIMS_INVALID'],
    ['with a byte order mark in front of its header', signed(`\ufeff${JSON.stringify(goodHeader)}`, goodClaims), 'MALFORMED'],
    ['for another audience', withClaims({ aud: 'elsewhere' }), 'AUDIENCE_WRONG'],
    ['for several audiences, ours among them', withClaims({ aud: ['countersign', 'elsewhere'] }), 'AUDIENCE_WRONG'],
    ['for a list of our audience alone', withClaims({ aud: ['countersign'] }), 'AUDIENCE_WRONG'],
    ['for nobody', without('aud'), 'AUDIENCE_WRONG'],
    ['of another issuer', withClaims({ iss: 'https://gate.example.evil.example' }), 'ISSUER_WRONG'],
    ['of our issuer with a slash more', withClaims({ iss: 'https://gate.example/' }), 'ISSUER_WRONG'],
    ['without an issuer', without('iss'), 'CLAIMS_INVALID'],
    ['in the second it expires', withClaims({ iat: seconds - 300, exp: seconds }), 'EXPIRED'],
    ['without an expiry', without('exp'), 'CLAIMS_INVALID'],
    ['with an expiry written as text', withClaims({ exp: String(seconds + 300) }), 'CLAIMS_INVALID'],
    ['that lives longer than any of ours', withClaims({ exp: seconds + 901 }), 'CLAIMS_INVALID'],
    ['that expires before it was issued', withClaims({ iat: seconds, exp: seconds - 1 }), 'CLAIMS_INVALID'],
    ['from the future', withClaims({ iat: seconds + 6, exp: seconds + 306 }), 'NOT_YET_VALID'],
    ['before its nbf', withClaims({ nbf: seconds + 6 }), 'NOT_YET_VALID'],
    ['without a workflow', without('wfl'), 'CLAIMS_INVALID'],
    ['without a subject', without('sub'), 'CLAIMS_INVALID'],
    ['without a scope', without('scope'), 'CLAIMS_INVALID'],
    ['with an empty scope', withClaims({ scope: '' }), 'CLAIMS_INVALID'],
    ['with a detail of an unknown type', withClaims({ authorization_details: [{ type: 'everything', task: 'x' }] }), 'CLAIMS_INVALID'],
  ])('%s', (_, token, code) => {
    expect(verdictOf(token)).toEqual({ ok: false, code });
  });

  it('whatever single character of it is changed', () => {
    for (let i = 0; i < good.length; i++) {
      const changed = good.slice(0, i) + (good[i] === 'A' ? 'B' : 'A') + good.slice(i + 1);
      expect(verdictOf(changed).ok, `character ${i}`).toBe(false);
    }
  });

  it('by every key when there are none', () => {
    expect(verifyAccessToken(good, [], now, expected)).toEqual({ ok: false, code: 'KEY_UNKNOWN' });
    expect(signingKeyAt([], now)).toBeUndefined();
  });
});
