import type { KeyObject } from 'node:crypto';
import { receiptAudience, ReceiptClaims, receiptLengthMax, receiptSeconds } from '../schema';
import { jwsReader, signJws } from './jws';
import type { SigningKey } from './keys';
import { whyNotNow, type AccessTokenRefusal } from './verify';

/** The type in a receipt's header: an access token or any other JWT of ours is not one. */
export const receiptType = 'countersign-receipt+jwt';

const readReceipt = jwsReader(receiptType, receiptLengthMax);

/** What a receipt says, beside who signs it, for whom, and how long. `decision` becomes its `jti`. */
export type ReceiptFacts = Omit<ReceiptClaims, 'iss' | 'aud' | 'jti' | 'iat' | 'exp' | 'sub'> & { decision: string; agent: string };

/**
 * issueReceipt signs that exactly this action was allowed (JWS, RFC 7515; EdDSA of RFC 8037). Only ever called for a committed allow. It lives
 * receiptSeconds; a tool takes each `jti` once, so a second receipt of one decision lets nothing happen twice.
 */
export function issueReceipt(facts: ReceiptFacts, issuer: string, key: SigningKey & { privateKey: KeyObject }, now: Date): string {
  const iat = Math.floor(now.getTime() / 1000);
  const claims: ReceiptClaims = {
    iss: issuer,
    aud: receiptAudience,
    sub: facts.agent,
    jti: facts.decision,
    iat,
    exp: iat + receiptSeconds,
    action: facts.action,
    digest: facts.digest,
    verdict: facts.verdict,
    tier: facts.tier,
    workflow: facts.workflow,
    task: facts.task,
    approval: facts.approval,
    on_behalf_of: facts.on_behalf_of,
    schema_version: facts.schema_version,
  };
  return signJws(receiptType, claims, key);
}

export type ReceiptVerdict = { ok: true; claims: ReceiptClaims } | { ok: false; code: AccessTokenRefusal };

/** verifyReceipt reads a compact JWS as one of our receipts; the server's own reading, shared with no client. Synchronous, no network. */
export function verifyReceipt(receipt: string, keys: readonly SigningKey[], now: Date, issuer: string): ReceiptVerdict {
  const read = readReceipt(receipt, keys, now);
  if (!read.ok) return read;
  const claims = ReceiptClaims.safeParse(read.payload);
  if (!claims.success)
    return { ok: false, code: claims.error.issues.some((issue) => issue.path[0] === 'aud') ? 'AUDIENCE_WRONG' : 'CLAIMS_INVALID' };
  const code = whyNotNow(claims.data, now, { issuer, audience: receiptAudience, secondsMax: receiptSeconds });
  return code ? { ok: false, code } : { ok: true, claims: claims.data };
}
