import { verify, type KeyObject } from 'node:crypto';
import { actionDigest, sameText, type Call } from './digest';
import { decodePart, jsonPart, readClaims, receiptSecondsMax, type ReceiptClaims } from './receipt-claims';

/** The media type in a receipt's header; an access token, or any other JWT of the same signer, is not one. */
export const receiptType = 'countersign-receipt+jwt';
/** Whom receipts are for. */
export const receiptAudience = 'countersign-tools';
/** The header a receipt travels in, from an agent to its tool. */
export const receiptHeader = 'countersign-receipt';
/** Longest receipt looked at. */
const receiptLengthMax = 8 * 1024;
/** How far the gateway's clock may be ahead of ours. Behind, it only shortens a receipt's life. */
export const leewaySeconds = 5;
const signatureBytes = 64;

/** Why a receipt was refused, each with its one sentence. The list is closed. */
export const receiptRefusals = {
  MISSING: 'There is no receipt.',
  MALFORMED: 'The receipt is no compact JWS.',
  ALGORITHM_NOT_ALLOWED: 'The receipt is not signed with EdDSA.',
  TYPE_NOT_ALLOWED: 'This is a token of another kind.',
  HEADER_NOT_ALLOWED: 'The header says more than algorithm, type and key.',
  KEY_UNKNOWN: 'The receipt is signed with a key the gateway does not publish.',
  KEYS_UNAVAILABLE: 'The gateway’s keys could not be had.',
  SIGNATURE_INVALID: 'The signature is not the gateway’s.',
  CLAIMS_INVALID: 'The receipt does not say what a receipt says.',
  ISSUER_WRONG: 'The receipt comes from another gateway.',
  AUDIENCE_WRONG: 'The receipt is for somebody else.',
  LIFETIME_TOO_LONG: 'The receipt lives longer than 30 seconds.',
  NOT_YET_VALID: 'The receipt is from the future; one of the clocks is wrong.',
  EXPIRED: 'The receipt has expired.',
  CLOCK_UNSURE: 'The time is not known here.',
  OTHER_ACTION: 'The receipt is for another type of action.',
  OTHER_CALL: 'The receipt is not for the call that was received.',
  USED_BEFORE: 'This decision was carried out before.',
  STORE_UNAVAILABLE: 'It could not be told whether this decision was carried out before.',
} as const;
export type ReceiptRefusalCode = keyof typeof receiptRefusals;
/** A receipt that allows nothing. `claims` are there when it is a true receipt that came too often. */
export type ReceiptRefusal = { ok: false; code: ReceiptRefusalCode; text: string; claims?: ReceiptClaims };
export type ReceiptVerdict = { ok: true; claims: ReceiptClaims } | ReceiptRefusal;

/** refuseReceipt builds the refusal of a code. */
export const refuseReceipt = (code: ReceiptRefusalCode, claims?: ReceiptClaims): ReceiptRefusal => ({
  ok: false,
  code,
  text: receiptRefusals[code],
  ...(claims ? { claims } : {}),
});

export type Expected = {
  /** The gateway's Ed25519 keys by their `kid`. */
  keys: ReadonlyMap<string, KeyObject>;
  issuer: string;
  now: Date;
};

/** receiptKeyId answers the `kid` of a text that looks like a receipt, or the refusal. Nothing of it is believed yet. */
export function receiptKeyId(receipt: string | undefined | null): { ok: true; kid: string } | ReceiptRefusal {
  if (receipt === undefined || receipt === null || receipt === '') return refuseReceipt('MISSING');
  const parts = receipt.length > receiptLengthMax ? [] : receipt.split('.');
  const header = parts.length === 3 ? jsonPart(parts[0] ?? '') : undefined;
  if (!header) return refuseReceipt('MALFORMED');
  const { alg, typ, kid, ...more } = header;
  if (alg !== 'EdDSA') return refuseReceipt('ALGORITHM_NOT_ALLOWED');
  if (typ !== receiptType) return refuseReceipt('TYPE_NOT_ALLOWED');
  // jku, jwk, x5u, x5c, crit, b64, zip: each would let the sender choose how it is verified.
  if (Object.keys(more).length > 0) return refuseReceipt('HEADER_NOT_ALLOWED');
  return typeof kid === 'string' && kid !== '' ? { ok: true, kid } : refuseReceipt('KEY_UNKNOWN');
}

/**
 * verifyReceipt decides whether a receipt allows the very call that was received: signed by one of `keys` with EdDSA, of the receipts' own type and
 * audience, not older than 30 s, and with the digest of `call`, recomputed here. Pure: no network, no clock, and no memory, so a caller has to take
 * each `claims.decision` once by itself (ReceiptVerifier.accept does).
 */
export function verifyReceipt(receipt: string | undefined | null, call: Call, { keys, issuer, now }: Expected): ReceiptVerdict {
  const head = receiptKeyId(receipt);
  if (!head.ok) return head;
  const key = keys.get(head.kid);
  if (!key || key.asymmetricKeyType !== 'ed25519') return refuseReceipt('KEY_UNKNOWN');
  const [headerPart = '', payloadPart = '', signaturePart = ''] = (receipt ?? '').split('.');
  const signature = decodePart(signaturePart);
  if (!signature) return refuseReceipt('MALFORMED');
  if (signature.length !== signatureBytes || !verify(null, Buffer.from(`${headerPart}.${payloadPart}`, 'latin1'), key, signature))
    return refuseReceipt('SIGNATURE_INVALID');

  const payload = jsonPart(payloadPart);
  if (!payload) return refuseReceipt('MALFORMED');
  if (payload['aud'] !== receiptAudience) return refuseReceipt('AUDIENCE_WRONG');
  const claims = readClaims(payload);
  if (!claims) return refuseReceipt('CLAIMS_INVALID');
  if (claims.issuer !== issuer) return refuseReceipt('ISSUER_WRONG');
  const untimely = whyNotNow(claims, now);
  if (untimely) return refuseReceipt(untimely);
  return isFor(claims, call) ?? { ok: true, claims };
}

function whyNotNow({ issuedAt, expiresAt }: ReceiptClaims, now: Date): ReceiptRefusalCode | undefined {
  const seconds = now.getTime() / 1000;
  if (!Number.isFinite(seconds)) return 'CLOCK_UNSURE';
  if (expiresAt <= issuedAt || expiresAt - issuedAt > receiptSecondsMax) return 'LIFETIME_TOO_LONG';
  if (issuedAt > seconds + leewaySeconds) return 'NOT_YET_VALID';
  return seconds >= expiresAt ? 'EXPIRED' : undefined;
}

function isFor(claims: ReceiptClaims, call: Call): ReceiptRefusal | undefined {
  if (claims.action !== (typeof call.action === 'string' ? call.action : call.action.name)) return refuseReceipt('OTHER_ACTION');
  let digest: string;
  try {
    digest = actionDigest(call, claims);
  } catch {
    return refuseReceipt('OTHER_CALL');
  }
  return sameText(digest, claims.digest) ? undefined : refuseReceipt('OTHER_CALL');
}
