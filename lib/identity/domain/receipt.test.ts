import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { sealingKey } from '@/lib/kernel/seal';
import {
  issueReceipt,
  issueToken,
  newSigningKey,
  readSigningKey,
  verifyAccessToken,
  verifyReceipt,
  type AccessTokenRefusal,
  type ReceiptFacts,
  type SigningKey,
} from '.';

const sealing = sealingKey(Buffer.alloc(32, 7), 'signing-keys');
const now = new Date('2026-11-21T10:00:00Z');
const seconds = now.getTime() / 1000;
const issuer = 'https://gate.example';

function makeKey(
  changes: Partial<Pick<SigningKey, 'verifiesUntil'>> = {},
): SigningKey & { privateKey: NonNullable<SigningKey['privateKey']> } {
  const row = { ...newSigningKey(sealing), signsFrom: new Date(0), signsUntil: null, verifiesUntil: null, ...changes };
  const made = readSigningKey(row, sealing);
  if (!made?.privateKey) throw new Error('no key');
  return { ...made, privateKey: made.privateKey };
}

const key = makeKey();
const gone = makeKey({ verifiesUntil: new Date(now.getTime() - 1) });
const stranger = makeKey();
const keys = [key, gone];

const facts: ReceiptFacts = {
  decision: `dec_${'0'.repeat(26)}`,
  agent: 'agt_invoices',
  action: 'payments.schedule',
  digest: `sha-256:${'a'.repeat(64)}`,
  verdict: 'allow',
  tier: 3,
  workflow: 'wfl_1',
  approval: 'apr_1',
  schema_version: 1,
};
const goodHeader = { alg: 'EdDSA', typ: 'countersign-receipt+jwt', kid: key.kid };
const goodClaims = {
  iss: issuer,
  aud: 'countersign-tools',
  sub: facts.agent,
  jti: facts.decision,
  iat: seconds,
  exp: seconds + 30,
  action: facts.action,
  digest: facts.digest,
  verdict: facts.verdict,
  tier: facts.tier,
  workflow: facts.workflow,
  approval: facts.approval,
  schema_version: facts.schema_version,
};

const b64 = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** A receipt whose signature is really good, whatever its header and payload say. */
function signed(header: unknown, claims: unknown, by: { privateKey: SigningKey['privateKey'] } = key): string {
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
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rs256 = () => {
  const text = `${b64({ ...goodHeader, alg: 'RS256' })}.${payloadPart}`;
  return `${text}.${sign('sha256', Buffer.from(text), rsa.privateKey).toString('base64url')}`;
};
const accessToken = () =>
  issueToken(
    {
      issuer,
      agentId: facts.agent,
      credentialId: 'crd_1',
      workflowId: facts.workflow,
      grant: { ok: true, scope: ['payments.schedule'], task: undefined, detail: undefined },
    },
    key,
    now,
  ).response.access_token;

describe('a receipt is accepted', () => {
  it.each<[string, string]>([
    ['as we issue it', issueReceipt(facts, issuer, key, now)],
    ['of an action whose type nobody registered a schema for', issueReceipt({ ...facts, schema_version: null }, issuer, key, now)],
    ['of an action for a person', issueReceipt({ ...facts, on_behalf_of: 'ana@example.com', task: 'Batch 88' }, issuer, key, now)],
    ['in its last second', withClaims({ iat: seconds - 29, exp: seconds + 1 })],
    ['when the issuing clock is five seconds ahead', withClaims({ iat: seconds + 5, exp: seconds + 35 })],
    ['with a claim that a later version adds', withClaims({ cnf: { jkt: 'x' } })],
  ])('%s', (_, receipt) => {
    expect(verifyReceipt(receipt, keys, now, issuer)).toMatchObject({
      ok: true,
      claims: { sub: facts.agent, jti: facts.decision, digest: facts.digest },
    });
  });

  it('for thirty seconds, with every fact of the decision, by an independent library against the published key', async () => {
    const { payload, protectedHeader } = await jwtVerify(
      issueReceipt(facts, issuer, key, now),
      await importJWK({ ...key.publicJwk }, 'EdDSA'),
      {
        issuer,
        audience: 'countersign-tools',
        currentDate: now,
        typ: 'countersign-receipt+jwt',
        algorithms: ['EdDSA'],
      },
    );
    expect(protectedHeader).toEqual(goodHeader);
    expect(payload).toEqual(goodClaims);
  });
});

describe('a receipt is refused', () => {
  it.each<[string, string, AccessTokenRefusal]>([
    ['unsigned, with alg none', `${b64({ ...goodHeader, alg: 'none' })}.${payloadPart}.`, 'MALFORMED'],
    ['with alg none and a signature', withHeader({ alg: 'none' }), 'ALGORITHM_NOT_ALLOWED'],
    ['with alg EDDSA in other letters', withHeader({ alg: 'EDDSA' }), 'ALGORITHM_NOT_ALLOWED'],
    ['with HS256 keyed by our public key', hs256(Buffer.from(key.publicJwk.x, 'base64url')), 'ALGORITHM_NOT_ALLOWED'],
    [
      'with HS256 keyed by the PEM of our public key',
      hs256(key.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
      'ALGORITHM_NOT_ALLOWED',
    ],
    ['with RS256', rs256(), 'ALGORITHM_NOT_ALLOWED'],
    ['that is an access token', accessToken(), 'TYPE_NOT_ALLOWED'],
    ['of type at+jwt, though it says everything a receipt does', withHeader({ typ: 'at+jwt' }), 'TYPE_NOT_ALLOWED'],
    ['of type JWT', withHeader({ typ: 'JWT' }), 'TYPE_NOT_ALLOWED'],
    ['of its type in capitals', withHeader({ typ: 'COUNTERSIGN-RECEIPT+JWT' }), 'TYPE_NOT_ALLOWED'],
    ['without a type', signed({ alg: 'EdDSA', kid: key.kid }, goodClaims), 'TYPE_NOT_ALLOWED'],
    ['with a critical extension (crit)', withHeader({ crit: ['exp'], exp: 1 }), 'HEADER_NOT_ALLOWED'],
    ['with an unencoded payload (b64)', withHeader({ b64: false, crit: ['b64'] }), 'HEADER_NOT_ALLOWED'],
    ['with the address of a key set (jku)', withHeader({ jku: 'https://evil.example/jwks' }), 'HEADER_NOT_ALLOWED'],
    ['with the address of a certificate (x5u)', withHeader({ x5u: 'https://evil.example/c' }), 'HEADER_NOT_ALLOWED'],
    [
      'with a key of its own in the header (jwk)',
      signed({ ...goodHeader, kid: stranger.kid, jwk: stranger.publicJwk }, goodClaims, stranger),
      'HEADER_NOT_ALLOWED',
    ],
    ['without a key id', signed({ alg: 'EdDSA', typ: goodHeader.typ }, goodClaims), 'KEY_UNKNOWN'],
    ['with a path as key id', withHeader({ kid: '../../../../dev/null' }), 'KEY_UNKNOWN'],
    ['with SQL as key id', withHeader({ kid: "x' OR '1'='1" }), 'KEY_UNKNOWN'],
    ['by a key we do not hold', signed({ ...goodHeader, kid: stranger.kid }, goodClaims, stranger), 'KEY_UNKNOWN'],
    ['by a key whose time to verify is over', signed({ ...goodHeader, kid: gone.kid }, goodClaims, gone), 'KEY_UNKNOWN'],
    ['by another key under the id of ours', signed(goodHeader, goodClaims, stranger), 'SIGNATURE_INVALID'],
    ['with an all-zero signature', `${headerPart}.${payloadPart}.${Buffer.alloc(64).toString('base64url')}`, 'SIGNATURE_INVALID'],
    ['with an empty signature', `${headerPart}.${payloadPart}.`, 'MALFORMED'],
    [
      'for another amount under the signature',
      `${headerPart}.${b64({ ...goodClaims, digest: `sha-256:${'b'.repeat(64)}` })}.${signaturePart}`,
      'SIGNATURE_INVALID',
    ],
    ['with padding', `${good}==`, 'MALFORMED'],
    ['with white space at the end', `${good}\n`, 'MALFORMED'],
    ['in two parts', `${headerPart}.${payloadPart}`, 'MALFORMED'],
    ['in five parts, as if encrypted', `${headerPart}..${payloadPart}.${signaturePart}.${signaturePart}`, 'MALFORMED'],
    ['when it is empty', '', 'MALFORMED'],
    ['when it is endless', `${headerPart}.${'A'.repeat(20_000)}.${signaturePart}`, 'MALFORMED'],
    ['with a claim twice', signed(goodHeader, JSON.stringify(goodClaims).replace('{', '{"digest":"x",')), 'MALFORMED'],
    ['for another audience', withClaims({ aud: 'elsewhere' }), 'AUDIENCE_WRONG'],
    ['for the audience of access tokens', withClaims({ aud: 'countersign' }), 'AUDIENCE_WRONG'],
    ['for several audiences, the tools among them', withClaims({ aud: ['countersign-tools', 'countersign'] }), 'AUDIENCE_WRONG'],
    ['for nobody', without('aud'), 'AUDIENCE_WRONG'],
    ['of another issuer', withClaims({ iss: 'https://gate.example.evil.example' }), 'ISSUER_WRONG'],
    ['in the second it expires', withClaims({ iat: seconds - 30, exp: seconds }), 'EXPIRED'],
    ['without an expiry', without('exp'), 'CLAIMS_INVALID'],
    ['that lives a second longer than any of ours', withClaims({ exp: seconds + 31 }), 'CLAIMS_INVALID'],
    ['that expires before it was issued', withClaims({ exp: seconds - 1 }), 'CLAIMS_INVALID'],
    ['from the future', withClaims({ iat: seconds + 6, exp: seconds + 36 }), 'NOT_YET_VALID'],
    ['of a decision that did not allow', withClaims({ verdict: 'approval_required' }), 'CLAIMS_INVALID'],
    ['of no decision', without('jti'), 'CLAIMS_INVALID'],
    ['whose decision is no id', withClaims({ jti: '../dec_1' }), 'CLAIMS_INVALID'],
    ['without a digest', without('digest'), 'CLAIMS_INVALID'],
    ['with a digest of another algorithm', withClaims({ digest: `md5:${'a'.repeat(32)}` }), 'CLAIMS_INVALID'],
    ['without an action', without('action'), 'CLAIMS_INVALID'],
    ['without a subject', without('sub'), 'CLAIMS_INVALID'],
    ['with a tier nobody knows', withClaims({ tier: 0 }), 'CLAIMS_INVALID'],
  ])('%s', (_, receipt, code) => {
    expect(verifyReceipt(receipt, keys, now, issuer)).toEqual({ ok: false, code });
  });

  it('as an access token, whatever its audience says', () => {
    const receipt = issueReceipt(facts, issuer, key, now);
    expect(verifyAccessToken(receipt, keys, now, { issuer, audience: 'countersign' })).toEqual({ ok: false, code: 'TYPE_NOT_ALLOWED' });
    expect(verifyAccessToken(receipt, keys, now, { issuer, audience: 'countersign-tools' })).toEqual({
      ok: false,
      code: 'TYPE_NOT_ALLOWED',
    });
  });

  it('whatever single character of it is changed', () => {
    for (let i = 0; i < good.length; i++) {
      const changed = good.slice(0, i) + (good[i] === 'A' ? 'B' : 'A') + good.slice(i + 1);
      expect(verifyReceipt(changed, keys, now, issuer).ok, `character ${i}`).toBe(false);
    }
  });
});
